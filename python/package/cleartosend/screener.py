"""A campaign that is screened in other processes: Spark, `multiprocessing`, joblib, dask, ray.

>>> import pickle, pyarrow
>>> import cleartosend as cts
>>> screener = cts.Screener({"send_at": "2026-03-02T15:00:00Z", "campaign": {"category": "marketing"}}, keep=["id"], plain=True)
>>> elsewhere = pickle.loads(pickle.dumps(screener))
>>> batch = pyarrow.record_batch({"id": [1, 2], "recipient.opted_out": [True, False]})
>>> [judged.column("verdict").to_pylist() for judged in elsewhere([batch])]
[['deny', 'review']]
>>> cts.Summary.merge([screener.summary([batch]), elsewhere.summary([batch])]).rows
4
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Union

from ._core import Account, Directory, Engine, Pack, Screening, Summary
from ._documents import written

if TYPE_CHECKING:
    from os import PathLike

    from .campaign import Instant

__all__ = ["Screener"]


class Screener:
    """A campaign, and how audiences of it are screened; picklable by value.

    It holds campaign, packs, directory and options, all by what they say and not by where they are. Another process makes its engine once,
    however often the screener is sent, and refuses to where its built-in packs or its version are others.
    """

    def __init__(
        self,
        campaign: Union[str, bytes, bytearray, memoryview, Mapping[str, object]],
        *,
        engine: Optional[Engine] = None,
        packs: Optional[Iterable[Union[str, PathLike[str], Pack]]] = None,
        directory: Optional[Union[str, PathLike[str], bytes, Directory]] = None,
        base: Optional[Union[str, bytes, Mapping[str, object]]] = None,
        waivers: Optional[str] = None,
        keep: Sequence[str] = (),
        ignore: Sequence[str] = (),
        names: Optional[Mapping[str, str]] = None,
        without_dots: bool = False,
        time_zone: Optional[str] = None,
        rank: bool = False,
        by_status: bool = False,
        verdict_only: bool = False,
        plain: bool = False,
        at: Optional[Instant] = None,
        account: Optional[Account] = None,
    ) -> None:
        """A campaign for an engine, or for the one that `packs`, `directory`, `base` and `waivers` make, as of `Engine`.

        `keep`, `ignore`, `names`, `time_zone`, `rank`, `by_status`, `verdict_only`, `at` and `account` are as for `Engine.screen`. With `without_dots` a
        column may have underscores where the attribute has dots: `recipient_opt_in_at`, `x_points`. With `plain`, the result has strings
        where it would have dictionaries, for hosts that cannot take these.

        Raises `FactsError` for the campaign, and whatever `Engine` raises.
        """
        parts = (packs, directory, base, waivers)
        if engine is not None and any(part is not None for part in parts):
            raise TypeError("expected `engine`, or `packs`, `directory`, `base` and `waivers` to make one of, and found both")
        for name, texts in (("keep", keep), ("ignore", ignore)):
            if isinstance(texts, str):
                raise TypeError(f'{name}: found the string `{texts}`, expected a list: `["{texts}"]`')
        self.engine = Engine(packs, directory, base=base, waivers=waivers) if engine is None else engine
        """The engine."""
        self.plain = plain
        """Whether the result has strings where it would have dictionaries."""
        self._campaign: str = _text(campaign)
        self._names: Dict[str, str] = dict(names or {})
        self._keep, self._ignore = list(keep), list(ignore)
        self._options: Dict[str, Any] = {"time_zone": time_zone, "rank": rank, "by_status": by_status, "verdict_only": verdict_only, "at": at, "account": account}
        self._without_dots = _underscored(self.engine) if without_dots else {}
        # What is wrong with the campaign is reported here, and not by each of a thousand tasks.
        self.engine.check(self._campaign, at=at, account=account)

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """The judged rows of tables, or of a part of them, as record batches of pyarrow. Nothing comes of nothing."""
        screening = self.screen(batches)
        if screening is None:
            return
        import pyarrow

        for batch in screening:
            judged = pyarrow.record_batch(batch)
            yield _plain(judged) if self.plain else judged

    def screen(self, batches: Iterable[Any]) -> Optional[Screening]:
        """The screening of tables that come one after the other; none if none comes, as from a partition without rows."""
        tables = iter(batches)
        for first in tables:
            return self._screening(chain((first,), tables), _columns(first))
        return None

    def summary(self, batches: Iterable[Any]) -> Summary:
        """The summary of tables, or of a part of them, for `Summary.merge`. Nothing is kept of the rows."""
        screening = self.screen(batches)
        if screening is None:
            import pyarrow

            screening = self.engine.screen(self._campaign, pyarrow.table({}), **self._options)
        for _ in screening:
            pass
        return screening.summary

    def arrow_schema(self, columns: Any) -> Any:
        """The columns of the result, as a schema of pyarrow, for an audience of a schema of pyarrow.

        Raises `ScreenError` for columns that cannot be screened.
        """
        import pyarrow

        schema = pyarrow.schema(self._screening(columns.empty_table(), columns.names))
        return _plain_schema(schema) if self.plain else schema

    def _screening(self, audience: Any, columns: List[str]) -> Screening:
        names = {column: self._without_dots[column] for column in columns if column in self._without_dots and column not in self._ignore}
        names.update(self._names)
        return self.engine.screen(self._campaign, audience, keep=self._keep, ignore=self._ignore, names=names, **self._options)

    def __repr__(self) -> str:
        return f"<Screener, {self.engine!r}>"


def _text(campaign: Union[str, bytes, bytearray, memoryview, Mapping[str, object]]) -> str:
    if isinstance(campaign, str):
        return campaign
    if isinstance(campaign, (bytes, bytearray, memoryview)):
        return bytes(campaign).decode("utf-8")
    return written(campaign)


def _underscored(engine: Engine) -> Dict[str, str]:
    """The attributes that rows may give, by their paths with underscores for dots."""
    members = engine.schema()["properties"]
    paths = [f"{scope}.{name}" for scope in ("recipient", "x") for name in members.get(scope, {}).get("properties", {})]
    return {path.replace(".", "_"): path for path in paths}


def _columns(table: Any) -> List[str]:
    """The names of a table's columns."""
    if hasattr(table, "__arrow_c_schema__"):
        import pyarrow

        return list(pyarrow.schema(table).names)
    names = getattr(getattr(table, "schema", None), "names", None)
    if isinstance(names, list):
        return names
    # Frames of polars and relations of DuckDB.
    return [str(name) for name in getattr(table, "columns", ())]


def _plain(batch: Any) -> Any:
    """A record batch with strings for dictionaries."""
    import pyarrow

    schema = _plain_schema(batch.schema)
    columns = [_plain_column(column, field.type) for column, field in zip(batch.columns, schema)]
    return pyarrow.RecordBatch.from_arrays(columns, schema=schema)


def _plain_column(column: Any, wanted: Any) -> Any:
    import pyarrow

    if column.type == wanted:
        return column
    if pyarrow.types.is_list(column.type):
        # Of a batch that was cut from another, `values` are those of all.
        return pyarrow.ListArray.from_arrays(column.offsets, _plain_column(column.values, wanted.value_type), type=wanted)
    return column.dictionary_decode().cast(wanted)


def _plain_schema(schema: Any) -> Any:
    import pyarrow

    return pyarrow.schema([pyarrow.field(field.name, _plain_type(field.type), field.nullable) for field in schema])


def _plain_type(found: Any) -> Any:
    import pyarrow

    if pyarrow.types.is_dictionary(found):
        return found.value_type
    if pyarrow.types.is_list(found) and pyarrow.types.is_dictionary(found.value_type):
        return pyarrow.list_(pyarrow.field("item", found.value_type.value_type, found.value_field.nullable))
    return found
