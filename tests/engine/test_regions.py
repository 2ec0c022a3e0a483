"""A problem in regions: nothing lost, nobody twice, and a bound that holds for the whole."""

import pytest

from matching.engine import join, solve, solve_region, split

from .referee import faults
from .samples import World, crowded_world, need, volunteer

FAR = {"lat": 39.9, "lon": 141.2}


@pytest.mark.parametrize("seed", range(4))
def test_every_need_and_person_is_in_exactly_one_region(seed: int) -> None:
    world = crowded_world(seed, 40, 25)
    regions = split(world.problem(), visits=12)
    assert len(regions) > 2
    needs = [need_id for region in regions for need_id in region.need_ids]
    people = [who for region in regions for who in region.volunteer_ids]
    assert sorted(needs) == sorted(n.need_id for n in world.needs)
    assert sorted(people) == sorted(v.volunteer_id for v in world.volunteers)


@pytest.mark.parametrize("seed", range(4))
def test_the_joined_plan_can_be_carried_out_and_its_bound_holds_for_every_plan(seed: int) -> None:
    world = crowded_world(seed, 40, 25)
    problem = world.problem()
    parts = [solve_region(problem, region) for region in split(problem, visits=15)]
    joined = join(problem, reversed(parts))
    whole = solve(problem)
    assert list(faults(world, joined.assignments)) == []
    assert joined.figures.method == "regions"
    assert joined.figures.pairs == whole.figures.pairs
    assert joined.figures.bound >= whole.figures.objective
    assert joined.figures.weighted_seats_bound >= whole.figures.weighted_seats
    assert len(joined.assignments) >= sum(len(part.assignments) for part in parts)
    assert joined == join(problem, parts)


def test_islands_that_share_nobody_are_not_cut_and_lose_nothing() -> None:
    needs = [need("N1"), need("N2"), need("N3", **FAR), need("N4", **FAR)]
    world = World(needs, [volunteer("V1"), volunteer("V2", **FAR)])
    problem = world.problem()
    regions = split(problem, visits=2)
    assert [set(region.need_ids) for region in regions] == [{"N1", "N2"}, {"N3", "N4"}]
    assert [region.volunteer_ids for region in regions] == [("V1",), ("V2",)]
    joined = join(problem, [solve_region(problem, region) for region in regions])
    assert joined.figures.weighted_seats == solve(problem).figures.weighted_seats


def test_needs_without_a_place_are_in_a_region_too() -> None:
    world = World([need("N1", lat=None, lon=None), need("N2")], [volunteer(lat=None)])
    assert [n for region in split(world.problem()) for n in region.need_ids] == ["N1", "N2"]
    nowhere = World([need("N1", lat=None, lon=None)], [])
    assert [region.need_ids for region in split(nowhere.problem())] == [("N1",)]
