"""Somebody cannot come, two people swap, snow falls: both sides hear of it and it goes on."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.calling_off import Scope, call_off_for_weather, visits_in
from matching.activities.leaving import call_off, leave
from matching.activities.models import Activity
from matching.activities.recording import Report, report
from matching.activities.substituting import is_filled_again, substitutes
from matching.activities.swapping import partners, swap
from matching.coordination import queries
from matching.coordination.confirming import confirm
from matching.coordination.models import Placement
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.evaluation.invariants import count_violations
from matching.kernel import clock, outbox
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid
from matching.needs import days_off
from matching.needs.models import Need
from tests import factories
from tests.activities.conftest import DAY, Kinds, confirmed


def test_a_late_leave_opens_an_urgent_search_and_a_call(
    session: Session, visit: Placement, giver: Actor, open_kinds: Kinds
) -> None:
    """BR-24."""
    late = visit.starts_at - timedelta(hours=3)
    leave(session, visit.id, "熱が出た", giver, late)
    need = session.get_one(Need, visit.need_id)
    assert (need.urgency, need.state) == ("emergency", "matching")
    assert open_kinds() == {"tell_other_side", "find_substitute"}
    assert outbox.is_waiting(session, "plan")
    assert session.scalars(select(Activity.state)).one() == "cancelled_by_volunteer"


def test_an_early_leave_is_no_emergency(
    session: Session, visit: Placement, giver: Actor, now: datetime
) -> None:
    leave(session, visit.id, "用事", giver, now)
    assert session.get_one(Need, visit.need_id).urgency == "normal"


@pytest.mark.parametrize("reason", ["", "  "])
def test_leaving_asks_for_a_word(
    session: Session, visit: Placement, giver: Actor, now: datetime, reason: str
) -> None:
    with pytest.raises(Invalid, match="ひとこと"):
        leave(session, visit.id, reason, giver, now)


def test_nobody_leaves_what_has_begun(session: Session, visit: Placement, giver: Actor) -> None:
    with pytest.raises(Conflict, match="もう始まった"):
        leave(session, visit.id, "用事", giver, visit.starts_at)


def test_only_staff_call_off_for_the_other_side(
    session: Session, visit: Placement, giver: Actor, now: datetime
) -> None:
    with pytest.raises(Invalid):
        call_off(session, visit.id, "requester", "用事", giver, now)


def test_who_called_a_visit_off_for_the_resident_leaves_that_day_out(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, open_kinds: Kinds
) -> None:
    call_off(session, visit.id, "requester", "通院", coordinator, now)
    on = clock.local_date(visit.starts_at)
    assert days_off.days_off_of(session, [visit.need_id]) == {visit.need_id: {on}}
    assert open_kinds() == {"tell_volunteer"}
    plan_all(session, SYSTEM, now)
    slots = [
        slot["on"]
        for each in queries.list_candidates(session, visit.need_id)
        for slot in each.slots
    ]
    assert on.isoformat() not in slots


def test_substitutes_are_those_free_at_its_time_without_who_left(
    session: Session, visit: Placement, giver: Actor, now: datetime
) -> None:
    spare = factories.volunteer(session, now)
    later = factories.volunteer(session, now, slots=tuple((day, 600, 720) for day in range(5)))
    factories.volunteer(session, now, slots=((6, 540, 720),))
    leave(session, visit.id, "熱が出た", giver, now)
    assert not is_filled_again(session, visit)
    found = substitutes(session, visit, now)
    assert [(each.volunteer.id, each.at_same_time) for each in found] == [
        (spare.id, True),
        (later.id, False),
    ]


@pytest.fixture
def two(session: Session, now: datetime, coordinator: Actor) -> list[Placement]:
    """Two people's visits on two mornings; each could do the other's."""
    volunteers = [factories.volunteer(session, now) for _ in range(2)]
    made = []
    for place, volunteer in enumerate(volunteers):
        start_on = clock.local_date(now) + (3 + place) * DAY
        need = factories.need(session, now, start_on=start_on)
        plan_all(session, SYSTEM, now)
        [proposal] = [
            each
            for each in queries.list_candidates(session, need.id)
            if each.volunteer_id == volunteer.id
        ]
        made.append(confirm(session, proposal.id, Choice(start_on, 540), coordinator, now))
    return made


def test_two_volunteers_swap_and_each_resident_is_asked_about_the_new_person(
    session: Session, two: list[Placement], coordinator: Actor, now: datetime, open_kinds: Kinds
) -> None:
    before = [(each.need_id, each.volunteer_id) for each in two]
    assert [each.id for each in partners(session, two[0], coordinator, now)] == [two[1].id]
    made = swap(session, two[0].id, two[1].id, coordinator, now)
    assert [(each.need_id, each.volunteer_id) for each in made] == [
        (before[0][0], before[1][1]),
        (before[1][0], before[0][1]),
    ]
    assert {each.state for each in made} == {"held"}
    assert open_kinds() == {"tell_resident", "tell_change"}
    session.commit()
    assert not any(each["violations"] for each in count_violations(session, now))


def test_a_swap_into_an_overlap_is_refused_and_changes_nothing(
    session: Session, two: list[Placement], coordinator: Actor, now: datetime
) -> None:
    blocker = factories.need(session, now, start_on=clock.local_date(two[1].starts_at))
    plan_all(session, SYSTEM, now)
    [proposal] = [
        each
        for each in queries.list_candidates(session, blocker.id)
        if each.volunteer_id == two[0].volunteer_id
    ]
    choice = Choice(clock.local_date(two[1].starts_at), 555)
    confirm(session, proposal.id, choice, coordinator, now)
    session.commit()
    with pytest.raises(Conflict, match="同じ時間に別の活動"):
        swap(session, two[0].id, two[1].id, coordinator, now)
    session.rollback()
    assert {session.get_one(Placement, each.id).state for each in two} == {"confirmed"}


def test_nobody_swaps_with_themselves(
    session: Session, two: list[Placement], coordinator: Actor, now: datetime
) -> None:
    with pytest.raises(Invalid):
        swap(session, two[0].id, two[0].id, coordinator, now)


def test_snow_calls_off_a_day_and_gives_single_visits_a_week_more(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, open_kinds: Kinds
) -> None:
    on = clock.local_date(visit.starts_at)
    indoors = factories.need(session, now, category_code="talk")
    factories.volunteer(session, now)
    confirmed(session, indoors, coordinator, now)
    assert len(visits_in(session, Scope(on), coordinator)) == 1
    assert len(visits_in(session, Scope(on, indoors_too=True), coordinator)) == 2
    assert visits_in(session, Scope(on, ("daito",)), coordinator) == []
    assert call_off_for_weather(session, Scope(on), coordinator, now) == 1
    need = session.get_one(Need, visit.need_id)
    assert need.end_on == on + timedelta(days=7)
    assert {"tell_other_side", "tell_volunteer"} <= open_kinds()
    plan_all(session, SYSTEM, now)
    days = {slot["on"] for each in queries.list_candidates(session, need.id) for slot in each.slots}
    assert days and on.isoformat() not in days


def test_what_has_begun_is_not_called_off(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor
) -> None:
    report(session, visit.id, Report(30, "usual"), "web", giver, visit.ends_at)
    scope = Scope(clock.local_date(visit.starts_at))
    assert call_off_for_weather(session, scope, coordinator, visit.ends_at) == 0
