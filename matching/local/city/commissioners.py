"""Welfare commissioners, each looking after part of a district for a term of three years."""

from datetime import date

from matching.local.city.cast import COMMISSIONER, HOME_DISTRICT
from matching.local.city.draw import Draw
from matching.local.city.homes import Phones
from matching.local.city.names import Name, draw_name
from matching.places.tables import AREA_BY_CODE, DISTRICTS, District

FIRST_RENEWAL = date(2022, 12, 1)
TERM_YEARS = 3


def term_start(today: date) -> date:
    """Return the newest simultaneous renewal, 1 December of every third year."""
    year = FIRST_RENEWAL.year
    while date(year + TERM_YEARS, 12, 1) <= today:
        year += TERM_YEARS
    return date(year, 12, 1)


def commissioners(draw: Draw, phones: Phones, today: date) -> list[dict[str, str]]:
    """Return the commissioners of every district, the cast's own first of hers."""
    found: list[dict[str, str]] = []
    for district in DISTRICTS:
        for part in range(1, _parts(district) + 1):
            cast = district.code == HOME_DISTRICT and part == 1
            name = COMMISSIONER if cast else _drawn_name(draw, today)
            row = _row(len(found) + 1, name, district, part)
            found.append(row | {"phone": phones.landline(), "since": term_start(today).isoformat()})
    return found


def district_of_commissioner(row: dict[str, str]) -> str:
    """Return the code of the district a commissioner looks after."""
    name = row["towns"].rpartition(" 第")[0]
    return next(d.code for d in DISTRICTS if d.name == name and _area_name(d) == row["district"])


def _parts(district: District) -> int:
    return 1 + round(district.residents_thousand_estimate * 0.5)


def _drawn_name(draw: Draw, today: date) -> Name:
    gender = draw.weighted(("F", "M"), (62, 38))
    age = draw.weighted((55, 64, 71), (17, 46, 37)) + draw.between(0, 4)
    return draw_name(draw, gender, today.year - age)


def _row(number: int, name: Name, district: District, part: int) -> dict[str, str]:
    return {
        "commissioner_id": f"C{number:03d}",
        "name": name.full,
        "name_kana": name.kana,
        "district": _area_name(district),
        "towns": f"{district.name} 第{part}区",
    }


def _area_name(district: District) -> str:
    return AREA_BY_CODE[district.area_code].name
