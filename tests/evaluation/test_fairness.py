"""Fairness figures: each as its definition says, within an area only where one is given."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from matching.coordination.models import Proposal
from matching.evaluation import fairness
from matching.kernel import clock
from matching.volunteers.models import Volunteer
from tests import factories


def asked(session: Session, who: Volunteer, at: datetime, state: str = "declined") -> None:
    session.add(Proposal(volunteer_id=who.id, state=state, proposed_at=at))
    session.flush()


def test_who_was_not_asked_for_ninety_days_is_named_the_never_asked_first(
    session: Session, now: datetime
) -> None:
    lately, long_ago, never = (factories.volunteer(session, now) for _ in range(3))
    factories.volunteer(session, now, state="paused")
    asked(session, lately, now - timedelta(days=89))
    asked(session, long_ago, now - timedelta(days=91))
    asked(session, never, now, "superseded")  # a suggestion is no question
    found = fairness.unasked(session, clock.local_date(now), None)
    assert [each.volunteer.id for each in found] == [never.id, long_ago.id]
    assert found[0].last_on is None


def test_only_the_area_asked_for_is_seen(session: Session, now: datetime) -> None:
    here = factories.volunteer(session, now)
    there = factories.volunteer(session, now, contact=factories.contact(area_code="hanaizumi"))
    factories.need(session, now, area_code="hanaizumi")
    today = clock.local_date(now)
    assert [each.volunteer.id for each in fairness.unasked(session, today, ("ichinoseki",))] == [
        here.id
    ]
    assert fairness.spread(session, today, ("hanaizumi",)).people == 1
    assert [who.id for who, _ in fairness.newcomers(session, today, ("hanaizumi",)).waiting] == [
        there.id
    ]
    assert fairness.waiting_residents(session, now, ("ichinoseki",))["area"] == []


def test_visits_brought_along_by_a_sheet_count_as_load(session: Session, now: datetime) -> None:
    busy, _idle = (factories.volunteer(session, now) for _ in range(2))
    today = clock.local_date(now)
    for days, outcome in ((10, "completed"), (20, "completed"), (100, "completed"), (5, "no_show")):
        session.add(
            Proposal(
                volunteer_id=busy.id,
                state="accepted",
                proposed_at=now - timedelta(days=120),
                visit_on=today - timedelta(days=days),
                outcome=outcome,
            )
        )
    session.flush()
    found = fairness.spread(session, today, None)
    assert (found.people, found.visits, found.gini, found.top) == (2, 2, 0.5, 1.0)


def test_newcomers_wait_from_registration_to_the_first_question(
    session: Session, now: datetime
) -> None:
    today = clock.local_date(now)
    for registered, first in ((100, 90), (60, 30), (20, None), (300, 1)):
        who = factories.volunteer(session, now)
        who.registered_on = today - timedelta(days=registered)
        if first is not None:
            asked(session, who, now - timedelta(days=first))
    found = fairness.newcomers(session, today, None)
    assert found.registered == 3
    assert found.median_days == 20
    assert [days for _, days in found.waiting] == [20]


def test_residents_who_wait_are_told_by_area_age_and_language(
    session: Session, now: datetime
) -> None:
    for days, age in ((40, 80), (10, 80), (2, 30)):
        need = factories.need(session, now, state="received")
        need.received_at, need.recipient_age = now - timedelta(days=days), age
    met = factories.need(session, now)
    met.state = "matched"
    session.flush()
    found = fairness.waiting_residents(session, now, None)
    assert found["area"] == [fairness.Waiting("ichinoseki", 3, 10.0, 1)]
    assert [(each.group, each.count, each.median_days) for each in found["age"]] == [
        ("75-", 2, 25.0),
        ("18-39", 1, 2.0),
    ]
    assert [each.group for each in found["language"]] == ["ja"]


@pytest.mark.parametrize(
    ("loads", "expected"),
    [([], 0.0), ([0, 0], 0.0), ([3, 3, 3], 0.0), ([0, 0, 0, 4], 0.75), ([1, 3], 0.25)],
)
def test_gini(loads: list[int], expected: float) -> None:
    assert fairness.gini(loads) == pytest.approx(expected)


@given(st.lists(st.integers(0, 50), max_size=40))
def test_shares_stay_between_nothing_and_all(loads: list[int]) -> None:
    assert -1e-9 <= fairness.gini(loads) <= 1
    assert 0 <= fairness.top_share(loads) <= 1
