"""Threads, interruptions and memory."""

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
from typing import Any, Dict, List

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
        shared.apply({"entry": [{"id": "104857600000001", "changes": [{"field": "messages", "value": {"messages": []}}]}]})
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


PROGRAMS = Path(__file__).resolve().parent / "programs"


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
@pytest.mark.parametrize("form", ["listed", "generated"])
def test_an_interruption_ends_check_many(form: str) -> None:
    """In a process of its own: here it might arrive in a callback that swallows it."""
    program = [sys.executable, str(PROGRAMS / "interrupted.py"), form]
    with subprocess.Popen(program, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "began\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "interrupted\n"
        assert process.returncode == 0


CHECKS = int(os.environ.get("CLEARTOSEND_LEAK_CHECKS", "20000"))


def grown(checks: int, *more: str) -> int:
    """By how many bytes a process of its own grows over so many checks, after a tenth of them."""
    done = subprocess.run([sys.executable, str(PROGRAMS / "leak.py"), str(checks), *more], capture_output=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_nothing_leaks() -> None:
    """`cargo xtask python --long` asks a million times: eight bytes a check would be found."""
    assert grown(CHECKS) < max(2 << 20, CHECKS * 8)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.skipif(CHECKS < 20_000, reason="takes minutes where the module is not optimised")
def test_a_leak_would_be_found() -> None:
    """The bound can fail."""
    assert grown(20_000, "keep") > max(2 << 20, 20_000 * 8)
