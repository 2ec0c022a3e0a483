"""A real SMTP server that can be told to misbehave: refuse, put off, hang up in the middle."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from matching.messaging.settings import MailServer


class Sink:
    """What came in, and what to answer next: each answer is used once, then all is well."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.at_recipient: list[str] = []
        self.at_end: list[str] = []
        self.hang_up_at_data = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.at_recipient:
            return self.at_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.hang_up_at_data:
            self.hang_up_at_data -= 1
            cast(Any, server).transport.abort()
            return "451 gone"
        answer = self.at_end.pop(0) if self.at_end else "250 taken"
        if answer.startswith("250"):
            content = envelope.original_content or b""
            self.mails.append(cast(EmailMessage, email.message_from_bytes(content, policy=POLICY)))
            self.recipients.append(list(envelope.rcpt_tos))
        return answer


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running() -> Iterator[tuple[Sink, MailServer]]:
    """Give a sink that listens, and how to reach it."""
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port, decode_data=False)
    controller.start()
    try:
        yield sink, MailServer("127.0.0.1", port, sender="centre@example.jp")
    finally:
        controller.stop()


def body_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
