"""Processes whose parent died: they come to the supervisor, which ends them."""

import ctypes
import os
import signal
import sys
from collections.abc import Set
from contextlib import suppress
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def adopt() -> frozenset[int]:
    """Ask the kernel to hand us every descendant that loses its parent (Linux; elsewhere none).

    Returns the children we have already, from whatever this process was before: none of ours.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return frozenset(_children())


def end_orphans(spared: Set[int]) -> None:
    """End and bury all children but the spared ones, such as sessions of a killed database.

    A busy session may compute on for hours without noticing that its server is dead, and keep
    the next one from starting.
    """
    for orphan in _children() - spared:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, os.WNOHANG)


def _children() -> set[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return {int(word) for word in listed.read_text().split()} if listed.exists() else set()
