"""The command `cts`: exit codes 0 allow, 1 deny, 3 review, 2 bad use or bad input."""

from __future__ import annotations

import signal
import sys

from ._core import cts

__all__ = ["main"]


def main() -> None:
    """Carries out the command line of this process, and ends it."""
    # The command has no Python in it that could receive an interruption: it ends as a program of its own would.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(cts(["cts", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
