"""Every cell of every table of states, by role: it works once, or it is refused and nothing moves.

Each cell is one form sent by one role to a row in one state, inside a savepoint that is undone.
One role that may is tried for each state, and one that may not for each form;
STATE_CELLS=all tries all of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matching.evaluation.state_tables import STATE_TABLES
from matching.kernel import clock
from matching.kernel.database import db
from matching.people.models import Account
from tests.conftest import NOW
from tests.matrix.oracle import ROLES, WHO
from tests.states.deeds import BY_ITSELF, DEEDS, Deed
from tests.states.guarding import guard_states
from tests.states.town import Town, build, dress
from tests.web.browsing import sign_in, token

EVERY_ROLE = os.environ.get("STATE_CELLS") == "all"
EVERYBODY = ("public", *ROLES)
MAY = WHO | {"any_visit": (*WHO["desk"], "volunteer")}
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]{4}")


@dataclass
class Stage:
    """The town on one connection; what is done on it can be undone."""

    app: Flask
    town: Town
    connection: Connection
    engine: Engine
    readers: dict[str, tuple[FlaskClient, str]] = field(default_factory=dict)

    def at(self, moment: datetime) -> None:
        """Move the clock; everybody is still signed in."""
        clock.freeze(moment)
        with self.engine.begin() as beside:
            beside.execute(
                text("UPDATE login_sessions SET expires_at = '2027-01-01', ends_at = '2027-01-01'")
            )

    def number(self, deed: Deed) -> int:
        return self.town.ids[deed.row or deed.rows]

    def look(self, deed: Deed) -> tuple[dict[str, Any], int]:
        """The row as it stands, and how long the trail is."""
        self.connection.execute(text("RESET ROLE"))
        rows = STATE_TABLES[deed.rows].rows
        wanted = f"SELECT to_jsonb(r), (SELECT count(*) FROM events) FROM {rows} r WHERE id = :id"  # noqa: S608
        found = self.connection.execute(text(wanted), {"id": self.number(deed)}).one()
        return dict(found[0]), found[1]

    def send(self, deed: Deed, role: str, version: str) -> TestResponse:
        client, csrf = self.readers[role]
        words = {**{k: str(v) for k, v in self.town.ids.items()}, **self.town.words}
        path = deed.path.format(**words)
        fields = {name: value.format(**words) for name, value in deed.fields.items()}
        if path.startswith("/api/"):
            headers = {"Authorization": f"Bearer {self.town.tokens.get(role, '')}"}
            return client.post(path, json=fields, headers=headers)
        return client.post(path, data={**fields, "csrf_token": csrf, "version": version})


@pytest.fixture
def stage(
    app: Flask, engine: Engine, session: Session, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    town = build(session, NOW)
    town.ids["boss"] = session.scalars(
        select(Account.id).where(Account.login == "the-center_manager")
    ).one()
    with engine.begin() as connection:
        guard_states(connection)
    clock.freeze(town.starts_at + min(deed.at for deed in DEEDS))
    readers = {}
    for role in EVERYBODY:
        client = app.test_client()
        if role != "public":
            sign_in(client, f"the-{role}")
        page = "/login" if role == "public" else "/account/password"
        readers[role] = (client, token(client, page))
    with engine.connect() as connection, connection.begin():
        bound = db.session.session_factory.class_
        monkeypatch.setattr(bound, "get_bind", lambda *_a, **_k: connection)
        yield Stage(app, town, connection, engine, readers)
    clock.freeze(NOW)


def works(deed: Deed, before: str, role: str) -> bool:
    """Tell whether a deed leads on from a state, by the product's own table and who may."""
    after = STATE_TABLES[deed.rows].after
    through = {"triaging"} if deed.rows == "need" and before == "received" else set()
    allowed = deed.after in after[before] or any(deed.after in after[step] for step in through)
    allowed = before in deed.only if deed.only else allowed or before in deed.also
    if deed.rows == "volunteer" and "suspended" in (before, deed.after):
        allowed = allowed and role == "center_manager"
    return allowed and role in MAY[deed.who]


def is_refused(answer: TestResponse) -> bool:
    flashed = "session" not in answer.headers and answer.status_code == 302
    return answer.status_code >= 400 or (flashed and answer.location.startswith("/login"))


def says_why(answer: TestResponse) -> bool:
    """Sentences are Japanese; programs are told in a problem's detail."""
    return JAPANESE.search(answer.get_data(as_text=True)) is not None or "json" in (
        answer.content_type or ""
    )


def wrong(stage: Stage, deed: Deed, before: str, role: str) -> str | None:
    """What is wrong with a cell; nothing else than None is right."""
    cell = f"{role}: {deed.rows} {before} -> {deed.after} by {deed.path}"
    undo = stage.connection.begin_nested()
    try:
        dress(
            stage.connection, stage.town, STATE_TABLES[deed.rows].rows, stage.number(deed), before
        )
        known, events = stage.look(deed)
        answer = stage.send(deed, role, str(known.get("version")))
        found, told = stage.look(deed)
        if answer.status_code >= 500:
            return f"{cell}: fails with {answer.status_code}"
        if not works(deed, before, role):
            if (found, told) != (known, events):
                return f"{cell}: should be refused, is {found['state']}"
            if role in MAY[deed.who] and not (is_refused(answer) and says_why(answer)):
                return f"{cell}: refused without a sentence ({answer.status_code})"
            return None if is_refused(answer) else f"{cell}: looks done ({answer.status_code})"
        if found["state"] != deed.after or is_refused(answer):
            said = re.findall(r"[^<>]*(?:。)[^<>]*", answer.get_data(as_text=True))[:2]
            return f"{cell}: is {found['state']} ({answer.status_code}) {said}"
        if before != deed.after and told == events:
            return f"{cell}: nothing in the trail"
        again = stage.send(deed, role, str(known.get("version")))
        twice, _told = stage.look(deed)
        if again.status_code >= 500 or twice["state"] != found["state"]:
            return f"{cell}: a second time it is {twice['state']} ({again.status_code})"
        return None
    finally:
        undo.rollback()


def cells() -> Iterator[tuple[Deed, str, str]]:
    """Each form and state with roles: all of them, or one who may and some who may not."""
    for place, deed in enumerate(sorted(DEEDS, key=lambda deed: deed.at)):
        states = sorted(STATE_TABLES[deed.rows].after)
        may = [role for role in EVERYBODY if role in MAY[deed.who]]
        may_not = [role for role in EVERYBODY if role not in MAY[deed.who]]
        for number, before in enumerate(states):
            some = [may[(place + number) % len(may)]]
            some += [may_not[place % len(may_not)]] if number == place % len(states) else []
            for role in EVERYBODY if EVERY_ROLE else some:
                yield deed, before, role


def test_every_change_of_a_state_works_once_or_is_refused(stage: Stage) -> None:
    bad, last = [], None
    for deed, before, role in cells():
        if deed.at != last:
            stage.at(stage.town.starts_at + deed.at)
            last = deed.at
        if told := wrong(stage, deed, before, role):
            bad.append(told)
    assert not bad, "\n".join(bad)


def test_every_state_is_reached_by_a_form_or_by_itself() -> None:
    """A new state needs its deed in `deeds.py`, and a new deed its cells."""
    for name, table in STATE_TABLES.items():
        reached = set().union(*table.after.values())
        by_form = {deed.after for deed in DEEDS if deed.rows == name}
        assert reached - by_form - BY_ITSELF.get(name, frozenset()) == set(), name
        assert by_form <= reached, name
