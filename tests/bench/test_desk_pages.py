"""Desk pages over ten thousand needs, as multiples of an empty page of the same reader."""

from __future__ import annotations

import statistics
import time
from datetime import datetime
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import sign_in

NEEDS = 10_000
PEOPLE = 200
ROUNDS = 7
MOST_EMPTY_PAGES = 20.0  # 300 ms where an empty page takes 15
MOST_CPU = 12.0  # the same for the page's own computing; an empty page takes 4 ms of it
DEEP = 3.0  # a page far down costs no more than this many first pages: nothing wide is sorted
EMPTY = "/account/stay"
PAGES = (
    "/desk/needs",
    "/desk/needs?page=150",
    "/desk/needs?state=all&area=hanaizumi&urgency=high",
    "/desk/needs?state=all&q=牛乳",
    "/desk/search?q=タカハシ",
    "/desk",
    "/desk/news?seen=x",
)


@pytest.fixture
def desk(app: Flask, session: Session, now: datetime) -> FlaskClient:
    for number in range(PEOPLE):
        factories.need(session, now, name=f"高橋 {number}", title=f"牛乳 {number}")
    session.flush()
    names = [column.name for column in Need.__table__.columns if column.name not in _CHANGED]
    session.execute(
        text(
            f"INSERT INTO needs ({', '.join(names)}, reference, area_code, urgency) "  # noqa: S608
            f"SELECT {', '.join(names)}, 'R8-B' || copy || '-' || id, "
            "(ARRAY['ichinoseki', 'hanaizumi', 'daito', 'senmaya'])[1 + copy % 4], "
            "(ARRAY['high', 'normal', 'normal', 'low'])[1 + (id + copy) % 4] "
            "FROM needs, generate_series(1, :copies) AS copy"
        ),
        {"copies": NEEDS // PEOPLE - 1},
    )
    entry = AccountEntry("desk", PASSWORD, "desk", (("coordinator", None, None),))
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    session.execute(text("ANALYZE needs"))
    session.commit()
    client = app.test_client()
    assert sign_in(client, "desk").status_code == 302
    return client


_CHANGED = {"id", "reference", "area_code", "urgency"}


class Cost(NamedTuple):
    """The middle one of several rounds: seconds by the clock, and of computing in this process."""

    wall: float
    cpu: float


def cost(client: FlaskClient, path: str) -> Cost:
    """Measure a page after a first round that warms up."""
    walls, cpus = [], []
    for _ in range(ROUNDS + 1):
        start, computed = time.perf_counter(), time.process_time()
        assert client.get(path).status_code in {200, 204, 205}
        walls.append(time.perf_counter() - start)
        cpus.append(time.process_time() - computed)
    return Cost(statistics.median(walls[1:]), statistics.median(cpus[1:]))


def test_lists_of_ten_thousand_needs_come_at_once(desk: FlaskClient, session: Session) -> None:
    assert session.scalar(text("SELECT count(*) FROM needs")) == NEEDS
    empty = cost(desk, EMPTY)
    found = {path: cost(desk, path) for path in PAGES}
    for path, taken in found.items():
        print(  # noqa: T201
            f"{path}: {taken.wall * 1000:.0f} ms, {taken.wall / empty.wall:.1f} empty pages; "
            f"CPU {taken.cpu * 1000:.0f} ms, {taken.cpu / empty.cpu:.1f} empty pages"
        )
    slow = {path for path, each in found.items() if each.wall > empty.wall * MOST_EMPTY_PAGES}
    busy = {path for path, each in found.items() if each.cpu > empty.cpu * MOST_CPU}
    assert (slow, busy) == (set(), set())
    assert found["/desk/needs?page=150"].wall < found["/desk/needs"].wall * DEEP
