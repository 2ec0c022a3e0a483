"""The second wall: with every condition of ours taken away, no row crosses branch or district."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from flask import Flask, g
from sqlalchemy import inspect, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from matching import row_policies
from matching.coordination.planning import plan_all
from matching.kernel.actor import SYSTEM, Actor, Grant
from matching.kernel.row_security import WHOLE, at_the_wall, citywide, wall_in
from matching.needs.models import Need
from matching.places.neighbouring import neighbours
from matching.web.walling import wall_of
from tests import factories

BRANCH = Actor(("branch_staff",), 7, grants=(Grant("branch_staff", "hanaizumi"),))
FAR = "daito"  # not beside it


@contextmanager
def request_of(app: Flask, actor: Actor, *, reads: bool = True) -> Iterator[None]:
    with app.test_request_context("/"):
        g.wall = g.whole_wall = wall_of(actor, "need.read")
        if not reads:
            g.wall = WHOLE
        yield


@pytest.fixture
def city(session: Session, now: datetime) -> Session:
    """A need and a volunteer in the branch's area and in one far away, planned."""
    for area in ("hanaizumi", FAR):
        factories.need(
            session, now, area_code=area, contact=factories.contact(f"依頼 {area}", area_code=area)
        )
        factories.volunteer(session, now, contact=factories.contact(f"手伝 {area}", area_code=area))
    session.flush()
    plan_all(session, SYSTEM, now)
    session.commit()
    return session


def rows(app: Flask, session: Session, actor: Actor, sql: str) -> set[object]:
    session.rollback()
    with request_of(app, actor):
        found = set(session.scalars(text(sql)))
    session.rollback()
    return found


def test_a_branch_sees_no_row_of_another_without_any_condition_of_ours(
    app: Flask, city: Session
) -> None:
    assert rows(app, city, BRANCH, "SELECT area_code FROM needs") == {"hanaizumi"}
    near = {"hanaizumi", *neighbours("hanaizumi")}
    assert FAR not in near
    names = rows(app, city, BRANCH, "SELECT name FROM persons WHERE name LIKE '依頼%'")
    assert names == {"依頼 hanaizumi"}


def test_every_walled_table_tells_less_to_a_branch_than_there_is(app: Flask, city: Session) -> None:
    """And what is of a need, is of a need of theirs."""
    theirs = "SELECT id FROM needs WHERE area_code = 'hanaizumi'"
    own = set(city.scalars(text(theirs)))
    for table in row_policies.POLICIES:
        columns = {column["name"] for column in inspect(city.connection()).get_columns(table)}
        if "need_id" in columns:
            seen = rows(app, city, BRANCH, f"SELECT need_id FROM {table}")  # noqa: S608
            assert seen <= own, table
    everything = set(city.scalars(text("SELECT need_id FROM proposals")))
    assert len(everything) > len(rows(app, city, BRANCH, "SELECT need_id FROM proposals")) > 0


def test_a_coordinator_and_the_service_see_the_whole_city(app: Flask, city: Session) -> None:
    seen = rows(app, city, Actor(("coordinator",), 8), "SELECT area_code FROM needs")
    assert seen == {"hanaizumi", FAR}
    assert set(city.scalars(text("SELECT area_code FROM needs"))) == {"hanaizumi", FAR}


def test_a_commissioner_sees_what_was_brought_from_the_district_alone(
    app: Flask, city: Session
) -> None:
    district = "hanaizumi-1"
    grant = Grant("welfare_commissioner", "hanaizumi", district, date(2026, 1, 1))
    actor = Actor(("welfare_commissioner",), 9, 999_999, grants=(grant,))
    assert rows(app, city, actor, "SELECT id FROM needs") == set()
    assert rows(app, city, actor, "SELECT id FROM volunteers") == set()


def test_a_change_is_addressed_from_within_the_wall_and_decided_with_the_whole_city_in_sight(
    app: Flask, city: Session
) -> None:
    count = text("SELECT count(*) FROM needs")
    city.rollback()
    with request_of(app, BRANCH, reads=False):
        assert city.scalar(count) == 2
        with at_the_wall(city):
            assert city.scalar(count) == 1
        assert city.scalar(count) == 2
    city.rollback()
    with request_of(app, BRANCH):
        assert city.scalar(count) == 1
        with citywide(city):
            assert city.scalar(count) == 2
        assert city.scalar(count) == 1
    city.rollback()


def test_a_request_of_the_pages_can_neither_change_nor_delete_the_trail(
    app: Flask, city: Session
) -> None:
    for statement in ("UPDATE events SET action = 'x'", "DELETE FROM events"):
        city.rollback()
        with request_of(app, Actor(("center_manager",), 1)):
            assert city.scalar(text("SELECT current_user")) == "musubi_app"
            with pytest.raises(ProgrammingError, match="permission denied"):
                city.execute(text(statement))
    city.rollback()


def test_the_role_of_the_pages_owns_nothing_and_passes_no_wall(session: Session) -> None:
    found = session.execute(
        text(
            "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'musubi_app'"
        )
    ).one()
    assert tuple(found) == (False, False, False)
    owned = text("SELECT count(*) FROM pg_tables WHERE tableowner = 'musubi_app'")
    assert session.scalar(owned) == 0


def test_a_request_that_was_told_nothing_sees_nothing(session: Session, city: Session) -> None:
    session.execute(text("SET LOCAL ROLE musubi_app"))
    session.execute(text("SELECT set_config('musubi.areas', '', true)"))
    assert session.scalar(text("SELECT count(*) FROM needs")) == 0


def test_an_own_need_elsewhere_stays_in_sight(app: Flask, city: Session) -> None:
    """Staff of a branch who ask for help at home, in another area."""
    mine = city.query(Need).filter(Need.area_code == FAR).one()
    grants = (Grant("branch_staff", "hanaizumi"), Grant("requester"))
    actor = Actor(("branch_staff", "requester"), 7, mine.requester_id, grants=grants)
    assert rows(app, city, actor, "SELECT area_code FROM needs") == {"hanaizumi", FAR}


def test_the_wall_is_told_to_a_transaction_under_way(app: Flask, city: Session) -> None:
    city.rollback()
    with app.test_request_context("/"):
        count = text("SELECT count(*) FROM needs")
        assert city.scalar(count) == 2
        wall_in(city, wall_of(BRANCH, "need.read"), reads=True)
        assert city.scalar(count) == 1
    city.rollback()
