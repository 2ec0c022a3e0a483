"""The address on which pages are served, claimed before anything else is started."""

import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from matching.local.errors import LocalServiceError

_BACKLOG = 256
_LARGEST_PORT = 65535
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  # nosec B104


@dataclass(frozen=True)
class Address:
    """Where we listen: `BIND` and `PORT` of the environment."""

    bind: str
    port: int

    @property
    def host(self) -> str:
        """The host by which this machine reaches us."""
        return _ANYWHERE.get(self.bind, self.bind)

    @property
    def url(self) -> str:
        """The address to open in a browser on this machine."""
        return f"http://{_bracketed(self.host)}:{self.port}"

    @property
    def spelled(self) -> str:
        """`host:port` as servers want it."""
        return f"{_bracketed(self.bind)}:{self.port}"


def address(environ: Mapping[str, str]) -> Address:
    """Read the address from the environment; 127.0.0.1:8000 where it says nothing."""
    text = environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= _LARGEST_PORT:
        raise LocalServiceError(f"PORT must be a whole number from 1 to 65535, not {text!r}.")
    return Address(environ.get("BIND") or "127.0.0.1", int(text))


def listen(where: Address) -> socket.socket:
    """Claim the address and listen; the web processes inherit the socket.

    Holding it here keeps the door open while they are started anew: callers wait, none is refused.
    """
    family = socket.AF_INET6 if ":" in where.bind else socket.AF_INET
    try:
        return socket.create_server((where.bind, where.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise LocalServiceError(_refusal(where, error)) from None


def _refusal(where: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        free = where.port + 1 if where.port < _LARGEST_PORT else 8001
        return (
            f"Port {where.port} on {where.bind} is taken by another program. Stop that one, or "
            f"choose another port: PORT={free} make demo"
        )
    if error.errno == errno.EACCES:
        return f"Port {where.port} may only be opened by root. Choose one above 1023 in PORT."
    return f"{where.spelled} cannot be opened ({error.strerror or error}). Correct BIND and PORT."


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
