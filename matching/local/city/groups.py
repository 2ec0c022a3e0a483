"""Groups: a salon in every district, circles in every area and a few for the whole city."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from matching.local.city.cast import HOME_DISTRICT, PARTNER, PARTNER_GROUP, PARTNER_GROUP_KANA
from matching.local.city.columns import GROUP_COLUMNS
from matching.local.city.draw import Draw
from matching.local.city.homes import Homes, Phones
from matching.local.city.names import draw_name, rows
from matching.places.tables import AREA_BY_CODE, AREAS, CITY, DISTRICTS, districts_of_area

SALON_WEEKDAYS = ("月", "火", "水", "木", "金")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a group is before its row is written."""

    name: str
    kana: str
    district: str
    activities: str
    members: int
    meeting: str
    active_in: str
    note: str = ""


def groups(draw: Draw, homes: Homes, phones: Phones, today: date) -> list[dict[str, str]]:
    """Return all groups, the partner organisation first."""
    plans = [_partner(), *_salons(draw), *_circles(draw)]
    return [
        _row(number, plan, draw, homes, phones, today) for number, plan in enumerate(plans, start=1)
    ]


def _partner() -> Plan:
    return Plan(
        PARTNER_GROUP,
        PARTNER_GROUP_KANA,
        HOME_DISTRICT,
        "salon;talk",
        24,
        "毎月第1水曜日",
        "花泉",
        "デイサービスと地域の集まりの場を開く架空の団体",
    )


def _salons(draw: Draw) -> Iterator[Plan]:
    for district in DISTRICTS:
        week, day = draw.between(1, 4), draw.one(SALON_WEEKDAYS)
        yield Plan(
            f"{district.name}ふれあいサロン",
            f"{district.kana}フレアイサロン",
            district.code,
            "salon",
            draw.between(15, 44),
            f"毎月第{week}{day}曜日",
            AREA_BY_CODE[district.area_code].name,
        )


def _circles(draw: Draw) -> Iterator[Plan]:
    for row in rows("groups.csv"):
        for area_code in [area.code for area in AREAS] if row["scope"] == "area" else [""]:
            yield _circle(row, area_code, draw)


def _circle(row: dict[str, str], area_code: str, draw: Draw) -> Plan:
    area = AREA_BY_CODE.get(area_code)
    district = draw.one(districts_of_area(area.code if area else AREAS[0].code))
    return Plan(
        f"{area.name} {row['name']}" if area else f"{CITY.name} {row['name']}",
        f"{area.kana} {row['kana']}" if area else f"{CITY.kana} {row['kana']}",
        district.code,
        row["activities"].replace(" ", ";"),
        draw.between(int(row["members_from"]), int(row["members_to"])),
        row["meeting"],
        area.name if area else "一関市全域",
    )


def _row(
    number: int, plan: Plan, draw: Draw, homes: Homes, phones: Phones, today: date
) -> dict[str, str]:
    leader = PARTNER if number == 1 else draw_name(draw, "F", today.year - draw.between(52, 76))
    row = dict.fromkeys(GROUP_COLUMNS, "") | homes.in_district(plan.district).columns()
    return row | {
        "group_id": f"G{number:03d}",
        "group_name": plan.name,
        "group_name_kana": plan.kana,
        "representative": leader.full,
        "phone": phones.landline(),
        "email": f"g{number:03d}@example.jp" if number == 1 or draw.chance(0.5) else "",
        "activities": plan.activities,
        "activity_area": plan.active_in,
        "member_count": str(plan.members),
        "founded_on": _founded(draw, today).isoformat(),
        "meeting": plan.meeting,
        "status": "active" if number == 1 or draw.chance(0.94) else "paused",
        "note": plan.note,
    }


def _founded(draw: Draw, today: date) -> date:
    return date(draw.between(1988, today.year - 2), draw.between(1, 12), draw.between(1, 28))
