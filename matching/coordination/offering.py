"""Offering: a named coordinator asks a volunteer for visits, and waits no longer than said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from matching.coordination import placing, queries
from matching.coordination.budgets import spent_budgets
from matching.coordination.contacting import note_contact
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Proposal
from matching.coordination.placing import Choice
from matching.coordination.rules import (
    PROPOSAL_TRANSITIONS,
    SENT_BY_US,
    answer_due_at,
)
from matching.kernel import audit, outbox, transitions
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict, Invalid
from matching.needs import rules
from matching.needs.models import Need
from matching.needs.queries import lock_need

MOVED = "この提案は新しい内容に変わりました。画面を開き直してたしかめてください。"
NOT_READY = "この困りごとは、いまはお願いを出せません。先に「受ける」としてください。"
BUSY = (
    "この方には、一度にお願いできる数まで、もうお願いしています。"
    "返事を待つか、ほかの方を選んでください。"
)
RESTING = (
    "この方は、同じ種類のお願いを見送ってから、まだ7日たっていません。ほかの方を選んでください。"
)
NO_VISIT = "お願いする日時を選んでください。"
ONE_A_DAY = "同じ日は、1つの時間だけ選んでください。"
AWAIT = "お願いの返事を待つ"
SPENT = {"open_offers": BUSY, "resting": RESTING}
"""What the load guard says; who is not active at all is a matter of the gates."""


def offer(
    session: Session,
    proposal_id: int,
    choices: Sequence[Choice],
    channel: str,
    actor: Actor,
    now: datetime,
) -> Proposal:
    """Ask the proposed volunteer for one visit or several; the seat stays free until they answer.

    With a channel of our own a message leaves by itself (outside quiet hours); by phone the
    coordinator speaks and then types the answer. A run that ended while the list was open has
    replaced the suggestion: then the new one of the same pair is meant, which is returned. Raises
    Conflict when the load guard (BR-15) or a gate says no.
    """
    lock_proposals(session)
    proposal = queries.newest_of_pair(session, queries.get_proposal(session, proposal_id, actor))
    placing.hold_volunteer(session, proposal.volunteer_id)
    need = lock_need(session, proposal.need_id or 0)
    _check(session, need, proposal, choices, now)
    minutes = [
        placing.checked_slot(session, need, proposal.volunteer, choice, now).duration_minutes
        for choice in choices
    ]
    transitions.move(
        session,
        proposal,
        PROPOSAL_TRANSITIONS,
        "contacted",
        MOVED,
        decided_by_id=actor.account_id,
        offered_at=now,
        offer_channel=channel,
        expires_at=answer_due_at(channel, need.urgency, now),
        offered_visits=[
            {"on": choice.on.isoformat(), "start": choice.start_minutes, "minutes": length}
            for choice, length in zip(choices, minutes, strict=True)
        ],
    )
    if channel in SENT_BY_US:
        note_contact(session, proposal, proposal.volunteer.person_id, channel, "sent", actor, now)
        outbox.enqueue(session, "message", {"kind": "offer", "proposal": proposal.id}, now)
    _await_answer(session, need, proposal, actor)
    audit.record(
        session,
        actor,
        now,
        "offered",
        "proposal",
        proposal.id,
        need=need.id,
        volunteer=proposal.volunteer_id,
        channel=channel,
    )
    return proposal


def _check(
    session: Session, need: Need, proposal: Proposal, choices: Sequence[Choice], now: datetime
) -> None:
    if not choices:
        raise Invalid(NO_VISIT, field="slot")
    if len({choice.on for choice in choices}) < len(choices):  # nobody could say yes to both
        raise Invalid(ONE_A_DAY, field="slot")
    if need.state not in rules.PLANNED:
        raise Conflict(placing.FULL if need.state == "matched" else NOT_READY, code="state")
    who = proposal.volunteer_id
    spent = spent_budgets(session, [who], need.category_code, now).get(who)
    if spent in SPENT:
        raise Conflict(SPENT[spent], code="load")


def _await_answer(session: Session, need: Need, proposal: Proposal, actor: Actor) -> None:
    due = proposal.expires_at
    transitions.move(
        session,
        need,
        rules.TRANSITIONS,
        "matching",
        NOT_READY,
        owner_id=need.owner_id or actor.account_id,
        next_action=AWAIT,
        next_action_on=local_date(due) if due else None,
    )


def offered_choices(proposal: Proposal) -> list[Choice]:
    """Return the visits a volunteer was asked for."""
    return [
        Choice(date.fromisoformat(visit["on"]), visit["start"]) for visit in proposal.offered_visits
    ]
