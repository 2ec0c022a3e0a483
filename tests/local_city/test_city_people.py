"""The invented people are believable, complete and cannot be mistaken for real ones."""

import re
from collections import Counter
from datetime import date
from itertools import chain
from statistics import median

from matching.catalogue.reference import CATEGORY_BY_CODE, SKILL_BY_CODE, labels
from matching.local.city.generating import City
from matching.local.city.names import rows
from matching.local.city.volunteers import age_on
from matching.places.reference import (
    AREA_BY_CODE,
    AREA_CODE_BY_NAME,
    DISTRICT_BY_CODE,
    area_of_address,
    find_postal,
)

KANA = re.compile(r"[ァ-ヶー]+( [ァ-ヶー]+)*")
SLOT = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d\d:\d\d)-(\d\d:\d\d)")
LANDLINE = re.compile(r"019100\d{4}")
MOBILE = re.compile(r"0900000\d{4}")
LOT = re.compile(r"岩手県一関市\D+(\d+)番地")


def every_row(city: City) -> list[dict[str, str]]:
    return [
        *city.volunteers,
        *city.groups,
        *city.needs,
        *city.past_needs,
        *city.errands,
        *city.unread,
        *city.commissioners,
        *city.guardians,
    ]


def test_there_are_as_many_people_and_groups_as_in_a_small_city(city: City) -> None:
    assert 170 <= len(city.volunteers) <= 190
    assert len(city.groups) == 95
    assert 2000 <= sum(int(group["member_count"]) for group in city.groups) <= 2600
    assert 80 <= len(city.commissioners) <= 110


def test_volunteers_are_mostly_older_women_with_some_of_every_age(city: City) -> None:
    ages = [age_on(v["birth_date"], city.today) for v in city.volunteers]
    assert min(ages) >= 16
    assert max(ages) <= 86
    assert 60 <= median(ages) <= 72
    assert 0.05 <= sum(age < 25 for age in ages) / len(ages) <= 0.15
    genders = Counter(v["gender"] for v in city.volunteers)
    assert 0.5 <= genders["F"] / len(ages) <= 0.75


def test_every_area_has_volunteers_needs_groups_and_commissioners(city: City) -> None:
    for sheet in (city.volunteers, city.needs, city.groups, city.commissioners):
        assert {row["district"] for row in sheet} == set(AREA_CODE_BY_NAME)


def test_everybody_has_a_name_with_its_reading(city: City) -> None:
    for row in chain(city.volunteers, city.commissioners, city.guardians, city.accounts):
        assert KANA.fullmatch(row["name_kana"]), row
        assert " " in row["name"]
        assert row["name"] == row["name"].strip()
    assert all(KANA.fullmatch(g["group_name_kana"]) for g in city.groups)
    assert all(KANA.fullmatch(n["requester_kana"]) for n in city.needs + city.past_needs)


def test_the_name_lists_hold_variant_glyphs_and_katakana_readings() -> None:
    surnames = {row["name"]: row["kana"] for row in rows("surnames.csv")}
    assert surnames["髙橋"] == surnames["高橋"] == "タカハシ"
    assert "山﨑" in surnames
    assert all(KANA.fullmatch(kana) for kana in surnames.values())
    for row in rows("given_names.csv"):
        pairs = [pair.split(":") for pair in row["names"].split()]
        assert all(len(pair) == 2 and KANA.fullmatch(pair[1]) for pair in pairs)


def test_phones_come_from_unused_ranges_and_belong_to_one_household(city: City) -> None:
    columns = ("phone", "proxy_phone")
    for row in every_row(city):
        for number in filter(None, (row.get(column) for column in columns)):
            assert LANDLINE.fullmatch(number) or MOBILE.fullmatch(number)
    phones = [v["phone"] for v in city.volunteers]
    assert len(set(phones)) == len(phones)


def test_mail_goes_to_example_jp_only(city: City) -> None:
    mails = [row["email"] for row in (*city.volunteers, *city.groups) if row["email"]]
    assert len(mails) > 50
    assert all(mail.endswith("@example.jp") for mail in mails)
    assert all(v["email"] for v in city.volunteers if v["contact_method"] == "email")


