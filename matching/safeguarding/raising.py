"""Raising a concern: everything that would reach the household stops in the same moment (BR-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matching.coordination.halting import halt
from matching.coordination.models import Placement
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid
from matching.needs.models import Need
from matching.people.models import Person
from matching.safeguarding.escalating import tell_next
from matching.safeguarding.models import Concern, ConcernPerson
from matching.safeguarding.rules import LONGEST, TARGETS
from matching.volunteers.models import Volunteer

SILENT = "気になったことを、ひとことでよいので書いてください。"
UNKNOWN_TARGET = "どなたのことか、近いものを選んでください。"


@dataclass(frozen=True)
class Worry:
    """What somebody noticed. `about` is a row the reporter may know of, as (type, number)."""

    body: str
    target: str = "other"
    in_danger: bool = False
    about: tuple[str, int] | None = None


def raise_concern(session: Session, worry: Worry, actor: Actor, now: datetime) -> Concern:
    """Keep a concern, stop what would reach those it touches, and tell the first to look into it.

    Needs nobody's consent (BR-02). Raises Invalid only where nothing was said at all.
    """
    if not worry.body.strip():
        raise Invalid(SILENT, field="body")
    if worry.target not in TARGETS:
        raise Invalid(UNKNOWN_TARGET, field="target")
    person_id, area_code = _subject(session, worry.about)
    concern = Concern(
        state="reported",
        raised_at=now,
        raised_by_id=actor.account_id,
        raised_role=actor.role,
        target=worry.target,
        in_danger=worry.in_danger,
        body=worry.body.strip()[:LONGEST],
        about_type=worry.about[0] if worry.about else None,
        about_id=worry.about[1] if worry.about else None,
        area_code=area_code,
    )
    session.add(concern)
    session.flush()
    if person_id is not None:
        involve(session, concern, {person_id: "resident"}, actor, now)
    audit.record(session, actor, now, "concern_raised", "concern", concern.id)
    tell_next(session, concern, now)
    return concern


def involve(
    session: Session, concern: Concern, parts: dict[int, str], actor: Actor, now: datetime
) -> None:
    """Add people to a concern with the part of each, and those who live with the resident."""
    known = set(
        session.scalars(
            select(ConcernPerson.person_id).where(ConcernPerson.concern_id == concern.id)
        )
    )
    residents = [person_id for person_id, part in parts.items() if part == "resident"]
    everybody = dict.fromkeys(_household(session, residents), "household") | parts
    fresh = {person: part for person, part in everybody.items() if person not in known}
    session.add_all(
        ConcernPerson(concern_id=concern.id, person_id=person_id, part=part)
        for person_id, part in fresh.items()
    )
    session.flush()
    halt(session, fresh.keys(), "safeguarding", actor, now)


def _subject(session: Session, about: tuple[str, int] | None) -> tuple[int | None, str | None]:
    """The person a row is about and the area of it; a visit is about who is helped."""
    if about is None:
        return None, None
    kind, number = about
    if kind == "volunteer":
        of_volunteer = select(Person.id, Person.area_code).join(
            Volunteer, Volunteer.person_id == Person.id
        )
        found = session.execute(of_volunteer.where(Volunteer.id == number)).one_or_none()
    else:
        of_need = select(Need.requester_id, Need.area_code)
        if kind == "placement":
            of_need = of_need.join(Placement, Placement.need_id == Need.id)
        wanted = Placement.id if kind == "placement" else Need.id
        found = session.execute(of_need.where(wanted == number)).one_or_none()
    return (found[0], found[1]) if found else (None, None)


def _household(session: Session, person_ids: Iterable[int]) -> set[int]:
    """Who shares a telephone with somebody: a call or a message to one would reach the other."""
    people = session.scalars(select(Person).where(Person.id.in_(list(person_ids)))).all()
    numbers = {number for each in people for number in (each.phone, each.mobile) if number}
    if not numbers:
        return set()
    same = [Person.phone == number for number in sorted(numbers)]
    same += [Person.mobile == number for number in sorted(numbers)]
    return set(session.scalars(select(Person.id).where(or_(*same)))) - {p.id for p in people}
