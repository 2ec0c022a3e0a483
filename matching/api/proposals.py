"""Proposals and placements by program: select, offer, answer, confirm, cancel."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from matching.api.bodies import code_of
from matching.api.calls import Call, Reply, operation
from matching.api.paging import QUERY, page_of
from matching.api.problems import wrong
from matching.api.reach import placements_of, proposals_of
from matching.coordination import agreeing, cancelling, confirming
from matching.coordination import queries as coordination
from matching.coordination.answering import ANSWERS, Answer, answer
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.rules import CHANNELS, DECLINE_REASONS, PROPOSAL_TRANSITIONS
from matching.interchange.storing.values import hhmm, minutes
from matching.kernel import audit, clock, transitions
from matching.kernel.errors import NotFound
from matching.needs.models import Need

CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
VISIT = {
    "date": {"type": "string", "format": "date"},
    "start": {"type": "string", "pattern": f"^{CLOCK.pattern}$"},
}
NUMBER = "<int:number>"
MOVED = "この提案は新しい内容に変わりました。画面を開き直してたしかめてください。"


@operation(
    "GET", "/proposals", "my.read", "List proposals", tag="proposals", answer="page", query=QUERY
)
def listed(call: Call) -> Reply:
    """Return the proposals within reach: staff's, or what I am asked."""
    return page_of(
        call.session, proposals_of(call.actor), Proposal.id, lambda row: written(call, row)
    )


