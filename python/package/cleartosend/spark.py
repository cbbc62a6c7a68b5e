"""Audiences in Spark: a frame in, a frame with a verdict for every row out, and one summary.

Nothing is shuffled: each task judges the rows that it has, through `DataFrame.mapInArrow`. `pyspark` and `pyarrow` have to be installed,
and this package on every executor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Union

from ._core import Summary
from .screener import Screener

if TYPE_CHECKING:
    from os import PathLike

    from ._core import Account, Directory, Engine, Pack
    from .campaign import Instant

__all__ = ["Screened", "screen"]


class Screened(NamedTuple):
    """What is found of a frame."""

    rows: Any
    """A frame of Spark: the columns kept, then `verdict`, `rules` and `missing`, or the `results` asked for. Nothing is judged before rows are
    asked for."""
    summary: Callable[[], Summary]
    """An action: judges the frame, keeps no row, and gives the summary of all of them."""


def screen(
    df: Any,
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
    time_zone: Optional[str] = None,
    rank: bool = False,
    by_status: bool = False,
    results: Optional[Sequence[str]] = None,
    at: Optional[Instant] = None,
    account: Optional[Account] = None,
) -> Screened:
    """Judges a campaign for every row of a frame of Spark, streaming ones too.

    Columns are named by the attribute that they hold with underscores for dots, `recipient_opt_in_at`, or with dots, or as `names` says:
    `{column: attribute}`. A column `recipient` of structs is a column for each member. Names of the result have underscores for dots. The
    other options are as for `Engine.screen`. Columns that are ignored are never read. `results` says which columns come back beside those
    kept, such as `["verdict"]`: moving lists of rules into Spark costs more than judging.

    Raises `ScreenError` for columns that are not as declared, and `FactsError` for the campaign, before any job is run.
    """
    from pyspark.sql.functions import col
    from pyspark.sql.types import ArrayType, ByteType, StringType, StructType

    for option, columns in (("keep", keep), ("ignore", ignore), ("results", results)):
        if isinstance(columns, str):
            raise TypeError(f'{option}: found the string `{columns}`, expected a list: `["{columns}"]`')
    parts: Any = {"engine": engine, "packs": packs, "directory": directory, "base": base, "waivers": waivers, "at": at, "account": account}
    screener = Screener(
        campaign,
        **parts,
        keep=[_plain(name) for name in keep],
        names={_plain(name): path for name, path in (names or {}).items()},
        without_dots=True,
        time_zone=time_zone,
        rank=rank,
        by_status=by_status,
        plain=True,
    )
    # Spark itself takes a dot in a name for a member, and its way into Python does not quote names.
    quoted = {name: "`" + name.replace("`", "``") + "`" for name in df.columns if name not in ignore}
    read = df.select([col(quoted[name]).alias(_plain(name)) for name in quoted])
    # The columns as Spark hands them to Python; a frame without rows has them, whatever `df` is read from.
    empty = df.sparkSession.createDataFrame([], read.schema).toArrow()
    judged = screener.arrow_schema(empty.schema)
    kept = len(judged.names) - _results(rank, by_status)
    found = judged.names[kept:]
    wanted = list(found if results is None else results)
    for name in wanted:
        if name not in found or wanted.count(name) > 1:
            raise ValueError(f"results: found `{name}`, expected each once of {', '.join(found)}")
    places = [*range(kept), *(kept + found.index(name) for name in wanted)]

    schema = StructType()
    types = {"verdict": StringType(), "rank": ByteType()}
    for name in judged.names[:kept]:
        schema.add(read.schema[name])
    for name in wanted:
        schema.add(name, types.get(name, ArrayType(StringType(), containsNull=False)), nullable=False)

    def rows(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in screener(batches):
            yield batch.select(places)

    def summaries(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow
        from pyspark import TaskContext

        context = TaskContext.get()
        part = 0 if context is None else context.partitionId()
        yield pyarrow.record_batch({"part": pyarrow.array([part], pyarrow.int32()), "summary": [screener.summary(batches).to_json()]})

    def summary() -> Summary:
        lines: List[Any] = read.mapInArrow(summaries, "part int, summary string").collect()
        # In the order of the frame's partitions, by which rows with bad values are numbered.
        merged = [Summary.from_json(row.summary) for row in sorted(lines, key=lambda row: row.part)]
        return Summary.merge(merged or [screener.summary(())])

    return Screened(read.mapInArrow(rows, schema), summary)


def _plain(name: str) -> str:
    """A column's name without dots."""
    return name.replace(".", "_")


def _results(rank: bool, by_status: bool) -> int:
    """How many columns a result has beside those kept."""
    return 3 + int(rank) + int(by_status)
