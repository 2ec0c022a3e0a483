"""Nobody opened: rung by rung, in time, until somebody knows (BR-27)."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matching.activities.absence_rules import LADDER, ORDER
from matching.activities.missing import climb, know, not_met, watch_absences
from matching.activities.recording import Report, report
from matching.coordination.cancelling import cancel
from matching.coordination.models import Placement
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from tests import factories
from tests.activities.conftest import Kinds


def test_who_is_not_met_is_looked_for_until_somebody_knows(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor, open_kinds: Kinds
) -> None:
    """BR-27."""
    at = visit.starts_at + timedelta(minutes=10)
    row = not_met(session, visit.id, giver, at)
    assert open_kinds() == {"resident_absent"}
    climb(session, row.id, "電話に出ない", coordinator, at)
    assert row.rung == "family"
    know(session, row.id, "out", "通院だった", coordinator, at)
    assert open_kinds() == set()
    with pytest.raises(Conflict, match="もう確かめ"):
        climb(session, row.id, "", coordinator, at)
    report(session, visit.id, Report(15, "usual"), "web", giver, at)


def test_a_rung_whose_time_is_over_gives_way_to_the_next(
    session: Session, visit: Placement, giver: Actor
) -> None:
    """BR-27: to the second."""
    at = visit.starts_at
    row = not_met(session, visit.id, giver, at)
    for rung in ORDER[:-1]:
        assert row.rung == rung
        assert watch_absences(session, row.due_at - timedelta(seconds=1)) == 0
        assert row.due_at - at >= LADDER[rung].wait
        assert watch_absences(session, row.due_at) == 1
    assert row.rung == "police"
    assert watch_absences(session, row.due_at + timedelta(days=1)) == 0


def test_a_closed_door_is_told_once_and_of_a_visit_that_stands(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor
) -> None:
    with pytest.raises(Invalid, match="まだ約束"):
        not_met(session, visit.id, giver, visit.starts_at - timedelta(seconds=1))
    row = not_met(session, visit.id, giver, visit.starts_at)
    with pytest.raises(Conflict):
        not_met(session, visit.id, giver, visit.starts_at)
    with pytest.raises(Invalid):
        know(session, row.id, "maybe", "", coordinator, visit.starts_at)
    elsewhere = factories.actor(session, "branch_staff", area="daito")
    with pytest.raises(NotFound):
        know(session, row.id, "well", "", elsewhere, visit.starts_at)


def test_nobody_is_missed_on_a_visit_that_was_called_off(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor
) -> None:
    cancel(session, visit.id, "雪", coordinator, visit.starts_at - timedelta(days=1))
    with pytest.raises(Conflict, match="取りやめ"):
        not_met(session, visit.id, giver, visit.starts_at)