def _get(call: Call, number: int) -> Proposal:
    found: Proposal | None = call.session.scalar(
        proposals_of(call.actor)
        .where(Proposal.id == number)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _again(call: Call, number: int) -> Reply:
    call.session.flush()
    found = _get(call, number)
    return Reply(written(call, found), version=found.version)


@operation(
    "POST",
    f"/proposals/{NUMBER}/select",
    "offer.make",
    "Put a candidate on the short list",
    tag="proposals",
    answer="proposal",
)
def selected(call: Call, number: int) -> Reply:
    """Mark a suggestion as chosen by name; nobody is asked yet (BR-03)."""
    lock_proposals(call.session)
    found = coordination.get_proposal(call.session, number, call.actor)
    transitions.move(
        call.session,
        found,
        PROPOSAL_TRANSITIONS,
        "selected",
        MOVED,
        decided_by_id=call.actor.account_id,
    )
    audit.record(call.session, call.actor, call.now, "selected", "proposal", number)
    return _again(call, number)


@operation(
    "POST",
    f"/proposals/{NUMBER}/offer",
    "offer.make",
    "Ask the volunteer for visits",
    tag="proposals",
    answer="proposal",
    body={
        "channel": {"type": "string", "enum": list(CHANNELS)},
        "visits": {"type": "array", "items": {"type": "object", "properties": VISIT}},
    },
)
def offered(call: Call, number: int) -> Reply:
    """Ask; without visits, for those that the plan chose."""
    found = coordination.get_proposal(call.session, number, call.actor)
    channel = code_of(call.body, "channel", CHANNELS, "phone")
    visits = call.body.get("visits")
    choices = _planned(found) if visits is None else [_choice(each) for each in _listed(visits)]
    asked = offer(call.session, number, choices, channel, call.actor, call.now)
    return _again(call, asked.id)


def _planned(proposal: Proposal) -> list[Choice]:
    return [
        Choice(date.fromisoformat(slot["on"]), slot["planned"])
        for slot in proposal.slots
        if slot["planned"] is not None
    ]


def _listed(visits: Any) -> list[Any]:
    if not isinstance(visits, list) or len(visits) > 60:
        raise wrong("visits", "Send a list of at most 60 visits.")
    return visits


def _choice(visit: Any) -> Choice:
    try:
        if not CLOCK.fullmatch(visit["start"]):
            raise ValueError
        return Choice(date.fromisoformat(visit["date"]), minutes(visit["start"]))
    except (TypeError, KeyError, ValueError):
        raise wrong("visits", "Send date as 2026-11-23 and start as 09:30.") from None


@operation(
    "POST",
    f"/proposals/{NUMBER}/answer",
    "my.answer",
    "What the volunteer said, by themselves or typed at the desk",
    tag="proposals",
    answer="proposal",
    body={
        "answer": {"type": "string", "enum": list(ANSWERS)},
        "reason": {"type": ["string", "null"], "enum": [*DECLINE_REASONS, None]},
        "channel": {"type": "string", "enum": list(CHANNELS)},
        "said": {"type": "string", "maxLength": 2000},
    },
)
def answered(call: Call, number: int) -> Reply:
    """Take an answer down; a yes takes the seat or a place on the waiting list."""
    kind = code_of(call.body, "answer", ANSWERS)
    channel, said = code_of(call.body, "channel", CHANNELS, "web"), call.body.get("said", "")
    told = call.body.get("reason") is not None
    reason = code_of(call.body, "reason", DECLINE_REASONS) if told else None
    if not isinstance(said, str) or len(said) > 2000:
        raise wrong("said", "Send a text of at most 2,000 characters.")
    answer(call.session, number, Answer(kind, channel, reason, said), call.actor, call.now)
    return _again(call, number)


@operation(
    "POST",
    f"/proposals/{NUMBER}/confirm",
    "placement.confirm",
    "Place the volunteer on one visit, or on all that the plan chose",
    tag="proposals",
    answer="placements",
    body=VISIT,
)
def confirmed(call: Call, number: int) -> Reply:
    """Place by name; nobody is booked twice and no seat is given twice.

    Where the volunteer's yes already holds the seats, this is the resident's: they become visits.
    """
    asked = coordination.get_proposal(call.session, number, call.actor)
    if asked.state == "accepted" and not call.body:
        placed = [
            *agreeing.resident_agrees(call.session, number, "phone", "", call.actor, call.now)
        ]
    elif call.body:
        choice = _choice(call.body)
        placed = [confirming.confirm(call.session, number, choice, call.actor, call.now)]
    else:
        placed = confirming.confirm_planned(call.session, number, call.actor, call.now)
    ids = [each.id for each in placed]
    found = call.session.scalars(placements_of(call.actor).where(Placement.id.in_(ids))).unique()
    return Reply({"items": [placement_written(each) for each in found]}, 201)


@operation(
    "POST",
    f"/proposals/{NUMBER}/cancel",
    "placement.cancel",
    "End what was asked, or take back every visit that came of it",
    tag="proposals",
    answer="proposal",
    body={"reason": {"type": "string", "maxLength": 200}},
)
def cancelled(call: Call, number: int) -> Reply:
    """End a proposal with a reason; visits of it that are to come are free again."""
    reason = call.body.get("reason")
    if not isinstance(reason, str) or not reason.strip() or len(reason) > 200:
        raise wrong("reason", "Say why, in at most 200 characters.")
    lock_proposals(call.session)
    found = coordination.get_proposal(call.session, number, call.actor)
    placed = [
        each
        for each in coordination.list_placements(call.session, need_id=found.need_id)
        if each.proposal_id == number and each.state in {"held", "confirmed"}
    ]
    for each in placed:
        cancelling.cancel(call.session, each.id, reason, call.actor, call.now)
    if not placed:
        transitions.move(
            call.session,
            found,
            PROPOSAL_TRANSITIONS,
            "cancelled",
            MOVED,
            decided_by_id=found.decided_by_id or call.actor.account_id,
        )
        audit.record(call.session, call.actor, call.now, "offer_ended", "proposal", number)
    return _again(call, number)


@operation(
    "GET", "/placements", "my.read", "List placements", tag="placements", answer="page",
    query=QUERY,
)  # fmt: skip
def placements(call: Call) -> Reply:
    """Return the agreed visits within reach; part of town only, never a name or an address."""
    return page_of(call.session, placements_of(call.actor), Placement.id, placement_written)


def written(call: Call, proposal: Proposal) -> dict[str, Any]:
    """Write a proposal: part of town, day and time; never who asks or where (BR-19)."""
    need = call.session.get(Need, proposal.need_id) if proposal.need_id else None
    return {
        "proposal_id": proposal.id,
        "need_id": need.reference if need else proposal.need_reference,
        "volunteer_id": proposal.volunteer.reference,
        "category": proposal.category_code,
        "area": need.area_code if need else None,
        "state": proposal.state,
        "score": proposal.score,
        "factors": proposal.factors,
        "visits": [
            {"date": each["on"], "start": hhmm(each["start"]), "minutes": each["minutes"]}
            for each in proposal.offered_visits
        ],
        "channel": proposal.offer_channel,
        "expires_at": _instant(proposal.expires_at),
        "decline_reason": proposal.decline_reason,
        "version": proposal.version,
    }


def placement_written(placement: Placement) -> dict[str, Any]:
    """Write an agreed visit."""
    return {
        "placement_id": placement.id,
        "proposal_id": placement.proposal_id,
        "need_id": placement.need.reference,
        "volunteer_id": placement.volunteer.reference,
        "category": placement.need.category_code,
        "area": placement.need.area_code,
        "visit_date": clock.local_date(placement.starts_at).isoformat(),
        "time_from": hhmm(clock.minutes_of_day(placement.starts_at)),
        "time_to": hhmm(clock.minutes_of_day(placement.ends_at)),
        "state": placement.state,
        "version": placement.version,
    }


def _instant(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
