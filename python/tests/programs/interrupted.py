"""Judges campaigns without end, to be interrupted: from a list, or (`generated`) from a generator. Says when it begins and how it ended."""

from __future__ import annotations

import itertools
import signal
import sys
from typing import Iterable

import cleartosend as cts

# A shell that starts programs in the background lets them ignore interruptions.
signal.signal(signal.SIGINT, signal.default_int_handler)

engine = cts.Engine()
document = '{"send_at": "2010-03-02T15:00:00Z"}'
# More than any machine judges in the time that the test allows, and no more than memory holds.
many: Iterable[str] = [document] * 400_000
if "generated" in sys.argv:
    many = itertools.islice(itertools.repeat(document), 400_000)

try:
    print("began", flush=True)
    engine.check_many(many)
except KeyboardInterrupt:
    print("interrupted", flush=True)
