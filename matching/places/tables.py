"""The city as tables: eight areas, forty districts and every postal code."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DATA = files("matching.places") / "data"


@dataclass(frozen=True, slots=True)
class City:
    """The municipality this installation serves."""

    code: str  # five digits, without the check digit
    prefecture: str
    name: str
    kana: str
    english: str
    area_km2: float


@dataclass(frozen=True, slots=True)
class Area:
    """One of the eight former municipalities, each with a branch office."""

    code: str
    name: str
    kana: str
    office: str
    lat: float
    lon: float
    area_km2: float
    residents_2017_01: int
    residents_2026_estimate: int
    share_65_percent_estimate: float
    postal_prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class District:
    """A former village with a civic centre, the smallest unit used for matching."""

    code: str
    area_code: str
    name: str
    kana: str
    includes: tuple[str, ...]  # further town names that belong to it
    lat: float  # where people live, not the middle of the surface
    lon: float
    residents_thousand_estimate: float
    civic_center: str
    snow_class: int  # 1 light, 2 medium, 3 heavy


@dataclass(frozen=True, slots=True)
class PostalTown:
    """One line of the postal table: a town, a part of one, or a large office."""

    postal_code: str  # seven digits
    town: str
    kana: str
    part: str
    office: str  # empty unless the code belongs to one organisation
    area_code: str
    district_code: str | None  # None only for the code of towns that are not listed
    lat: float | None
    lon: float | None


CITY = City("03209", "岩手県", "一関市", "イチノセキシ", "Ichinoseki City", 1256.42)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as sheet:
        yield from csv.DictReader(sheet)


def _area(row: dict[str, str]) -> Area:
    return Area(
        code=row["code"],
        name=row["name"],
        kana=row["kana"],
        office=row["office"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        area_km2=float(row["area_km2"]),
        residents_2017_01=int(row["residents_2017_01"]),
        residents_2026_estimate=int(row["residents_2026_estimate"]),
        share_65_percent_estimate=float(row["share_65_percent_estimate"]),
        postal_prefixes=tuple(row["postal_prefixes"].split()),
    )


def _district(row: dict[str, str]) -> District:
    return District(
        code=row["code"],
        area_code=row["area_code"],
        name=row["name"],
        kana=row["kana"],
        includes=tuple(filter(None, row["includes"].split("、"))),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        residents_thousand_estimate=float(row["residents_thousand_estimate"]),
        civic_center=row["civic_center"],
        snow_class=int(row["snow_class"]),
    )


def _postal_town(row: dict[str, str]) -> PostalTown:
    return PostalTown(
        postal_code=row["postal_code"],
        town=row["town"],
        kana=row["kana"],
        part=row["part"],
        office=row["office"],
        area_code=row["area_code"],
        district_code=row["district_code"] or None,
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
    )


AREAS: tuple[Area, ...] = tuple(_area(row) for row in _rows("areas.csv"))
DISTRICTS: tuple[District, ...] = tuple(_district(row) for row in _rows("districts.csv"))
POSTAL_TOWNS: tuple[PostalTown, ...] = tuple(_postal_town(row) for row in _rows("postal_codes.csv"))

AREA_BY_CODE = {area.code: area for area in AREAS}
AREA_CODE_BY_NAME = {area.name: area.code for area in AREAS}
DISTRICT_BY_CODE = {district.code: district for district in DISTRICTS}


@cache
def find_postal(code: str) -> tuple[PostalTown, ...]:
    """List the towns of a postal code; hyphen and width do not matter, unknown gives none."""
    digits = "".join(str(int(sign)) for sign in code if sign.isdecimal())
    return tuple(town for town in POSTAL_TOWNS if town.postal_code == digits)


def districts_of_area(area_code: str) -> tuple[District, ...]:
    """List the districts of one area in the order of the reference table."""
    return tuple(district for district in DISTRICTS if district.area_code == area_code)
