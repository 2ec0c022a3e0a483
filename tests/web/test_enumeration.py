"""Known or not known: the same bytes, the same questions to the database, the same time (T13, T29).

ENUMERATION_SAMPLES says how often each side is asked; a few times by default, 2,000 in full.
"""

from __future__ import annotations

import math
import os
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, event, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import config as settings
from matching.kernel.actor import SYSTEM
from matching.kernel.limits import Allowance
from matching.people import tickets
from matching.people.models import Account, Block, Person
from matching.people.queries import find_account_by_login
from tests import factories
from tests.web import test_registering
from tests.web.accounts import account
from tests.web.browsing import token
from tests.web.test_asking import GOOD

FEWEST = 8
SAMPLES = int(os.environ.get("ENUMERATION_SAMPLES", FEWEST))
NEAR_SECONDS = 0.005
SURE = 0.001  # so seldom would equal sides look this different
MASKS = (
    (re.compile(r'(name="(?:csrf_token|request_key)"[^>]*value=")[^"]*'), r"\1…"),
    (re.compile(r"\b[RV]\d?-?\d{4,}\b"), "…"),
    (re.compile(r"(reference__id\">)[^<]*"), r"\1…"),
)
Send = Callable[[], TestResponse]
Sides = tuple[Send, Send]


def seen(answer: TestResponse, typed: str = "") -> tuple[int, dict[str, str], str]:
    """What a caller sees of an answer, without what is drawn anew each time."""
    text = answer.get_data(as_text=True)
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    headers = {name: value for name, value in answer.headers if name != "Set-Cookie"}
    return answer.status_code, headers, text.replace(typed, "…") if typed else text


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect the shapes of what the database is asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def chance_of_such_ranks(one: list[float], other: list[float]) -> float:
    """How likely two equal sides rank as differently (Mann and Whitney, normal approximation)."""
    order = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(place for place, (_, side) in enumerate(order, 1) if side == 0)
    n, m = len(one), len(other)
    spread = math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(ranks - n * (n + m + 1) / 2) / spread / math.sqrt(2))


@pytest.fixture(autouse=True)
def unlimited(app: Flask, config: settings.Config) -> Iterator[None]:
    app.extensions["musubi"] = replace(config, strangers_per_hour=100_000)
    yield
    app.extensions["musubi"] = config


@pytest.fixture
def people(session: Session, now: datetime) -> None:
    """Somebody known in every way: an account, a volunteer, who asks for help, a block."""
    account(session, "tanaka@example.jp", "coordinator")
    gone = account(session, "satoh@example.jp", "coordinator")
    session.execute(update(Account).where(Account.id == gone.id).values(disabled_at=now))
    known = factories.volunteer(
        session, now, contact=factories.contact("千葉 春子", phone="0191001234")
    )
    other = factories.need(session, now)
    shunned = factories.volunteer(
        session, now, contact=factories.contact("及川 冬子", phone="0191009999")
    )
    for person in (known.person_id, shunned.person_id):
        assert session.get(Person, person)
    session.add(
        Block(
            person_id=other.requester_id,
            other_person_id=shunned.person_id,
            reason="family",
            created_at=now,
        )
    )
    session.commit()


def posting(client: FlaskClient, path: str, page: str, **fields: str) -> Send:
    key = token(client, page)
    return lambda: client.post(path, data={"csrf_token": key, **fields})


def signing_in(client: FlaskClient, login: str) -> Send:
    return posting(client, "/login", "/login", login=login, password="not the password")


def asking_to_reset(client: FlaskClient, login: str) -> Send:
    return posting(client, "/reset", "/reset", login=login)


def typing_a_code(client: FlaskClient, code: str) -> Send:
    return posting(client, "/activate", "/activate", code=code)


def filing(client: FlaskClient, name: str, phone: str) -> Send:
    fields = {**GOOD, "requester_name": name, "phone": phone}
    return posting(client, "/needs/new", "/needs/new", **fields)


def applying(client: FlaskClient, name: str, phone: str) -> Send:
    return lambda: test_registering.send(client, name=name, phone=phone)


