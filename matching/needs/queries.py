"""How needs are found."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.kernel.row_security import at_the_wall
from matching.kernel.visibility import visible
from matching.needs.models import Need, NeedSkill
from matching.needs.rules import OPEN, URGENCIES
from matching.people.sight import concealed_from

_URGENCY = case({code: place for place, code in enumerate(URGENCIES)}, value=Need.urgency)


def within_reach(actor: Actor, action: str = "need.read") -> Select[Need]:
    """Return the needs that an action shows to an actor, with who asks."""
    return select(Need).options(joinedload(Need.requester)).where(visible(Need, actor, action))


def told_of(actor: Actor) -> ColumnElement[bool]:
    """Leave out every need of which an actor may be told nothing but that it is in hand."""
    told = Need.requester_id.not_in(concealed_from(actor))
    return told if actor.person_id is None else told | (Need.requester_id == actor.person_id)


def known_to(actor: Actor) -> ColumnElement[bool]:
    """Limit needs to those within reach of which an actor may be told who asked."""
    return visible(Need, actor, "need.read") & told_of(actor)


def find_paused(session: Session, reference: str, actor: Actor) -> bool:
    """Tell whether a need within reach stands still for a reason that is not for this actor."""
    found = within_reach(actor).where(Need.reference == reference, ~told_of(actor))
    return session.scalar(found) is not None


def get_need(session: Session, reference: str, actor: Actor) -> Need:
    """Return a need by its number; raises NotFound, also for one out of the actor's reach."""
    mine = within_reach(actor).where(told_of(actor))
    with at_the_wall(session):
        need = session.scalar(mine.where(Need.reference == reference))
    if need is None:
        raise NotFound
    return need


def lock_need(session: Session, need_id: int) -> Need:
    """Return a need and hold its row until the end of the transaction."""
    return session.execute(
        select(Need)
        .where(Need.id == need_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()


def list_open(
    session: Session, actor: Actor, *, states: Sequence[str] = OPEN, limit: int = 100
) -> Sequence[Need]:
    """Return open needs, those to be dealt with first on top."""
    wanted = visible(Need, actor, "need.read") & Need.state.in_(states)
    return list_first(session, wanted, limit=limit)


def list_first(
    session: Session, wanted: ColumnElement[bool], *, limit: int, offset: int = 0
) -> Sequence[Need]:
    """Return a page of needs with who asks, those that cannot wait on top.

    Numbers alone are sorted, and whole rows fetched for the page: a row is a hundred times as wide.
    """
    ordered = (
        select(Need.id)
        .where(wanted)
        .order_by(_URGENCY, Need.next_action_on.nulls_last(), Need.received_at, Need.id)
    )
    numbers = session.scalars(ordered.limit(limit).offset(offset)).all()
    rows = session.scalars(
        select(Need).options(joinedload(Need.requester)).where(Need.id.in_(numbers))
    )
    by_number = {need.id: need for need in rows}
    return [by_number[number] for number in numbers if number in by_number]


def count(session: Session, wanted: ColumnElement[bool]) -> int:
    """Return how many needs a condition holds for."""
    return session.scalar(select(func.count()).select_from(Need).where(wanted)) or 0


def count_by_state(session: Session, actor: Actor) -> dict[str, int]:
    """Count the needs within reach by state."""
    seen = visible(Need, actor, "need.read")
    found = select(Need.state, func.count()).where(seen).group_by(Need.state)
    return {row[0]: row[1] for row in session.execute(found)}


def skills_of(session: Session, need_id: int) -> list[str]:
    """Return the skill codes that a need demands."""
    return list(
        session.scalars(
            select(NeedSkill.skill_code)
            .where(NeedSkill.need_id == need_id)
            .order_by(NeedSkill.skill_code)
        )
    )


def list_of_person(session: Session, person_id: int) -> Sequence[Need]:
    """Return the needs that a person asked for, newest first."""
    return session.scalars(
        select(Need)
        .where(Need.requester_id == person_id)
        .options(joinedload(Need.requester))
        .order_by(Need.received_at.desc(), Need.id.desc())
    ).all()


def list_of_commissioner(session: Session, actor: Actor) -> Sequence[Need]:
    """Return the needs that a commissioner brought or speaks for, newest first (BR-30)."""
    return session.scalars(
        within_reach(actor, "commissioner.read")
        .order_by(Need.received_at.desc(), Need.id.desc())
        .limit(200)
    ).all()
