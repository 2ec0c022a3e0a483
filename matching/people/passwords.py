"""Passwords: argon2id, the same work for a name that nobody has, and never more than we can do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from matching.kernel.errors import Busy

WEB_PROCESSES = 2
AT_ONCE = max(1, 2 * (os.cpu_count() or 1) // WEB_PROCESSES)  # two a core over all processes
WAITING = 3  # more threads than that in the queue would leave none for other pages
PATIENCE_SECONDS = 3.0
NOT_CHOSEN = ""  # the hash of an account whose owner has not chosen a password yet

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("nobody signs in with this")
_room = BoundedSemaphore(AT_ONCE + WAITING)
_desk = BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """Return the argon2id hash of a password; raises Busy when too many are being made."""
    with _turn():
        return _HASHER.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Tell whether a password fits; raises Busy when too many are being looked at.

    No account, or none whose password was chosen, takes the same time and never fits.
    """
    with _turn():
        try:
            fits = _HASHER.verify(password_hash or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return fits and bool(password_hash)


@contextmanager
def _turn() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise Busy
    try:
        if not _desk.acquire(timeout=PATIENCE_SECONDS):
            raise Busy
        try:
            yield
        finally:
            _desk.release()
    finally:
        _room.release()
