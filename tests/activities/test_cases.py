"""Accidents and complaints go step by step to their end, each step by name and with a deadline."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.case_models import Incident
from matching.activities.case_rules import (
    COMPLAINT_STEPS,
    INCIDENT_STEPS,
)
from matching.activities.cases import Step, advance, open_complaint, open_incident, tell
from matching.activities.recording import Report, report
from matching.coordination.models import Placement
from matching.kernel import clock, tasks
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs.models import Need
from tests import factories
from tests.activities.conftest import Kinds


def test_an_accident_in_a_report_opens_an_incident_for_the_same_business_day(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor
) -> None:
    """BR-26."""
    told = Report(45, "usual", accident=True, near_miss=True)
    report(session, visit.id, told, "web", giver, visit.ends_at)
    rows = session.scalars(select(Incident)).all()
    assert {row.kind for row in rows} == {"accident_injury", "near_miss"}
    due = {
        task.due_at
        for task in session.scalars(tasks.within_reach(coordinator))
        if task.kind == "incident"
    }
    assert {clock.local_date(at) for at in due} == {clock.local_date(visit.ends_at)}


def test_an_incident_is_assessed_then_closed_once_the_insurer_has_been_told(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, open_kinds: Kinds
) -> None:
    row = open_incident(session, visit, "accident_injury", coordinator, now)
    assert row is not None
    assert open_incident(session, visit, "accident_injury", coordinator, now) is None
    with pytest.raises(Invalid, match="程度"):
        advance(session, "incident", row.id, Step("assessed", "転んだ"), coordinator, now)
    advance(session, "incident", row.id, Step("assessed", "転んだ", "serious"), coordinator, now)
    with pytest.raises(Conflict, match="保険"):
        advance(session, "incident", row.id, Step("closed", "治った"), coordinator, now)
    tell(session, row.id, "insurer", coordinator, now)
    advance(session, "incident", row.id, Step("closed", "治った"), coordinator, now)
    assert (row.state, row.due_at) == ("closed", None)
    assert "incident" not in open_kinds()


def test_a_complaint_goes_through_every_step_with_a_deadline(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, open_kinds: Kinds
) -> None:
    need = session.get_one(Need, visit.need_id)
    row = open_complaint(
        session, need.reference, "complaint_from_requester", "時間に来ない", coordinator, now
    )
    for after in ("checked", "explained", "improved", "closed"):
        assert row.due_at is not None and row.owner_id == coordinator.account_id
        assert "complaint" in open_kinds()
        advance(session, "complaint", row.id, Step(after, "話を聞いた"), coordinator, now)
    assert row.state == "closed"
    assert "complaint" not in open_kinds()


@pytest.mark.parametrize("sort", ["incident", "complaint"])
def test_every_cell_of_the_steps_is_taken_once_or_refused_with_a_sentence(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, sort: str
) -> None:
    steps = INCIDENT_STEPS if sort == "incident" else COMPLAINT_STEPS
    need = session.get_one(Need, visit.need_id)
    session.commit()
    for before in steps:
        for after in steps:
            row = (
                open_incident(session, visit, "other", coordinator, now)
                if sort == "incident"
                else open_complaint(
                    session, need.reference, "complaint_from_family", "あ", coordinator, now
                )
            )
            assert row is not None
            row.state = before
            row.due_at, row.closed_at = (None, now) if before == "closed" else (now, None)
            if sort == "incident":
                row.severity = "none"  # type: ignore[union-attr]
            session.flush()
            step = Step(after, "した", "none" if sort == "incident" else None)
            if after in steps[before]:
                advance(session, sort, row.id, step, coordinator, now)
                assert row.state == after
            else:
                with pytest.raises(Conflict, match="画面を開き直して"):
                    advance(session, sort, row.id, step, coordinator, now)
            session.rollback()


def test_words_are_needed_and_strangers_see_nothing(
    session: Session, visit: Placement, coordinator: Actor, now: datetime
) -> None:
    need = session.get_one(Need, visit.need_id)
    with pytest.raises(Invalid, match="何があったか"):
        open_complaint(session, need.reference, "complaint_from_family", " ", coordinator, now)
    row = open_incident(session, visit, "near_miss", coordinator, now)
    assert row is not None
    elsewhere = factories.actor(session, "branch_staff", area="daito")
    with pytest.raises(NotFound):
        advance(session, "incident", row.id, Step("assessed", "見た", "none"), elsewhere, now)
