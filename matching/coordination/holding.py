"""Seats that coordinators hold: which of them still can be, and what is ranked around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from matching.coordination import loading
from matching.coordination.agreements import Hold
from matching.coordination.plan_models import PairRule
from matching.engine import Problem, explain, possible_slots
from matching.engine.gates import Gate


@dataclass(frozen=True)
class Held:
    """The standing with the holds that can be kept, and the gate that ended each other one.

    `around` has for each need with a hold the problem in which its people are ranked: as if
    nobody were held for it, everything else in place.
    """

    standing: loading.Standing
    lapsed: Mapping[int, str]
    around: Mapping[str, loading.Loaded]


def sort_out(session: Session, standing: loading.Standing) -> Held:
    """Look at every gate of every held pair again: who cannot come is not planned (BR-13)."""
    lapsed: dict[int, str] = {}
    around: dict[str, loading.Loaded] = {}
    for need_id, reference in {hold.need_id: hold.need for hold in standing.held}.items():
        loaded = loading.ask_anew(session, standing, need_id)
        around[reference] = loaded
        lapsed |= _ended(loaded.problem, (h for h in standing.held if h.need_id == need_id))
        standing = standing.without(lapsed)
    kept = {hold.need for hold in standing.held}
    return Held(standing, lapsed, {name: each for name, each in around.items() if name in kept})


def _ended(problem: Problem, holds: Iterable[Hold]) -> dict[int, str]:
    return {hold.rule_id: gate for hold in holds if (gate := gate_of(problem, hold)) is not None}


def gate_of(problem: Problem, hold: Hold) -> str | None:
    """Return the gate between a held pair and their visit, or None when they can come together."""
    lock = hold.lock
    if lock.volunteer_id not in problem.volunteer_index:
        return Gate.NOT_ACTIVE.value
    slots = possible_slots(problem, hold.need, [lock.volunteer_id])[lock.volunteer_id]
    if any(slot.on == lock.on and lock.start_minutes in slot.starts for slot in slots):
        return None
    first = explain(problem, hold.need, lock.volunteer_id).first_gate
    return (first or Gate.NOT_AVAILABLE).value


def note(session: Session, lapsed: Mapping[int, str]) -> None:
    """Keep with each standing lock the gate that this run met, or that it met none."""
    standing = (PairRule.kind == "lock") & PairRule.released_at.is_(None)
    session.execute(
        update(PairRule)
        .where(standing, PairRule.lapsed_gate.is_not(None), PairRule.id.not_in(lapsed))
        .values(lapsed_gate=None)
    )
    for rule_id, gate in lapsed.items():
        session.execute(update(PairRule).where(PairRule.id == rule_id).values(lapsed_gate=gate))
