"""Encrypted files: a stream sealed in chunks, so that none can be changed, moved or left out."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from matching.kernel.errors import Invalid
from matching.kernel.keyring import ring
from matching.kernel.sealing import derived

MAGIC = b"MUSUBI BACKUP 1\n"
LONGEST_LINE = 4096
CHUNK = 1024 * 1024
LARGEST = 2 * CHUNK  # what compresses badly grows a little
LENGTH = 4
SALT = 7


def seal_stream(source: IO[bytes], target: IO[bytes], about: dict[str, Any]) -> int:
    """Write a stream sealed under the newest backup key; returns the plain bytes it held.

    `about` can be read by everybody and changed by nobody.
    """
    key_id = ring().newest("backup")
    salt, cipher = os.urandom(SALT), AESGCM(_key(key_id))
    head = MAGIC + f"{key_id}\n{json.dumps(about)}\n".encode() + salt
    target.write(head)
    total, number, chunk = 0, 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        nonce = _nonce(salt, number, last=not following)
        sealed = cipher.encrypt(nonce, zlib.compress(chunk), head)
        target.write(len(sealed).to_bytes(LENGTH, "big") + sealed)
        total += len(chunk)
        if not following:
            return total
        number, chunk = number + 1, following


def read_about(source: IO[bytes]) -> dict[str, Any]:
    """Return what a backup says of itself; raises Invalid for any other file."""
    return _head(source)[1]


def _head(source: IO[bytes]) -> tuple[str, dict[str, Any], bytes, bytes]:
    """The key's id, what the file says of itself, the salt, and all of these as they stand."""
    magic, key_line = source.read(len(MAGIC)), source.readline(LONGEST_LINE)
    about_line, salt = source.readline(LONGEST_LINE), source.read(SALT)
    try:
        about = json.loads(about_line)
    except ValueError:
        about = None
    if magic != MAGIC or not isinstance(about, dict) or len(salt) != SALT:
        raise Invalid("バックアップのファイルではありません。", code="not_a_backup")
    return (
        key_line.decode("ascii", "replace").strip(),
        about,
        salt,
        magic + key_line + about_line + salt,
    )


def open_stream(source: IO[bytes]) -> Iterator[bytes]:
    """Give the plain chunks of a sealed stream; raises Invalid for anything but what was sealed.

    That the end is missing shows only at the end: who acts on chunks must be able to undo it.
    """
    key_id, _, salt, head = _head(source)
    cipher, number = AESGCM(_key(key_id)), 0
    sealed = _next(source)
    while True:
        following = _next(source)
        try:
            nonce = _nonce(salt, number, last=not following)
            yield zlib.decompress(cipher.decrypt(nonce, sealed, head))
        except (InvalidTag, ValueError, zlib.error):
            raise Invalid(
                "バックアップが壊れているか、途中で切れています。別のバックアップを使ってください。",
                code="broken",
            ) from None
        if not following:
            return
        number, sealed = number + 1, following


def _next(source: IO[bytes]) -> bytes:
    length = int.from_bytes(source.read(LENGTH), "big")
    return source.read(min(length, LARGEST))


def _key(key_id: str) -> bytes:
    key = ring().get("backup", key_id)
    if key is None:
        raise Invalid(
            f"このバックアップの鍵（{key_id}）が鍵ファイルにありません。"
            "作ったときの鍵を鍵ファイルに加えてください。",
            code="no_key",
        )
    return derived(key, "backup")


def _nonce(salt: bytes, number: int, *, last: bool) -> bytes:
    return salt + number.to_bytes(4, "big") + bytes([last])
