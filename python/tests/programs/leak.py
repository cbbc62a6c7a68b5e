"""Prints by how many bytes this process grew over so many checks; with `keep`, decisions are kept, which is a leak on purpose."""

from __future__ import annotations

import json
import os
import sys
from typing import List

import cleartosend as cts

CHECKS = int(sys.argv[1])
KEEP = "keep" in sys.argv

# Of a time before any rule, so that the time is spent in this binding.
campaign = {"send_at": "2010-03-02T15:00:00Z", "campaign": {"initiated_by": "customer"}, "account": {"restrictions": []}}
findings = {"send_at": "2019-03-02T15:00:00Z", "recipient": {"opt_in": "none"}}
wrong = {"send_at": "2010-03-02T15:00:00Z", "campaign": {"initiated_by": 5}}
text = json.dumps(campaign)
engine = cts.Engine()
kept: List[cts.Decision] = []


def work(number: int) -> None:
    turn = number % 64
    if turn == 0:
        for finding in engine.check(findings).findings:
            _ = finding.facts, finding.source, finding.from_, finding.exposure
    elif turn < 8:
        try:
            engine.check(wrong)
        except cts.FactsError as error:
            _ = error.at
    elif turn < 24:
        _ = engine.check(text).to_json()
    elif turn == 24:
        engine.check_many([campaign, text])
    else:
        decision = engine.check(campaign)
        _ = decision.verdict, decision.packs, decision.send_at
        if KEEP:
            kept.append(decision)


def resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


for number in range(CHECKS // 10):
    work(number)
before = resident()
for number in range(CHECKS):
    work(number)
print(resident() - before)
