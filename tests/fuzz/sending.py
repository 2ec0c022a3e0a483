"""Making one hostile request out of a known one, and looking at what came of it."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.fuzz import hostile
from tests.fuzz.discovering import Target

SLOW_SECONDS = 2.0  # of this process: what the machine does beside does not count
INSIDES = ("Traceback (most", "sqlalchemy", "psycopg", "werkzeug.", "site-packages", 'File "/')
# What a refused request may leave behind: who came, how often, and that somebody was refused.
TRACES = {"login_sessions", "allowances", "events", "audit_head", "known_devices", "api_tokens"}


@dataclass
class Sent:
    """One request as it goes out; printed, it can be sent again by hand."""

    role: str
    method: str
    path: str
    form: MultiDict[str, str] | None = None
    json: Any = None
    raw: bytes | None = None
    content_type: str | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    query: list[tuple[str, str]] = field(default_factory=list)

    def arguments(self) -> dict[str, Any]:
        """What the test client is given."""
        body: dict[str, Any] = {}
        if self.raw is not None:
            body = {"data": self.raw, "content_type": self.content_type}
        elif self.json is not None:
            body = {"json": self.json}
        elif self.form is not None:
            body = {"data": _encoded(self.form), "content_type": FORM}
        return body | {"headers": self.headers}


FORM = "application/x-www-form-urlencoded"


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _encoded(form: MultiDict[str, str]) -> str:
    return "&".join(f"{_quoted(n)}={_quoted(v)}" for n, v in form.items(multi=True))


def make(target: Target, token: str, chance: random.Random) -> Sent:
    """Draw one request: sometimes as it should be, mostly with one to three things wrong."""
    sent = Sent(target.role, target.method, target.path)
    if target.body is not None:
        sent.json = dict(target.body)
    elif target.method == "POST":
        sent.form = MultiDict((n, chance.choice(v)) for n, v in target.fields if v)
        sent.form.setlist("csrf_token", [token])
    elif target.fields:
        sent.query = [(n, chance.choice(v)) for n, v in target.fields if v]
    if chance.random() > 0.2:
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            chance.choice(_wrongs(sent))(sent, chance)
    return sent


def _wrongs(sent: Sent) -> list[Any]:
    """What can be wrong with such a request; where fields are typed, mostly those."""
    if sent.form is not None:
        return [_field] * 14 + [_repeat, _drop, _extra, _extra, _header, _header, _query, _method,
                                _body, _path]  # fmt: skip
    if sent.json is not None:
        return [_member] * 14 + [_whole, _header, _header, _header, _query, _method, _body, _path]
    return [_query] * 4 + [_header] * 3 + [_path] * 3 + [_method, _body]


def _field(sent: Sent, chance: random.Random) -> None:
    names = [name for name in sent.form or () if name != "csrf_token"]
    if names and sent.form is not None:
        sent.form.setlist(chance.choice(names), [hostile.text(chance)])


def _repeat(sent: Sent, chance: random.Random) -> None:
    if sent.form:
        name = chance.choice(list(sent.form))
        many = [hostile.text(chance) for _ in range(chance.choice((2, 3, 300)))]
        sent.form.setlist(name, [*sent.form.getlist(name), *many])


def _drop(sent: Sent, chance: random.Random) -> None:
    if sent.form:
        sent.form.poplist(chance.choice(list(sent.form)))


def _extra(sent: Sent, chance: random.Random) -> None:
    if sent.form is not None:
        sent.form.add(chance.choice(hostile.EXTRA_FIELDS), hostile.text(chance))


def _member(sent: Sent, chance: random.Random) -> None:
    if isinstance(sent.json, dict) and sent.json:
        name = chance.choice(list(sent.json))
        value = sent.json[name]
        if chance.random() < 0.1:
            del sent.json[name]
        elif isinstance(value, list) and value and chance.random() < 0.5:
            sent.json[name] = [*value, hostile.json_value(chance)]
        else:
            sent.json[name] = hostile.json_value(chance)


def _whole(sent: Sent, chance: random.Random) -> None:
    sent.json = hostile.json_value(chance)


def _header(sent: Sent, chance: random.Random) -> None:
    sent.headers.append(hostile.header(chance))


def _query(sent: Sent, chance: random.Random) -> None:
    sent.query.append((chance.choice(hostile.QUERIES), hostile.text(chance)[:3_000]))


def _method(sent: Sent, chance: random.Random) -> None:
    sent.method = chance.choice(hostile.METHODS)


def _body(sent: Sent, chance: random.Random) -> None:
    sent.raw, sent.content_type = (
        chance.choice(hostile.BODIES),
        chance.choice(hostile.CONTENT_TYPES),
    )


def _path(sent: Sent, chance: random.Random) -> None:
    parts = sent.path.split("/")
    parts[chance.randrange(1, len(parts))] = chance.choice(hostile.PARTS)
    sent.path = "/".join(parts) + chance.choice(("", "", "", "/", "/x.css", ";a=b"))


def send(client: FlaskClient, sent: Sent) -> TestResponse:
    """Send it; the address is built here, so that nothing is made harmless on the way."""
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sent.query)
    path, _, own = sent.path.partition("?")
    joined = "&".join(filter(None, (own, query)))
    url = quote(path, safe="/%=&;:+@!$'(),*~-._{}") + (f"?{joined}" if joined else "")
    return client.open(url, method=sent.method, **sent.arguments())


def faults(answer: TestResponse, seconds: float, written: set[str]) -> Iterator[str]:
    """Name everything that must not be so, whatever was sent."""
    status = answer.status_code
    if status >= 500:
        yield f"{status}"
    if seconds > SLOW_SECONDS:
        yield f"took {seconds:.1f} s of this process"
    if 400 <= status < 500 and written - TRACES:
        yield f"{status} but wrote to {sorted(written - TRACES)}"
    for name in ("Content-Security-Policy", "X-Content-Type-Options"):
        if name not in answer.headers:
            yield f"{status} without {name}"
    if not _is_ours(answer.headers.get("Location", "/")):
        yield f"leads to {answer.headers['Location']!r}"
    yield from _shown(answer)


def _is_ours(location: str) -> bool:
    return location.startswith("/") and not location.startswith(("//", "/\\"))


def _shown(answer: TestResponse) -> Iterator[str]:
    text = answer.data.decode(errors="replace") if answer.mimetype.startswith("text/") else ""
    if answer.mimetype == "text/html" and hostile.MARK in text:
        yield "typed text became part of the page"
    if answer.status_code >= 400 and any(word in text for word in INSIDES):
        yield f"{answer.status_code} shows its insides"


class Writes:
    """Which tables had rows written and kept since it was last asked."""

    def __init__(self, engine: Engine) -> None:
        self._open: dict[int, set[str]] = {}
        self._kept: set[str] = set()
        self._engine = engine

    @contextmanager
    def watched(self) -> Iterator[Writes]:
        """Listen to the engine for the length of the block."""
        heard = {
            "before_cursor_execute": self._statement,
            "commit": self._commit,
            "rollback": self._rollback,
        }
        for name, act in heard.items():
            event.listen(self._engine, name, act)
        try:
            yield self
        finally:
            for name, act in heard.items():
                event.remove(self._engine, name, act)

    def _statement(self, connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        words = statement.split(None, 3)
        table = {"INSERT": 2, "DELETE": 2, "UPDATE": 1}.get(words[0].upper())
        if table is not None:
            self._open.setdefault(id(connection), set()).add(words[table].strip('"'))

    def _commit(self, connection: Any) -> None:
        self._kept |= self._open.pop(id(connection), set())

    def _rollback(self, connection: Any) -> None:
        self._open.pop(id(connection), None)

    def taken(self) -> set[str]:
        """Return the tables, and forget them."""
        kept, self._kept = self._kept, set()
        return kept


def csrf(client: FlaskClient, path: str) -> str:
    """The form token of this client's session."""
    field = BeautifulSoup(client.get(path).data, "html.parser").select_one("[name=csrf_token]")
    return str(field["value"]) if field else ""


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    """Give the seconds that this process worked, after the block."""
    found: list[float] = []
    began = time.process_time()
    yield found
    found.append(time.process_time() - began)
