"""Campaign documents that are put together before the engine reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Dict, Union

__all__ = ["with_recipient", "written"]

_RECIPIENT = "recipient."
_OWN = "x."


def written(document: object) -> str:
    """The JSON of a document of what the engine reads: mappings, tuples, aware datetimes, members of enumerations, scalars of numpy."""
    return json.dumps(_plain(document), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int, float)) and not isinstance(value, Enum):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, datetime):
        return value.isoformat()
    # A scalar of numpy holds one of Python.
    if hasattr(value, "item"):
        return _plain(value.item())
    raise TypeError(f"found a value of type `{type(value).__name__}`, expected what JSON has or an aware datetime")


def with_recipient(campaign: object, recipient: object) -> Union[Dict[str, Any], str]:
    """A campaign that names no recipient, with one: its members, or a row of a frame."""
    row = _row(recipient)
    own = {name[len(_OWN) :]: value for name, value in row.items() if name.startswith(_OWN)}
    members = {name[len(_RECIPIENT) :] if name.startswith(_RECIPIENT) else name: value for name, value in row.items() if not name.startswith(_OWN)}
    if not isinstance(campaign, Mapping):
        if isinstance(campaign, (bytes, bytearray, memoryview)):
            campaign = bytes(campaign).decode("utf-8", errors="surrogatepass")
        if not isinstance(campaign, str):
            raise TypeError(f"campaign: found `{type(campaign).__name__}`, expected a mapping or JSON")
        if own:
            raise TypeError("recipient: found facts under `x.`, which go with a campaign that is a mapping; read it by `json.loads` first")
        # As text, so that the reader sees what is there twice.
        begun = campaign.rstrip()
        if not begun.endswith("}"):
            return campaign
        begun = begun[:-1].rstrip()
        comma = "" if begun.endswith("{") else ", "
        return f'{begun}{comma}"recipient": {written(members)}}}'
    if campaign.get("recipient") is not None:
        raise TypeError("the campaign names a recipient, and `recipient=` another; leave one out")
    document = {**campaign, "recipient": members}
    if own:
        document["x"] = {**(campaign.get("x") or {}), **own}
    return document


def _row(row: Any) -> Dict[str, Any]:
    """The cells of a row by column. In a row of pandas, what it counts as missing is null, as it is in its frame."""
    if isinstance(row, Mapping):
        return dict(row)
    if hasattr(row, "_asdict"):
        return dict(row._asdict())
    if hasattr(row, "isna") and hasattr(row, "to_dict"):
        missing = row.isna().to_dict()
        return {name: None if missing[name] else value for name, value in row.to_dict().items()}
    if hasattr(row, "asDict"):
        return dict(row.asDict(recursive=True))
    raise TypeError(f"recipient: found `{type(row).__name__}`, expected a mapping, such as a row of a frame by the names of its columns")
