"""What the tests share."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Dict

import pytest
from hypothesis import settings

import cleartosend as cts

ROOT = Path(__file__).resolve().parents[2]

# The same examples on every machine: a failure is found again by running again.
settings.register_profile("cleartosend", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("cleartosend")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def engine() -> cts.Engine:
    return cts.Engine()


@pytest.fixture
def campaign() -> Dict[str, Any]:
    """A campaign that is denied, with every object of the document, as a dict that the test may change."""
    return copy.deepcopy(_SPRING_SALE)


_SPRING_SALE: Dict[str, Any] = json.loads((ROOT / "examples" / "spring-sale.json").read_text(encoding="utf-8"))
