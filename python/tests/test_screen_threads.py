"""Screening: threads, the interpreter's lock, interruptions and memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, Iterator

import polars
import pyarrow as pa
import pytest

import cleartosend as cts

PROGRAMS = Path(__file__).resolve().parent / "programs"
SALE: Dict[str, Any] = json.loads((Path(__file__).resolve().parents[2] / "examples" / "campaign-only.json").read_text(encoding="utf-8"))
ROWS = int(os.environ.get("CLEARTOSEND_ROWS", "10000"))
BATCH = pa.record_batch({"recipient.phone": [f"+3460000{number:04}" for number in range(ROWS)] * 6})
LARGE = pa.Table.from_batches([BATCH] * 60)


@pytest.mark.parametrize("way", [lambda screening: screening.summary, list, pa.table, polars.DataFrame], ids=["summary", "iterated", "pyarrow", "polars"])
@pytest.mark.parametrize("threads", [1, 2])
def test_the_interpreter_runs_on_while_rows_are_judged(engine: cts.Engine, way: Callable[[cts.Screening], object], threads: int) -> None:
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.0005)

    switch = sys.getswitchinterval()
    sys.setswitchinterval(10)  # nobody takes the lock: it has to be given
    ticker = threading.Thread(target=tick)
    try:
        ticker.start()
        way(engine.screen(SALE, LARGE, threads=threads))
        seen = ticks
    finally:
        done.set()
        sys.setswitchinterval(switch)
        ticker.join()
    assert seen >= 5


def test_threads_share_an_engine(engine: cts.Engine) -> None:
    table = pa.Table.from_batches([BATCH] * 2)
    wanted = pa.table(engine.screen(SALE, table))

    def work(number: int) -> bool:
        audience: Any = table if number % 2 else (batch for batch in table.to_batches())
        return bool(pa.table(engine.screen(SALE, audience, threads=1 + number % 3)).equals(wanted))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(24)))


def test_threads_share_a_screening(engine: cts.Engine) -> None:
    """Each row is taken by one of them."""
    batches = iter(engine.screen(SALE, (BATCH for _ in range(40))))
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda _: sum(len(batch) for batch in batches), range(4)))
    assert sum(parts) == 40 * BATCH.num_rows

    screening = engine.screen(SALE, (BATCH for _ in range(40)), threads=2)
    with ThreadPoolExecutor(4) as pool:
        summaries = list(pool.map(lambda _: screening.summary, range(4)))
    assert all(summary == summaries[0] for summary in summaries) and summaries[0].rows == 40 * BATCH.num_rows


def test_a_consumer_may_pull_from_a_thread_that_python_does_not_know(engine: cts.Engine) -> None:
    """Arrow's own threads pull here, while the audience is a generator and this thread waits."""
    import pyarrow.dataset

    def audience() -> Iterator[Any]:
        for _ in range(20):
            yield BATCH

    reader = pa.RecordBatchReader.from_stream(engine.screen(SALE, audience()))
    scanner = pyarrow.dataset.Scanner.from_batches(reader)
    assert scanner.count_rows() == 20 * BATCH.num_rows


def test_whoever_goes_does_not_wait(engine: cts.Engine) -> None:
    """An iterator that is dropped while another thread judges, and asks Python code for the audience, holds the interpreter's lock."""
    begun = threading.Event()

    def audience() -> Iterator[Any]:
        yield BATCH
        for _ in range(30):
            begun.set()
            yield BATCH

    screening = engine.screen(SALE, audience())
    batches = [iter(screening)]
    next(batches[0])
    with ThreadPoolExecutor(1) as pool:
        summary = pool.submit(lambda: screening.summary)
        begun.wait()
        batches.clear()
        assert summary.result(timeout=60).rows == 31 * BATCH.num_rows


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no such call there")
def test_an_engine_goes_on_in_a_forked_child() -> None:
    program = (
        "import os, sys, pyarrow\nimport cleartosend as cts\nengine = cts.Engine()\n"
        "table = pyarrow.table({'recipient.phone': ['+34600000001'] * 100})\n"
        "campaign = {'send_at': '2026-03-02T15:00:00Z'}\nengine.screen(campaign, table, threads=2).summary\n"
        "child = os.fork()\n"
        "if child == 0:\n    os._exit(0 if engine.screen(campaign, table, threads=2).summary.rows == 100 else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=False, timeout=60).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
@pytest.mark.parametrize("way", ["summary", "iterated", "written", "pyarrow", "polars", "generator", "generator-pyarrow"])
@pytest.mark.parametrize("threads", ["1", "2"])
def test_an_interruption_ends_a_screening(way: str, threads: str) -> None:
    """In a process of its own: here it might arrive in a callback that swallows it."""
    program = [sys.executable, str(PROGRAMS / "screen_interrupted.py"), way, threads]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "began\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        told, problems = process.communicate(timeout=60)
        lines = [line for line in told.splitlines() if not line.startswith("first:")]
        assert lines == (["left: 0", "interrupted"] if way == "written" else ["interrupted"])
        assert (process.returncode, problems) == (0, "")


# `cargo xtask python` asks for more of everything.
SCREENINGS = max(2000, int(os.environ.get("CLEARTOSEND_LEAK_CHECKS", "200000")) // 50)


def grown(screenings: int, *more: str) -> int:
    """By how many bytes a process of its own grows over so many screenings, after a tenth of them."""
    done = subprocess.run([sys.executable, str(PROGRAMS / "screen_leak.py"), str(screenings), *more], capture_output=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_nothing_leaks() -> None:
    """A capsule, a batch or an error that is not given back is some hundred bytes."""
    assert grown(SCREENINGS) < max(4 << 20, SCREENINGS * 100)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.skipif(SCREENINGS < 4000, reason="takes minutes where the module is not optimised")
def test_a_leak_would_be_found() -> None:
    """The bound can fail."""
    assert grown(20_000, "keep") > max(4 << 20, 20_000 * 100)
