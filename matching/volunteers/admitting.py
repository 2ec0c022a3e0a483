"""Admitting volunteers: met, registered, resting, back again, gone; suspended by a manager only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matching.kernel import audit, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, Invalid, StaleVersion
from matching.kernel.outbox import plan_soon
from matching.places.calendar import end_of_fiscal_year, fiscal_year_of
from matching.volunteers.models import Volunteer
from matching.volunteers.rules import STATES, TRANSITIONS

STALE = "ほかの画面で先に変更されています。最新の内容をたしかめてください。"
UNKNOWN = "どうするかを選んでください。"
MANAGER_ONLY = "活動の停止と、停止を解くことは、センター長が行います。"


def may_change(actor: Actor, before: str, after: str) -> bool:
    """Tell whether a role may bring a registration from one state to another."""
    if "suspended" in (before, after):
        return "center_manager" in actor.roles
    return after in TRANSITIONS[before]


def change_state(
    session: Session, volunteer_id: int, after: str, version: str, actor: Actor, now: datetime
) -> Volunteer:
    """Bring a registration to its next state; who becomes active is so to the year's end."""
    row = session.get_one(Volunteer, volunteer_id, with_for_update=True)
    if version != str(row.version):
        raise StaleVersion(STALE)
    if after not in STATES:
        raise Invalid(UNKNOWN, field="after")
    if "suspended" in (row.state, after) and not may_change(actor, row.state, after):
        raise Conflict(MANAGER_ONLY, code="role")
    before, columns = row.state, {}
    if after == "active" and before in {"applicant", "interviewed"}:
        columns["registered_until"] = end_of_fiscal_year(fiscal_year_of(local_date(now)))
    transitions.move(session, row, TRANSITIONS, after, STALE, **columns)
    tasks.close_tasks(session, ("volunteer", row.id), now, kinds=("registration",))
    audit.record(
        session, actor, now, "volunteer_state", "volunteer", row.id, before=before, after=after
    )
    plan_soon(session, now)
    return row
