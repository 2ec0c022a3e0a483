"""Mail by SMTP: one recipient a mail, one Message-ID however often it is tried."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from matching.messaging.gateways import Away, Later, Outcome, Parcel, Refused, Sent
from matching.messaging.settings import MailServer

SECONDS, SECONDS_IN_ALL = 10, 25
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
DOMAIN = re.compile(r"[A-Za-z0-9.-]{1,253}")
LOCAL = re.compile(rf"{ATOM}(?:{ATOM}|\.)*")  # old phones' addresses have dots in a row


class MailGateway:
    """Hands mails to the operator's server."""

    def __init__(self, server: MailServer, sender_name: str) -> None:
        self.server, self.sender_name = server, sender_name

    def hand_over(self, parcel: Parcel) -> Outcome:
        """Try once: 4xx is tried again, 5xx is not, a server that is away is left alone."""
        try:
            mail = self._written(parcel)
        except ValueError:
            return Refused("no such address can be written", address=True)
        try:
            with self._connected() as connection:
                return _posted(connection, mail, self.server.bounce_to)
        except (smtplib.SMTPException, OSError, ssl.SSLError) as failure:
            return Away(_code_of(failure))

    def _written(self, parcel: Parcel) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(self.sender_name, *self.server.sender.rsplit("@", 1))
        mail["To"] = _address(parcel.address)
        mail["Subject"] = parcel.subject
        mail["Message-ID"] = f"<{parcel.ref}@{self.server.sender.rsplit('@', 1)[1]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
        mail.set_content(parcel.text, cte="base64")
        if parcel.html:
            mail.add_alternative(parcel.html, subtype="html", cte="base64")
        return mail

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Give a connection that is cut after a while, however slowly the server drips."""
        server = self.server
        secure = ssl.create_default_context()
        made: smtplib.SMTP = (
            smtplib.SMTP_SSL(timeout=SECONDS, context=secure)
            if server.tls == "tls"
            else smtplib.SMTP(timeout=SECONDS)
        )
        made._host = server.host  # type: ignore[attr-defined]  # whose certificate is asked for
        watch = threading.Timer(SECONDS_IN_ALL, _cut, [made])
        watch.daemon = True
        watch.start()
        try:
            code, answer = made.connect(server.host, server.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, answer)
            if server.tls == "starttls":
                made.starttls(context=secure)
            if server.user:
                made.login(server.user, server.password or "")
            yield made
            _farewell(made)
        finally:
            watch.cancel()
            made.close()


def _posted(connection: smtplib.SMTP, mail: EmailMessage, bounce_to: str) -> Outcome:
    to = mail["To"].addresses[0].addr_spec
    try:
        connection.send_message(mail, from_addr=bounce_to, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as refusal:
        [(code, _answer)] = refusal.recipients.values()
        return _by_code(code, address=True)
    except smtplib.SMTPResponseException as refusal:
        return _by_code(refusal.smtp_code, address=False)
    except (smtplib.SMTPServerDisconnected, OSError) as failure:
        # It may be this very mail that the server cannot bear, so the attempt counts.
        return Later(_code_of(failure))
    return Sent()


def _by_code(code: int, *, address: bool) -> Outcome:
    if code == 421:
        return Away("421")
    # 55x says that the mailbox is not there; any other 5xx may be about the mail itself.
    return (
        Refused(str(code), address and code in (550, 551, 553)) if code >= 500 else Later(str(code))
    )


def _code_of(failure: Exception) -> str:
    code = getattr(failure, "smtp_code", None)
    return str(code) if code and code > 0 else type(failure).__name__


def _address(written: str) -> Address:
    """Return an address as headers want it; raises ValueError for what is none.

    Addresses that Japanese phones once allowed (two dots in a row, one before the @) are quoted.
    """
    local, at, domain = written.strip().rpartition("@")
    if not at or not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(domain):
        raise ValueError("no mail address")
    return Address(username=local, domain=domain)


def _cut(connection: smtplib.SMTP) -> None:
    with suppress(OSError):  # it may have been closed meanwhile
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)


def _farewell(connection: smtplib.SMTP) -> None:
    """Say goodbye; the mail is taken already, so a server that hangs up first is forgiven."""
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()
