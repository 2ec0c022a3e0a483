"""Years of insurance and registration, proofs that expire: every edge of the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.planning import plan_all
from matching.kernel import tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid
from matching.volunteers.insuring import enrol, is_covered, roster, set_price
from matching.volunteers.models import VolunteerSkill
from matching.volunteers.renewing import lapsing, renew, verify_skill, watch_terms
from matching.volunteers.term_rules import (
    Cover,
    cover_of,
    covers,
    grace_until,
    is_valid,
    may_be_asked,
    opens_on,
    registered_until,
    renewal_year,
    standing_cover,
)
from tests import factories


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=9)


@pytest.mark.parametrize(
    ("enrolled", "year", "immediate", "first"),
    [
        (date(2026, 11, 23), 2026, False, date(2026, 11, 24)),
        (date(2026, 11, 23), 2026, True, date(2026, 11, 23)),
        (date(2027, 3, 8), 2027, False, date(2027, 4, 1)),
        (date(2027, 3, 31), 2027, False, date(2027, 4, 1)),
        (date(2027, 3, 30), 2026, False, date(2027, 3, 31)),
        (date(2028, 2, 28), 2027, False, date(2028, 2, 29)),
        (date(2026, 12, 31), 2026, False, date(2027, 1, 1)),
    ],
)
def test_cover_begins_the_day_after_and_ends_with_march(
    enrolled: date, year: int, immediate: bool, first: date
) -> None:
    """BR-18."""
    span = cover_of("basic", year, enrolled, immediate=immediate)
    assert (span.first, span.last) == (first, date(year + 1, 3, 31))


def test_on_the_last_day_of_march_this_years_cover_cannot_begin() -> None:
    """BR-18: on 3/31 the cover would begin on 4/1, when the year is over."""
    span = cover_of("basic", 2026, date(2027, 3, 31))
    assert span.first > span.last


def test_a_day_is_covered_by_the_plan_that_is_demanded() -> None:
    """BR-17."""
    spans = [cover_of("basic", 2026, date(2026, 4, 1))]
    assert not covers(spans, date(2026, 4, 1))
    assert covers(spans, date(2026, 4, 2))
    assert covers(spans, date(2027, 3, 31))
    assert not covers(spans, date(2027, 4, 1))
    assert not covers(spans, date(2026, 5, 1), "disaster")


def test_years_join_and_a_gap_does_not() -> None:
    this, following = (
        cover_of("basic", 2026, date(2026, 4, 1)),
        cover_of("basic", 2027, date(2027, 3, 1)),
    )
    late = Cover("basic", date(2027, 4, 3), date(2028, 3, 31))
    today = date(2026, 11, 23)
    assert standing_cover([following, this], today) == (date(2026, 4, 2), date(2028, 3, 31))
    assert standing_cover([late, this], today) == (date(2026, 4, 2), date(2027, 3, 31))
    assert standing_cover([], today) is None


@pytest.mark.parametrize(("year", "day"), [(2026, 2), (2027, 1), (2028, 6), (2032, 1), (2029, 5)])
def test_the_next_year_opens_on_the_first_monday_of_march(year: int, day: int) -> None:
    assert opens_on(year) == date(year, 3, day)
    assert opens_on(year).weekday() == 0


@pytest.mark.parametrize(
    ("today", "asked"),
    [
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), True),
        (date(2027, 5, 31), True),
        (date(2027, 6, 1), False),
    ],
)
def test_a_registration_ends_with_march_and_is_kept_to_the_end_of_may(
    today: date, asked: bool
) -> None:
    """BR-29."""
    assert may_be_asked(None, date(2026, 11, 23), today) is asked
    assert registered_until(None, date(2027, 3, 31)) == date(2027, 3, 31)
    assert registered_until(None, date(2027, 4, 1)) == date(2028, 3, 31)
    assert grace_until(date(2027, 3, 31)) == date(2027, 5, 31)


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2027, 2, 28), None),
        (date(2028, 2, 29), None),
        (date(2027, 3, 1), 2027),
        (date(2027, 5, 31), 2027),
        (date(2027, 6, 1), None),
    ],
)
def test_renewals_are_asked_from_march_to_may(today: date, year: int | None) -> None:
    assert renewal_year(today) == year


def test_a_proof_counts_from_the_day_it_was_seen_to_its_last_day() -> None:
    """BR-11."""
    seen, last = date(2026, 4, 1), date(2028, 2, 29)
    assert is_valid(seen, last, last)
    assert not is_valid(seen, last, last + timedelta(days=1))
    assert not is_valid(seen, None, seen - timedelta(days=1))
    assert not is_valid(None, last, seen)


def test_who_is_enrolled_today_is_covered_tomorrow_and_stands_on_the_roster(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-18."""
    volunteer = factories.volunteer(session, now)
    today = date(2026, 11, 23)
    assert enrol(session, [volunteer.id], "basic", 2026, coordinator, now) == 1
    assert enrol(session, [volunteer.id], "basic", 2026, coordinator, now) == 0
    assert not is_covered(session, volunteer.id, today, None)
    assert is_covered(session, volunteer.id, today + timedelta(days=1), None)
    assert not is_covered(session, volunteer.id, today + timedelta(days=1), "disaster")
    assert [row[1].id for row in roster(session, 2026, "basic")] == [volunteer.id]
    assert (volunteer.insured_from, volunteer.insured_until) == (
        today + timedelta(days=1),
        date(2027, 3, 31),
    )


