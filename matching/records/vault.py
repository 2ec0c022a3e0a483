"""Encrypted files: a stream sealed in chunks, so that none can be changed, moved or left out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from matching.kernel.errors import Invalid
from matching.kernel.keyring import ring
from matching.kernel.sealing import derived

MAGIC = b"MUSUBI BACKUP 1\n"
CHUNK = 1024 * 1024
TAG = 16
SALT = 7


def seal_stream(source: IO[bytes], target: IO[bytes]) -> int:
    """Write a stream sealed under the newest backup key; returns the plain bytes it held."""
    key_id = ring().newest("backup")
    salt, cipher = os.urandom(SALT), AESGCM(_key(key_id))
    head = MAGIC + f"{key_id}\n".encode() + salt
    target.write(head)
    total, number, chunk = 0, 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        target.write(cipher.encrypt(_nonce(salt, number, last=not following), chunk, head))
        total += len(chunk)
        if not following:
            return total
        number, chunk = number + 1, following


def open_stream(source: IO[bytes]) -> Iterator[bytes]:
    """Give the plain chunks of a sealed stream; raises Invalid for anything but what was sealed."""
    if source.read(len(MAGIC)) != MAGIC:
        raise Invalid("バックアップのファイルではありません。", code="not_a_backup")
    key_id = source.readline(64).decode("ascii", "replace").strip()
    salt = source.read(SALT)
    head = MAGIC + f"{key_id}\n".encode() + salt
    cipher, number = AESGCM(_key(key_id)), 0
    chunk = source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(salt, number, last=not following), chunk, head)
        except (InvalidTag, ValueError):
            raise Invalid(
                "バックアップが壊れているか、途中で切れています。別のバックアップを使ってください。",
                code="broken",
            ) from None
        if not following:
            return
        number, chunk = number + 1, following


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
