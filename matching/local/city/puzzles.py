"""Needs that teach: some that nobody can meet, and one morning with more rides than drivers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from matching.local.city.homes import towns_of
from matching.local.city.needs import NeedDesk
from matching.local.city.templates import UNREACHABLE, Template, templates_of
from matching.places.calendar import is_business_day, weekday_code
from matching.places.tables import DISTRICTS, District
from matching.places.travel import distance_km

MOST_DRIVERS = 6
SPREAD_KM = 1.7  # no home lies further from its town's point
DAYS_AHEAD = 8

Rows = Sequence[Mapping[str, str]]


def unreachable(desk: NeedDesk, volunteers: Rows) -> dict[str, dict[str, str]]:
    """Return needs that nobody can meet, by the gate that shuts everybody out.

    The one that is too far is left out of a city whose people reach every corner.
    """
    found = {}
    for template in UNREACHABLE:
        if template.gate != "distance":
            found[template.gate] = desk.anywhere(template)
        elif district := _out_of_reach(template, volunteers):
            found[template.gate] = desk.write(template, district)
    return found


def crowded_morning(desk: NeedDesk, volunteers: Rows, today: date) -> list[dict[str, str]]:
    """Return one ride more than there are drivers, all in one district on the same morning."""
    day = today + timedelta(days=DAYS_AHEAD)
    while not is_business_day(day):
        day += timedelta(days=1)
    drivers = {d.code: sum(_drives(v, d, day) for v in volunteers) for d in DISTRICTS}
    scarce = {code: count for code, count in drivers.items() if 1 <= count <= MOST_DRIVERS}
    if not scarce:
        return []
    district = min(scarce, key=lambda code: scarce[code])
    settled = {"start_date": day.isoformat(), "end_date": day.isoformat(), "urgency": "normal"}
    settled["decide_by"] = (day - timedelta(days=1)).isoformat()
    return [desk.write(ride, district) | settled for ride in _rides()[: drivers[district] + 1]]


def _rides() -> list[Template]:
    """Return rides that fill the whole morning of one day."""
    return [
        replace(
            template,
            recurrence="once",
            weekdays=(),
            time_from="09:00",
            time_to="11:00",
            minutes=120,
            gender="any",
        )
        for template in templates_of("transport")
        if template.destination
    ]


def _out_of_reach(template: Template, volunteers: Rows) -> str | None:
    able = [
        v
        for v in volunteers
        if v["status"] == "active" and template.skills in v["skills"].split(";")
    ]
    far = [d for d in DISTRICTS if not any(_reaches(v, d) for v in able)]
    return far[-1].code if far else None


def _reaches(volunteer: Mapping[str, str], district: District) -> bool:
    """Tell whether some home of the district may lie within the volunteer's distance."""
    lat, lon = float(volunteer["lat"]), float(volunteer["lon"])
    limit = float(volunteer["max_distance_km"]) + SPREAD_KM
    return any(
        distance_km(lat, lon, town.lat or district.lat, town.lon or district.lon) <= limit
        for town in towns_of(district.code)
    )


def _drives(volunteer: Mapping[str, str], district: District, day: date) -> bool:
    return (
        volunteer["status"] == "active"
        and "transport" in volunteer["categories"].split(";")
        and volunteer["transport"] in ("car", "light_truck")
        and f"{weekday_code(day)} 09:00-12:00" in volunteer["availability"].split(";")
        and _reaches(volunteer, district)
    )
