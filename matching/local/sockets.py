"""A short private folder for unix sockets, whose paths may not be longer than 107 bytes."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from matching.local import postgres, valkey
from matching.local.errors import LocalServiceError

_PATH_BYTES = 107
_RANDOM_NAME = "musubi-12345678"


def make_socket_dir(environ: Mapping[str, str]) -> Path:
    """Make a new folder that only this account can enter, never below the data folder."""
    for base in (tempfile.gettempdir(), "/tmp", environ.get("XDG_RUNTIME_DIR", "")):  # noqa: S108  # nosec B108
        if base and fits(Path(base)):
            return Path(tempfile.mkdtemp(prefix="musubi-", dir=base))
    raise LocalServiceError(
        "No writable folder with a short name was found for the sockets of the database. "
        "Set TMPDIR to one, such as a folder directly below the root."
    )


def fits(base: Path) -> bool:
    """Tell whether sockets can live below `base`: short, plain characters, writable."""
    longest = max((postgres.SOCKET_NAME, valkey.SOCKET_NAME), key=len)
    path = str(base / _RANDOM_NAME / longest)
    plain = path.isascii() and not any(character in path for character in ", '\"\\")
    return plain and len(path) <= _PATH_BYTES and os.access(base, os.W_OK | os.X_OK)
