"""A stretch of days with each way of choosing: nobody is promised twice, figures add up."""

from collections import Counter, defaultdict
from functools import cache
from itertools import combinations

import pytest

from tests.judges.reading import DAY, Rules, Visit
from tests.judges.values import ask_of, instance_of

from .answers import People
from .arrivals import OPEN_OFFERS, requests, volunteers
from .centre import visit_key
from .figures import available, figures_of, gini
from .policies import nearest_first, newest_first, planned, register_order
from .running import FIRST_DAY, Year, live_through

POLICIES = {p.__name__: p for p in (planned, nearest_first, newest_first, register_order)}
DAYS = 14


@cache
def lived(name: str) -> Year:
    return live_through(POLICIES[name], 5, DAYS)


@pytest.mark.parametrize("name", POLICIES)
def test_nobody_is_at_two_places_at_once(name: str) -> None:
    year = lived(name)
    needs = {r.need.need_id: r.need for r in requests(5, FIRST_DAY, DAYS)}
    people = [v.given for v in year.centre.volunteers]
    rules = Rules(instance_of(needs.values(), people, year.centre.problem(FIRST_DAY).options))
    mine = defaultdict(list)
    for place in year.centre.agreed:
        visit = Visit(ask_of(needs[place.need_id]), 1, ())
        span = visit.span(place.on.toordinal() * DAY + place.start_minutes)
        mine[place.volunteer_id].append(span)
    assert any(len(spans) > 1 for spans in mine.values())
    for who, spans in mine.items():
        for one, other in combinations(spans, 2):
            assert not rules.collide(rules.people[who], one, other)


@pytest.mark.parametrize("name", POLICIES)
def test_no_visit_has_more_people_or_times_than_asked_for(name: str) -> None:
    needs = {r.need.need_id: r.need for r in requests(5, FIRST_DAY, DAYS)}
    people, times = Counter[object](), defaultdict(set)
    for place in lived(name).centre.agreed:
        visit = place.need_id, visit_key(needs[place.need_id], place.on)
        people[visit] += 1
        times[visit].add((place.on, place.start_minutes))
    assert all(count <= needs[visit[0]].headcount for visit, count in people.items())
    assert all(len(slots) == 1 for slots in times.values())


@pytest.mark.parametrize("name", POLICIES)
def test_nobody_is_asked_twice_for_one_need_or_has_too_many_open_offers(name: str) -> None:
    pairs = Counter((o.need_id, o.volunteer_id) for _, o, _ in lived(name).offers)
    assert max(pairs.values()) == 1
    by_day = Counter((on, o.volunteer_id) for on, o, _ in lived(name).offers)
    assert max(by_day.values()) <= OPEN_OFFERS


def test_the_same_seed_leads_to_the_same_days() -> None:
    once, again = (live_through(planned, 5, 5) for _ in range(2))
    assert once.offers == again.offers
    assert once.held == again.held


def test_everybody_says_the_same_whoever_asks() -> None:
    people = People(5)
    assert people.answer("N1", "V1", 10, 0) == people.answer("N1", "V1", 10, 0)
    asked = [people.answer(f"N{n}", f"V{n % 90}", 12, 1) for n in range(2_000)]
    tired = [people.answer(f"N{n}", f"V{n % 90}", 12, 6) for n in range(2_000)]
    assert sum(a.yes for a in tired) < sum(a.yes for a in asked)
    assert all(not (a.yes and a.declined) for a in asked)
    assert any(not a.yes and not a.declined for a in asked)


def test_a_year_has_as_many_requests_as_the_centre_knows_from_its_past() -> None:
    year = requests(5, FIRST_DAY, 365)
    months = Counter(r.received_on.month for r in year)
    assert (months[12], months[1], months[2], months[3], months[7]) == (55, 80, 68, 32, 36)
    assert len({r.need.need_id for r in year}) == len(year)


def test_figures_add_up() -> None:
    year = lived("planned")
    figures = figures_of(year)
    assert figures.needs == len(requests(5, FIRST_DAY, DAYS))
    assert figures.offers == len(year.offers)
    assert 0 < figures.filled_seats <= 1
    assert 0 < figures.needs_with_a_visit <= 1
    assert set(available(year)) < {v.given.volunteer_id for v in volunteers(5, FIRST_DAY)}


def test_gini_is_nothing_when_all_have_the_same_and_grows_with_what_one_has() -> None:
    assert gini([3, 3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([1, 1, 2, 4]) < gini([0, 1, 2, 5])
    assert gini([0, 0]) == 0
