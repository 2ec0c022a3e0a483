"""Hours of a month count what was verified; a certificate can be taken back, and says so."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from matching.activities import certifying
from matching.activities.hours import helpers_of_month, month_of, visits_of_month
from matching.activities.recording import Report, report, verify
from matching.activities.revoking import revoke
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.volunteers.models import Volunteer
from tests import factories


@pytest.mark.parametrize(("day", "span"), [
    (date(2028, 2, 9), (date(2028, 2, 1), date(2028, 2, 29))),
    (date(2026, 12, 31), (date(2026, 12, 1), date(2026, 12, 31))),
    (date(2027, 3, 31), (date(2027, 3, 1), date(2027, 3, 31))),
])  # fmt: skip
def test_a_month_has_all_its_days(day: date, span: tuple[date, date]) -> None:
    assert month_of(day) == span


@pytest.fixture
def told(session: Session, visit: Placement, giver: Actor) -> Placement:
    report(session, visit.id, Report(50, "usual"), "web", giver, visit.ends_at)
    return visit


def test_hours_count_once_somebody_else_has_verified_them(
    session: Session, told: Placement, coordinator: Actor
) -> None:
    month = clock.local_date(told.starts_at)
    [before] = visits_of_month(session, told.volunteer_id, month)
    assert (before.minutes, before.verified) == (45, False)
    assert helpers_of_month(session, month, coordinator) == []
    verify(session, told.id, coordinator, told.ends_at)
    assert [each.verified for each in visits_of_month(session, told.volunteer_id, month)] == [True]
    [helper] = helpers_of_month(session, month, coordinator)
    assert (helper.volunteer.id, helper.visits, helper.minutes) == (told.volunteer_id, 1, 45)
    assert visits_of_month(session, told.volunteer_id, date(2026, 1, 1)) == []
    assert helpers_of_month(session, month, coordinator, group_id=1) == []
    elsewhere = factories.actor(session, "branch_staff", area="daito")
    assert helpers_of_month(session, month, elsewhere) == []


def test_a_certificate_is_taken_back_once_for_a_reason(
    session: Session, told: Placement, coordinator: Actor, now: datetime
) -> None:
    verify(session, told.id, coordinator, told.ends_at)
    day, volunteer = clock.local_date(told.starts_at), session.get_one(Volunteer, told.volunteer_id)
    made = certifying.issue(session, volunteer, day, day, coordinator, told.ends_at)
    with pytest.raises(Invalid, match="理由"):
        revoke(session, made.id, volunteer.id, "mood", coordinator, told.ends_at)
    with pytest.raises(NotFound):
        revoke(session, made.id, volunteer.id + 1, "figures", coordinator, told.ends_at)
    assert revoke(session, made.id, volunteer.id, "figures", coordinator, now).revoked_at == now
    with pytest.raises(Conflict, match="もう取り消されて"):
        revoke(session, made.id, volunteer.id, "figures", coordinator, now)
