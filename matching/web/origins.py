"""Which names we answer to, and from whose pages a form may come."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Request, abort, request
from werkzeug.exceptions import BadHost
from werkzeug.routing import MapAdapter

import config as settings
from matching.kernel.logs import logger

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
EVERY_ADDRESS = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104  # nosec B104
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"", "same-origin", "none"})  # `none`: typed or reloaded by the person
WITHOUT_COOKIES = "/api/"  # a token in a header is no help to another site's page


class Named(Flask):
    """An application whose pages can be written even for who asks under what is no name."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return how addresses are read and written; the name itself is looked at afterwards."""
        try:
            return super().create_url_adapter(request)
        except BadHost:
            return self.url_map.bind("localhost")


def register(app: Flask) -> None:
    """Refuse other names and other sites' forms before anything else is looked at."""

    def check() -> None:
        config: settings.Config = app.extensions["musubi"]
        if not trusted(hostname(request.host), config):
            logger().warning("host_refused")
            abort(400)
        if request.method not in READING and not request.path.startswith(WITHOUT_COOKIES):
            _expect_own_page(config)

    app.before_request(check)


def hostname(netloc: str) -> str:
    """Return the name of a host without its port; empty for what is none."""
    try:
        return (urlsplit(f"//{netloc}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def trusted(name: str, config: settings.Config) -> bool:
    """Whether a name is ours: of BASE_URL, BIND or TRUSTED_HOSTS, or this machine's own.

    Where we listen everywhere, an address in figures is ours too: nobody else can make a name
    of theirs lead to us that way.
    """
    own = {hostname(urlsplit(config.base_url).netloc), config.bind.strip("[]").lower()}
    if name in (LOOPBACK | own | set(config.trusted_hosts)) - EVERY_ADDRESS:
        return True
    return config.bind in EVERY_ADDRESS and _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _expect_own_page(config: settings.Config) -> None:
    site, origin = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Origin")
    own = {urlsplit(config.base_url)._replace(path="", query="", fragment="").geturl().lower()}
    own |= {f"{request.scheme}://{request.host}".lower(), *(["null"] if site else [])}
    if site not in OWN_SITES or (origin is not None and origin.lower() not in own):
        logger().warning("origin_refused", path=str(request.url_rule or "-"))
        abort(403)
