"""Prints by how many bytes this process grew over so many screenings; with `keep`, results are kept, which is a leak on purpose."""

from __future__ import annotations

import os
import sys
from typing import Any, Iterator, List

import pyarrow

import cleartosend as cts

SCREENINGS = int(sys.argv[1])
KEEP = "keep" in sys.argv

# Of a time before any rule, so that the time is spent in this binding.
campaign = {"send_at": "2010-03-02T15:00:00Z"}
engine = cts.Engine()
batch = pyarrow.record_batch({"id": range(50), "recipient.phone": ["+34600000001", "bad"] * 25})
table = pyarrow.Table.from_batches([batch])
pyarrow.set_memory_pool(pyarrow.system_memory_pool())
kept: List[Any] = []


def broken() -> Iterator[Any]:
    yield batch
    raise ValueError("broken")


def work(number: int) -> None:
    turn = number % 8
    if turn == 0:
        pyarrow.table(engine.screen(campaign, table, keep=["id"]))
    elif turn == 1:
        for found in engine.screen(campaign, [batch, table], keep=["id"]):
            found.__arrow_c_array__()  # given back unused
            pyarrow.record_batch(found)
    elif turn == 2:
        summary = engine.screen(campaign, table, keep=["id"]).summary
        _ = summary.rules, summary.missing, summary.countries, summary.bad_values, summary.verdicts
    elif turn == 3:
        try:
            _ = engine.screen(campaign, broken(), keep=["id"]).summary
        except ValueError:
            pass
    elif turn == 4:
        try:
            engine.screen(campaign, table)
        except cts.ScreenError as error:
            _ = error.at
    elif turn == 5:
        engine.screen(campaign, table, keep=["id"]).__arrow_c_stream__()  # given back unused
    elif turn == 6:
        screening = engine.screen(campaign, [batch] * 3, keep=["id"], threads=2 if number % 64 == 6 else 1)
        reader = pyarrow.RecordBatchReader.from_stream(screening)
        reader.read_next_batch()  # and no more
        _ = screening.__arrow_c_schema__()
    else:
        result = list(engine.screen(campaign, batch, keep=["id"]))
        if KEEP:
            kept.extend(result)


def resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


for number in range(SCREENINGS // 10):
    work(number)
before = resident()
for number in range(SCREENINGS):
    work(number)
print(resident() - before)
