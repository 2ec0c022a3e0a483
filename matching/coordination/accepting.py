"""Deciding what the plan proposes: what is safe in one step, by a named coordinator (BR-03)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.catalogue.models import Category
from matching.coordination import queries
from matching.coordination.agreements import held_seats
from matching.coordination.confirming import confirm_planned
from matching.coordination.models import NeedOutcome, Placement, Proposal
from matching.coordination.safety import Facts, look_at
from matching.engine.option_gates import age_on
from matching.kernel import audit, clock
from matching.kernel.actor import Actor
from matching.kernel.errors import DomainError
from matching.needs.models import Need
from matching.people.models import Consent

ADULT_AGE = 18


@dataclass(frozen=True)
class Weighed:
    """A proposal of the plan and why somebody should look at it more closely."""

    proposal: Proposal
    reasons: tuple[str, ...]

    @property
    def safe(self) -> bool:
        """Whether nothing speaks against deciding it with others in one step."""
        return not self.reasons


@dataclass(frozen=True)
class Refused:
    """A proposal that was not decided after all, with the sentence of the rule."""

    proposal: Proposal
    sentence: str


def weigh(session: Session, run_id: int, actor: Actor, now: datetime) -> list[Weighed]:
    """Return what the plan proposes within reach, each with what wants a closer look."""
    proposals = queries.list_planned(session, run_id, actor)
    known = _Known(session, proposals, now)
    return [Weighed(each, look_at(known.facts_of(each))) for each in proposals]


def accept_safe(
    session: Session,
    run_id: int,
    proposal_ids: Collection[int],
    actor: Actor,
    now: datetime,
) -> tuple[list[Proposal], list[Refused]]:
    """Decide those of the chosen proposals that are still safe; one refusal stops no other."""
    decided, refused = [], []
    for weighed in weigh(session, run_id, actor, now):
        proposal = weighed.proposal
        if proposal.id not in proposal_ids or not weighed.safe:
            continue
        try:
            with session.begin_nested():
                confirm_planned(session, proposal.id, actor, now)
            decided.append(proposal)
        except DomainError as error:
            refused.append(Refused(proposal, error.sentence))
    audit.record(
        session,
        actor,
        now,
        "plan_accepted",
        "planning_run",
        run_id,
        decided=len(decided),
        refused=len(refused),
    )
    return decided, refused


class _Known:
    """What rows say of some proposals, each table read once."""

    def __init__(self, session: Session, proposals: Sequence[Proposal], now: datetime) -> None:
        self.today = clock.local_date(now)
        needs, people = {p.need_id for p in proposals}, {p.volunteer_id for p in proposals}
        self.categories = {row.code: row for row in session.scalars(select(Category))}
        self.next = _next_scores(session, needs)
        self.done = _done(session, people)
        self.shares = _sharing(session, {p.need.requester_id for p in proposals if p.need})
        self.held = {(h.need, h.lock.volunteer_id) for h in held_seats(session, self.today, None)}
        self.versions = _versions(session, needs)

    def facts_of(self, proposal: Proposal) -> Facts:
        volunteer, need = proposal.volunteer, proposal.need
        if need is None:
            raise ValueError("a proposal of the plan has its need")
        category = self.categories[need.category_code]
        here = [done for done in self.done if done == (volunteer.id, need.requester_id)]
        born = volunteer.person.birth_on
        return Facts(
            doubts=len(proposal.uncertain),
            score=proposal.score or 0,
            next_score=self.next.get(need.id),
            held=(need.reference, volunteer.reference) in self.held,
            risk=category.risk_level,
            in_home=category.place in {"in", "both"},
            visits_here=len(here),
            visits_anywhere=sum(who == volunteer.id for who, _ in self.done),
            minor=born is not None and age_on(born, self.today) < ADULT_AGE,
            shares=need.requester_id in self.shares,
            urgency=need.urgency,
            current=self.versions.get(need.id) == need.version,
        )


def _next_scores(session: Session, needs: Collection[int | None]) -> dict[int, int]:
    """The best score of those for each need whom the plan did not choose."""
    found = session.execute(
        select(Proposal.need_id, func.max(Proposal.score))
        .where(Proposal.need_id.in_(needs), Proposal.state == "suggested", ~Proposal.planned)
        .group_by(Proposal.need_id)
    )
    return {need: score for need, score in found if need is not None and score is not None}


def _done(session: Session, people: Collection[int]) -> list[tuple[int, int]]:
    """Volunteer and resident of every visit that took place."""
    visited = (
        select(Placement.volunteer_id, Need.requester_id)
        .join(Need, Need.id == Placement.need_id)
        .where(Placement.volunteer_id.in_(people), Placement.state == "done")
    )
    earlier = (
        select(Proposal.volunteer_id, Need.requester_id)
        .join(Need, Need.id == Proposal.need_id)
        .where(Proposal.volunteer_id.in_(people), Proposal.outcome == "completed")
    )
    found = session.execute(visited.union(earlier))
    return [(row[0], row[1]) for row in found]


def _sharing(session: Session, person_ids: Collection[int]) -> set[int]:
    """Residents whose newest word on telling a volunteer their name and address is yes."""
    newest = (
        select(func.max(Consent.id))
        .where(Consent.purpose == "share_with_volunteer", Consent.person_id.in_(person_ids))
        .group_by(Consent.person_id)
    )
    given = select(Consent.person_id).where(Consent.id.in_(newest), Consent.state == "given")
    return set(session.scalars(given))


def _versions(session: Session, needs: Collection[int | None]) -> dict[int, int]:
    """The version of each need that the planner read last."""
    newest = (
        select(func.max(NeedOutcome.run_id))
        .where(NeedOutcome.need_id == Need.id)
        .correlate(Need)
        .scalar_subquery()
    )
    found = session.execute(
        select(NeedOutcome.need_id, NeedOutcome.need_version)
        .join(Need, Need.id == NeedOutcome.need_id)
        .where(Need.id.in_(needs), NeedOutcome.run_id == newest)
    )
    return {row[0]: row[1] for row in found}