def test_lot_numbers_do_not_exist_and_towns_do(city: City) -> None:
    for row in (*city.volunteers, *city.groups, *city.needs, *city.past_needs):
        lot = LOT.fullmatch(row["address"])
        assert lot, row["address"]
        assert 9001 <= int(lot[1]) <= 9900
        town = find_postal(row["postal_code"])[0]
        assert town.town in row["address"]
        assert AREA_BY_CODE[town.area_code].name == row["district"]
        assert area_of_address(row["address"]) == town.area_code
        assert 38.7 < float(row["lat"]) < 39.2
        assert 140.9 < float(row["lon"]) < 141.6


def test_cards_use_the_codes_of_the_catalogue(city: City) -> None:
    for volunteer in city.volunteers:
        assert set(filter(None, volunteer["skills"].split(";"))) <= set(SKILL_BY_CODE)
        assert set(volunteer["categories"].split(";")) <= set(CATEGORY_BY_CODE)
        assert volunteer["transport"] in labels("transport")
        assert volunteer["occupation"] in labels("occupation")
        assert volunteer["contact_method"] in labels("contact_method")
        assert 1 <= int(volunteer["max_distance_km"]) <= 30


def test_free_hours_are_weekly_slots_and_unknown_for_a_few(city: City) -> None:
    unknown = [v for v in city.volunteers if not v["availability"]]
    assert 0 < len(unknown) < 12
    for volunteer in city.volunteers:
        for slot in filter(None, volunteer["availability"].split(";")):
            found = SLOT.fullmatch(slot)
            assert found
            assert found[2] < found[3]


def test_whoever_comes_by_car_can_drive(city: City) -> None:
    for volunteer in city.volunteers:
        if volunteer["transport"] in ("car", "light_truck"):
            assert "driving" in volunteer["skills"].split(";")


def test_minors_wish_for_what_minors_may_do_and_have_a_guardian(city: City) -> None:
    minors = [v for v in city.volunteers if age_on(v["birth_date"], city.today) < 18]
    assert 4 <= len(minors) <= 12
    by_id = {guardian["volunteer_id"]: guardian for guardian in city.guardians}
    assert set(by_id) == {v["volunteer_id"] for v in minors}
    for minor in minors:
        age = age_on(minor["birth_date"], city.today)
        for code in minor["categories"].split(";"):
            assert age >= CATEGORY_BY_CODE[code].minors.minimum_age
        guardian = by_id[minor["volunteer_id"]]
        assert guardian["name"].split()[0] == minor["name"].split()[0]
        assert guardian["consented_on"] <= city.today.isoformat() <= guardian["valid_until"]


def test_nobody_registered_in_the_future_and_most_are_insured(city: City) -> None:
    today = city.today.isoformat()
    assert all(v["registered_on"] < today for v in city.volunteers)
    insured = sum(v["insured_until"] >= today for v in city.volunteers)
    assert 0.75 <= insured / len(city.volunteers) < 1
    assert {v["status"] for v in city.volunteers} == {"active", "paused", "withdrawn"}


def test_certificates_belong_to_skills_that_ask_for_one_and_some_are_missing(city: City) -> None:
    held = {(v["volunteer_id"], s) for v in city.volunteers for s in v["skills"].split(";") if s}
    wanted = {pair for pair in held if SKILL_BY_CODE[pair[1]].verify}
    seen = {(row["volunteer_id"], row["skill"]) for row in city.qualifications}
    assert seen < wanted
    assert len(seen) > 0.85 * len(wanted)
    today = city.today.isoformat()
    assert any(row["expires_on"] and row["expires_on"] < today for row in city.qualifications)


def test_commissioners_serve_the_present_term_in_every_district(city: City) -> None:
    since = {row["since"] for row in city.commissioners}
    assert since == {"2025-12-01"}
    assert len({(c["district"], c["towns"]) for c in city.commissioners}) == len(city.commissioners)
    districts = {(c["district"], c["towns"].partition(" ")[0]) for c in city.commissioners}
    assert districts == {
        (AREA_BY_CODE[d.area_code].name, d.name) for d in DISTRICT_BY_CODE.values()
    }


def test_members_belong_to_an_active_group_of_their_area(city: City) -> None:
    groups = {group["group_id"]: group for group in city.groups}
    members = [v for v in city.volunteers if v["group_id"]]
    assert len(members) > 25
    for member in members:
        assert groups[member["group_id"]]["district"] == member["district"]
        assert groups[member["group_id"]]["status"] == "active"


def test_groups_were_founded_before_today(city: City) -> None:
    assert all(date.fromisoformat(g["founded_on"]) < city.today for g in city.groups)
    assert len({g["group_name"] for g in city.groups}) == len(city.groups)
