"""The keys of fields, indexes and backups: one file outside the database, read when it changes."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

KEY_BYTES = 32
FEWEST_LETTERS = 32  # of a plain secret that stands alone in a line
FEWEST_DIFFERENT = 8  # bytes of a key; fewer is a placeholder, not chance
USES = ("field", "index", "backup")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_ID = re.compile(r"[a-z0-9-]{1,40}")


class KeyFileError(Exception):
    """The key file cannot be used; `reasons` are sentences an operator can act on."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class KeyRing:
    """Keys by use and id, the one that writes first in each use."""

    keys: Mapping[str, Mapping[str, bytes]] = field(repr=False)

    def newest(self, use: str) -> str:
        """Return the id of the key that writes."""
        return next(iter(self.keys[use]))

    def get(self, use: str, key_id: str) -> bytes | None:
        """Return a key by its id; None when the file does not hold it."""
        return self.keys[use].get(key_id)


def new_line(use: str) -> str:
    """Make a key: one line of the file."""
    key = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return f"{use} {use[0]}{secrets.token_hex(4)} {key}"


def new_file() -> str:
    """Make the contents of a key file."""
    return "\n".join(["# use, id, key: the first of each use writes", *map(new_line, USES)])


def read_file(path: Path) -> KeyRing:
    """Read a key file; raises KeyFileError with every reason why it cannot be used."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise KeyFileError([f"FIELD_KEYS_FILE cannot be read: {reason}."]) from None
    reasons = []
    if mode & _OTHERS:
        reasons.append(
            f"FIELD_KEYS_FILE {path} can be read by others ({stat.filemode(mode)}): "
            "chmod 600 it, and change the keys if others may have seen them."
        )
    ring = parse(text, reasons)
    if reasons:
        raise KeyFileError(reasons)
    return ring


def parse(text: str, reasons: list[str]) -> KeyRing:
    """Read lines of use, id and key; what is wrong is added to `reasons`, without the key."""
    keys: dict[str, dict[str, bytes]] = {use: {} for use in USES}
    for number, line in enumerate(text.splitlines(), 1):
        if not (words := line.partition("#")[0].split()):
            continue
        if len(words) == 1 and len(words[0]) >= FEWEST_LETTERS:
            _add_secret(words[0], keys)
            continue
        if wrong := _wrong(words, keys):
            reasons.append(f"FIELD_KEYS_FILE line {number}: {wrong}.")
        else:
            keys[words[0]][words[1]] = base64.urlsafe_b64decode(words[2])
    reasons += [
        f"FIELD_KEYS_FILE has no usable {use} key: add a line made by `musubi keys new {use}`."
        for use in USES
        if not keys[use]
    ]
    return KeyRing(keys)


def _add_secret(secret: str, keys: dict[str, dict[str, bytes]]) -> None:
    """Take a plain secret, as other services write them: one line is a key of every use."""
    for use in USES:
        key = hashlib.sha256(f"musubi {use} {secret}".encode()).digest()
        keys[use][use[0] + hashlib.sha256(key).hexdigest()[:8]] = key


def _wrong(words: list[str], keys: Mapping[str, Mapping[str, bytes]]) -> str:
    if len(words) != 3 or words[0] not in keys or not _ID.fullmatch(words[1]):
        return "it must say a use (field, index or backup), an id and a key"
    if words[1] in keys[words[0]]:
        return f"the id {words[1]} is there twice"
    try:
        key = base64.b64decode(words[2], altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        return f"a key is {KEY_BYTES} bytes in URL-safe base64"
    if len(set(key)) < FEWEST_DIFFERENT:
        return "this key is a placeholder, not a secret; make one with `musubi keys new`"
    return ""


_path: Path | None = None
_read: tuple[tuple[int, ...], KeyRing] | None = None


def configure(path: Path) -> None:
    """Say where the key file is; it is read at the first use."""
    global _path, _read
    _path, _read = path, None


def ring() -> KeyRing:
    """Return the keys, read again when the file is another; a broken file leaves the last good."""
    global _read
    if _path is None:
        raise RuntimeError("the key file was never configured")
    seen = _identity(_path)
    if _read is None or _read[0] != seen:
        try:
            _read = (seen, read_file(_path))
        except KeyFileError:
            if _read is None:
                raise
    return _read[1]


def troubles() -> list[str]:
    """Return why the key file could not be read now, as a fresh process would."""
    if _path is None:
        return ["The key file was never configured."]
    try:
        read_file(_path)
    except KeyFileError as refusal:
        return refusal.reasons
    return []


def path() -> Path:
    """Return where the key file is."""
    if _path is None:
        raise RuntimeError("the key file was never configured")
    return _path


def _identity(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_ino, found.st_mtime_ns, found.st_size)
