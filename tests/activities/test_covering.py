"""Who has a visit and no cover on its day is enrolled in time (BR-17, BR-18)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matching.activities.covering import enrol_by, watch_cover
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.volunteers.insuring import enrol
from tests.activities.conftest import Kinds


def test_a_visit_without_cover_asks_for_an_enrolment_which_ends_the_task(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, open_kinds: Kinds
) -> None:
    """BR-17."""
    assert watch_cover(session, now) == 1
    assert watch_cover(session, now) == 0
    assert "insure" in open_kinds()
    enrol(session, [visit.volunteer_id], "basic", 2026, coordinator, now)
    assert "insure" not in open_kinds()
    assert watch_cover(session, now) == 0


@pytest.mark.parametrize(
    ("visit_on", "by"),
    [
        (date(2026, 11, 27), date(2026, 11, 26)),
        (date(2026, 11, 30), date(2026, 11, 27)),  # Monday: the Friday before
        (date(2027, 1, 4), date(2026, 12, 28)),  # the centre closes on the 29th
    ],
)
def test_the_last_working_day_before_a_visit_is_the_day_to_enrol(visit_on: date, by: date) -> None:
    """BR-18."""
    now = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert clock.local_date(enrol_by(clock.instant(visit_on, 540), now)) == by
    late = clock.instant(visit_on, 540) - timedelta(minutes=5)
    assert enrol_by(clock.instant(visit_on, 540), late) == late
