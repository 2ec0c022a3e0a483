"""A coordinator's word on a pair: hold it for a visit, keep it out of the plan, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import loading
from matching.coordination.locking import lock_proposals
from matching.coordination.models import Placement, Proposal
from matching.coordination.placing import Choice
from matching.coordination.plan_models import PairRule
from matching.coordination.superseding import supersede
from matching.engine import explain, possible_slots
from matching.kernel import audit, clock
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound, StaleVersion
from matching.kernel.outbox import plan_soon
from matching.kernel.row_security import at_the_wall
from matching.kernel.visibility import visible
from matching.needs import rules
from matching.needs.models import Need, NeedOccurrence
from matching.needs.queries import get_need, lock_need
from matching.volunteers.models import Volunteer

NOT_PLANNED = "この困りごとは、いま調整案に入っていません。先に「受ける」としてください。"
NO_VISIT = "おさえる日時を選んでください。"
ALREADY = "この方は、この日にもうおさえてあります。"
FULL = "この日の人数は、もうおさえてあるか決まっています。先に、だれかのおさえを外してください。"
OTHER_TIME = "この回は、別の日時でおさえてあるか決まっています。同じ日時を選んでください。"
SHUT_OUT = "この方は、いまの条件ではこの日時に来られないため、おさえられません。"
RULED_OUT = "この組み合わせは、もう外してあります。"
NO_REASON = "組み合わせない理由を入力してください。"
UNDER_WAY = "この方には、もうお願いしているか、決まっています。先に取りやめてください。"
RELEASED = "ほかの画面で先に変更されています。最新の内容をたしかめてください。"
LONGEST_REASON = 500


class ShutOut(Conflict):
    """The gates between a pair, by code; a page puts them into words."""

    code = "shut_out"

    def __init__(self, gates: Sequence[str]) -> None:
        super().__init__(SHUT_OUT)
        self.gates = tuple(gates)


def lock_pair(
    session: Session,
    reference: str,
    volunteer_reference: str,
    choices: Sequence[Choice],
    reason: str,
    actor: Actor,
    now: datetime,
) -> list[PairRule]:
    """Hold a volunteer for visits of a need until somebody lets go; every plan keeps to it.

    Raises ShutOut with every gate for somebody who cannot come, Conflict for a seat that is gone.
    """
    need, volunteer = _pair(session, reference, volunteer_reference, actor)
    if need.state not in rules.PLANNED:
        raise Conflict(NOT_PLANNED, code="state")
    if not choices:
        raise Invalid(NO_VISIT, field="slot")
    _check_gates(session, need, volunteer, choices, now)
    held = []
    for choice in choices:
        _check_visit(session, need, volunteer, choice)
        held.append(_rule(need, volunteer, "lock", choice, reason, actor, now))
        session.add(held[-1])
        session.flush()
    _told(session, "pair_locked", held, actor, now)
    return held


def forbid_pair(
    session: Session,
    reference: str,
    volunteer_reference: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> PairRule:
    """Keep a volunteer out of the plan for a need until somebody takes that back."""
    need, volunteer = _pair(session, reference, volunteer_reference, actor)
    if not reason.strip():
        raise Invalid(NO_REASON, field="reason")
    standing = _standing(session, need, volunteer)
    if any(rule.kind == "forbid" for rule in standing):
        raise Conflict(RULED_OUT, code="forbidden")
    _check_not_under_way(session, need, volunteer)
    for rule in standing:
        _release(session, rule, actor, now)
    session.flush()
    rule = _rule(need, volunteer, "forbid", None, reason, actor, now)
    session.add(rule)
    supersede(session, Proposal.need_id == need.id, Proposal.volunteer_id == volunteer.id)
    _told(session, "pair_forbidden", [rule], actor, now)
    return rule


def release_pair(
    session: Session, rule_id: int, version: str, actor: Actor, now: datetime
) -> PairRule:
    """Take a lock or a forbid back; raises StaleVersion when somebody was first."""
    lock_proposals(session)
    within = visible(PairRule, actor, "plan.pair")
    with at_the_wall(session):
        rule = session.scalar(
            select(PairRule).where(PairRule.id == rule_id, within).with_for_update()
        )
    if rule is None:
        raise NotFound
    if version != str(rule.version) or rule.released_at is not None:
        raise StaleVersion(RELEASED)
    _release(session, rule, actor, now)
    plan_soon(session, now)
    return rule


def fulfil(
    session: Session, need_id: int, volunteer_id: int, on: date, actor: Actor, now: datetime
) -> None:
    """Let go of a pair whose held visit has just been agreed."""
    for rule in session.scalars(
        select(PairRule).where(
            PairRule.need_id == need_id,
            PairRule.volunteer_id == volunteer_id,
            PairRule.visit_on == on,
            PairRule.kind == "lock",
            PairRule.released_at.is_(None),
        )
    ):
        _release(session, rule, actor, now)


def _pair(
    session: Session, reference: str, volunteer_reference: str, actor: Actor
) -> tuple[Need, Volunteer]:
    lock_proposals(session)
    need = lock_need(session, get_need(session, reference, actor).id)
    volunteer = session.scalar(select(Volunteer).where(Volunteer.reference == volunteer_reference))
    if volunteer is None:
        raise NotFound
    return need, volunteer


def _check_gates(
    session: Session, need: Need, volunteer: Volunteer, choices: Sequence[Choice], now: datetime
) -> None:
    problem = loading.load_pair(session, clock.local_date(now), need.id, volunteer.id).problem
    name = volunteer.reference
    if name not in problem.volunteer_index:
        raise ShutOut(["not_active"])
    slots = possible_slots(problem, need.reference, [name])[name]
    possible = {(slot.on, start) for slot in slots for start in slot.starts}
    if not all((choice.on, choice.start_minutes) in possible for choice in choices):
        gates = explain(problem, need.reference, name).gates
        raise ShutOut([gate.value for gate in gates] or ["not_available"])


def _check_visit(session: Session, need: Need, volunteer: Volunteer, choice: Choice) -> None:
    """All who come on one visit come at one time, and there is a seat for each of them."""
    period = _period(need, choice.on)
    standing = session.scalars(
        select(PairRule).where(
            PairRule.need_id == need.id, PairRule.kind == "lock", PairRule.released_at.is_(None)
        )
    )
    same = [r for r in standing if r.visit_on and _period(need, r.visit_on) == period]
    if any(rule.volunteer_id == volunteer.id for rule in same):
        raise Conflict(ALREADY, code="held")
    if any((rule.visit_on, rule.start_minutes) != _when(choice) for rule in same):
        raise Conflict(OTHER_TIME, code="other_time")
    agreed = session.scalar(
        select(NeedOccurrence.filled).where(
            NeedOccurrence.need_id == need.id,
            NeedOccurrence.period_on == period,
            NeedOccurrence.cancelled_at.is_(None),
        )
    )
    if len(same) + (agreed or 0) >= need.headcount:
        raise Conflict(FULL, code="full")


def _when(choice: Choice) -> tuple[date, int]:
    return choice.on, choice.start_minutes


def _period(need: Need, on: date) -> date:
    start_on = need.start_on or on
    return rules.period_start(need.recurrence, start_on, on, on_weekdays=bool(need.weekdays))


def _check_not_under_way(session: Session, need: Need, volunteer: Volunteer) -> None:
    asked = select(Proposal.id).where(
        Proposal.need_id == need.id,
        Proposal.volunteer_id == volunteer.id,
        Proposal.state.in_(("selected", "contacted", "waitlisted")),
    )
    agreed = select(Placement.id).where(
        Placement.need_id == need.id,
        Placement.volunteer_id == volunteer.id,
        Placement.state.in_(("held", "confirmed")),
    )
    if session.scalar(asked.limit(1)) or session.scalar(agreed.limit(1)):
        raise Conflict(UNDER_WAY, code="under_way")


def _standing(session: Session, need: Need, volunteer: Volunteer) -> Sequence[PairRule]:
    return session.scalars(
        select(PairRule).where(
            PairRule.need_id == need.id,
            PairRule.volunteer_id == volunteer.id,
            PairRule.released_at.is_(None),
        )
    ).all()


def _rule(
    need: Need,
    volunteer: Volunteer,
    kind: str,
    choice: Choice | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> PairRule:
    return PairRule(
        need_id=need.id,
        volunteer_id=volunteer.id,
        kind=kind,
        visit_on=choice.on if choice else None,
        start_minutes=choice.start_minutes if choice else None,
        reason=reason.strip()[:LONGEST_REASON],
        decided_by_id=actor.account_id,
        decided_at=now,
        version=1,
    )


def _release(session: Session, rule: PairRule, actor: Actor, now: datetime) -> None:
    rule.released_at, rule.released_by_id = now, actor.account_id
    rule.version += 1
    audit.record(
        session,
        actor,
        now,
        "pair_released",
        "need",
        rule.need_id,
        volunteer=rule.volunteer_id,
        rule=rule.id,
        kind=rule.kind,
    )


def _told(
    session: Session, action: str, made: Sequence[PairRule], actor: Actor, now: datetime
) -> None:
    session.flush()
    for rule in made:
        audit.record(
            session,
            actor,
            now,
            action,
            "need",
            rule.need_id,
            volunteer=rule.volunteer_id,
            rule=rule.id,
        )
    plan_soon(session, now)
