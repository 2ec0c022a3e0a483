"""Sealed text: AES-256-GCM tokens bound to their place, `v1.key.nonce.text`, and blind indexes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import unicodedata
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from matching.kernel.keyring import ring

MARK = "v1."
NONCE_BYTES = 12


class Unreadable(Exception):
    """A token does not open: changed, moved, or sealed under a key that is not here."""


def seal(text: str, key: bytes, key_id: str, place: str) -> str:
    """Seal text for one place (table|column|row); it opens nowhere else."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), f"{place}|{key_id}".encode())
    return f"{MARK}{key_id}.{_written(nonce)}.{_written(sealed)}"


def open_sealed(token: str, key: bytes, place: str) -> str:
    """Return the text of a token; raises Unreadable for anything but what was sealed there."""
    try:
        _, key_id, nonce, sealed = token.split(".")
        bound = f"{place}|{key_id}".encode()
        return AESGCM(key).decrypt(_read(nonce), _read(sealed), bound).decode()
    except (ValueError, InvalidTag) as reason:
        raise Unreadable(place) from reason


def key_id_of(token: str) -> str:
    """Return under which key a token was sealed."""
    return token.split(".", 2)[1] if token.startswith(MARK) else ""


@lru_cache(maxsize=256)
def derived(key: bytes, use: str) -> bytes:
    """Derive the key of one use, so that no two uses share one."""
    return HKDF(SHA256(), 32, salt=None, info=f"musubi {use}".encode()).derive(key)


def ring_key(key_id: str, use: str = "fields") -> bytes:
    """Return a key of the key file for one use; raises Unreadable when it is not there."""
    key = ring().get("field", key_id)
    if key is None:
        raise Unreadable(f"the key {key_id} is not in the key file")
    return derived(key, use)


def phone_index(text: str) -> str:
    """The mark by which the same phone number is found again: its digits, whatever their width."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdecimal())
    return _index("phone", digits)


def email_index(text: str) -> str:
    """The mark by which the same e-mail address is found again, in any case and width."""
    return _index("email", unicodedata.normalize("NFKC", text).strip().lower())


def line_index(text: str) -> str:
    """The mark by which the same LINE account is found again."""
    return _index("line", text)


def _index(kind: str, folded: str) -> str:
    keys = ring()
    key = keys.keys["index"][keys.newest("index")]
    return hmac.new(derived(key, kind), folded.encode(), hashlib.sha256).hexdigest()


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
