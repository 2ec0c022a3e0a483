"""Sight: of whom an actor may be told nothing at all."""

from __future__ import annotations

from sqlalchemy import Select, select, union

from matching.kernel.actor import Actor
from matching.people.shielding import out_of_sight
from matching.people.standstill import hidden_from


def concealed_from(actor: Actor) -> Select[int]:
    """Select shielded people whom an actor does not keep, and those in matters of safety."""
    both = union(out_of_sight(actor), hidden_from(actor)).subquery()
    return select(both.c[0])
