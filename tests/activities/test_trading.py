"""A visit is passed on: only to who can come, never into an overlap, and the desk settles it."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matching.activities.leaving import leave
from matching.activities.trading import (
    find_trade,
    keep_after_all,
    pass_on,
    settle_trade,
    take,
    trades_for,
    trades_of,
)
from matching.coordination.models import Placement
from matching.evaluation.invariants import count_violations
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.volunteers.models import Volunteer
from tests import factories
from tests.activities.conftest import Kinds, confirmed


@pytest.fixture
def colleague(session: Session, now: datetime, visit: Placement) -> Volunteer:
    return factories.volunteer(session, now)


@pytest.fixture
def them(session: Session, colleague: Volunteer) -> Actor:
    return factories.actor(session, "volunteer", person_id=colleague.person_id)


def test_a_colleague_takes_it_and_the_desk_settles_it(
    session: Session,
    visit: Placement,
    giver: Actor,
    colleague: Volunteer,
    them: Actor,
    coordinator: Actor,
    now: datetime,
    open_kinds: Kinds,
) -> None:
    row = pass_on(session, visit.id, giver, now)
    with pytest.raises(Conflict, match="もう代わりの方を"):
        pass_on(session, visit.id, giver, now)
    assert [each.id for each in trades_for(session, colleague, now)] == [row.id]
    me = session.get_one(Volunteer, visit.volunteer_id)
    assert trades_for(session, me, now) == []
    with pytest.raises(NotFound):
        take(session, row.id, me, giver, now)
    take(session, row.id, colleague, them, now)
    assert "settle_trade" in open_kinds() and visit.state == "confirmed"
    with pytest.raises(Conflict, match="もうほかの方に"):
        take(session, row.id, factories.volunteer(session, now), them, now)
    made = settle_trade(session, visit.id, True, coordinator, now)
    assert made is not None
    assert (visit.state, made.volunteer_id, made.state) == ("cancelled", colleague.id, "held")
    assert open_kinds() == {"tell_resident", "tell_change"}  # the resident is told of the person
    assert [each.state for each in trades_of(session, colleague, now)] == ["settled"]
    session.commit()
    assert [each for each in count_violations(session, now) if each["violations"]] == []


def test_who_is_busy_then_or_not_able_cannot_take_it(
    session: Session,
    visit: Placement,
    giver: Actor,
    colleague: Volunteer,
    them: Actor,
    coordinator: Actor,
    now: datetime,
) -> None:
    """BR-20."""
    need = factories.need(session, now, start_on=clock.local_date(visit.starts_at))
    taken = confirmed(session, need, coordinator, now)
    assert taken.volunteer_id == colleague.id
    row = pass_on(session, visit.id, giver, now)
    with pytest.raises(Conflict, match="同じ時間に、ご自分の"):
        take(session, row.id, colleague, them, now)
    sundays = factories.volunteer(session, now, slots=((6, 540, 720),))
    with pytest.raises(Conflict, match="条件が合わない"):
        take(session, row.id, sundays, them, now)
    assert trades_for(session, colleague, now) == []


def test_a_no_of_the_desk_and_a_change_of_mind_leave_all_as_it_was(
    session: Session,
    visit: Placement,
    giver: Actor,
    colleague: Volunteer,
    them: Actor,
    coordinator: Actor,
    now: datetime,
    open_kinds: Kinds,
) -> None:
    with pytest.raises(Invalid):
        settle_trade(session, visit.id, True, coordinator, now)
    row = pass_on(session, visit.id, giver, now)
    with pytest.raises(Conflict):
        settle_trade(session, visit.id, True, coordinator, now)
    take(session, row.id, colleague, them, now)
    assert settle_trade(session, visit.id, False, coordinator, now) is None
    assert (visit.state, open_kinds()) == ("confirmed", set())
    pass_on(session, visit.id, giver, now)
    keep_after_all(session, visit.id, giver, now)
    assert find_trade(session, visit.id) is None


def test_what_is_off_or_begun_is_not_passed_on(
    session: Session,
    visit: Placement,
    giver: Actor,
    colleague: Volunteer,
    them: Actor,
    now: datetime,
) -> None:
    with pytest.raises(Conflict, match="もうゆずれません"):
        pass_on(session, visit.id, giver, visit.starts_at)
    row = pass_on(session, visit.id, giver, now)
    leave(session, visit.id, "熱", giver, now)
    assert trades_for(session, colleague, now) == []
    with pytest.raises(Conflict, match="もうほかの方に"):
        take(session, row.id, colleague, them, now)
