"""A group comes along: seats, a list, everybody insured on the day, hours for each of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matching.activities.calling_off import Scope, call_off_for_weather
from matching.activities.grouping import Companion, Roster, bring, note_absent
from matching.activities.hours import group_of_month
from matching.activities.recording import Report, check_in, report, verify
from matching.activities.rescheduling import Time, move_visit
from matching.coordination import queries
from matching.coordination.models import Placement
from matching.coordination.planning import plan_all
from matching.evaluation.invariants import count_violations
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid
from matching.needs.models import Need, NeedOccurrence
from matching.volunteers.models import Volunteer, VolunteerGroup
from tests import factories
from tests.activities.conftest import confirmed

APRIL = date(2026, 4, 1)
TWO = (Companion("千厩 花子", APRIL), Companion("室根 次郎", APRIL))


def listed(group: str, companions: Sequence[Companion], *more: int, **said: bool) -> Roster:
    """A list whose people all agreed to be on it."""
    return Roster(group, companions, *more, **({"agreed": True} | said))


@pytest.fixture
def group(session: Session, now: datetime) -> VolunteerGroup:
    made = VolunteerGroup(reference="G9001", name="花の会", name_key="花の会", created_at=now)
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def visit(session: Session, now: datetime, coordinator: Actor, group: VolunteerGroup) -> Placement:
    """One member of a group on a visit for which four are asked."""
    factories.volunteer(session, now).group_id = group.id
    need = factories.need(session, now, headcount=4)
    need.min_headcount = 1
    return confirmed(session, need, coordinator, now)


def filled(session: Session, visit: Placement) -> int:
    return session.get_one(NeedOccurrence, visit.occurrence_id, populate_existing=True).filled


def test_a_group_takes_its_seats_and_the_plan_seeks_only_the_rest(
    session: Session, visit: Placement, coordinator: Actor, now: datetime
) -> None:
    need = session.get_one(Need, visit.need_id)
    assert (filled(session, visit), need.state) == (1, "matching")
    bring(session, visit.id, listed("G9001", TWO), coordinator, now)
    assert (filled(session, visit), need.state) == (3, "matching")
    for _ in range(3):
        factories.volunteer(session, now)
    plan_all(session, SYSTEM, now)
    planned = [p for p in queries.list_candidates(session, need.id) if p.planned]
    assert len(planned) == 1
    bring(session, visit.id, listed("G9001", TWO, 1, event_cover=True), coordinator, now)
    assert (filled(session, visit), need.state) == (4, "matched")
    session.commit()
    assert [each for each in count_violations(session, now) if each["violations"]] == []
    bring(session, visit.id, Roster("G9001"), coordinator, now)
    assert (filled(session, visit), need.state) == (1, "matching")


def test_nobody_comes_without_cover_on_the_day(
    session: Session, visit: Placement, coordinator: Actor, now: datetime
) -> None:
    """BR-17, BR-18."""
    on = clock.local_date(visit.starts_at)
    insured, bare = (factories.volunteer(session, now) for _ in range(2))
    insured.insured_until = date(2027, 3, 31)
    bare.insured_until = None
    refused = {
        "加入日なし": Companion("加入日なし"),
        "当日加入": Companion("当日加入", on),
        "去年度": Companion("去年度", date(2026, 3, 31) - timedelta(days=30)),
        "未加入": Companion("未加入", reference=bare.reference),
    }
    for name, person in refused.items():
        with pytest.raises(Invalid, match=name):
            bring(session, visit.id, listed("G9001", (person,)), coordinator, now)
    good = (
        Companion("前日加入", on - timedelta(days=1)),
        Companion("登録者", reference=insured.reference),
    )
    bring(session, visit.id, listed("G9001", good), coordinator, now)
    with pytest.raises(Invalid, match="行事用の保険"):
        bring(session, visit.id, listed("G9001", (), 1), coordinator, now)
    assert filled(session, visit) == 3


@pytest.mark.parametrize(("roster", "said"), [
    (listed("G9001", TWO, 2, event_cover=True), "4人まで"),
    (listed("G9001", (), -1), "4人まで"),
    (Roster("G9001", TWO), "全員に伝えて"),
    (listed("G0000", TWO), "団体を選んで"),
    (listed("G9001", (Companion("", APRIL),)), "60文字"),
    (listed("G9001", (Companion("だれか", reference="V99999999"),)), "見つかりません"),
])  # fmt: skip
def test_a_list_that_cannot_be_is_refused(
    session: Session,
    visit: Placement,
    coordinator: Actor,
    now: datetime,
    roster: Roster,
    said: str,
) -> None:
    with pytest.raises(Invalid, match=said):
        bring(session, visit.id, roster, coordinator, now)
    session.rollback()


def test_the_list_changes_until_it_begins_and_each_who_came_has_hours(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, group: VolunteerGroup
) -> None:
    person = session.get_one(Volunteer, visit.volunteer_id).person_id
    giver = factories.actor(session, "volunteer", person_id=person)
    bring(session, visit.id, listed("G9001", TWO), giver, now)
    row = bring(session, visit.id, listed("G9001", TWO[:1], 1, event_cover=True), giver, now)
    check_in(session, visit.id, "web", giver, visit.starts_at)
    with pytest.raises(Conflict, match="もう始まった"):
        bring(session, visit.id, listed("G9001", TWO), giver, visit.starts_at)
    report(session, visit.id, Report(60, "usual"), "web", giver, visit.ends_at)
    note_absent(session, visit.id, {row.members[0].id}, giver, visit.ends_at)
    verify(session, visit.id, coordinator, visit.ends_at)
    with pytest.raises(Conflict):
        note_absent(session, visit.id, (), giver, visit.ends_at)
    month = clock.local_date(visit.starts_at)
    found = group_of_month(session, month, coordinator, group.id)
    assert (found.visits, found.people, found.minutes) == (1, 2, 120)


def test_a_group_that_is_called_off_frees_all_its_seats(
    session: Session, visit: Placement, coordinator: Actor, now: datetime
) -> None:
    bring(session, visit.id, listed("G9001", TWO), coordinator, now)
    scope = Scope(clock.local_date(visit.starts_at), indoors_too=True)
    call_off_for_weather(session, scope, coordinator, now)
    assert filled(session, visit) == 0
    with pytest.raises(Conflict):
        bring(session, visit.id, listed("G9001", TWO), coordinator, now)


def test_a_group_moves_only_to_a_day_on_which_everybody_is_covered(
    session: Session, visit: Placement, coordinator: Actor, now: datetime
) -> None:
    """BR-17, BR-18: who is bare on the new day is named, and nothing has moved."""
    on = clock.local_date(visit.starts_at)
    late = factories.volunteer(session, now)
    late.insured_from, late.insured_until = on, on
    people = (*TWO, Companion("室根 今日", reference=late.reference))
    bring(session, visit.id, listed("G9001", people), coordinator, now)
    session.commit()
    was, later = visit.starts_at, on + timedelta(days=1)
    with pytest.raises(Conflict) as refused:
        move_visit(session, visit.id, Time(later, 600), coordinator, now)
    assert refused.value.values == {"names": "室根 今日"}
    session.rollback()
    assert session.get_one(Placement, visit.id).starts_at == was
    late.insured_until = later
    move_visit(session, visit.id, Time(later, 600), coordinator, now)
    assert (clock.local_date(visit.starts_at), filled(session, visit)) == (later, 4)
