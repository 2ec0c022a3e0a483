"""Which notices a reader sees, and which the desk looks after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.kernel.permissions import DESK, districts_of, only_areas
from matching.noticeboard.models import Notice
from matching.noticeboard.rules import audiences_of
from matching.people.models import Person

MOST_SHOWN = 3
MOST_KEPT = 100


def notices_for(session: Session, actor: Actor, now: datetime) -> Sequence[Notice]:
    """Return the notices on a reader's pages now, the newest first."""
    found = select(Notice).where(
        Notice.withdrawn_at.is_(None),
        Notice.starts_at <= now,
        Notice.ends_at > now,
        Notice.audience.in_(audiences_of(actor)),
    )
    areas = _areas_of(session, actor)
    if areas is not None:
        found = found.where(or_(Notice.area_code.is_(None), Notice.area_code.in_(areas)))
    return session.scalars(found.order_by(Notice.id.desc()).limit(MOST_SHOWN)).all()


def _areas_of(session: Session, actor: Actor) -> frozenset[str] | None:
    """Return the areas somebody lives or works in; None for the whole city, none for a visitor."""
    office = only_areas(actor)
    if office is None and not DESK.isdisjoint(actor.roles):
        return None
    held = {area for area, _district in districts_of(actor) if area} | (office or set())
    if actor.person_id is not None:
        held.add(session.scalar(select(Person.area_code).where(Person.id == actor.person_id)) or "")
    return frozenset(held)


def list_kept(session: Session, actor: Actor) -> Sequence[Notice]:
    """Return the notices that somebody looks after, the newest first."""
    areas = only_areas(actor)
    found = select(Notice).order_by(Notice.id.desc()).limit(MOST_KEPT)
    return session.scalars(
        found if areas is None else found.where(Notice.area_code.in_(areas))
    ).all()
