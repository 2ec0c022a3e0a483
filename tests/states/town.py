"""One row of every kind that has states, and how a row is dressed to stand in one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from matching.activities.cases import open_complaint, open_incident
from matching.activities.expenses import Outlay, claim
from matching.activities.recording import open_activity
from matching.activities.trading import pass_on
from matching.coordination import weighing
from matching.coordination.answering import Answer, answer
from matching.coordination.confirming import confirm
from matching.coordination.models import Placement, Proposal
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.engine import STANDARD
from matching.kernel import clock, tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.messaging.models import Message
from matching.messaging.telling import tell
from matching.needs.approving import ask_approval, find_approval
from matching.needs.models import Need
from matching.needs.referring import refer
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account
from matching.people.tokens import make_token
from matching.people.trust_models import RevealRequest
from matching.safeguarding.raising import Worry, raise_concern
from matching.volunteers.models import Volunteer
from tests import factories
from tests.matrix.oracle import ROLES

AREA = "hanaizumi"
PLACES = {
    "branch_staff": (AREA, None),
    "welfare_commissioner": (AREA, "hanaizumi"),
}


@dataclass
class Town:
    """What rows are called in addresses, which numbers they have, and what accounts may use."""

    starts_at: datetime
    ids: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def build(session: Session, now: datetime) -> Town:
    """Write a town in which each row was made by somebody who does not act later."""
    other = factories.actor(session, "center_manager")
    day = clock.local_date(now) + timedelta(days=3)
    town = Town(clock.instant(day, 540))
    helper, second, third = (
        factories.volunteer(session, now, contact=factories.contact(area_code=AREA))
        for _ in range(3)
    )
    needs = {
        name: _need(session, now) for name in ("visit", "seat", "asked", "plain", "risky", "passed")
    }
    plan_all(session, SYSTEM, now)
    visit = confirm(session, _of(session, needs["visit"], helper).id, Choice(day, 540), other, now)
    passed = confirm(session, _of(session, needs["passed"], third).id, Choice(day, 660), other, now)
    seat = _of(session, needs["seat"], second)
    offer(session, seat.id, [Choice(day, 540)], "phone", other, now)
    answer(session, seat.id, Answer("yes", "phone"), other, now)
    plan_all(session, SYSTEM, now)
    asked = _of(session, needs["asked"], helper)
    held = session.scalars(select(Placement).where(Placement.proposal_id == seat.id)).one()
    _accounts(session, town, helper, needs["visit"], now)
    town.ids |= {
        "need": needs["plain"].id,
        "proposal": asked.id,
        "placement": held.id,
        "visit": visit.id,
        "seat_proposal": seat.id,
        "activity": open_activity(session, visit).id,
        "approval": _approval(session, needs["risky"], other, now),
        "volunteer": factories.volunteer(
            session, now, contact=factories.contact(area_code=AREA)
        ).id,
        "other": other.account_id or 0,
        "trade": pass_on(session, visit.id, other, now).id,
        "passed": pass_on(session, passed.id, other, now).id,
    }
    town.ids |= _records(session, visit, needs["plain"], other, town)
    town.words |= {
        "need": needs["plain"].reference,
        "risky": needs["risky"].reference,
        "volunteer": session.get_one(Volunteer, town.ids["volunteer"]).reference,
        "slot": f"{day}T10:30",
    }
    session.commit()
    return town


def _need(session: Session, now: datetime) -> Need:
    contact = factories.contact(area_code=AREA)
    return factories.need(session, now, contact=contact, area_code=AREA)


def _of(session: Session, need: Need, helper: Volunteer) -> Proposal:
    return next(p for p in list_candidates(session, need.id) if p.volunteer_id == helper.id)


def _approval(session: Session, need: Need, other: Actor, now: datetime) -> int:
    ask_approval(session, need, "", other, now)
    found = find_approval(session, need.id)
    assert found is not None
    return found.id


def _records(
    session: Session, visit: Placement, need: Need, other: Actor, town: Town
) -> dict[str, int]:
    """What is written about a visit and a need, each by somebody else than who acts later."""
    now = town.starts_at
    incident = open_incident(session, visit, "near_miss", other, now)
    assert incident is not None
    outlay = claim(session, visit.id, Outlay("fuel", km=5), other, now)
    complaint = open_complaint(
        session, need.reference, "complaint_from_requester", "困る", other, now
    )
    concern = raise_concern(session, Worry("あざがある"), other, now)
    tasks.open_task(session, "follow_up", ("need", need.id), now, now, area_code=AREA)
    [referral] = refer(session, need, ("city_welfare",), None, other, now)
    weights = weighing.draft(session, STANDARD.points, "", other, now)
    weighing.propose(session, weights.id, weights.version, other, now)
    tell(session, {"kind": "confirmed", "proposal": visit.proposal_id}, clock.now())
    reveal = RevealRequest(
        account_id=other.account_id, person_id=need.requester_id, state="asked", asked_at=now
    )
    session.add(reveal)
    session.flush()
    task = select(tasks.Task.id).where(tasks.Task.subject_type == "need")
    return {
        "incident": incident.id,
        "expense": outlay.id,
        "complaint": complaint.id,
        "concern": concern.id,
        "task": session.scalars(task.where(tasks.Task.kind == "follow_up")).one(),
        "referral": referral.id,
        "weights": weights.id,
        "message": session.scalars(select(Message.id)).one(),
        "reveal": reveal.id,
    }


def _accounts(session: Session, town: Town, helper: Volunteer, need: Need, now: datetime) -> None:
    owners = {"volunteer": helper.person_id, "requester": need.requester_id}
    for role in ROLES:
        entry = AccountEntry(
            f"the-{role}",
            factories.PASSWORD,
            role,
            ((role, *PLACES.get(role, (None, None))),),
            person_id=owners.get(role),
            starts_on=date(2026, 4, 1),
            demo=True,
        )
        made = add_account(session, entry, SYSTEM, now)
        session.flush()
        actor = Actor((role,), made.id)
        town.tokens[role] = make_token(session, made.id, "試験", "write", actor, now)
        assert isinstance(made, Account)


# What else is written in a row that stands in a state; `*` is every state not named.
DRESS: dict[str, dict[str, dict[str, Any]]] = {
    "needs": {"closed": {"closed_at": "now"}},
    "proposals": {
        "*": {
            "decided_by_id": "other", "offered_at": "now", "expires_at": "later",
            "offer_channel": "phone", "offered_visits": "visits",
        },
    },
    "placements": {
        "*": {"confirmed_at": "now"},
        "held": {},
        "cancelled": {"cancelled_at": "now", "cancelled_by_id": "other"},
    },
    "activities": {
        "reported": {"reported_at": "now", "minutes": 60, "reported_by_id": "other"},
        "verified": {"reported_at": "now", "minutes": 60, "verified_at": "now",
                     "verified_by_id": "other"},
    },
    "expense_claims": {"*": {"decided_at": "now"}, "claimed": {}},
    "incidents": {
        "*": {"severity": "none"},
        "reported": {},
        "closed": {"severity": "none", "closed_at": "now", "due_at": None},
    },
    "complaints": {"closed": {"closed_at": "now", "due_at": None}},
    "concerns": {
        "acknowledged": {"acknowledged_at": "now", "acknowledged_by_id": "other"},
        "closed": {"acknowledged_at": "now", "acknowledged_by_id": "other", "closed_at": "now"},
    },
    "need_approvals": {"*": {"decided_at": "now", "decided_by_id": "other"}, "asked": {}},
    "tasks": {"done": {"done_at": "now"}},
    "referrals": {"closed": {"closed_at": "now"}},
    "messages": {
        "*": {"channel": "mail", "sent_at": None},
        "waiting": {"channel": "phone", "sent_at": None},
        "sent": {"channel": "mail", "sent_at": "now"},
        "bounced": {"channel": "mail", "sent_at": "now"},
    },
    "reveal_requests": {"*": {"decided_at": "now", "decided_by_id": "boss"}, "asked": {}},
    "trades": {
        "*": {"taker_id": "taker", "taken_at": "now", "decided_at": "now",
              "decided_by_id": "other"},
        "offered": {},
        "taken": {"taker_id": "taker", "taken_at": "now"},
        "withdrawn": {"decided_at": "now"},
    },
    "weight_versions": {
        "*": {},
        "live": {"live_from": "now", "approved_by_id": "boss"},
        "retired": {"live_from": "now", "live_until": "now", "approved_by_id": "boss"},
    },
}  # fmt: skip

# A visit's row stands beside its seat.
SEATS = {
    "reported": "done", "verified": "done", "no_show": "cancelled",
    "cancelled_by_requester": "cancelled", "cancelled_by_volunteer": "cancelled",
    "cancelled_weather": "cancelled", "cancelled_center": "cancelled",
}  # fmt: skip


def dress(connection: Connection, town: Town, rows: str, number: int, state: str) -> None:
    """Bring a row into a state by hand, past every rule; the guard of states is asleep."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    if rows == "activities" and state in SEATS:
        dress(connection, town, "placements", town.ids["visit"], SEATS[state])
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    if rows == "weight_versions" and state == "live":
        connection.execute(
            text("UPDATE weight_versions SET state = 'retired', live_until = live_from"
                 " WHERE state = 'live'")
        )  # fmt: skip
    found = DRESS.get(rows, {})
    worn = found.get(state, found.get("*", {}))
    values = {name: _value(town, value) for name, value in worn.items()} | {"state": state}
    pairs = ", ".join(f"{name} = :{name}" for name in values)
    change = f"UPDATE {rows} SET {pairs} WHERE id = :id"  # noqa: S608
    connection.execute(text(change), {**values, "id": number})
    connection.execute(text("SET LOCAL session_replication_role = origin"))


def _value(town: Town, value: Any) -> Any:
    on = clock.local_date(town.starts_at)
    known = {
        "now": town.starts_at,
        "later": town.starts_at + timedelta(days=1),
        "other": town.ids["other"],
        "boss": town.ids.get("boss"),
        "taker": town.ids["volunteer"],
        "visits": f'[{{"on": "{on}", "start": 630, "minutes": 60}}]',
    }
    return known.get(value, value) if isinstance(value, str) else value
