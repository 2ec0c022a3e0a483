"""A standing plan is told what changes and is mended around it."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from matching.engine import (
    DropNeed,
    DropVolunteer,
    Forbid,
    Lock,
    Plan,
    Planner,
    Problem,
    PutNeed,
    PutVolunteer,
    Update,
    excluded_people,
    rank,
    solve,
)
from matching.engine.ceilings import Ceilings

from .exhaustive import best_value
from .referee import faults
from .samples import World, crowded_world, need, volunteer


def planner_of(world: World) -> Planner:
    return Planner(
        world.needs,
        world.volunteers,
        options=world.options,
        bookings=world.bookings,
        history=world.history,
        blocked=world.blocked,
    )


def happenings(dice: random.Random, world: World) -> Iterator[tuple[Update, World]]:
    """Things that happen one after the other, each with the world they leave behind."""
    while True:
        kind = dice.choice(["new need", "need gone", "changed", "leaves", "joins", "edited"])
        other = crowded_world(dice.randrange(1000), 3, 3)
        number = dice.randrange(100, 999)
        update: Update
        match kind:
            case "new need":
                one = replace(other.needs[0], need_id=f"N{number}")
                rest = [n for n in world.needs if n.need_id != one.need_id]
                world, update = replace(world, needs=[*rest, one]), PutNeed(need=one)
            case "need gone" if len(world.needs) > 3:
                gone = dice.choice(world.needs)
                world = replace(world, needs=[n for n in world.needs if n is not gone])
                update = DropNeed(need_id=gone.need_id)
            case "changed":
                old = dice.choice(world.needs)
                one = replace(other.needs[1], need_id=old.need_id)
                needs = [one if n is old else n for n in world.needs]
                blocked = [pair for pair in world.blocked if pair[0] != one.need_id]
                world, update = replace(world, needs=needs, blocked=blocked), PutNeed(need=one)
            case "leaves" if len(world.volunteers) > 3:
                out = dice.choice(world.volunteers)
                world = replace(world, volunteers=[v for v in world.volunteers if v is not out])
                update = DropVolunteer(volunteer_id=out.volunteer_id)
            case "joins":
                new = replace(other.volunteers[0], volunteer_id=f"V{number}")
                people = [v for v in world.volunteers if v.volunteer_id != new.volunteer_id]
                world = replace(world, volunteers=[*people, new])
                update = PutVolunteer(volunteer=new)
            case _:
                was = dice.choice(world.volunteers)
                now = replace(other.volunteers[1], volunteer_id=was.volunteer_id)
                people = [now if v is was else v for v in world.volunteers]
                bookings = [b for b in world.bookings if b.volunteer_id != was.volunteer_id]
                history = [o for o in world.history if o.volunteer_id != was.volunteer_id]
                world = replace(world, volunteers=people, bookings=bookings, history=history)
                update = PutVolunteer(volunteer=now)
        yield update, world


def seats(plan: Plan) -> set[tuple[str, str, object, int]]:
    return {(a.need_id, a.volunteer_id, a.on, a.start_minutes) for a in plan.assignments}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_mended_plan_can_be_carried_out_and_stays_below_its_bound(
    seed: int,
) -> None:
    world = crowded_world(seed, 10, 8)
    planner = planner_of(world)
    before = planner.plan()
    story = happenings(random.Random(seed), world)
    for _ in range(12):
        update, world = next(story)
        planner.apply([update])
        after = planner.repair()
        assert list(faults(world, after.assignments)) == []
        best = solve(world.problem())
        assert after.figures.weighted_seats <= best.figures.weighted_seats_bound
        assert best.figures.weighted_seats <= after.figures.weighted_seats_bound
        assert after.figures.objective <= after.figures.bound
        gone = {c.before for c in after.changes if c.before}
        came = {c.after for c in after.changes if c.after}
        assert len(seats(before) - seats(after)) == len(gone)
        assert len(seats(after) - seats(before)) == len(came)
        before = after


@pytest.mark.parametrize("seed", range(6))
def test_after_changes_the_whole_plan_is_that_of_a_planner_made_anew(seed: int) -> None:
    world = crowded_world(seed, 10, 8)
    planner = planner_of(world)
    planner.plan()
    story = happenings(random.Random(seed + 50), world)
    for _ in range(8):
        update, world = next(story)
        planner.apply([update])
        planner.repair()
    assert planner.version == 8
    assert planner.plan() == solve(world.problem())


@pytest.mark.parametrize("seed", range(15))
def test_old_prices_still_bound_the_best_of_all_plans_after_a_change(seed: int) -> None:
    world = crowded_world(seed, 4, 4)
    planner = planner_of(world)
    planner.plan()
    story = happenings(random.Random(seed + 200), world)
    for _ in range(3):
        update, world = next(story)
        planner.apply([update])
        figures = planner.repair().figures
        ranked = rank(world.problem(), top=100)
        scores = {(n, c.volunteer_id): c.score for n, r in ranked.items() for c in r.candidates}
        seats, score, _, _ = best_value(world, scores)
        assert figures.weighted_seats_bound >= seats
        if figures.weighted_seats == seats:
            assert figures.bound >= figures.objective
            assert figures.score <= score
        standing = planner._standing
        assert standing is not None
        most, worth = standing.ceilings.most(), standing.run.seat_value
        assert most.value >= seats * worth + score
        again = Ceilings(standing.run.pricer, standing.run.prices)
        again.look(standing.openings)
        assert again.most() == most


@pytest.mark.parametrize("seed", range(12))
def test_a_problem_changed_in_place_says_what_one_built_anew_says(seed: int) -> None:
    world = crowded_world(seed, 8, 8)
    planner = planner_of(world)
    planner.adopt(())
    story = happenings(random.Random(seed + 90), world)
    for _ in range(20):
        update, world = next(story)
        planner.apply([update])
    assert told(planner.problem) == told(world.problem())


def told(problem: Problem) -> dict[str, object]:
    ranked = rank(problem, top=100)
    return {
        name: (
            sorted(map(repr, each.candidates)),
            each.excluded,
            {gate: sorted(people) for gate, people in excluded_people(problem, name).items()},
        )
        for name, each in ranked.items()
    }


def test_a_decline_brings_the_next_person_and_a_lock_keeps_the_first() -> None:
    asked = need("N1", headcount=2)
    planner = planner_of(
        World([asked], [volunteer("V1"), volunteer("V2"), volunteer("V3", lat=38.95)])
    )
    first, second = planner.plan().assignments
    lock = Lock(
        need_id="N1",
        volunteer_id=first.volunteer_id,
        on=first.on,
        start_minutes=first.start_minutes,
    )
    no = Forbid(need_id="N1", volunteer_id=second.volunteer_id)
    planner.apply([PutNeed(need=asked, locks=(lock,), forbids=(no,))])
    again = planner.repair()
    assert [(a.volunteer_id, a.locked) for a in again.assignments] == [
        (first.volunteer_id, True),
        ("V3", False),
    ]


def test_an_adopted_plan_stands_as_if_it_had_been_made_here() -> None:
    world = crowded_world(3, 10, 6)
    plan = solve(world.problem())
    planner = planner_of(world)
    planner.adopt(plan.assignments)
    assert planner.repair().changes == ()
    assert seats(planner.repair()) == seats(plan)


@pytest.mark.parametrize("seed", range(4))
def test_new_prices_fill_at_least_what_repairs_filled_and_close_the_gap_again(seed: int) -> None:
    world = crowded_world(seed, 12, 8)
    planner = planner_of(world)
    assert planner.drift == float("inf")
    planner.plan()
    assert planner.drift == 0
    story = happenings(random.Random(seed), world)
    for _ in range(10):
        update, world = next(story)
        planner.apply([update])
    mended = planner.repair()
    renewed = planner.renew(mended.assignments)
    assert planner.drift == 0
    assert list(faults(world, renewed.assignments)) == []
    assert renewed.figures.weighted_seats >= mended.figures.weighted_seats
    assert renewed.figures.gap <= mended.figures.gap
    best = solve(world.problem()).figures
    assert renewed.figures.weighted_seats_bound >= best.weighted_seats
    gone = {change.before for change in renewed.changes if change.before}
    came = {change.after for change in renewed.changes if change.after}
    before, after = set(mended.assignments), set(renewed.assignments)
    assert (before - after, after - before) == (gone, came)


def test_what_changed_before_a_renewal_is_told_by_it() -> None:
    world = crowded_world(3, 10, 6)
    planner = planner_of(world)
    plan = planner.plan()
    lost = plan.assignments[0]
    planner.apply([DropNeed(need_id=lost.need_id)])
    renewed = planner.renew(plan.assignments)
    assert lost in [change.before for change in renewed.changes]
    assert planner.repair().changes == ()
