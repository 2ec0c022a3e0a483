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
from tests import factories


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=9)


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
