"""The door to what is known about the city: its tables, its addresses and dated facts."""

from matching.places.addresses import area_of_address, district_of, point_of
from matching.places.facts import FACTS, SOURCES, Fact, Source, newest_fact
from matching.places.tables import (
    AREA_BY_CODE,
    AREA_CODE_BY_NAME,
    AREAS,
    CITY,
    DISTRICT_BY_CODE,
    DISTRICTS,
    POSTAL_TOWNS,
    Area,
    City,
    District,
    PostalTown,
    districts_of_area,
    find_postal,
)

__all__ = [
    "AREAS",
    "AREA_BY_CODE",
    "AREA_CODE_BY_NAME",
    "CITY",
    "DISTRICTS",
    "DISTRICT_BY_CODE",
    "FACTS",
    "POSTAL_TOWNS",
    "SOURCES",
    "Area",
    "City",
    "District",
    "Fact",
    "PostalTown",
    "Source",
    "area_of_address",
    "district_of",
    "districts_of_area",
    "find_postal",
    "newest_fact",
    "point_of",
]
