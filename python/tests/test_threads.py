"""Threads, interruptions and memory."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, Iterator, List

import pytest

import cleartosend as cts


def test_check_many_is_check_of_each(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    campaigns: List[Any] = []
    for size in range(300):
        campaign["campaign"]["audience_size"] = size
        campaigns.append(json.dumps(campaign) if size % 2 else json.loads(json.dumps(campaign)))
    assert engine.check_many(campaigns) == [engine.check(one) for one in campaigns]
    assert engine.check_many(iter(campaigns[:3])) == engine.check_many(campaigns)[:3]
    assert engine.check_many([]) == []
    with pytest.raises(TypeError):
        engine.check_many(5)  # type: ignore[arg-type]


def test_the_first_campaign_that_is_refused_is_named(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    with pytest.raises(cts.FactsError) as caught:
        engine.check_many([campaign, campaign, {"send_at": "2026-01-01T00:00:00Z", "account": {"quality": "reed"}}])
    assert caught.value.at == "[2].account.quality" and "did you mean `red`?" in caught.value.message


def test_threads_share_an_engine(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    wanted = engine.check(campaign).to_json()

    def work(number: int) -> bool:
        account = shared if number % 2 else None
        many = engine.check_many([campaign] * 20)
        shared.apply({"entry": []})
        return all(decision.to_json() == wanted and decision.findings for decision in many) and (
            account is None or engine.check(campaign, account=account).to_json() == wanted
        )

    shared = cts.Account()
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(64)))


def test_the_interpreter_runs_on_while_campaigns_are_judged(engine: cts.Engine, campaign: Dict[str, Any]) -> None:
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.0005)

    document = json.dumps(campaign)
    switch = sys.getswitchinterval()
    sys.setswitchinterval(10)  # nobody takes the lock: it has to be given
    ticker = threading.Thread(target=tick)
    try:
        ticker.start()
        engine.check_many([document] * 3000)
        seen = ticks
    finally:
        done.set()
        sys.setswitchinterval(switch)
        ticker.join()
    assert seen >= 3


@pytest.fixture
def interrupted() -> Iterator[None]:
    """Interrupts this process in a third of a second."""
    # A shell that starts this in the background lets it ignore interruptions.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    yield
    timer.join()
    signal.signal(signal.SIGINT, before)


#: More than any machine judges in a few seconds.
MANY = 100_000


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_an_interruption_ends_check_many(engine: cts.Engine, campaign: Dict[str, Any], interrupted: None) -> None:
    document = json.dumps(campaign)
    given = 0

    def generated() -> Iterator[str]:
        nonlocal given
        for given in range(MANY):
            yield document

    with pytest.raises(KeyboardInterrupt):
        engine.check_many(generated())
    assert given < MANY - 1


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_an_interruption_is_seen_although_no_python_code_runs(engine: cts.Engine, campaign: Dict[str, Any], interrupted: None) -> None:
    campaigns = [json.dumps(campaign)] * MANY
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        engine.check_many(campaigns)
    assert time.monotonic() - began < 10


def resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


CHECKS = int(os.environ.get("CLEARTOSEND_LEAK_CHECKS", "20000"))


def grown(work: Any) -> int:
    """By how many bytes the process grew, after a warm-up."""
    for _ in range(CHECKS // 10):
        work()
    before = resident()
    for _ in range(CHECKS):
        work()
    return resident() - before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_nothing_leaks(engine: cts.Engine) -> None:
    """`CLEARTOSEND_LEAK_CHECKS=1000000` is what CI runs. Sixteen bytes a check would be found."""
    small = {"send_at": "2019-03-02T15:00:00Z", "campaign": {"initiated_by": "customer"}}
    wrong = {"send_at": "2019-03-02T15:00:00Z", "campaign": {"initiated_by": "custmer"}}
    text = json.dumps(small)
    turn = 0

    def work() -> None:
        nonlocal turn
        turn += 1
        if turn % 8 == 0:
            try:
                engine.check(wrong)
            except cts.FactsError:
                pass
        elif turn % 8 == 1:
            decision = engine.check(text)
            for finding in decision.findings:
                _ = finding.facts, finding.source, finding.from_
        else:
            _ = engine.check(small).verdict

    assert grown(work) < max(4 << 20, CHECKS * 16)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_leak_would_be_found(engine: cts.Engine) -> None:
    """The bound can fail: decisions that are kept pass it by far."""
    small = {"send_at": "2019-03-02T15:00:00Z"}
    kept: List[cts.Decision] = []
    before = resident()
    while len(kept) < 20_000:
        kept.append(engine.check(small))
    assert resident() - before > max(4 << 20, 20_000 * 16)
