"""Handing out: who is left out of every sheet and file that leaves the service."""

from __future__ import annotations

from sqlalchemy import Select, func, select, union

from matching.people.models import Consent
from matching.people.standstill import RUNNING
from matching.people.trust_models import PersonHold, Shield

TAKEN_BACK = ("withdrawn", "refused", "expired")


def left_out() -> Select[int]:
    """Select the people of whom no sheet tells: shielded, in safety matters, or unwilling.

    Whoever takes the sheet, and whatever they may see on a page.
    """
    newest = (
        select(func.max(Consent.id))
        .where(Consent.purpose == "coordination_use")
        .group_by(Consent.person_id)
    )
    unwilling = select(Consent.person_id).where(
        Consent.id.in_(newest), Consent.state.in_(TAKEN_BACK)
    )
    in_safety = select(PersonHold.person_id).where(RUNNING, PersonHold.reason == "safeguarding")
    return select(union(select(Shield.person_id), unwilling, in_safety).subquery().c[0])
