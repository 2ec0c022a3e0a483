"""Secrets that a place makes for itself once, kept in files that only its account can read."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from matching.local.locks import locked

_KEY_BYTES = 48
_EASY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_key() -> str:
    """Make a key for programs."""
    return secrets.token_urlsafe(_KEY_BYTES)


def new_password() -> str:
    """Make a password for people: nothing in it can be mistaken for something else."""
    groups = ("".join(secrets.choice(_EASY_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in the file; where there is none yet it is made, once for everybody."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(path.with_name(path.name + ".lock")):
        if not path.exists():
            _write_whole(path, make())
        return path.read_text("utf-8").strip()


def _write_whole(path: Path, secret: str) -> None:
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
