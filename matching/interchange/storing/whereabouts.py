"""Where a record lies: area and district by its own words or its address, and a point."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from matching.places import reference as places

_LOT_NUMBER = re.compile(r"\d")


def area_values(record: Mapping[str, str]) -> dict[str, Any]:
    """Area and district codes as far as the record tells them."""
    address, postal_code = record.get("address", ""), record.get("postal_code", "")
    area = places.AREA_CODE_BY_NAME.get(record.get("district", ""))
    district = None
    if address or postal_code:
        by_address, district = _of_town(_town(address), postal_code)
        area = area or by_address
    found = {"area_code": area, "district_code": _within(district, area)}
    return {name: code for name, code in found.items() if code is not None}


def point_values(record: Mapping[str, str]) -> dict[str, Any]:
    """Latitude and longitude of the town, for a record that gives no point of its own."""
    if record.get("lat") or not (record.get("address") or record.get("postal_code")):
        return {}
    point = _point_of_town(_town(record.get("address", "")), record.get("postal_code", ""))
    return {"lat": point[0], "lon": point[1]} if point else {}


def moved_values(record: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, Any]:
    """Area, district and point anew, as far as they are not known or the address is another."""
    moved = record.get("address", "") not in ("", known["address"])
    place = area_values(record) if moved or known["area_code"] is None else {}
    return place | (point_values(record) if moved or known["lat"] is None else {})


def _town(address: str) -> str:
    """The address up to its lot number: what many people share."""
    return _LOT_NUMBER.split(address, maxsplit=1)[0]


@lru_cache(maxsize=20_000)
def _of_town(town: str, postal_code: str) -> tuple[str | None, str | None]:
    return places.area_of_address(town), places.district_of(town, postal_code)


@lru_cache(maxsize=20_000)
def _point_of_town(town: str, postal_code: str) -> tuple[float, float] | None:
    return places.point_of(town, postal_code)


def _within(district: str | None, area: str | None) -> str | None:
    if district is None or area is None:
        return district
    return district if places.DISTRICT_BY_CODE[district].area_code == area else None
