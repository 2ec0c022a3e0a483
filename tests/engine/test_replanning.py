"""Planning again: what holds is kept, and every difference has its reason."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from matching.engine import (
    Assignment,
    ChangeReason,
    Forbid,
    Lock,
    Options,
    Plan,
    build,
    replan,
    solve,
)

from .referee import faults
from .samples import TODAY, World, crowded_world, need, volunteer


def told(plan: Plan) -> list[tuple[str, str, ChangeReason]]:
    return [
        (
            "-" if change.after is None else "+",
            (change.after or change.before or nobody()).volunteer_id,
            change.reason,
        )
        for change in plan.changes
    ]


def nobody() -> Assignment:
    raise AssertionError("a change needs a before or an after")


def pairs(assignments: Iterable[Assignment]) -> set[tuple[str, str, object, int]]:
    return {(a.need_id, a.volunteer_id, a.on, a.start_minutes) for a in assignments}


@pytest.mark.parametrize("seed", range(8))
def test_nothing_changes_when_nothing_has_changed(seed: int) -> None:
    problem = crowded_world(seed, 10, 6).problem()
    plan = solve(problem)
    again = replan(problem, plan.assignments)
    assert again.changes == ()
    assert again.assignments == plan.assignments


@pytest.mark.parametrize("seed", range(8))
def test_when_somebody_leaves_only_their_visits_are_touched_unless_seats_are_gained(
    seed: int,
) -> None:
    world = crowded_world(seed, 10, 6)
    plan = solve(world.problem())
    gone = plan.assignments[0].volunteer_id
    people = [
        replace(v, status="paused") if v.volunteer_id == gone else v for v in world.volunteers
    ]
    smaller = replace(world, volunteers=people)
    again = replan(smaller.problem(), plan.assignments)
    assert list(faults(smaller, again.assignments)) == []
    stayed = pairs(plan.assignments) & pairs(again.assignments)
    theirs = {a for a in pairs(plan.assignments) if a[1] == gone}
    assert not theirs & stayed
    left = [c for c in again.changes if c.before and c.before.volunteer_id == gone]
    assert {c.reason for c in left} <= {ChangeReason.PERSON_NOT_ABLE}
    moved = len(pairs(plan.assignments)) - len(stayed) - len(theirs)
    refilled = len(again.assignments) - len(stayed)
    assert moved <= refilled
    assert again.figures.objective <= again.figures.bound


@pytest.mark.parametrize("seed", range(8))
def test_a_quick_repair_after_a_decline_touches_nobody_else_without_gaining_a_seat(
    seed: int,
) -> None:
    world = crowded_world(seed, 10, 6)
    plan = solve(world.problem())
    said_no = plan.assignments[len(plan.assignments) // 2]
    pair = said_no.need_id, said_no.volunteer_id
    after = replace(world, blocked=[*world.blocked, pair])
    again = replan(after.problem(), plan.assignments, quick=True)
    assert list(faults(after, again.assignments)) == []
    assert again.figures.objective <= again.figures.bound
    assert not any((a.need_id, a.volunteer_id) == pair for a in again.assignments)
    stayed = pairs(plan.assignments) & pairs(again.assignments)
    declined = {a for a in pairs(plan.assignments) if (a[0], a[1]) == pair}
    moved = len(pairs(plan.assignments)) - len(stayed) - len(declined)
    assert moved <= len(again.assignments) - len(stayed)


@pytest.mark.parametrize("seed", range(4))
def test_a_quick_repair_changes_nothing_when_nothing_has_changed(seed: int) -> None:
    problem = crowded_world(seed, 10, 6).problem()
    plan = solve(problem)
    assert replan(problem, plan.assignments, quick=True).changes == ()


def test_a_quick_repair_moves_somebody_to_make_room_for_a_new_need() -> None:
    narrow = {"time_from": 600, "time_to": 660}
    people = [
        volunteer("V1", categories=frozenset({"shopping", "talk"})),
        volunteer("V2", categories=frozenset({"shopping"}), lat=38.95),
    ]
    world = World([need("N1", **narrow)], people)
    plan = solve(world.problem())
    more = replace(world, needs=[*world.needs, need("N2", category="talk", **narrow)])
    again = replan(more.problem(), plan.assignments, quick=True)
    assert {(a.need_id, a.volunteer_id) for a in again.assignments} == {("N1", "V2"), ("N2", "V1")}


def test_a_new_need_is_added_beside_what_stands() -> None:
    world = World([need("N1")], [volunteer("V1"), volunteer("V2")])
    plan = solve(world.problem())
    more = replace(world, needs=[*world.needs, need("N2")])
    again = replan(more.problem(), plan.assignments)
    assert pairs(plan.assignments) <= pairs(again.assignments)
    assert [(sign, reason) for sign, _, reason in told(again)] == [("+", ChangeReason.NEW_NEED)]


def test_an_emergency_takes_the_only_person_and_says_so() -> None:
    narrow = {"time_from": 600, "time_to": 660}
    world = World([need("N1", urgency="low", **narrow)], [volunteer()])
    plan = solve(world.problem())
    more = replace(world, needs=[*world.needs, need("N2", urgency="emergency", **narrow)])
    again = replan(more.problem(), plan.assignments)
    assert told(again) == [
        ("-", "V1", ChangeReason.MAKES_ROOM),
        ("+", "V1", ChangeReason.NEW_NEED),
    ]


def test_one_person_moves_over_when_that_fills_another_seat() -> None:
    narrow = {"time_from": 600, "time_to": 660}
    people = [
        volunteer("V1", categories=frozenset({"shopping", "talk"})),
        volunteer("V2", categories=frozenset({"shopping"}), lat=38.95),
    ]
    world = World([need("N1", **narrow)], people)
    plan = solve(world.problem())
    assert [a.volunteer_id for a in plan.assignments] == ["V1"]
    more = replace(world, needs=[*world.needs, need("N2", category="talk", **narrow)])
    again = replan(more.problem(), plan.assignments)
    assert {(a.need_id, a.volunteer_id) for a in again.assignments} == {("N1", "V2"), ("N2", "V1")}
    assert told(again) == [
        ("-", "V1", ChangeReason.MAKES_ROOM),
        ("+", "V2", ChangeReason.TAKES_OVER),
        ("+", "V1", ChangeReason.NEW_NEED),
    ]


def test_a_need_that_is_gone_or_moved_gives_its_people_free() -> None:
    world = World([need("N1"), need("N2", start_on=TODAY + timedelta(days=4))], [volunteer()])
    plan = solve(world.problem())
    less = World([need("N2", start_on=TODAY + timedelta(days=5))], [volunteer()])
    again = replan(less.problem(), plan.assignments)
    assert told(again) == [
        ("-", "V1", ChangeReason.NEED_GONE),
        ("-", "V1", ChangeReason.NEED_GONE),
        ("+", "V1", ChangeReason.NEW_VISIT),
    ]


def test_a_decline_brings_the_next_person_and_a_lock_keeps_the_first() -> None:
    people = [volunteer("V1"), volunteer("V2"), volunteer("V3", lat=38.95)]
    needs = [need("N1", headcount=2)]
    options = Options(today=TODAY)
    plan = solve(build(needs, people, options=options))
    first, second = plan.assignments
    lock = Lock(
        need_id="N1",
        volunteer_id=first.volunteer_id,
        on=first.on,
        start_minutes=first.start_minutes,
    )
    forbid = Forbid(need_id="N1", volunteer_id=second.volunteer_id)
    problem = build(needs, people, options=options, locks=[lock], forbids=[forbid])
    again = replan(problem, plan.assignments)
    assert [(a.volunteer_id, a.locked) for a in again.assignments] == [
        (first.volunteer_id, True),
        ("V3", False),
    ]
    assert told(again) == [
        ("-", second.volunteer_id, ChangeReason.PERSON_NOT_ABLE),
        ("+", "V3", ChangeReason.TAKES_OVER),
    ]
