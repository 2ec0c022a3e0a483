"""Filling the tables of places; what the centre has edited since stays as it is."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.places import models
from matching.places.tables import AREAS, DISTRICTS, POSTAL_TOWNS


def load(session: Session) -> None:
    """Add the areas, districts and postal towns that are not there yet."""
    areas = [
        {
            "code": area.code,
            "name": area.name,
            "kana": area.kana,
            "office": area.office,
            "lat": area.lat,
            "lon": area.lon,
            "position": position,
        }
        for position, area in enumerate(AREAS)
    ]
    districts = [
        {
            "code": district.code,
            "area_code": district.area_code,
            "name": district.name,
            "kana": district.kana,
            "lat": district.lat,
            "lon": district.lon,
            "snow_class": district.snow_class,
            "position": position,
        }
        for position, district in enumerate(DISTRICTS)
    ]
    session.execute(insert(models.Area).values(areas).on_conflict_do_nothing())
    session.execute(insert(models.District).values(districts).on_conflict_do_nothing())
    if not session.scalar(select(exists(select(models.PostalTown.id)))):
        session.execute(insert(models.PostalTown).values(_towns()))


def _towns() -> list[dict[str, str | None]]:
    return [
        {
            "postal_code": town.postal_code,
            "town": town.office or town.town,
            "kana": town.kana,
            "area_code": town.area_code,
            "district_code": town.district_code,
        }
        for town in POSTAL_TOWNS
    ]
