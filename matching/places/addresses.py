"""Which area and district a written address lies in, decided from its town name."""

import re
import unicodedata

from matching.places.tables import (
    AREA_CODE_BY_NAME,
    AREAS,
    CITY,
    POSTAL_TOWNS,
    PostalTown,
    find_postal,
)

HOME_AREA = AREAS[0].code  # towns of the old city carry no former town's name in front
_COUNTY = re.compile(r"^(?:西磐井|東磐井)郡")
_FORMER_VILLAGE = re.compile(r"^(室根|川崎)村")  # became towns when they joined the city
_SECTION = re.compile(r"^大?字")
_TOWNS: tuple[PostalTown, ...] = tuple(
    sorted(
        (town for town in POSTAL_TOWNS if town.town and not town.office),
        key=lambda town: (-len(town.town), town.postal_code),
    )
)


def area_of_address(text: str) -> str | None:
    """Return the area code of an address, of 「花泉」 or of 「花泉地域」; None when not known."""
    local, named_city = _local_part(text)
    named = AREA_CODE_BY_NAME.get(re.sub(r"(?:地域|支所|支部)$", "", local))
    if named:
        return named
    town = _town_of(local)
    if town:
        return town.area_code
    return _former_town(local) or (HOME_AREA if named_city else None)


def district_of(address: str, postal_code: str = "") -> str | None:
    """Return the district code; the town in the address counts before the postal code."""
    town = _town_of(_local_part(address)[0])
    if town:
        return _part_of(town, address).district_code
    return next((found.district_code for found in find_postal(postal_code)), None)


def point_of(address: str, postal_code: str = "") -> tuple[float, float] | None:
    """Return latitude and longitude of the address's town; a town is the finest it can tell."""
    towns = find_postal(postal_code)
    town = _town_of(_local_part(address)[0])
    if town and town.town not in {found.town for found in towns}:
        towns = (_part_of(town, address),)
    for found in towns:
        if found.lat is not None and found.lon is not None:
            return found.lat, found.lon
    return None


def _local_part(text: str) -> tuple[str, bool]:
    """Cut prefecture, county and city off; say whether this city was named."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = plain.removeprefix(CITY.prefecture)
    named_city = plain.startswith(CITY.name)
    plain = _COUNTY.sub("", plain.removeprefix(CITY.name))
    return _SECTION.sub("", _FORMER_VILLAGE.sub(r"\1町", plain)), named_city


def _town_of(local: str) -> PostalTown | None:
    return next((town for town in _TOWNS if local.startswith(town.town)), None)


def _part_of(town: PostalTown, address: str) -> PostalTown:
    """Prefer the line whose part is named in the address, where a town has several codes."""
    same = [other for other in _TOWNS if other.town == town.town]
    rest = unicodedata.normalize("NFKC", address).partition(town.town)[2]
    return next((other for other in same if _names_part(rest, other.part)), same[-1])


def _names_part(rest: str, part: str) -> bool:
    return any(name in rest for name in part.split("、") if name not in ("", "その他"))


def _former_town(local: str) -> str | None:
    """Recognise 花泉町…, 室根町… even when the rest of the name is not in the table."""
    for area in AREAS[1:]:
        if local.startswith(area.name + "町"):
            return area.code
    return None
