"""The plan against exhaustive search, an independent referee, and what must always hold."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest

from matching.engine import Booking, Lock, Options, Plan, Reason, build, rank, solve

from .exhaustive import Value, best_value, value_of
from .referee import Seating, faults
from .samples import HOME, TODAY, World, crowded_world, need, volunteer

CROWDED = [*((seed, 4, 4) for seed in range(25)), *((seed, 6, 3) for seed in range(100, 140))]


def scores(world: World) -> dict[tuple[str, str], int]:
    ranked = rank(world.problem(), top=100)
    return {(n, c.volunteer_id): c.score for n, r in ranked.items() for c in r.candidates}


def value(world: World, plan: Plan) -> Value:
    needs = {n.need_id: n for n in world.needs}
    people = {v.volunteer_id: v for v in world.volunteers}
    groups = defaultdict(list)
    for a in plan.assignments:
        groups[a.need_id, a.visit, a.on, a.start_minutes].append(people[a.volunteer_id])
    seatings = [Seating(needs[k[0]], k[1], (k[2], k[3]), who) for k, who in groups.items()]
    return value_of(world, seatings, scores(world))


@pytest.mark.parametrize(("seed", "needs", "volunteers"), CROWDED)
def test_a_small_plan_is_the_best_of_all_plans_and_proves_it(
    seed: int, needs: int, volunteers: int
) -> None:
    world = crowded_world(seed, needs, volunteers)
    plan = solve(world.problem())
    assert list(faults(world, plan.assignments)) == []
    best = best_value(world, scores(world))
    assert value(world, plan) == best
    assert plan.figures.weighted_seats == best[0] == plan.figures.weighted_seats_bound
    assert plan.figures.score == best[1]
    assert plan.figures.objective == plan.figures.bound
    assert plan.figures.gap == 0


@pytest.mark.parametrize("seed", range(3))
def test_a_crowded_week_can_be_carried_out_and_stays_below_its_bound(seed: int) -> None:
    world = crowded_world(seed, 60, 30)
    plan = solve(world.problem())
    assert list(faults(world, plan.assignments)) == []
    figures = plan.figures
    assert figures.objective <= figures.bound
    assert figures.weighted_seats <= figures.weighted_seats_bound
    assert figures.gap < 0.02


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_cut_short_is_never_worse_than_the_floor_and_keeps_a_valid_bound(seed: int) -> None:
    world = crowded_world(seed, 40, 20)
    short = solve(world.problem(), deadline_seconds=0)
    full = solve(world.problem())
    assert short.figures.truncated
    assert not full.figures.truncated
    assert list(faults(world, short.assignments)) == []
    assert short.figures.method == "greedy"
    assert full.figures.objective >= short.figures.objective
    assert short.figures.bound >= full.figures.objective


@pytest.mark.parametrize("seed", range(20, 32))
def test_one_more_volunteer_never_makes_the_best_plan_worse(seed: int) -> None:
    world = crowded_world(seed, 5, 3)
    before = value(world, solve(world.problem()))
    stranger = volunteer("V9", categories=frozenset({"shopping", "talk", "garbage"}))
    more = replace_world(world, volunteers=[*world.volunteers, stranger])
    assert value(more, solve(more.problem())) >= before


@pytest.mark.parametrize("seed", range(40, 46))
def test_the_order_in_which_people_and_needs_are_given_changes_nothing(seed: int) -> None:
    world = crowded_world(seed, 8, 6)
    turned = World(
        world.needs[::-1],
        world.volunteers[::-1],
        world.bookings[::-1],
        world.history[::-1],
        world.blocked[::-1],
    )
    assert solve(turned.problem()) == solve(world.problem())


@pytest.mark.parametrize("seed", range(50, 56))
def test_new_names_in_the_same_order_lead_to_the_same_plan(seed: int) -> None:
    world = crowded_world(seed, 6, 5)
    renamed = World(
        [replace(n, need_id="X" + n.need_id) for n in world.needs],
        [replace(v, volunteer_id="X" + v.volunteer_id) for v in world.volunteers],
        [replace(b, volunteer_id="X" + b.volunteer_id) for b in world.bookings],
        [
            replace(o, volunteer_id="X" + o.volunteer_id, person_id="X" + o.person_id)
            for o in world.history
        ],
        [("X" + n, "X" + v) for n, v in world.blocked],
    )
    plain, other = solve(world.problem()), solve(renamed.problem())
    assert other.figures == plain.figures
    assert [a.volunteer_id for a in other.assignments] == [
        "X" + a.volunteer_id for a in plain.assignments
    ]


def test_without_volunteers_every_seat_stays_open_for_want_of_people() -> None:
    plan = solve(World([need(headcount=3)], []).problem())
    assert plan.assignments == ()
    assert [(u.missing, u.reason, u.nearest) for u in plan.unplaced] == [
        (3, Reason.NO_ELIGIBLE, None)
    ]
    assert plan.figures.objective == plan.figures.bound == 0


def test_without_needs_the_plan_is_empty() -> None:
    plan = solve(World([], [volunteer()]).problem())
    assert (plan.assignments, plan.unplaced, plan.figures.gap) == ((), (), 0.0)


def test_two_hundred_seats_are_filled_together_at_one_time() -> None:
    people = [volunteer(f"V{number}") for number in range(230)]
    plan = solve(World([need(headcount=200)], people).problem())
    assert len(plan.assignments) == 200
    assert len({(a.on, a.start_minutes) for a in plan.assignments}) == 1
    assert plan.figures.gap == 0


def test_a_visit_that_misses_its_minimum_is_left_out_altogether() -> None:
    world = World([need(headcount=3, min_headcount=3)], [volunteer("V1"), volunteer("V2")])
    plan = solve(world.problem())
    assert plan.assignments == ()
    assert plan.unplaced[0].reason is Reason.BELOW_MINIMUM


def test_partly_filled_is_better_than_empty_where_no_minimum_is_set() -> None:
    plan = solve(World([need(headcount=3)], [volunteer("V1"), volunteer("V2")]).problem())
    assert len(plan.assignments) == 2
    assert plan.unplaced[0].missing == 1


def test_the_urgent_need_gets_the_only_person() -> None:
    needs = [need("N1", urgency="low"), need("N2", urgency="emergency")]
    tight = [replace(n, time_from=600, time_to=660) for n in needs]
    plan = solve(World(tight, [volunteer()]).problem())
    assert [a.need_id for a in plan.assignments] == ["N2"]
    assert plan.unplaced[0].reason is Reason.ALL_BUSY


def test_a_better_slot_lets_one_person_help_twice() -> None:
    needs = [need("N1", time_from=600, time_to=720), need("N2", time_from=600, time_to=735)]
    plan = solve(World(needs, [volunteer()]).problem())
    starts = sorted(a.start_minutes for a in plan.assignments)
    assert starts == [600, 675]  # five minutes at least between two doors


def test_the_way_between_two_homes_is_kept_free() -> None:
    far = (HOME[0] + 0.09, HOME[1])  # ten kilometres: 38 minutes in winter
    needs = [
        need("N1", time_from=600, time_to=660),
        need("N2", time_from=660, time_to=720, lat=far[0], lon=far[1]),
    ]
    assert len(solve(World(needs, [volunteer(max_distance_km=20.0)]).problem()).assignments) == 1


def test_hours_of_a_month_include_what_is_booked() -> None:
    booked = Booking(volunteer_id="V1", on=TODAY, start_minutes=540, end_minutes=600)
    world = World([need()], [volunteer(max_hours_per_month=1.5)], [booked])
    assert solve(world.problem()).assignments == ()
    other_month = replace(booked, on=TODAY + timedelta(days=14))
    assert (
        len(solve(World(world.needs, world.volunteers, [other_month]).problem()).assignments) == 1
    )


def test_hours_run_out_within_a_plan_and_are_named() -> None:
    needs = [need("N1"), need("N2", start_on=TODAY + timedelta(days=4))]
    plan = solve(World(needs, [volunteer(max_hours_per_month=1)]).problem())
    assert len(plan.assignments) == 1
    assert [u.reason for u in plan.unplaced] == [Reason.HOURS]


def test_hours_start_anew_with_the_month() -> None:
    weekly = need(
        start_on=TODAY + timedelta(days=7),
        end_on=TODAY + timedelta(days=20),
        weekdays=frozenset({0}),
        recurrence="weekly",
    )  # 25 January and 1 February
    plan = solve(World([weekly], [volunteer(max_hours_per_month=1)]).problem())
    assert [a.on.month for a in plan.assignments] == [1, 2]


def test_a_locked_seat_stays_and_takes_its_time() -> None:
    lock = Lock(
        need_id="N1", volunteer_id="V1", on=TODAY + timedelta(days=3), start_minutes=10 * 60 + 10
    )
    people = [volunteer("V1", categories=frozenset()), volunteer("V2")]
    needs = [need(headcount=2), need("N2", time_from=600, time_to=690)]
    plan = solve(build(needs, people, options=Options(today=TODAY), locks=[lock]))
    mine = [a for a in plan.assignments if a.need_id == "N1"]
    assert [(a.volunteer_id, a.start_minutes, a.locked) for a in mine] == [
        ("V1", 610, True),
        ("V2", 610, False),
    ]
    assert [a for a in plan.assignments if a.need_id == "N2"] == []


def test_equal_people_share_the_work() -> None:
    days = [TODAY + timedelta(days=d) for d in (3, 4, 7, 8)]
    needs = [need(f"N{n}", start_on=day) for n, day in enumerate(days)]
    plan = solve(World(needs, [volunteer("V1"), volunteer("V2")]).problem())
    assert sorted(a.volunteer_id for a in plan.assignments) == ["V1", "V1", "V2", "V2"]


def test_a_visit_longer_than_its_window_cannot_be_placed() -> None:
    plan = solve(World([need(time_from=600, time_to=630)], [volunteer()]).problem())
    assert plan.unplaced[0].reason is Reason.NO_ELIGIBLE
    assert plan.unplaced[0].nearest is not None


def test_the_same_person_comes_back_to_a_series_when_load_is_even_either_way() -> None:
    series = {"recurrence": "weekly", "end_on": TODAY + timedelta(days=13)}
    needs = [
        need("N1", weekdays=frozenset({3}), **series),
        need("N2", weekdays=frozenset({4}), **series),
    ]
    plan = solve(World(needs, [volunteer("V1"), volunteer("V2")]).problem())
    people = {n: {a.volunteer_id for a in plan.assignments if a.need_id == n} for n in ("N1", "N2")}
    assert len(plan.assignments) == 4
    assert sorted(len(group) for group in people.values()) == [1, 1]
    assert people["N1"] != people["N2"]


def replace_world(world: World, **changes: object) -> World:
    return replace(world, **changes)


@pytest.mark.parametrize("seed", range(6))
def test_prices_and_core_find_the_best_plan_and_a_bound_close_to_it(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = crowded_world(seed, 10, 6)
    best = solve(world.problem()).figures
    monkeypatch.setattr("matching.engine.running.SMALL_CHOICES", 0)
    plan = solve(world.problem()).figures
    assert plan.method == "prices and core"
    assert (plan.weighted_seats, plan.score) == (best.weighted_seats, best.score)
    assert plan.weighted_seats_bound >= best.weighted_seats
    assert plan.objective <= best.objective <= plan.bound
    assert plan.gap <= 1e-3
