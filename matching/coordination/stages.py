"""Stages of disclosure: which field of a resident belongs to which stage, who gets how far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

FIELDS: Mapping[str, str] = {
    "category": "L0",
    "area": "L0",
    "headcount": "L0",
    "state": "L0",
    "place": "L1",
    "visits": "L1",
    "age_band": "L1",
    "outline": "L1",
    "car_needed": "L1",
    "name": "L2",
    "phone": "L2",
    "address": "L2",
    "care": "L2",
    "kana": "L3",
    "birth_on": "L3",
    "title": "L3",
    "note": "L3",
    "household": "L3",
    "relation": "L3",
    "proxy": "L3",
}
CONTACT = ("name", "phone", "address", "care")

# What is told of a shielded person to everybody but those who keep the secret: no part of town,
# no age, nothing in the coordinator's words.
SHIELDED = frozenset({"category", "headcount", "state", "place", "visits"})
# What a commissioner hears back of the cases they brought: the person they know, and the result.
RESULT = frozenset({"category", "headcount", "state", "name", "visits"})
KNOWN_TO_FILER = frozenset({"category", "headcount", "name"})

KEPT_FOR = timedelta(days=14)  # BR-31
MOST_PEOPLE, WITHIN = 8, timedelta(days=30)  # T1

OFFERED = frozenset({"contacted", "no_response", "waitlisted", "accepted"})


@dataclass(frozen=True)
class Tie:
    """What ties a reader to a resident at a moment.

    `relation` is self, desk, clerk, commissioner, volunteer or none. `state` is that of the
    placement or proposal between a volunteer and the need, `ends_at` the end of the visit; `told`
    says that a purpose was given.
    """

    relation: str
    state: str = ""
    ends_at: datetime | None = None
    consented: bool = False
    held: bool = False
    shielded: bool = False
    keeper: bool = False
    in_queue: bool = True
    told: bool = False


def fields_for(tie: Tie, now: datetime) -> frozenset[str]:
    """Return the fields that may be shown at most, before anybody asked to see contacts (BR-19)."""
    if tie.relation == "self":
        return frozenset(FIELDS)
    if tie.held:
        return frozenset({"state"})
    if tie.shielded and not tie.keeper:
        return SHIELDED if tie.relation in {"volunteer", "commissioner"} else frozenset()
    if tie.relation == "commissioner":
        return RESULT if tie.consented else KNOWN_TO_FILER
    return up_to(stage_for(tie, now))


def stage_for(tie: Tie, now: datetime) -> str:
    """Return how far a reader gets: L0 to L3."""
    if tie.relation in {"desk", "clerk"}:
        if not tie.in_queue and not tie.told:
            return "L1"
        return "L3" if tie.relation == "desk" else "L2"
    if tie.relation != "volunteer":
        return "L0"
    if tie.state in {"confirmed", "done"}:
        return "L2" if tie.told and not hindrance(tie, now) else "L1"
    return "L1" if tie.state in OFFERED or tie.state == "held" else "L0"


def hindrance(tie: Tie, now: datetime) -> str:
    """Return why a volunteer may not see contacts now, empty if nothing is in the way."""
    if tie.state not in {"confirmed", "done"}:
        return "not_settled"
    if tie.held:
        return "hold"
    if tie.shielded:
        return "shielded"
    if tie.ends_at is None or now > tie.ends_at + KEPT_FOR:
        return "over"
    return "" if tie.consented else "consent"


def up_to(stage: str) -> frozenset[str]:
    """Return the fields of a stage and of those before it."""
    return frozenset(field for field, belongs in FIELDS.items() if belongs <= stage)
