"""Outlive the supervisor by one moment, to end the process groups that it leaves behind.

Run by path as a script of its own (`python -I -S guard.py`), it reads from its standard input
one line of process group ids at a time, the last line counts, and acts when the input ends.
"""

import os
import signal
import sys
from contextlib import suppress


def end_groups(groups: list[int]) -> None:
    """Kill every process of the groups; those already gone are no fault."""
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def main() -> None:
    """Listen until the supervisor is gone, then clear up."""
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, signal.SIG_IGN)
    groups: list[int] = []
    for line in sys.stdin:
        groups = [int(word) for word in line.split()]
    end_groups(groups)


if __name__ == "__main__":
    main()
