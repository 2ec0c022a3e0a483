"""File locks that the kernel takes back by itself, however their holder ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ALONE = fcntl.LOCK_EX
TOGETHER = fcntl.LOCK_SH


def try_lock(path: Path, kind: int = ALONE) -> int | None:
    """Return an open descriptor that holds the lock until it is closed, or None if it is taken."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def locked(path: Path, kind: int = ALONE) -> Iterator[None]:
    """Hold the lock for the length of the block, waiting for it as long as it takes."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, kind)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