def sides(client: FlaskClient, session: Session, now: datetime, kind: str) -> Sides:
    """The same thing sent about who is known, and about who is not."""
    known, new = ("千葉 春子", "0191-00-1234"), ("千葉 夏子", "0191-00-4321")
    blocked = ("及川 冬子", "0191-00-9999")
    client.get("/register/volunteer")
    if kind == "code":
        account(session, "onodera@example.jp", "volunteer")
        mine = find_account_by_login(session, "onodera@example.jp")
        assert mine is not None
        minted = tickets.mint(session, mine, "activation", SYSTEM, now - timedelta(days=400))
        session.commit()
        return typing_a_code(client, minted.code or "A"), typing_a_code(client, UNKNOWN_CODE)
    return {
        "sign in": lambda: (
            signing_in(client, "tanaka@example.jp"), signing_in(client, "nobody@example.jp")),
        "sign in, gone": lambda: (
            signing_in(client, "satoh@example.jp"), signing_in(client, "nosuc@example.jp")),
        "reset": lambda: (
            asking_to_reset(client, "tanaka@example.jp"),
            asking_to_reset(client, "nobody@example.jp")),
        "file": lambda: (filing(client, *known), filing(client, *new)),
        "file, blocked": lambda: (filing(client, *blocked), filing(client, *new)),
        "apply": lambda: (applying(client, *known), applying(client, *new)),
        "apply, blocked": lambda: (applying(client, *blocked), applying(client, *new)),
    }[kind]()  # fmt: skip


KINDS = ("sign in", "sign in, gone", "reset", "code", "file", "apply")
UNKNOWN_CODE = "2222-2222"
BLOCKED = ("file, blocked", "apply, blocked")
MOST_TELLING = ("sign in", "apply, blocked")


@pytest.fixture
def forgetting(session: Session) -> Callable[[], None]:
    """Make every allowance whole: here the time of an answer is looked at, not how many."""

    def forget() -> None:
        session.execute(delete(Allowance))
        session.commit()

    return forget


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("kind", [*KINDS, *BLOCKED])
def test_the_answer_is_the_same_byte_for_byte(
    client: FlaskClient, session: Session, now: datetime, kind: str
) -> None:
    known, unknown = sides(client, session, now, kind)
    typed = (
        ("tanaka@example.jp", "nobody@example.jp"),
        ("satoh@example.jp", "nosuc@example.jp"),
    )
    found = []
    for send in (known, unknown):
        status, headers, text = seen(send())
        for word in (word for words in typed for word in words):
            text = text.replace(word, "…")
        headers.pop("Content-Length")  # it counts what was typed, too
        found.append((status, headers, re.sub(r'(name="code"[^>]*value=")[^"]*', r"\1…", text)))
    assert found[0] == found[1]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("kind", KINDS)
def test_the_database_is_asked_the_same(
    client: FlaskClient,
    session: Session,
    engine: Engine,
    now: datetime,
    kind: str,
    forgetting: Callable[[], None],
) -> None:
    found = []
    for send in sides(client, session, now, kind):
        forgetting()
        with statements(engine) as asked:
            send()
        found.append(asked)
    assert found[0] == found[1]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("kind", [*KINDS, *BLOCKED] if SAMPLES > FEWEST else MOST_TELLING)
def test_the_time_tells_nothing(
    client: FlaskClient,
    session: Session,
    now: datetime,
    kind: str,
    forgetting: Callable[[], None],
) -> None:
    both = sides(client, session, now, kind)
    taken: tuple[list[float], list[float]] = ([], [])
    chance = random.Random(1)
    for send in both:
        send()
    for _ in range(SAMPLES):
        for side in chance.sample((0, 1), 2):
            forgetting()
            began = time.perf_counter()
            both[side]()
            taken[side].append(time.perf_counter() - began)
    apart = abs(statistics.median(taken[0]) - statistics.median(taken[1]))
    likely = chance_of_such_ranks(*taken)
    print(f"{kind}: {SAMPLES} each, medians {apart * 1000:.2f} ms apart, p = {likely:.3f}")  # noqa: T201
    assert apart < NEAR_SECONDS or likely > SURE


def test_a_side_that_takes_longer_would_be_seen() -> None:
    chance = random.Random(3)
    one = [chance.gauss(0.050, 0.010) for _ in range(200)]
    assert chance_of_such_ranks(one, [value + 0.006 for value in one]) < SURE
    assert chance_of_such_ranks(one, [chance.gauss(0.050, 0.010) for _ in range(200)]) > SURE
