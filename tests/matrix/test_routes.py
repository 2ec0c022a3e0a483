"""Every route × method × role × relation against the oracle, and the same after a term has ended.

`oracle.py` is written by hand; this file only turns its lines into requests. A cell is open when
the answer is the page's own, whatever it says of an empty form; shut when it is that of nothing
there (404), of a missing right (403), or the way to sign in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import config as settings
from matching.kernel import clock
from matching.kernel.database import db
from tests.conftest import MANY, NOW, named, on_database, pointed
from tests.databases import copied
from tests.matrix.oracle import ROLES, ROUTES, SEES, WHO
from tests.matrix.world import World, build
from tests.web.browsing import come_in, token

NO_PAGES = {"stylesheet", "api.nowhere"}  # a name that changes; what answers for no address
NUMBERS = {"number": 1, "version_id": 1, "session_id": 0, "passkey_id": 1, "request_id": 1}
WORDS = {
    "gate": "not_available", "code": "0210001", "filename": "site.webmanifest", "form": "json",
    "token": "x" * 43, "account_id": 999999, "act": "open", "role_id": 1, "token_id": 999999,
    "card": "x", "sort": "complaints", "year": 2026, "kind": "volunteers",
}  # fmt: skip
# Parts of addresses that say by their name which row they mean, whatever the line is about.
NAMED = {
    "case_id": "case", "absence_id": "absence", "claim_id": "claim", "follow_up_id": "follow_up",
    "referral_id": "referral", "request_id": "reveal", "certificate_id": "certificate",
    "concern_id": "concern", "person_id": "person", "volunteer": "volunteer",
}  # fmt: skip
NOBODYS = dict.fromkeys((*NAMED.values(), "proposal", "visit", "pair", "task"), 999999) | {
    "need": "R8-9999", "volunteer": "V99999", "message": 999999, "block": 999999, "speaker": 999999,
}  # fmt: skip
ABOUT = {
    "my_offer": "proposal",
    "own_offer": "proposal",
    "group_visit": "visit",
    "my_paper": "certificate",
}
# What ends something comes after everything that looks at it.
ENDINGS = ("/triage", "/check-in", "/check-out", "/leave", "/moved-on", "/cancel", "/logout")


@dataclass(frozen=True)
class Line:
    """One line of the oracle."""

    method: str
    rule: str
    who: str
    kind: str

    def relations(self, role: str) -> tuple[str, ...]:
        """Whose row is tried: who may not come in at all is shut out of what tempts most."""
        if self.kind == "-":
            return ("",)
        return ("tied", "here", "far") if role in WHO.get(self.who, ()) else ("tied",)

    def path(self, world: World, relation: str) -> str:
        rows = NOBODYS if relation == "nobody" else world.parts[relation or "far"]
        about = ABOUT.get(self.kind, self.kind.removeprefix("any_").removeprefix("my_"))
        row = rows.get(about, "R8-9999")
        if "<" not in self.rule:
            return self.rule if self.kind == "-" else f"{self.rule}?{self.kind}={row}"

        def part(found: re.Match[str]) -> str:
            name = found[1]
            if name in WORDS or self.kind == "-":
                return str(WORDS.get(name, NUMBERS.get(name, rows.get(NAMED.get(name, ""), row))))
            if self.kind == "certificate" and name == "reference":
                return str(rows["volunteer"])
            return str(rows[NAMED[name]] if name in NAMED else row)

        return re.sub(r"<(\w+)>", part, self.rule)

    def opens(self, role: str, relation: str) -> bool:
        admitted = role in WHO.get(self.who, ())
        return admitted and (self.kind == "-" or relation in SEES[self.kind].get(role, ()))


LINES = [Line(*line.split()) for line in ROUTES.strip().splitlines()]
IN_ORDER = sorted(
    LINES,
    key=lambda line: (
        line.method != "GET",
        next((n for n, end in enumerate(ENDINGS, 1) if line.rule.endswith(end)), 0),
    ),
)


@pytest.fixture(scope="module")
def city(
    migrated_app: Flask, admin: psycopg.Connection, template_name: str, config: settings.Config
) -> Iterator[tuple[str, World]]:
    """The city, written once; its database is copied for each role."""
    clock.freeze(NOW)
    with copied(admin, template_name, f"{template_name}_matrix") as name:
        url = named(config.database_url, name)
        with on_database(migrated_app, url) as engine, Session(engine) as session:
            world = build(session, NOW)
        yield name, world


@pytest.fixture(scope="module")
def copy_engine(city: tuple[str, World], config: settings.Config) -> Engine:
    """One for the copies of all roles: what it has compiled once serves them all."""
    url = named(config.database_url, f"{city[0]}_role")
    return create_engine(url, query_cache_size=MANY)


@pytest.fixture
def world(
    migrated_app: Flask, admin: psycopg.Connection, city: tuple[str, World], copy_engine: Engine
) -> Iterator[World]:
    template, made = city
    clock.freeze(NOW)
    with copied(admin, template, copy_engine.url.database), pointed(migrated_app, copy_engine):
        yield made


@dataclass
class Reader:
    """Somebody at a browser and at the API."""

    client: FlaskClient
    token: str
    form_token: str
    visit: str = ""  # the session that `form_token` of a stranger belongs to

    def sends(self, method: str, path: str) -> TestResponse:
        if path.startswith("/api/"):
            headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            headers |= {"If-Match": "*"} if method in {"PATCH", "PUT"} else {}
            body = {} if method == "GET" else {"json": {}}
            return self.client.open(path, method=method, headers=headers, **body)
        if method == "GET":
            return self.client.open(path)
        answer = self.client.open(path, method=method, data={"csrf_token": self.current()})
        if answer.status_code == 400 and self.visit:  # so that no old token hides an open door
            self.visit, self.form_token = "", ""
            answer = self.client.open(path, method=method, data={"csrf_token": self.current()})
        return answer

    def current(self) -> str:
        """A stranger's token ends with the stranger's session, which any page may begin anew."""
        if not self.form_token or (self.visit and self.visit != self.session()):
            self.form_token = token(self.client, "/login")
            self.visit = self.session()
        return self.form_token

    def session(self) -> str:
        cookie = self.client.get_cookie("musubi")
        return cookie.value if cookie else ""


def reader(app: Flask, world: World, role: str) -> Reader:
    client = app.test_client()
    if role == "public":
        return Reader(client, "", "")
    come_in(client, world.accounts[role])
    return Reader(client, world.tokens[role], token(client, "/account/password"))


def is_shut(answer: TestResponse, role: str) -> bool:
    if answer.status_code in {401, 403, 404}:
        return True
    if answer.status_code == 400 and role == "public":  # a form of nobody who is signed in
        return True
    return answer.status_code == 302 and answer.location.startswith("/login")


def wrong(found: Reader, world: World, line: Line, role: str, relation: str) -> str | None:
    """What is wrong with a cell; nothing else than None is right."""
    cell = f"{role} {relation} {line.method} {line.rule}"
    answer = found.sends(line.method, line.path(world, relation))
    status, shut, opens = answer.status_code, is_shut(answer, role), line.opens(role, relation)
    if status >= 500:
        return f"{cell}: fails with {status}"
    if line.who == "key":
        return f"{cell}: opens without its key" if status == 200 else None
    if opens != shut:
        return None
    if opens and line.kind == "-" and "<" in line.rule:  # there is no such row in this city
        return None if status == 404 else f"{cell}: shut with {status}"
    if not opens and status == 422:  # the form is looked at first: as for what is not there
        nobody = found.sends(line.method, line.path(world, "nobody"))
        return None if nobody.status_code == status else f"{cell}: tells that it is there"
    return f"{cell}: {'shut' if shut else 'open'} with {status}"


@pytest.mark.parametrize("role", ["public", *ROLES])
def test_every_cell_is_as_the_oracle_says(migrated_app: Flask, world: World, role: str) -> None:
    found = reader(migrated_app, world, role)
    bad = [
        told
        for line in IN_ORDER
        for relation in line.relations(role)
        if (told := wrong(found, world, line, role, relation))
    ]
    assert not bad, "\n".join(bad)


@pytest.mark.parametrize("role", ROLES)
def test_after_the_end_of_a_term_every_cell_is_that_of_a_stranger(
    migrated_app: Flask, world: World, role: str, now: datetime
) -> None:
    """Signed in before midnight, and gone with the first request after it."""
    found = reader(migrated_app, world, role)
    with migrated_app.app_context():
        db.session.execute(
            text("UPDATE roles SET starts_on = '2026-04-01', ends_on = '2026-11-22'")
        )
        db.session.commit()
    found.form_token = ""
    were_open = [line for line in IN_ORDER if line.opens(role, "tied")]
    bad = [told for line in were_open if (told := wrong(found, world, line, "public", "tied"))]
    assert len(were_open) > 40
    assert not bad, "\n".join(bad)


def test_every_route_has_its_line(migrated_app: Flask) -> None:
    """Write the line by hand, from who should be there, not from what the route says."""
    there = {
        (method, re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule.rule))
        for rule in migrated_app.url_map.iter_rules()
        if rule.endpoint not in NO_PAGES
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    written = {(line.method, line.rule) for line in LINES}
    lacking = [f"{method} {rule} <who> <kind>" for method, rule in sorted(there - written)]
    told = "\n".join(lacking)
    assert not lacking, f"add these lines to ROUTES in tests/matrix/oracle.py:\n{told}"
    gone = sorted(written - there)
    assert gone == [], "these lines of tests/matrix/oracle.py have no route any more"


def test_the_oracle_names_known_words_only() -> None:
    assert {line.who for line in LINES} <= {*WHO, "key"}
    assert {line.kind for line in LINES} <= {*SEES, "-"}
    assert {role for roles in WHO.values() for role in roles} == {"public", *ROLES}
