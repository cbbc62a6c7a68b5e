"""What was pickled in one process, made again in another.

Built-in packs and the sample directory are sent by name and digest, all else by its bytes. A process that has others than the one that
sent them refuses: it would answer by other rules.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any, Mapping, Optional, Tuple

from ._core import Directory, Engine, Pack, Record, Summary, __version__
from .errors import EngineError

__all__ = ["directory", "engine", "pack", "record", "summary"]

_PackParts = Tuple[str, str, str, Optional[Mapping[str, bytes]]]
_DirectoryParts = Tuple[str, Optional[bytes]]
_EngineParts = Tuple[Tuple[_PackParts, ...], _DirectoryParts, Optional[str], Optional[str]]

ENGINES_MAX = 8
"""Engines that a process keeps. A job has one; some megabytes each."""

_ENGINES: OrderedDict[Tuple[Any, ...], Engine] = OrderedDict()
_LOCK = threading.Lock()


def pack(name: str, version: str, digest: str, files: Optional[Mapping[str, bytes]]) -> Pack:
    """A pack of its files, or the built-in one of that name and digest."""
    made = Pack.load(name) if files is None else Pack.from_files(dict(files))
    if made.digest != digest:
        raise _other(f"the pack `{name}` was {version} ({digest[:19]}) where this was pickled, and is {made.version} ({made.digest[:19]}) here")
    return made


def directory(digest: str, content: Optional[bytes]) -> Directory:
    """A directory of the bytes of its file, or the sample of that digest."""
    made = Directory.built_in() if content is None else Directory.from_json(content)
    if made.digest != digest:
        raise _other(f"the directory had the digest {digest[:19]} where this was pickled, and has {made.digest[:19]} here")
    return made


def engine(version: str, parts: _EngineParts) -> Engine:
    """An engine of its parts, made once a process."""
    if version != __version__:
        raise _other(f"this was pickled by cleartosend {version}, and here is {__version__}")
    packs, listed, base, waivers = parts
    key = (tuple(digest for _, _, digest, _ in packs), listed[0], base, waivers)
    # Held while an engine is made, so that threads of one process make it once.
    with _LOCK:
        made = _ENGINES.get(key)
        if made is None:
            made = Engine([pack(*one) for one in packs], directory(*listed), built_in=False, base=base, waivers=waivers)
            _ENGINES[key] = made
            while len(_ENGINES) > ENGINES_MAX:
                _ENGINES.popitem(last=False)
        _ENGINES.move_to_end(key)
        return made


def summary(document: str) -> Summary:
    """A summary of its JSON."""
    return Summary.from_json(document)


def record(document: str) -> Record:
    """A record of its JSON."""
    return Record.from_json(document)


def _other(message: str) -> EngineError:
    return EngineError(f"{message} [python/other-engine]", code="python/other-engine", at="", message=message)
