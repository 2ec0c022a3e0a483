"""The invented needs fit the season, can mostly be met, and a few teach why not."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from matching.catalogue.reference import CATEGORY_BY_CODE, SKILL_BY_CODE, labels
from matching.local.city.columns import (
    COMMISSIONER_COLUMNS,
    GROUP_COLUMNS,
    NEED_COLUMNS,
    PROPOSAL_COLUMNS,
    VOLUNTEER_COLUMNS,
)
from matching.local.city.generating import City, generate
from matching.places.calendar import WEEKDAYS_ENGLISH, is_business_day, weekday_code
from matching.places.travel import distance_km

Row = Mapping[str, str]


def test_the_same_seed_and_day_give_the_same_city(winter_city: City) -> None:
    assert generate(1, winter_city.today) == winter_city


def test_another_seed_and_another_day_give_another_city(winter_city: City) -> None:
    assert generate(2, winter_city.today).volunteers != winter_city.volunteers
    assert generate(1, date(2027, 1, 19)).needs != winter_city.needs


def test_sheets_have_exactly_the_columns_of_the_importer(city: City) -> None:
    for rows, columns in (
        (city.volunteers, VOLUNTEER_COLUMNS),
        (city.groups, GROUP_COLUMNS),
        (city.needs, NEED_COLUMNS),
        (city.past_needs + city.errands + city.unread, NEED_COLUMNS),
        (city.commissioners, COMMISSIONER_COLUMNS),
        (city.proposals, PROPOSAL_COLUMNS),
    ):
        assert all(set(row) == set(columns) for row in rows)


def test_ids_are_unique_and_references_lead_somewhere(city: City) -> None:
    volunteers = {v["volunteer_id"] for v in city.volunteers}
    needs = {n["need_id"] for n in city.needs}
    past = {n["need_id"] for n in city.past_needs}
    commissioners = {c["commissioner_id"]: c for c in city.commissioners}
    assert len(volunteers) == len(city.volunteers)
    assert len(needs) == len(city.needs)
    assert len(past) == len(city.past_needs)
    assert not needs & past
    assert not {n["need_id"] for n in city.errands} & (needs | past)
    assert {p["need_id"] for p in city.proposals} <= past
    assert {p["volunteer_id"] for p in city.proposals} <= volunteers
    assert {b["volunteer_id"] for b in city.blocks} <= volunteers
    assert {b["need_id"] for b in city.blocks} <= needs
    for need in (n for n in city.needs if n["proxy_id"]):
        assert commissioners[need["proxy_id"]]["name"] == need["proxy_name"]
        assert commissioners[need["proxy_id"]]["district"] == need["district"]


def test_sixty_needs_wait_and_a_sixth_came_through_commissioners(city: City) -> None:
    assert len(city.needs) == 60
    channels = Counter(need["channel"] for need in city.needs)
    assert 0.12 <= channels["commissioner"] / 60 <= 0.2
    assert set(channels) <= set(labels("channel"))
    assert all(bool(n["proxy_id"]) == (n["channel"] == "commissioner") for n in city.needs)


def test_winter_asks_for_snow_by_two_or_more_and_summer_for_grass(
    winter_city: City, summer_city: City
) -> None:
    winter = Counter(need["category"] for need in winter_city.needs)
    summer = Counter(need["category"] for need in summer_city.needs)
    assert winter.most_common(1)[0][0] == "snow_removal"
    assert winter["grass_cutting"] == summer["snow_removal"] == 0
    assert summer["grass_cutting"] >= 4
    snow = [n for n in winter_city.needs if n["category"] == "snow_removal"]
    assert all(int(need["headcount"]) >= 2 for need in snow)


def test_every_need_meets_the_minimum_of_its_category(city: City) -> None:
    for need in city.needs + city.past_needs + city.errands + city.unread:
        category = CATEGORY_BY_CODE[need["category"]]
        assert category.accepted
        assert int(need["headcount"]) >= category.min_persons
        assert set(filter(None, need["required_skills"].split(";"))) <= set(SKILL_BY_CODE)
        assert need["household"] in labels("household")
        assert need["requester_relation"] in labels("requester_relation")


def test_rides_say_where_to(city: City) -> None:
    rides = [n for n in city.needs if n["category"] == "transport"]
    assert len(rides) >= 5
    assert sum(bool(ride["destination"]) for ride in rides) >= 0.7 * len(rides)
    assert all(ride["destination_lat"] for ride in rides if ride["destination"])
    assert all("driving" in ride["required_skills"] for ride in rides)


def test_dates_lie_ahead_and_fit_the_named_weekdays(city: City) -> None:
    waiting = [n for n in city.needs if n["status"] == "on_hold"]
    assert 1 <= len(waiting) <= 4
    assert all(n["start_date"] == "" for n in waiting)
    for need in (n for n in city.needs if n["status"] == "open"):
        start, end = date.fromisoformat(need["start_date"]), date.fromisoformat(need["end_date"])
        assert city.today < start <= end
        assert need["decide_by"] < need["start_date"]
        days = need["weekdays"].split(";") if need["weekdays"] else WEEKDAYS_ENGLISH
        assert weekday_code(start) in days
        assert need["time_from"] < need["time_to"]


def test_needs_came_in_before_today_and_at_the_counter_in_office_hours(city: City) -> None:
    for need in city.needs + city.past_needs + city.errands + city.unread:
        received = datetime.fromisoformat(need["received_at"])
        assert received.date() < city.today
        if need["channel"] != "web":
            assert is_business_day(received.date())
            assert 8 <= received.hour <= 17


def test_numbers_follow_the_order_of_intake(city: City) -> None:
    rows = sorted(city.needs, key=lambda need: need["received_at"])
    this_year = [n["need_id"] for n in rows if n["need_id"].startswith("R8-")]
    assert this_year == sorted(this_year)


def test_everybody_who_lives_alone_speaks_for_themselves_or_through_others(city: City) -> None:
    alone = [n for n in city.needs if n["household"] == "alone_65"]
    assert "spouse" not in {n["requester_relation"] for n in alone}
    assert all(int(n["recipient_age"]) >= 60 for n in alone)


def _free(volunteer: Row, need: Row, day: date) -> bool:
    length = timedelta(minutes=int(need["duration_minutes"]))
    for slot in filter(None, volunteer["availability"].split(";")):
        name, _, hours = slot.partition(" ")
        begins, _, ends = hours.partition("-")
        first = datetime.fromisoformat(f"{day} {max(begins, need['time_from'])}")
        last = datetime.fromisoformat(f"{day} {min(ends, need['time_to'])}")
        if name == weekday_code(day) and first + length <= last:
            return True
    return False


def _days(need: Row) -> list[date]:
    start, end = date.fromisoformat(need["start_date"]), date.fromisoformat(need["end_date"])
    span = [start + timedelta(days=n) for n in range(min((end - start).days, 27) + 1)]
    names = need["weekdays"].split(";") if need["weekdays"] else WEEKDAYS_ENGLISH
    return [day for day in span if weekday_code(day) in names]


def _first_gate(volunteer: Row, need: Row) -> str | None:
    """The reference answer: which condition shuts a person out, worked out one by one."""
    skills = set(volunteer["skills"].split(";"))
    km = distance_km(*(float(row[axis]) for row in (volunteer, need) for axis in ("lat", "lon")))
    conditions = {
        "status": volunteer["status"] == "active",
        "category": need["category"] in volunteer["categories"].split(";"),
        "skill": set(filter(None, need["required_skills"].split(";"))) <= skills,
        "car": need["car_needed"] == "0" or volunteer["transport"] in ("car", "light_truck"),
        "gender": need["gender_preference"] in ("any", volunteer["gender"]),
        "distance": km <= float(volunteer["max_distance_km"]),
        "availability": any(_free(volunteer, need, day) for day in _days(need)),
    }
    return next((gate for gate, holds in conditions.items() if not holds), None)


def test_most_needs_have_candidates_and_the_unreachable_ones_none_by_their_gate(
    city: City,
) -> None:
    met = 0
    dated = [n for n in city.needs if n["status"] == "open"]
    for need in dated:
        gates = Counter(_first_gate(volunteer, need) for volunteer in city.volunteers)
        met += bool(gates[None])
        if need["need_id"] in city.unreachable:
            assert gates[None] == 0
            assert gates[city.unreachable[need["need_id"]]] > 0
    assert set(city.unreachable.values()) == {"category", "skill", "availability", "distance"}
    assert 0.75 * len(dated) <= met < len(dated)


def test_one_morning_has_more_rides_than_drivers(city: City) -> None:
    rides = [n for n in city.needs if n["category"] == "transport" and n["time_to"] == "11:00"]
    assert len(rides) >= 2
    assert len({(n["start_date"], n["end_date"], n["district"]) for n in rides}) == 1
    able = [{v["volunteer_id"] for v in city.volunteers if not _first_gate(v, n)} for n in rides]
    assert 0 < len(set.union(*able)) < len(rides)


def test_the_past_half_year_has_answers_of_every_kind(city: City) -> None:
    assert 400 <= len(city.proposals) <= 410
    responses = Counter(p["response"] for p in city.proposals)
    assert set(responses) == set(labels("response"))
    assert responses["accepted"] > responses["declined"] > responses["no_answer"]
    oldest = (city.today - timedelta(days=210)).isoformat()
    today = city.today.isoformat()
    for proposal in city.proposals:
        assert oldest < proposal["proposed_at"] < today
        assert (proposal["responded_at"] == "") == (proposal["response"] == "no_answer")
        assert proposal["responded_at"] == "" or proposal["proposed_at"] < proposal["responded_at"]
        assert bool(proposal["visit_date"]) == (proposal["response"] == "accepted")
        assert proposal["visit_date"] < today
        assert bool(proposal["visit_minutes"]) == (proposal["outcome"] == "completed")


def test_cards_remember_the_last_completed_visit(city: City) -> None:
    last: dict[str, str] = {}
    for proposal in city.proposals:
        if proposal["outcome"] == "completed":
            who = proposal["volunteer_id"]
            last[who] = max(last.get(who, ""), proposal["visit_date"])
    assert {v["volunteer_id"]: v["last_active_on"] for v in city.volunteers} == {
        v["volunteer_id"]: last.get(v["volunteer_id"], "") for v in city.volunteers
    }
    assert 0.3 <= len(last) / len(city.volunteers) <= 0.7


@pytest.mark.parametrize("login", ["resident", "volunteer", "commissioner", "partner"])
def test_a_demonstration_login_has_a_need_of_its_own_in_hanaizumi(city: City, login: str) -> None:
    account = next(a for a in city.accounts if a["login"] == login)
    need = next(n for n in city.needs if n["need_id"] == account["need_id"])
    assert need["district"] == "花泉"
    assert need["status"] == "open"
    spoken_by = need["proxy_name"] if login == "commissioner" else need["requester_name"]
    group = next((g for g in city.groups if g["group_id"] == account["group_id"]), None)
    assert spoken_by == (group["group_name"] if group else account["name"])


def test_every_demonstration_login_is_there_once_with_its_role(city: City) -> None:
    roles = {account["login"]: account["role"] for account in city.accounts}
    assert len(roles) == len(city.accounts)
    assert roles == {
        "manager": "center_manager",
        "coordinator": "coordinator",
        "branch-hanaizumi": "branch_staff",
        "clerk": "intake_clerk",
        "commissioner": "welfare_commissioner",
        "volunteer": "volunteer",
        "resident": "requester",
        "partner": "partner_agency",
        "officer": "city_officer",
        "auditor": "auditor",
        "sysadmin": "system_admin",
    }
    today = city.today.isoformat()
    assert all(a["starts_on"] <= today for a in city.accounts)
    commissioner = next(a for a in city.accounts if a["login"] == "commissioner")
    assert commissioner["district_code"] == "wakutsu"
    assert commissioner["ends_on"] > today


def test_a_newcomer_can_follow_the_residents_need_to_the_volunteer_login(city: City) -> None:
    accounts = {a["login"]: a for a in city.accounts}
    need = next(n for n in city.needs if n["need_id"] == accounts["resident"]["need_id"])
    helper = next(
        v for v in city.volunteers if v["volunteer_id"] == accounts["volunteer"]["volunteer_id"]
    )
    assert _first_gate(helper, need) is None
    before = {
        n["need_id"]
        for n in city.past_needs
        if (n["requester_name"], n["phone"]) == (need["requester_name"], need["phone"])
    }
    visits = [p for p in city.proposals if p["need_id"] in before]
    assert [(p["volunteer_id"], p["outcome"]) for p in visits] == [
        (helper["volunteer_id"], "completed")
    ]


def test_the_volunteer_login_also_asks_for_help_and_somebody_can_give_it(city: City) -> None:
    account = next(a for a in city.accounts if a["login"] == "volunteer")
    need = next(n for n in city.needs if n["need_id"] == account["need_id"])
    card = next(v for v in city.volunteers if v["volunteer_id"] == account["volunteer_id"])
    assert need["requester_name"] == card["name"]
    assert need["address"] == card["address"]
    assert any(_first_gate(v, need) is None for v in city.volunteers if v is not card)
