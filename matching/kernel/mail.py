"""Mail: one plain message to one address, through the server that the environment names."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr

SECONDS = 10


def send(
    host: str, port: int, *, sender: tuple[str, str], to: str, subject: str, body: str
) -> None:
    """Hand one message for one recipient to the server; raises OSError or SMTPException.

    The recipient is an address of ours, never a header that somebody wrote.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr(sender)
    message["To"] = to
    message["Subject"] = subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    with smtplib.SMTP(host, port, timeout=SECONDS) as server:
        server.send_message(message, from_addr=sender[1], to_addrs=[to])
