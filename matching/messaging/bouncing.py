"""Notes of failure that come back by mail: read, matched to their message, acted on."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message as Mail
from email.policy import compat32

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.messaging.hooks import bounced
from matching.messaging.models import Message
from matching.messaging.reaching import mark_of
from matching.people.models import Person

MOST_BYTES = 1_000_000
REF = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>\s]+>")
STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Bounce:
    """What a note of failure says: which mail of ours, whose address, for good or not."""

    ref: str
    recipient: str
    status: str
    final: bool


def read(raw: bytes) -> Bounce | None:
    """Read a note of failure (RFC 3464); None for any other mail, however strange.

    Only the first failed recipient counts: a mail of ours has one.
    """
    mail = email.message_from_bytes(raw[:MOST_BYTES], policy=compat32)
    if mail.get_content_type() != "multipart/report":
        return None
    recipient, status, final = "", "", False
    for block in _blocks(mail):
        if str(block.get("Action", "")).strip().lower() in {"failed", "delayed"}:
            recipient = _address(str(block.get("Final-Recipient", "")))
            found = STATUS.search(str(block.get("Status", "")))
            status = found[0] if found else ""
            final = str(block["Action"]).strip().lower() == "failed" and status.startswith("5")
            break
    ref = _ref_of(mail)
    readable = ref and recipient and recipient.isascii()
    return Bounce(ref or "", recipient, status, final) if readable else None


def _blocks(mail: Mail) -> Iterator[Mail]:
    """The groups of fields of the machine-readable part."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            yield from (
                (block for block in payload if isinstance(block, Mail))
                if isinstance(payload, list)
                else ()
            )


def _ref_of(mail: Mail) -> str | None:
    """The name of our mail, from the part that gives it back, whole or its headers only."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            inner = part.get_payload(0)
            found = (
                REF.search(str(inner.get("Message-ID", ""))) if isinstance(inner, Mail) else None
            )
        elif kind == "text/rfc822-headers":
            found = REF.search(str(part.get_payload()))
        else:
            continue
        if found:
            return found[1]
    return None


def _address(written: str) -> str:
    """Return the address of `rfc822; name@host`."""
    return written.rpartition(";")[2].strip().strip("<>")


def take_in(session: Session, raw: bytes, now: datetime) -> str:
    """Act on one mail of the box for failures; returns what came of it.

    The name of the mail is random and known to its recipient only, and the address must be the
    one it went to: nobody marks the address of somebody else.
    """
    bounce = read(raw)
    if bounce is None:
        return "other"
    message = session.scalar(select(Message).where(Message.ref == bounce.ref).with_for_update())
    if message is None or message.channel != "mail" or message.state != "sent":
        return "unknown"
    address = session.get_one(Person, message.person_id).email
    if not address or mark_of("mail", address) != mark_of("mail", bounce.recipient):
        return "unknown"
    if not bounce.final:
        return "delayed"
    bounced(session, message, bounce.status, now)
    return "bounced"
