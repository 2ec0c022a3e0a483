"""Passwords: argon2id, and the same work for a name that nobody has."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("nobody signs in with this")


def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    return _HASHER.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Tell whether a password fits; None (no such account) takes the same time and never fits."""
    try:
        fits = _HASHER.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and password_hash is not None
