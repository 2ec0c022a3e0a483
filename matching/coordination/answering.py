"""Answering: a yes takes the seat or a place in the queue, a no is never held against anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from matching.coordination import confirming, placing, queries
from matching.coordination.contacting import count_attempts, note_contact
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.offering import offered_choices
from matching.coordination.rules import DECLINE_REASONS, MOST_CALLS, PROPOSAL_TRANSITIONS
from matching.kernel import audit, outbox, tasks, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.outbox import plan_soon
from matching.needs import rules
from matching.needs.models import Need
from matching.needs.queries import lock_need

OVER = "このお願いは、もう終わっています。お気持ちをありがとうございます。"
ASK_RESIDENT = "来る方について、ご本人の了解をもらう"
NO_OUTCOME = "どうなったかを選んでください。"
SETTLED = ("matched", "in_progress")
ANSWERS = ("yes", "no", "talk", "no_answer", "message_left")


@dataclass(frozen=True)
class Answer:
    """What a volunteer said, or that nobody was reached; `said` is typed by staff."""

    kind: str
    channel: str
    reason: str | None = None
    said: str = ""


def answer(
    session: Session, proposal_id: int, given: Answer, actor: Actor, now: datetime
) -> Proposal:
    """Take down an answer to an offer, whoever types it; returns the proposal as it then stands.

    A yes holds the seats asked for when they are free, and otherwise a place in the queue
    (`waitlisted`). Raises Conflict when the offer is over.
    """
    _check(given)
    lock_proposals(session)
    proposal = queries.get_offer(session, proposal_id, actor)
    placing.hold_volunteer(session, proposal.volunteer_id)
    need = lock_need(session, proposal.need_id or 0)
    if proposal.state not in {"contacted", "no_response"}:
        raise Conflict(OVER, code="over")
    note_contact(
        session,
        proposal,
        proposal.volunteer.person_id,
        given.channel,
        given.kind,
        actor,
        now,
        given.said,
    )
    TAKE_DOWN[given.kind](session, need, proposal, given, actor, now)
    return proposal


def _check(given: Answer) -> None:
    if given.kind not in ANSWERS:
        raise Invalid(NO_OUTCOME, field="kind")
    if given.reason is not None and given.reason not in DECLINE_REASONS:
        raise Invalid(NO_OUTCOME, field="reason")


def _yes(
    session: Session, need: Need, proposal: Proposal, given: Answer, actor: Actor, now: datetime
) -> None:
    by = proposal.decided_by_id
    try:
        _check_open(need)
        with session.begin_nested():
            confirming.take(session, proposal, by, now)
            placed = [
                placing.place(session, need, proposal, choice, by, now)
                for choice in offered_choices(proposal)
            ]
    except Conflict as late:
        if late.code != "full":
            raise
        _queue(session, proposal, actor, now)
        return
    for placement in placed:
        audit.record(session, actor, now, "placement_held", "placement", placement.id, need=need.id)
    confirming.advance(session, need, ASK_RESIDENT, by, now)
    known = known_to_each_other(session, need, proposal.volunteer_id)
    if known:
        for placement in placed:
            confirming.settle(session, placement, actor, now)
        for told in ("confirmed", "coming"):  # nobody has spoken with the resident about it
            outbox.enqueue(session, "message", {"kind": told, "proposal": proposal.id}, now)
    else:
        outbox.enqueue(session, "message", {"kind": "may_come", "proposal": proposal.id}, now)
        tasks.open_task(
            session,
            "tell_resident",
            ("proposal", proposal.id),
            now,
            now,
            area_code=need.area_code,
            owner_id=by,
        )
    audit.record(session, actor, now, "accepted", "proposal", proposal.id, need=need.id)
    plan_soon(session, now)


def _check_open(need: Need) -> None:
    """Refuse a need with nothing to give; one that is over or put off has no queue either."""
    if need.state in SETTLED:
        raise Conflict(placing.FULL, code="full")
    if need.state not in rules.PLANNED:
        raise Conflict(OVER, code="over")


def _queue(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    session.refresh(proposal)
    transitions.move(session, proposal, PROPOSAL_TRANSITIONS, "waitlisted", OVER, responded_at=now)
    outbox.enqueue(session, "message", {"kind": "waitlisted", "proposal": proposal.id}, now)
    audit.record(session, actor, now, "waitlisted", "proposal", proposal.id)


def known_to_each_other(session: Session, need: Need, volunteer_id: int) -> bool:
    """Tell whether this volunteer has already been with this resident: then no yes is asked."""
    met = (
        select(Placement.id)
        .join(Need, Need.id == Placement.need_id)
        .where(Need.requester_id == need.requester_id, Placement.volunteer_id == volunteer_id)
        .where(Placement.confirmed_at.is_not(None), Placement.state != "cancelled")
    )
    return session.scalar(select(exists(met))) or False


def _no(
    session: Session, need: Need, proposal: Proposal, given: Answer, actor: Actor, now: datetime
) -> None:
    transitions.move(
        session,
        proposal,
        PROPOSAL_TRANSITIONS,
        "declined",
        OVER,
        responded_at=now,
        decline_reason=given.reason or "other",
    )
    audit.record(session, actor, now, "declined", "proposal", proposal.id, need=need.id)
    plan_soon(session, now)


def _talk(
    session: Session, need: Need, proposal: Proposal, given: Answer, actor: Actor, now: datetime
) -> None:
    tasks.open_task(
        session,
        "talk_wanted",
        ("proposal", proposal.id),
        now,
        now,
        area_code=need.area_code,
        owner_id=proposal.decided_by_id,
    )


def _not_reached(
    session: Session, need: Need, proposal: Proposal, given: Answer, actor: Actor, now: datetime
) -> None:
    if proposal.state == "contacted" and count_attempts(session, proposal.id) >= MOST_CALLS:
        give_up(session, proposal, need, now)


def give_up(session: Session, proposal: Proposal, need: Need, now: datetime) -> None:
    """Take an offer as unanswered (BR-16): the next person is to be asked, by name or by plan."""
    transitions.move(session, proposal, PROPOSAL_TRANSITIONS, "no_response", OVER)
    tasks.open_task(
        session,
        "offer_unanswered",
        ("need", need.id),
        now,
        now,
        area_code=need.area_code,
        owner_id=need.owner_id,
        proposal=proposal.id,
    )
    plan_soon(session, now)


TAKE_DOWN = {
    "yes": _yes,
    "no": _no,
    "talk": _talk,
    "no_answer": _not_reached,
    "message_left": _not_reached,
}
