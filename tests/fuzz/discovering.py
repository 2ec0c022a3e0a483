"""Finding every form and every call: pages are walked as each role, the rest comes from the map."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, SoupStrainer, Tag
from flask import Flask
from flask.testing import FlaskClient

from matching.api.calls import OPERATIONS

PER_RULE = 3  # pages and forms of one route that are enough for one role
NOT_TYPED = {"submit", "button", "image", "reset"}
LINKS_AND_FORMS = SoupStrainer(["a", "form"])
PARAMETER = re.compile(r"<(?:[^<>:]+:)?(\w+)>")


@dataclass(frozen=True)
class Target:
    """One thing to send: as whom, where, with which fields; `choices` are what a page offers."""

    role: str
    method: str
    path: str
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    body: Any = None  # of a call of the API


def walk(app: Flask, client: FlaskClient, role: str) -> Iterator[Target]:
    """Open every page that links lead to; yield each page, and each form of it."""
    waiting, seen = _starts(app), set[str]()
    counted = Counter[str]()
    while waiting:
        path = waiting.pop(0)
        rule = _rule(app, path)
        if path in seen or counted[rule] >= PER_RULE or rule == "static":
            continue
        seen.add(path)
        counted[rule] += 1
        yield Target(role, "GET", path)
        answer = client.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = BeautifulSoup(answer.data, "html.parser", parse_only=LINKS_AND_FORMS)
        waiting += [link for link in _links(page, path) if link not in seen]
        yield from _forms(page, path, role)


def _starts(app: Flask) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return sorted(rule.rule for rule in rules if "<" not in rule.rule and rule.rule != "/logout")


def _rule(app: Flask, path: str) -> str:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(path).path)
    except Exception:  # a link to nowhere counts as itself
        return path
    return str(endpoint)


def _links(page: BeautifulSoup, path: str) -> list[str]:
    found = [urljoin(path, str(link["href"])) for link in page.select("a[href]")]
    return list(dict.fromkeys(link.partition("#")[0] for link in found if link.startswith("/")))


def _forms(page: BeautifulSoup, path: str, role: str) -> Iterator[Target]:
    for form in page.select("form"):
        action = urljoin(path, str(form.get("action") or path))
        method = str(form.get("method", "get")).upper()
        fields: dict[str, list[str]] = {}
        for field in form.select("[name]"):
            fields.setdefault(str(field["name"]), []).extend(_offered(field))
        yield Target(role, method, action, tuple((n, tuple(v)) for n, v in fields.items()))


def _offered(field: Tag) -> list[str]:
    if field.name == "select":
        return [str(option.get("value", option.text)) for option in field.select("option")]
    if field.name == "textarea":
        return [field.text.strip()]
    kind = str(field.get("type", "text"))
    return [] if kind in NOT_TYPED and not field.get("value") else [str(field.get("value", ""))]


def unseen(app: Flask, role: str, known: set[str], words: tuple[str, ...]) -> Iterator[Target]:
    """Yield what no page of a role led to: every rule and method, with numbers that may exist."""
    names = sorted(known)
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for number in (*words[:2], "1", "2"):
                path = PARAMETER.sub(number, rule.rule)
                fields = tuple((name, ("1", number, "")) for name in names)
                yield Target(role, method, path, fields if method != "GET" else ())


def calls(role: str, words: tuple[str, ...]) -> Iterator[Target]:
    """Yield every call of the API with a body of its own schema."""
    for each in OPERATIONS:
        for number in (*words[:1], *words[-2:-1], "1", "2", "3"):
            path = "/api/v1" + PARAMETER.sub(number, each.path)
            whole = {"type": "object", "properties": each.body}
            body = _example(whole) if each.body is not None else None
            yield Target(role, each.method, path, body=body)


EXAMPLES = {
    "requester_name": "菊地 ハル", "name": "菊地 ハル", "phone": "0191-00-2244",
    "category": "shopping", "title": "買い物", "address": "岩手県一関市山目字中野9013",
    "start_date": "2026-11-26", "time_from": "09:00", "time_to": "12:00", "headcount": 1,
    "duration_minutes": 60, "consents": ["coordination_use"], "decision": "accept",
    "birth_date": "1960-04-01", "categories": ["shopping"], "availability": ["0-morning"],
    "answer": "yes", "reason": "体調", "on": "2026-11-26", "start": "09:00",
}  # fmt: skip
PLAIN = {"string": "x", "integer": 1, "number": 1.5, "boolean": True, "null": None}


def _example(schema: Any) -> Any:
    """A body that fits a schema, more or less: it is the start of what is then made hostile."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return [_example(schema.get("items", {}))]
    if kind == "object":
        parts = schema.get("properties", {})
        return {name: EXAMPLES.get(name, _example(part)) for name, part in parts.items()}
    return PLAIN[kind]
