"""What the operator says of the gateways: nothing is sent by one that is not named."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

TLS = ("none", "starttls", "tls")


@dataclass(frozen=True)
class MailServer:
    """The server that takes our mail; `bounce_to` is where notes of failure come back."""

    host: str
    port: int = 25
    tls: str = "none"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str = "no-reply@example.jp"
    bounce_to: str = "no-reply@example.jp"


@dataclass(frozen=True)
class HttpGateway:
    """A service spoken to by HTTP: `secret` checks what it says to us."""

    base_url: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    sender: str = ""


@dataclass(frozen=True)
class Gateways:
    """The gateways that are set up."""

    mail: MailServer | None = None
    line: HttpGateway | None = None
    sms: HttpGateway | None = None

    @property
    def ready(self) -> tuple[str, ...]:
        """The channels that can be used."""
        return tuple(name for name in ("mail", "line", "sms") if getattr(self, name))


def read(environ: Mapping[str, str], reasons: list[str]) -> Gateways:
    """Read the gateways from the environment; what does not make sense is told in `reasons`."""
    return Gateways(
        mail=_mail(environ, reasons),
        line=_http(environ, "LINE", ("LINE_BASE_URL", "LINE_TOKEN", "LINE_SECRET"), reasons),
        sms=_http(environ, "SMS", ("SMS_BASE_URL", "SMS_TOKEN", "SMS_SECRET"), reasons),
    )


def _mail(environ: Mapping[str, str], reasons: list[str]) -> MailServer | None:
    host = environ.get("SMTP_HOST", "")
    if not host:
        return None
    tls = environ.get("SMTP_TLS") or ("none" if _is_here(host) else "starttls")
    if tls not in TLS:
        reasons.append(f"SMTP_TLS must be one of {', '.join(TLS)}, not {tls!r}.")
    port = environ.get("SMTP_PORT") or {"tls": "465", "starttls": "587"}.get(tls, "25")
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        reasons.append(f"SMTP_PORT must be a whole number from 1 to 65535, not {port!r}.")
        port = "25"
    sender = environ.get("MAIL_FROM") or MailServer.sender
    for name, address in (("MAIL_FROM", sender), ("MAIL_BOUNCES", environ.get("MAIL_BOUNCES", ""))):
        if address and (address.count("@") != 1 or not address.isprintable() or " " in address):
            reasons.append(f"{name} must be a mail address, not {address!r}.")
    return MailServer(
        host=host,
        port=int(port),
        tls=tls,
        user=environ.get("SMTP_USER") or None,
        password=_secret(environ, "SMTP_PASSWORD", reasons) or None,
        sender=sender,
        bounce_to=environ.get("MAIL_BOUNCES") or sender,
    )


def _http(
    environ: Mapping[str, str], title: str, names: tuple[str, str, str], reasons: list[str]
) -> HttpGateway | None:
    """A gateway is there when its token is; then all three are asked for."""
    url, token, secret = (
        environ.get(names[0], "") or DEFAULT_URLS.get(title, ""),
        _secret(environ, names[1], reasons),
        _secret(environ, names[2], reasons),
    )
    if not token:
        return None
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname or "")):
        reasons.append(f"{names[0]} must be an https address, not {url!r}.")
    if not secret:
        reasons.append(f"{names[2]} is needed beside {names[1]}: it checks what {title} tells us.")
    return HttpGateway(url.rstrip("/"), token, secret, environ.get(f"{title}_FROM", ""))


DEFAULT_URLS = {"LINE": "https://api.line.me"}


def _secret(environ: Mapping[str, str], name: str, reasons: list[str]) -> str:
    """Read a secret from NAME, or from the file that NAME_FILE names."""
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name, "")
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as reason:
        reasons.append(f"{name}_FILE cannot be read: {reason}.")
        return ""


def _is_here(host: str) -> bool:
    """Tell whether a host is this machine: then nobody else can listen in."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
