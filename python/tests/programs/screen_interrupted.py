"""Screens an audience that takes minutes, to be interrupted, in the way that is named. Says when it begins and how it ended."""

from __future__ import annotations

import itertools
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict

import polars
import pyarrow

import cleartosend as cts

# A shell that starts programs in the background lets them ignore interruptions.
signal.signal(signal.SIGINT, signal.default_int_handler)

way, threads = sys.argv[1], int(sys.argv[2])
engine = cts.Engine()
batch = pyarrow.record_batch({"recipient.phone": [f"+3460000{number:04}" for number in range(10_000)] * 6})
# The same memory over and over, from Arrow's own code or from a generator.
audience: Any = pyarrow.Table.from_batches([batch] * 50_000)
if way.startswith("generator"):
    audience = itertools.repeat(batch, 50_000)
screening = engine.screen({"send_at": "2026-03-02T15:00:00Z"}, audience, threads=threads)


def iterate() -> None:
    for _ in screening:
        pass


def write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            screening.write(Path(folder) / "out.parquet")
        finally:
            print("left:", len(list(Path(folder).iterdir())), flush=True)


ways: Dict[str, Callable[[], object]] = {
    "summary": lambda: screening.summary,
    "iterated": iterate,
    "written": write,
    "pyarrow": lambda: pyarrow.table(screening),
    "polars": lambda: polars.DataFrame(screening),
    "generator": lambda: screening.summary,
    "generator-pyarrow": lambda: pyarrow.table(screening),
}
try:
    print("began", flush=True)
    try:
        ways[way]()
    except Exception as error:
        # A consumer of the stream raises an error of its own; the interruption follows it.
        print("first:", type(error).__name__, flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
else:
    print("ended", flush=True)
