"""After a visit: calls to both sides in time, an end with a reason, thanks, a certificate."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities import certifying, following
from matching.activities.closing import close
from matching.activities.follow_models import FollowUp, NeedClosure
from matching.activities.follow_rules import (
    OUTCOMES,
)
from matching.activities.following import Heard, hear, watch_follow_ups
from matching.activities.hours import helpers_of_month
from matching.activities.recording import Report, report, verify
from matching.coordination.cancelling import cancel
from matching.coordination.models import Placement, Proposal
from matching.evaluation.invariants import count_violations
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound, StaleVersion
from matching.kernel.outbox import OutboxJob
from matching.needs import triaging
from matching.needs.models import Need
from matching.people.standstill import held
from matching.volunteers.models import Volunteer
from tests import factories
from tests.activities.conftest import DAY, Kinds, confirmed


@pytest.fixture
def series(session: Session, now: datetime, coordinator: Actor) -> Placement:
    """A weekly visit whose first one has been reported."""
    factories.volunteer(session, now)
    need = factories.need(session, now, recurrence="weekly", end_on=date(2027, 12, 31))
    made = confirmed(session, need, coordinator, now)
    report(session, made.id, Report(60, "usual"), "phone", coordinator, made.ends_at)
    return made


def test_a_series_is_followed_up_at_every_step(
    session: Session, series: Placement, coordinator: Actor, open_kinds: Kinds
) -> None:
    """BR-28."""
    first = session.scalars(select(FollowUp)).one()
    assert (first.months, first.started_on) == (0, clock.local_date(series.starts_at))
    assert watch_follow_ups(session, series.ends_at) == 1
    assert "follow_up" in open_kinds()
    hear(session, first.id, Heard("continue", 5, 4), coordinator, series.ends_at)
    assert "follow_up" not in open_kinds()
    second = session.scalars(select(FollowUp).where(FollowUp.done_at.is_(None))).one()
    assert second.months == 1
    with pytest.raises(Conflict, match="もう記録"):
        hear(session, first.id, Heard("continue"), coordinator, series.ends_at)
    late = clock.instant(second.due_on, 0) + 61 * DAY
    assert watch_follow_ups(session, late) == 2
    assert session.get_one(Need, series.need_id).state == "on_hold"
    assert "placement_review" in open_kinds()


def test_who_cannot_be_reached_is_called_again(
    session: Session, series: Placement, coordinator: Actor
) -> None:
    row = session.scalars(select(FollowUp)).one()
    hear(session, row.id, Heard("unreachable"), coordinator, series.ends_at)
    assert row.done_at is None and row.due_on > clock.local_date(series.ends_at)


@pytest.mark.parametrize("heard", [Heard("maybe"), Heard("continue", 0, 3), Heard("end", 3, 6)])
def test_what_was_heard_is_checked(
    session: Session, series: Placement, coordinator: Actor, heard: Heard
) -> None:
    row = session.scalars(select(FollowUp)).one()
    with pytest.raises(Invalid):
        hear(session, row.id, heard, coordinator, series.ends_at)
    elsewhere = factories.actor(session, "branch_staff", area="daito")
    with pytest.raises(NotFound):
        hear(session, row.id, Heard("end"), elsewhere, series.ends_at)


def test_a_single_visit_completes_and_closes_with_thanks(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor, open_kinds: Kinds
) -> None:
    report(session, visit.id, Report(60, "usual"), "web", giver, visit.ends_at)
    need = session.get_one(Need, visit.need_id)
    assert need.state == "completed"
    row = session.scalars(select(FollowUp)).one()
    hear(session, row.id, Heard("continue", 5, 5), coordinator, visit.ends_at)
    assert "closing" in open_kinds()
    version = str(need.version)
    close(session, need.reference, "goal_reached", "", version, coordinator, visit.ends_at)
    assert need.state == "closed" and need.closed_at is not None
    assert session.get_one(NeedClosure, need.id).reason == "goal_reached"
    jobs = session.scalars(select(OutboxJob).where(OutboxJob.name == "message")).all()
    assert "thanks" in {job.payload["kind"] for job in jobs}
    with pytest.raises((Conflict, StaleVersion)):
        close(session, need.reference, "other", "", str(need.version), coordinator, visit.ends_at)
    session.commit()
    found = count_violations(session, visit.ends_at)
    assert [each["code"] for each in found if each["violations"]] in ([], ["I6"])  # no worker here


def test_a_death_stops_everything_and_is_told_by_voice(
    session: Session, series: Placement, coordinator: Actor, open_kinds: Kinds
) -> None:
    """BR-37."""
    need = session.get_one(Need, series.need_id)
    person = need.requester_id
    at = series.ends_at + DAY
    close(session, need.reference, "deceased", "", str(need.version), coordinator, at)
    assert need.state == "closed"
    assert held(session, {person})
    assert "volunteer_care" in open_kinds()
    kinds = [job.payload.get("kind") for job in session.scalars(select(OutboxJob))]
    assert "thanks" not in kinds
    opened = select(Proposal.id).where(
        Proposal.need_id == need.id, Proposal.state.in_(("suggested", "selected", "contacted"))
    )
    assert session.scalars(opened).all() == []


def test_closing_calls_off_what_is_still_to_come(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, open_kinds: Kinds
) -> None:
    need = session.get_one(Need, visit.need_id)
    with pytest.raises(Invalid):
        close(session, need.reference, "", "", str(need.version), coordinator, now)
    with pytest.raises(StaleVersion):
        close(session, need.reference, "facility", "", "0", coordinator, now)
    close(session, need.reference, "facility", "入所", str(need.version), coordinator, now)
    session.refresh(visit)
    assert (need.state, visit.state) == ("closed", "cancelled")
    assert open_kinds() == {"tell_volunteer"}


def test_a_certificate_counts_verified_visits_only_and_is_found_by_its_code(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor
) -> None:
    at, on = visit.ends_at, clock.local_date(visit.starts_at)
    volunteer = session.get_one(Volunteer, visit.volunteer_id)
    report(session, visit.id, Report(50, "usual"), "web", giver, at)
    with pytest.raises(Invalid, match="確認のすんだ"):
        certifying.issue(session, volunteer, on, on, giver, at)
    verify(session, visit.id, coordinator, at)
    for first, last in ((on, on - DAY), (on, on + DAY)):
        with pytest.raises(Invalid):
            certifying.issue(session, volunteer, first, last, giver, at)
    row = certifying.issue(session, volunteer, on, on, giver, at)
    assert (row.visits, row.minutes) == (1, 45)
    typed = row.code.lower().replace("-", " ")
    assert certifying.find_certificate(session, typed) is row
    assert certifying.find_certificate(session, row.code[:-1]) is None
    assert certifying.fiscal_years(session, volunteer.id, on) == [(date(2026, 4, 1), on)]
    [helper] = helpers_of_month(session, on, coordinator)
    assert (helper.visits, helper.minutes) == (1, 45)
    with pytest.raises(NotFound):
        certifying.get_certificate(session, row.id, volunteer.id + 1)


def test_codes_are_long_and_easily_read_out() -> None:
    codes = {certifying.new_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code) == 19 and not set(code) & set("01OIL") for code in codes)


def test_outcomes_have_words() -> None:
    assert set(OUTCOMES) == {"continue", "adjust", "end", "unreachable"}
    assert following.RUNNING


def test_a_visit_that_began_before_the_end_of_its_need_stands(
    session: Session, visit: Placement, coordinator: Actor
) -> None:
    """Nobody has told of it yet: it is asked about, not called off."""
    need, at = session.get_one(Need, visit.need_id), visit.starts_at
    close(session, need.reference, "facility", "", str(need.version), coordinator, at)
    session.commit()
    assert visit.state == "confirmed"
    found = {each["code"]: each["violations"] for each in count_violations(session, at)}
    assert found["L1"] == 0
    assert need.closed_at is not None
    need.closed_at -= timedelta(minutes=1)  # as if it had been forgotten
    session.flush()
    found = {each["code"]: each["violations"] for each in count_violations(session, at)}
    assert found["L1"] == 1


@pytest.mark.parametrize("outcome", ["withdraw", "decline", "duplicate", "refer"])
def test_a_series_with_visits_to_come_does_not_end_by_triage(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, outcome: str
) -> None:
    """Who is to come would stand before the door: it ends by closing, which calls them off."""
    need = session.get_one(Need, visit.need_id)
    need.state = "on_hold"
    session.commit()
    decision = triaging.Decision(outcome, "ご都合", "なし", None, need.version)
    with pytest.raises(Conflict):
        triaging.triage(session, need.reference, decision, coordinator, now)
    cancel(session, visit.id, "ご都合", coordinator, now)
    session.refresh(need)
    need.state = "on_hold"
    session.commit()
    decision = triaging.Decision(outcome, "ご都合", "なし", None, need.version)
    triaging.triage(session, need.reference, decision, coordinator, now)
    assert need.state == triaging.OUTCOMES[outcome]
