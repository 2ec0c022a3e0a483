"""The pages of each role, found by following links: one of each kind and state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

from playwright.sync_api import BrowserContext

from tests.screens.showing import NOBODY, Demo

LOGINS = (
    *(NOBODY, "volunteer", "resident", "commissioner", "coordinator", "branch-hanaizumi"),
    *("clerk", "manager", "officer", "auditor", "sysadmin", "partner"),
)
RESIDENTS = ("volunteer", "resident", "partner", "officer", "auditor", "sysadmin")
PUBLIC_STARTS = (
    *("/", "/needs/new", "/register/volunteer", "/contact", "/privacy", "/accessibility"),
    *("/login", "/reset", "/styleguide", "/nothing/here"),
)
STARTS = ("/", "/account", "/my", "/concern")
LEFT_OUT = re.compile(r"^/(preferences|static|logout|api|metrics)|\.(csv|xlsx|pdf|ics|json|zip)$")
FOR_ALL = re.compile(r"^/(privacy|accessibility|contact|register|needs/new|styleguide)")
LINK = re.compile(r'<a\b[^>]*? href="([^"]*)"')
SAMPLES = 2  # a kind of page is looked at so often, as long as its readers see different things
MOST = 120


def kind_of(href: str) -> str:
    """Return what kind of page an address is: numbers, days and references count as one."""
    parts = urlsplit(href)
    path = "/".join("*" if re.search(r"\d", part) else part for part in parts.path.split("/"))
    asked = ",".join(sorted(name for name, _ in parse_qsl(parts.query)))
    return f"{path}?{asked}" if asked else path


def found(context: BrowserContext, city: Demo, login: str) -> list[str]:
    """Return the addresses a role gets to, in the order they are met."""
    queue = list(PUBLIC_STARTS if login == NOBODY else STARTS)
    seen: dict[str, int] = {}
    kept: list[str] = []
    while queue and len(kept) < MOST:
        href = queue.pop(0)
        kind = kind_of(href)
        if login in RESIDENTS and FOR_ALL.search(href):
            continue  # the public's pictures show it
        if href in kept or seen.get(kind, 0) >= (SAMPLES if "*" in kind else 1):
            continue
        seen[kind] = seen.get(kind, 0) + 1
        answer = context.request.get(city.url + href)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        kept.append(href)
        if answer.status == 200:
            links = LINK.findall(answer.text())
            queue += _links([urljoin(answer.url, unescape(link)) for link in links], city)
    return kept


def _links(hrefs: list[str], city: Demo) -> Iterator[str]:
    for href in hrefs:
        parts = urlsplit(href)
        if f"{parts.scheme}://{parts.netloc}" == city.url and not LEFT_OUT.search(parts.path):
            yield parts.path + (f"?{parts.query}" if parts.query else "")
