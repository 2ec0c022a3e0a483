"""Tables of places: areas, districts, postal towns and measured travel minutes."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from matching.kernel.database import Base, Identified, Versioned


class Area(Base):
    """One of the eight areas, each with a branch of the council."""

    __tablename__ = "areas"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kana: Mapped[str]
    office: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    position: Mapped[int]


class District(Base):
    """A district (old village) within an area."""

    __tablename__ = "districts"
    code: Mapped[str] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    name: Mapped[str]
    kana: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    snow_class: Mapped[int]
    position: Mapped[int]


class PostalTown(Identified, Base):
    """A town name that a postal code stands for; one code may stand for several."""

    __tablename__ = "postal_towns"
    postal_code: Mapped[str] = mapped_column(index=True)
    town: Mapped[str]
    kana: Mapped[str]
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    district_code: Mapped[str | None] = mapped_column(ForeignKey("districts.code"))
    __table_args__ = (CheckConstraint("postal_code ~ '^[0-9]{7}$'", name="seven_digits"),)


class AreaTravel(Versioned, Base):
    """Minutes by car between two areas as the centre measured them; replaces the formula."""

    __tablename__ = "area_travel"
    from_area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), primary_key=True)
    to_area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), primary_key=True)
    minutes: Mapped[int]
    __table_args__ = (CheckConstraint("minutes BETWEEN 0 AND 600", name="minutes"),)
