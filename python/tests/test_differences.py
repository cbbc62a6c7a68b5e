"""What changes from one engine to another, and what a pack probably does not mean."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import pytest

import cleartosend as cts

MANIFEST = """
name = "house"
version = "1.0.0"
requires = "*"
title = "t"
published = 2026-01-01

[sources.a]
title = "t"
url = "https://example.com"
retrieved = 2026-01-01
confidence = "official"
"""
RULE = """
[[rule]]
id = "limits.size"
topic = "limits"
title = "t"
forbids = "campaign.audience_size > SIZE"
verdict = "deny"
from = 2026-01-01
until = 2026-06-01
source = { id = "a" }
message = "m"
advice = "a"
exposure = []
"""


def house(folder: Path, size: int, more: str = "") -> Path:
    (folder / "rules").mkdir(parents=True)
    (folder / "pack.toml").write_text(MANIFEST)
    (folder / "rules" / "limits.toml").write_text(RULE.replace("SIZE", str(size)) + more)
    return folder


def test_rules_that_change_come_with_a_case_that_shows_it(tmp_path: Path) -> None:
    old, new = (cts.Engine([house(tmp_path / str(size), size)], built_in=False) for size in (100, 50))
    difference = old.diff(new)
    (change,) = difference.rules
    assert (change.pack, change.rule, change.change, change.certainty) == ("house", "limits.size", "changed", "proved")
    assert difference.changes_meaning and difference.equivalent == 0
    assert json.loads(difference.json)["rules"][0]["rule"] == "limits.size"
    assert change.witness is not None
    document = change.witness["document"]
    assert [old.check(document).verdict, new.check(document).verdict] == ["allow", "deny"]
    assert old.diff(old).rules == () and not old.diff(old).changes_meaning


def test_two_dates_of_one_engine(tmp_path: Path) -> None:
    engine = cts.Engine([house(tmp_path / "house", 100)], built_in=False)
    difference = engine.diff(engine, old_at="2026-05-31T00:00:00Z", new_at=datetime(2026, 6, 1, tzinfo=timezone.utc))
    assert [change.rule for change in difference.rules] == ["limits.size"]
    with pytest.raises(TypeError, match="together"):
        engine.diff(engine, old_at="2026-05-31T00:00:00Z")


def test_lint_warns_where_it_is_said_when(tmp_path: Path) -> None:
    again = RULE.replace("SIZE", "200").replace("limits.size", "limits.more")
    folder = house(tmp_path / "house", 100, again)
    assert cts.Pack.lint(folder) == ()
    (warning,) = cts.Pack.lint(folder, at="2026-03-01T00:00:00Z")
    assert warning.code == "lint/shadowed" and warning.at.endswith("rules/limits.toml:15:1")
    (folder / "rules" / "limits.toml").write_text("rule = 1")
    assert [problem.code for problem in cts.Pack.lint(folder, at="2026-03-01T00:00:00Z")] == ["pack/wrong-type"]
