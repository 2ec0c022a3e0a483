"""Invented addresses: real town names, lot numbers from 9001 to 9900 and reserved phones."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import cos, radians

from matching.local.city.draw import Draw
from matching.places.tables import (
    AREA_BY_CODE,
    CITY,
    DISTRICT_BY_CODE,
    DISTRICTS,
    POSTAL_TOWNS,
    District,
    PostalTown,
)

METRES_PER_DEGREE = 111_200
LOTS = range(9001, 9901)
TOWN_CENTRE_SPREAD_METRES = 180
COUNTRYSIDE_SPREAD_METRES = 600
_TOWN_CENTRES = frozenset({"ichinoseki_center", "sekigaoka", "nakasato", "yamanome"})


@dataclass(frozen=True, slots=True)
class Home:
    """An address that cannot exist, near a place where people live."""

    postal_code: str
    address: str
    area: str  # Japanese name, as the sheets' column `district` wants it
    area_code: str
    district_code: str
    lat: float
    lon: float

    def columns(self) -> dict[str, str]:
        """Return the sheet columns of the address."""
        return {
            "postal_code": self.postal_code,
            "address": self.address,
            "district": self.area,
            "lat": f"{self.lat:.6f}",
            "lon": f"{self.lon:.6f}",
        }


@cache
def towns_of(district_code: str) -> tuple[PostalTown, ...]:
    """List the towns of a district in which people can live."""
    return tuple(
        town
        for town in POSTAL_TOWNS
        if town.district_code == district_code and town.lat is not None and not town.office
    )


class Homes:
    """Hands out addresses, no lot of a town twice."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._lots: dict[str, Iterator[int]] = {}

    def anywhere(self) -> Home:
        """Return a home in a district drawn by its residents."""
        weights = [district.residents_thousand_estimate for district in DISTRICTS]
        return self.in_district(self._draw.weighted(DISTRICTS, weights).code)

    def in_district(self, district_code: str) -> Home:
        """Return a home in one district."""
        district = DISTRICT_BY_CODE[district_code]
        town = self._draw.one(towns_of(district_code))
        lat, lon = self._point(town, district)
        return Home(
            postal_code=town.postal_code,
            address=f"{CITY.prefecture}{CITY.name}{town.town}{self._lot(town.town)}番地",
            area=AREA_BY_CODE[district.area_code].name,
            area_code=district.area_code,
            district_code=district_code,
            lat=lat,
            lon=lon,
        )

    def _lot(self, town: str) -> int:
        lots = self._lots.setdefault(town, iter(self._draw.shuffled(LOTS)))
        return next(lots)

    def _point(self, town: PostalTown, district: District) -> tuple[float, float]:
        in_town = district.code in _TOWN_CENTRES
        limit = TOWN_CENTRE_SPREAD_METRES if in_town else COUNTRYSIDE_SPREAD_METRES
        lat = (town.lat or district.lat) + self._draw.spread(limit * 2) / METRES_PER_DEGREE
        metres_east = METRES_PER_DEGREE * cos(radians(lat))
        lon = (town.lon or district.lon) + self._draw.spread(limit * 2) / metres_east
        return round(lat, 6), round(lon, 6)


class Phones:
    """Hands out numbers from ranges that are not in use, none twice."""

    def __init__(self, draw: Draw) -> None:
        self._landlines = iter(draw.shuffled(range(10_000)))
        self._mobiles = iter(draw.shuffled(range(10_000)))

    def landline(self) -> str:
        """Return a number 0191-00-xxxx, digits only."""
        return f"019100{next(self._landlines):04d}"

    def mobile(self) -> str:
        """Return a number 090-0000-xxxx, digits only."""
        return f"0900000{next(self._mobiles):04d}"
