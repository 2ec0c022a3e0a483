"""Substitutes: who could take over a visit at its own time, best first, to be phoned at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from matching.coordination import loading
from matching.coordination.models import Placement, Proposal
from matching.coordination.rules import OPEN_PROPOSALS
from matching.engine import possible_slots, rank
from matching.kernel import clock
from matching.needs.models import Need, NeedOccurrence
from matching.volunteers.models import Volunteer

MOST = 10


@dataclass(frozen=True)
class Substitute:
    """Somebody every gate lets take the visit; `proposal_id` where the plan suggests them too."""

    volunteer: Volunteer
    score: int
    km: float | None
    at_same_time: bool
    proposal_id: int | None


def substitutes(session: Session, placement: Placement, now: datetime) -> list[Substitute]:
    """Return who could come on the day of a visit: those free at its very time come first.

    Whoever was on this visit already is left out.
    """
    need = session.get_one(Need, placement.need_id)
    problem = loading.load_need(session, clock.local_date(now), need.id).problem
    ranked = rank(problem, [need.reference], len(problem.volunteer_index))[need.reference]
    slots = possible_slots(
        problem, need.reference, [each.volunteer_id for each in ranked.candidates]
    )
    on, start = clock.local_date(placement.starts_at), clock.minutes_of_day(placement.starts_at)
    same = {
        who: any(start in slot.starts for slot in found if slot.on == on)
        for who, found in slots.items()
        if any(slot.on == on for slot in found)
    }
    rows, proposals = _rows(session, list(same)), _proposals(session, need.id)
    gone = set(session.scalars(_on_it(placement)))
    found = [
        Substitute(row, each.score, each.km, same[each.volunteer_id], proposals.get(row.id))
        for each in ranked.candidates
        if each.volunteer_id in same and (row := rows[each.volunteer_id]).id not in gone
    ]
    return sorted(found, key=lambda each: (not each.at_same_time, -each.score))[:MOST]


def is_filled_again(session: Session, placement: Placement) -> bool:
    """Tell whether the visit has all its people again."""
    visit = session.get_one(NeedOccurrence, placement.occurrence_id, populate_existing=True)
    return visit.filled >= visit.headcount


def _rows(session: Session, references: Sequence[str]) -> dict[str, Volunteer]:
    rows = select(Volunteer).where(Volunteer.reference.in_(references))
    found = session.scalars(rows.options(joinedload(Volunteer.person)))
    return {volunteer.reference: volunteer for volunteer in found}


def _proposals(session: Session, need_id: int) -> dict[int, int]:
    rows = select(Proposal.volunteer_id, Proposal.id).where(
        Proposal.need_id == need_id, Proposal.state.in_(OPEN_PROPOSALS)
    )
    return {row[0]: row[1] for row in session.execute(rows)}


def _on_it(placement: Placement) -> Select[int]:
    return select(Placement.volunteer_id).where(Placement.occurrence_id == placement.occurrence_id)
