"""Who signs in to the demonstration, and the papers that go with some volunteers."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from matching.catalogue.skills import SKILL_BY_CODE
from matching.local.city.cast import (
    CAST_VOLUNTEERS,
    HOME_AREA,
    HOME_DISTRICT,
    PARTNER,
    RESIDENT,
    STAFF,
)
from matching.local.city.commissioners import TERM_YEARS
from matching.local.city.draw import Draw
from matching.local.city.homes import Phones
from matching.local.city.names import Name, draw_name
from matching.local.city.volunteers import age_on
from matching.places.calendar import end_of_fiscal_year, fiscal_year_of, start_of_fiscal_year

ACCOUNT_COLUMNS = (
    "login", "role", "name", "name_kana", "area_code", "district_code", "volunteer_id",
    "need_id", "commissioner_id", "group_id", "starts_on", "ends_on",
)  # fmt: skip
ADULT = 18


def accounts(
    today: date, needs: Mapping[str, Mapping[str, str]], commissioner: Mapping[str, str]
) -> list[dict[str, str]]:
    """Return the demonstration logins; `needs` are the cast's needs by login."""
    start = start_of_fiscal_year(fiscal_year_of(today))
    rows = [_account(s.login, s.role, s.name, start) | {"area_code": s.area} for s in STAFF]
    member = CAST_VOLUNTEERS[0]
    return [
        *rows,
        _commissioner_account(commissioner) | {"need_id": needs["commissioner"]["need_id"]},
        _account(member.login, "volunteer", member.name, start)
        | {"volunteer_id": "V0001", "need_id": needs["volunteer"]["need_id"]},
        _account("resident", "requester", RESIDENT, start)
        | {"need_id": needs["resident"]["need_id"]},
        _account("partner", "partner_agency", PARTNER, start)
        | {"group_id": "G001", "need_id": needs["partner"]["need_id"]},
    ]


def qualifications(
    draw: Draw, volunteers: Sequence[Mapping[str, str]], today: date
) -> list[dict[str, str]]:
    """Return the certificates staff have seen; a few are missing or have run out."""
    rows = []
    for volunteer in volunteers:
        for code in filter(None, volunteer["skills"].split(";")):
            if SKILL_BY_CODE[code].verify and (volunteer is volunteers[0] or draw.chance(0.95)):
                rows.append(_certificate(draw, volunteer, code, today))
    return rows


def guardians(
    draw: Draw, phones: Phones, volunteers: Sequence[Mapping[str, str]], today: date
) -> list[dict[str, str]]:
    """Return the consent of a guardian for every volunteer under age, good for the fiscal year."""
    return [
        _guardian(draw, phones, volunteer, today)
        for volunteer in volunteers
        if age_on(volunteer["birth_date"], today) < ADULT
    ]


def _account(login: str, role: str, name: Name, start: date) -> dict[str, str]:
    return dict.fromkeys(ACCOUNT_COLUMNS, "") | {
        "login": login,
        "role": role,
        "name": name.full,
        "name_kana": name.kana,
        "starts_on": start.isoformat(),
    }


def _commissioner_account(row: Mapping[str, str]) -> dict[str, str]:
    since = date.fromisoformat(row["since"])
    family, given = row["name"].split()
    family_kana, given_kana = row["name_kana"].split()
    name = Name(family, given, family_kana, given_kana)
    return _account("commissioner", "welfare_commissioner", name, since) | {
        "area_code": HOME_AREA,
        "district_code": HOME_DISTRICT,
        "commissioner_id": row["commissioner_id"],
        "ends_on": date(since.year + TERM_YEARS, 11, 30).isoformat(),
    }


def _certificate(
    draw: Draw, volunteer: Mapping[str, str], code: str, today: date
) -> dict[str, str]:
    registered = date.fromisoformat(volunteer["registered_on"])
    years = SKILL_BY_CODE[code].valid_years
    expires = ""
    if years:
        lapsed = volunteer["volunteer_id"] != "V0001" and draw.chance(0.03)
        days = -draw.between(5, 60) if lapsed else draw.between(40, years * 365)
        expires = (today + timedelta(days=days)).isoformat()
    return {
        "volunteer_id": volunteer["volunteer_id"],
        "skill": code,
        "verified_on": registered.isoformat(),
        "expires_on": expires,
    }


def _guardian(
    draw: Draw, phones: Phones, volunteer: Mapping[str, str], today: date
) -> dict[str, str]:
    family, given = volunteer["name"].split()
    family_kana, given_kana = volunteer["name_kana"].split()
    child = Name(family, given, family_kana, given_kana)
    gender = draw.weighted(("F", "M"), (70, 30))
    parent = draw_name(draw, gender, today.year - draw.between(40, 52), family=child)
    fiscal_year = fiscal_year_of(today)
    consented = max(
        start_of_fiscal_year(fiscal_year), date.fromisoformat(volunteer["registered_on"])
    )
    return {
        "volunteer_id": volunteer["volunteer_id"],
        "name": parent.full,
        "name_kana": parent.kana,
        "relation": "母" if gender == "F" else "父",
        "phone": phones.mobile(),
        "consented_on": consented.isoformat(),
        "valid_until": end_of_fiscal_year(fiscal_year).isoformat(),
    }
