"""How volunteers are found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.kernel.row_security import at_the_wall
from matching.kernel.visibility import visible
from matching.people.models import Person
from matching.people.searching import person_holds
from matching.volunteers.models import (
    AvailabilitySlot,
    DayOff,
    Volunteer,
    VolunteerCategory,
    VolunteerSkill,
)

Within = ColumnElement[bool] | None
"""What limits the volunteers that somebody may know of; None for the whole city."""

Shape = TypeVarTuple("Shape")


def find_of_person(session: Session, person_id: int | None) -> Volunteer | None:
    """Return the registration of a person; None for somebody who is not a volunteer."""
    if person_id is None:
        return None
    return session.scalar(select(Volunteer).where(Volunteer.person_id == person_id))


def get_volunteer(session: Session, reference: str, within: Within = None) -> Volunteer:
    """Return a volunteer by number, with person; raises NotFound, also out of reach."""
    found = select(Volunteer).join(Person, Person.id == Volunteer.person_id)
    with at_the_wall(session):
        volunteer = session.scalar(
            _reach(found, within)
            .where(Volunteer.reference == reference)
            .options(joinedload(Volunteer.person))
        )
    if volunteer is None:
        raise NotFound
    return volunteer


def is_within(session: Session, volunteer_id: int, actor: Actor) -> bool:
    """Tell whether an actor may open the page of a volunteer."""
    within = visible(Volunteer, actor, "volunteer.read")
    return (
        session.scalar(select(Volunteer.id).where(Volunteer.id == volunteer_id, within)) is not None
    )


def list_volunteers(
    session: Session,
    *,
    words: str = "",
    within: Within = None,
    limit: int = 50,
    offset: int = 0,
) -> Sequence[Volunteer]:
    """Return volunteers by kana: those whose name, kana or number hold the words, or by phone."""
    found = (
        select(Volunteer)
        .join(Person, Person.id == Volunteer.person_id)
        .options(joinedload(Volunteer.person))
        .order_by(Person.name_kana.nulls_last(), Volunteer.id)
        .limit(limit)
        .offset(offset)
    )
    found = _reach(found, within)
    if words:
        found = found.where(
            or_(person_holds(words), Volunteer.reference.contains(words, autoescape=True))
        )
    return session.scalars(found).all()


def count_volunteers(session: Session, within: Within = None) -> dict[str, int]:
    """Count volunteers by state."""
    counted = select(Volunteer.state, func.count()).join(Person, Person.id == Volunteer.person_id)
    return {
        row[0]: row[1] for row in session.execute(_reach(counted, within).group_by(Volunteer.state))
    }


def _reach(found: Select[*Shape], within: Within) -> Select[*Shape]:
    return found if within is None else found.where(within)


def codes_of(session: Session, volunteer_id: int) -> tuple[list[str], list[str]]:
    """Return the category codes and the skill codes of a volunteer."""
    categories = session.scalars(
        select(VolunteerCategory.category_code)
        .where(VolunteerCategory.volunteer_id == volunteer_id)
        .order_by(VolunteerCategory.category_code)
    ).all()
    skills = session.scalars(
        select(VolunteerSkill.skill_code)
        .where(VolunteerSkill.volunteer_id == volunteer_id)
        .order_by(VolunteerSkill.skill_code)
    ).all()
    return list(categories), list(skills)


def slots_of(session: Session, volunteer_id: int) -> Sequence[AvailabilitySlot]:
    """Return the weekly times of a volunteer in order."""
    return session.scalars(
        select(AvailabilitySlot)
        .where(AvailabilitySlot.volunteer_id == volunteer_id)
        .order_by(AvailabilitySlot.weekday, AvailabilitySlot.starts_minute)
    ).all()


def slots_by_volunteer(
    session: Session, volunteer_ids: Collection[int]
) -> dict[int, list[AvailabilitySlot]]:
    """Return the weekly times of several volunteers."""
    found: dict[int, list[AvailabilitySlot]] = {}
    rows = select(AvailabilitySlot).where(AvailabilitySlot.volunteer_id.in_(volunteer_ids))
    for slot in session.scalars(rows.order_by(AvailabilitySlot.starts_minute)):
        found.setdefault(slot.volunteer_id, []).append(slot)
    return found


def days_off_of(session: Session, volunteer_id: int, since: date) -> Sequence[date]:
    """Return the days from `since` on which a volunteer is away."""
    return session.scalars(
        select(DayOff.off_on)
        .where(DayOff.volunteer_id == volunteer_id, DayOff.off_on >= since)
        .order_by(DayOff.off_on)
    ).all()
