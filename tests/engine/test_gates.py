"""Each gate shuts out exactly the person it is about, and removing its cause lets them in."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from matching.engine import (
    Booking,
    Forbid,
    Free,
    Gate,
    Options,
    PastOffer,
    build,
    excluded_people,
    explain,
    first_gates,
    rank,
)
from matching.engine.travel import km_between

from .samples import DAYTIME, HOME, TODAY, World, crowded_world, need, volunteer

IN_THREE_DAYS = TODAY + timedelta(days=3)

CAUSES: dict[Gate, tuple[dict[str, object], dict[str, object]]] = {
    Gate.NOT_ACTIVE: ({}, {"status": "paused"}),
    Gate.CATEGORY_NOT_WANTED: ({}, {"categories": frozenset({"talk"})}),
    Gate.SKILL_MISSING: ({"required_skills": frozenset({"driving"})}, {}),
    Gate.NO_CAR: ({"car_needed": True}, {"transport": "bicycle"}),
    Gate.GENDER: ({"gender_preference": "F"}, {"gender": "M"}),
    Gate.TOO_FAR: ({"lat": HOME[0] + 0.1}, {}),
    Gate.NOT_AVAILABLE: ({}, {"availability": (Free(3, 13 * 60, 17 * 60),)}),
    Gate.NO_COORDINATES: ({"lat": None, "lon": None}, {}),
    Gate.NOTICE: ({}, {"notice_days": 4}),
    Gate.HOURS_LIMIT: ({}, {"max_hours_per_month": 0.5}),
    Gate.OWN_LIMITS: ({}, {"max_visits_per_week": 0}),
    Gate.MINOR: ({}, {"birth_on": date(2012, 5, 1)}),
    Gate.QUALIFICATION: (
        {"required_skills": frozenset({"driving"})},
        {
            "skills": frozenset({"driving"}),
            "qualifications_until": {"driving": IN_THREE_DAYS - timedelta(days=1)},
        },
    ),
    Gate.CONSENT: ({"consent": False}, {}),
    Gate.INSURANCE: ({"start_on": TODAY}, {"insured_until": None}),
}


@pytest.mark.parametrize("gate", CAUSES)
def test_a_gate_shuts_out_exactly_the_person_it_is_about(gate: Gate) -> None:
    of_need, of_person = CAUSES[gate]
    problem = World([need(**of_need)], [volunteer(**of_person)]).problem()
    told = explain(problem, "N1", "V1")
    assert told.first_gate is gate
    assert list(told.gates) == [gate]
    assert told.score == 0
    counted = {} if gate is Gate.NOT_ACTIVE else {gate: 1}
    assert rank(problem)["N1"].excluded == counted
    assert rank(problem)["N1"].candidates == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_distance_gate_agrees_with_the_great_circle_at_the_very_edge(seed: int) -> None:
    dice = random.Random(seed)
    homes = [(HOME[0] + dice.gauss(0, 0.1), HOME[1] + dice.gauss(0, 0.1)) for _ in range(60)]
    people = [
        volunteer(f"V{n}-{edge}", lat=lat, lon=lon, max_distance_km=limit)
        for n, (lat, lon) in enumerate([*homes, HOME])
        for km in [km_between(lat, lon, *HOME)]
        for edge, limit in enumerate([km * (1 - 1e-9), km * (1 + 1e-9), -km - 1e-9, None])
    ]
    ranked = rank(World([need()], people).problem(), top=len(people))["N1"]
    assert {c.volunteer_id for c in ranked.candidates} == {
        f"V{n}-{edge}" for n in range(61) for edge in (1, 3)
    } | {"V60-0"}
    assert ranked.excluded == {Gate.TOO_FAR: 121}


@pytest.mark.parametrize("gate", CAUSES)
def test_without_its_cause_the_same_person_comes_in(gate: Gate) -> None:
    problem = World([need()], [volunteer()]).problem()
    assert explain(problem, "N1", "V1").first_gate is None
    assert [c.volunteer_id for c in rank(problem)["N1"].candidates] == ["V1"]


def test_a_blocked_pair_is_shut_out_for_that_need_only() -> None:
    world = World([need("N1"), need("N2")], [volunteer()], blocked=[("N1", "V1")])
    assert explain(world.problem(), "N1", "V1").first_gate is Gate.BLOCKED
    assert explain(world.problem(), "N2", "V1").first_gate is None


def test_a_forbidden_day_leaves_the_other_days_open() -> None:
    asked = need(end_on=IN_THREE_DAYS + timedelta(days=1))
    forbid = Forbid(need_id="N1", volunteer_id="V1", on=IN_THREE_DAYS)
    problem = build([asked], [volunteer()], options=Options(today=TODAY), forbids=[forbid])
    assert rank(problem)["N1"].candidates[0].visits == (1,)
    both = [forbid, replace(forbid, on=IN_THREE_DAYS + timedelta(days=1))]
    problem = build([asked], [volunteer()], options=Options(today=TODAY), forbids=both)
    assert explain(problem, "N1", "V1").first_gate is Gate.FORBIDDEN


def test_a_confirmed_engagement_in_the_way_is_the_last_gate() -> None:
    booked = Booking(volunteer_id="V1", on=IN_THREE_DAYS, start_minutes=600, end_minutes=720)
    problem = World([need()], [volunteer()], [booked]).problem()
    told = explain(problem, "N1", "V1")
    assert told.first_gate is Gate.TIME_CONFLICT
    assert told.gates[Gate.TIME_CONFLICT] == {"engaged": ((IN_THREE_DAYS, 600, 120),)}


def test_empty_availability_never_means_always() -> None:
    problem = World([need()], [volunteer(availability=())]).problem()
    assert explain(problem, "N1", "V1").first_gate is Gate.NOT_AVAILABLE


def test_touching_intervals_are_one_and_apart_ones_are_not() -> None:
    asked = need(time_from=690, time_to=750)  # 11:30 to 12:30
    touching = (Free(3, 540, 720), Free(3, 720, 1020))
    apart = (Free(3, 540, 720), Free(3, 721, 1020))
    assert rank(World([asked], [volunteer(availability=touching)]).problem())["N1"].eligible == 1
    assert rank(World([asked], [volunteer(availability=apart)]).problem())["N1"].eligible == 0


def test_availability_to_the_minute_covers_odd_durations() -> None:
    asked = need(time_from=660, time_to=730, duration_minutes=50)  # from 11:00 or 11:15
    fits = (Free(3, 675, 725),)
    short = (Free(3, 675, 724),)
    assert rank(World([asked], [volunteer(availability=fits)]).problem())["N1"].eligible == 1
    assert rank(World([asked], [volunteer(availability=short)]).problem())["N1"].eligible == 0


def test_a_day_off_is_taken_out_of_the_weekly_availability() -> None:
    off = volunteer(dates_off=frozenset({IN_THREE_DAYS}))
    told = explain(World([need()], [off]).problem(), "N1", "V1")
    assert told.first_gate is Gate.NOT_AVAILABLE
    assert told.gates[Gate.NOT_AVAILABLE]["dates_off"] == (IN_THREE_DAYS,)


def test_the_nearest_miss_says_when_somebody_is_free_and_what_was_asked() -> None:
    person = volunteer(availability=(Free(3, 780, 1020), Free(1, 540, 720)))
    facts = explain(World([need()], [person]).problem(), "N1", "V1").gates[Gate.NOT_AVAILABLE]
    assert facts["free"] == (Free(3, 780, 1020),)
    assert facts["free_other_days"] == (Free(1, 540, 720),)
    assert (facts["asked_weekdays"], facts["asked_from"], facts["asked_to"]) == ((3,), 600, 720)


def test_every_gate_that_shuts_somebody_out_is_named_not_only_the_first() -> None:
    asked = need(required_skills=frozenset({"driving"}), car_needed=True)
    person = volunteer(transport="walk", availability=(), notice_days=9)
    told = explain(World([asked], [person]).problem(), "N1", "V1")
    assert list(told.gates) == [Gate.SKILL_MISSING, Gate.NO_CAR, Gate.NOT_AVAILABLE, Gate.NOTICE]
    assert told.gates[Gate.SKILL_MISSING] == {"missing": ("driving",)}
    assert told.gates[Gate.NOTICE] == {"wanted_days": 9, "latest_in_days": 3}


def test_a_person_with_no_day_that_passes_all_gates_together_is_told_the_first_to_fail() -> None:
    person = volunteer(
        availability=(Free(3, 540, 720),), notice_days=4
    )  # Thursday is too soon, Friday is not free
    asked = need(end_on=IN_THREE_DAYS + timedelta(days=1))
    told = explain(World([asked], [person]).problem(), "N1", "V1")
    assert told.first_gate is Gate.NOTICE
    assert list(told.gates) == [Gate.NOTICE]


def test_insurance_that_can_still_be_bought_is_a_doubt_and_no_gate() -> None:
    candidate = rank(World([need()], [volunteer(insured_until=None)]).problem())["N1"].candidates[0]
    assert "insurance_to_buy" in candidate.doubts


@pytest.mark.parametrize(
    ("person", "asked", "passes"),
    [
        ({"guardian_consent_until": date(2027, 3, 31)}, {}, True),
        ({"guardian_consent_until": date(2027, 1, 20)}, {}, False),
        ({"guardian_consent_until": date(2027, 3, 31)}, {"min_age": 15}, False),
        ({"guardian_consent_until": date(2027, 3, 31)}, {"private_home": True}, False),
        (
            {"guardian_consent_until": date(2027, 3, 31)},
            {"private_home": True, "headcount": 2, "min_headcount": 2},
            True,
        ),
    ],
)
def test_minors_need_consent_age_and_company(
    person: dict[str, object], asked: dict[str, object], passes: bool
) -> None:
    child = volunteer(birth_on=date(2012, 5, 1), **person)
    told = explain(World([need(**asked)], [child]).problem(), "N1", "V1")
    assert told.first_gate is (None if passes else Gate.MINOR)


def test_somebody_who_comes_of_age_before_the_visit_is_an_adult() -> None:
    grown = volunteer(birth_on=date(2009, 1, 21))
    assert explain(World([need()], [grown]).problem(), "N1", "V1").first_gate is None
    almost = volunteer(birth_on=date(2009, 1, 22))
    assert explain(World([need()], [almost]).problem(), "N1", "V1").first_gate is Gate.MINOR


def test_a_full_tray_of_offers_and_a_rest_after_a_decline_are_own_limits() -> None:
    full = volunteer("V1", open_offers=2, max_open_offers=2)
    resting = volunteer("V2", resting_categories=frozenset({"shopping"}))
    other = volunteer("V3", resting_categories=frozenset({"talk"}), open_offers=1)
    problem = World([need()], [full, resting, other]).problem()
    assert excluded_people(problem, "N1") == {Gate.OWN_LIMITS: ("V1", "V2")}
    assert rank(problem)["N1"].eligible == 1


@pytest.mark.parametrize("seed", range(30))
def test_nobody_active_is_without_a_state(seed: int) -> None:
    world = crowded_world(seed, 6, 9)
    problem = world.problem()
    active = {v.volunteer_id for v in world.volunteers if v.status == "active"}
    for need_id, found in rank(problem, top=100).items():
        listed = [c.volunteer_id for c in found.candidates]
        named = [v for people in excluded_people(problem, need_id).values() for v in people]
        assert sorted(listed + named) == sorted(active)
        assert {g: len(p) for g, p in excluded_people(problem, need_id).items()} == found.excluded
        for volunteer_id in active:
            told = explain(problem, need_id, volunteer_id)
            assert (told.first_gate is None) == (volunteer_id in listed)
            if told.first_gate is not None:
                assert volunteer_id in excluded_people(problem, need_id)[told.first_gate]
                assert told.first_gate in told.gates


def test_a_need_without_a_day_in_the_horizon_has_nobody_available() -> None:
    later = need(start_on=TODAY + timedelta(days=40))
    undecided = need("N2", start_on=None)
    ranked = rank(World([later, undecided], [volunteer(availability=DAYTIME)]).problem())
    assert [r.excluded for r in ranked.values()] == [{Gate.NOT_AVAILABLE: 1}] * 2


def test_history_of_others_does_not_open_or_close_a_gate() -> None:
    past = PastOffer(volunteer_id="V1", person_id="N1", offered_on=TODAY, response="declined")
    assert rank(World([need()], [volunteer()], history=[past]).problem())["N1"].eligible == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_hours_per_month", float("nan")),
        ("max_hours_per_month", float("inf")),
        ("max_hours_per_month", -1.0),
        ("max_distance_km", float("nan")),
    ],
)
def test_a_limit_that_is_no_number_is_refused_by_name(name: str, value: float) -> None:
    world = World([need()], [volunteer(**{name: value})])
    with pytest.raises(ValueError, match=r"Volunteer V1: .* a number of"):
        world.problem()


@pytest.mark.parametrize("seed", range(3))
def test_the_gates_of_one_person_are_those_by_which_everybody_is_counted(seed: int) -> None:
    problem = crowded_world(seed, 20, 12).problem()
    found = Counter[tuple[str, Gate]]()
    for volunteer_id in problem.volunteer_index:
        gates = first_gates(problem, volunteer_id)
        assert gates.keys() == problem.need_index.keys()
        found.update((need_id, gate) for need_id, gate in gates.items() if gate is not None)
    for need_id, ranked in rank(problem).items():
        assert {gate: found[need_id, gate] for gate in ranked.excluded} == dict(ranked.excluded)
        assert sum(found[need_id, gate] for gate in Gate) + ranked.eligible == len(
            problem.volunteer_index
        )