@pytest.mark.parametrize(
    ("year", "day", "says"),
    [(2027, date(2026, 11, 23), "第1月曜日"), (2026, date(2027, 3, 31), "次の年度")],
)
def test_a_year_is_not_sold_before_its_time_nor_after(
    session: Session, now: datetime, coordinator: Actor, year: int, day: date, says: str
) -> None:
    volunteer = factories.volunteer(session, now)
    with pytest.raises(Invalid, match=says):
        enrol(session, [volunteer.id], "basic", year, coordinator, at(day))


def test_a_price_is_a_number(session: Session, now: datetime, coordinator: Actor) -> None:
    set_price(session, "basic", 2026, 350, coordinator, now)
    with pytest.raises(Invalid):
        set_price(session, "basic", 2026, 0, coordinator, now)


def test_who_did_not_renew_is_no_longer_proposed_from_june(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-29."""
    june = datetime(2027, 6, 1, 0, 0, tzinfo=UTC)
    renewed, lapsed = (factories.volunteer(session, now) for _ in range(2))
    assert {row.id for row in lapsing(session, 2027, None)} == {renewed.id, lapsed.id}
    renew(session, [renewed.id], 2027, coordinator, at(date(2027, 4, 1)))
    assert [row.id for row in lapsing(session, 2027, None)] == [lapsed.id]
    need = factories.need(session, june)
    plan_all(session, SYSTEM, june)
    found = [each.volunteer_id for each in queries.list_candidates(session, need.id)]
    assert found == [renewed.id]


def test_a_proof_is_seen_by_somebody_else_and_asked_for_before_it_expires(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """BR-11."""
    volunteer = factories.volunteer(session, now, skills=("brush_cutter",))
    today = date(2026, 11, 23)
    verify_skill(
        session, volunteer, "brush_cutter", today, today + timedelta(days=60), coordinator, now
    )
    row = session.get_one(VolunteerSkill, (volunteer.id, "brush_cutter"))
    assert row.verified_by_id == coordinator.account_id
    assert watch_terms(session, now) == 1
    assert watch_terms(session, now) == 0
    own = factories.actor(session, "coordinator", person_id=volunteer.person_id)
    with pytest.raises(Conflict):
        verify_skill(session, volunteer, "brush_cutter", today, None, own, now)
    with pytest.raises(Invalid):
        verify_skill(session, volunteer, "nothing", today, None, coordinator, now)
    with pytest.raises(Invalid, match="期限"):
        verify_skill(
            session, volunteer, "brush_cutter", today, today - timedelta(days=1), coordinator, now
        )


def test_one_task_a_year_asks_for_renewals(session: Session, coordinator: Actor) -> None:
    assert watch_terms(session, at(date(2027, 2, 28))) == 0
    assert watch_terms(session, at(date(2027, 3, 1))) == 1
    assert watch_terms(session, at(date(2027, 4, 20))) == 0
    [task] = session.scalars(tasks.within_reach(coordinator)).all()
    assert (task.kind, task.subject_id) == ("renewal", 2027)
