"""BR-19: what a reader may know of a resident, as a value that lacks whatever is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement, Proposal
from matching.coordination.quota import ask_for_more, within_quota
from matching.coordination.stages import FIELDS, Tie, fields_for, hindrance
from matching.coordination.ties import tie_of
from matching.coordination.values import values_of
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.needs.models import Need
from matching.people.disclosures import note_disclosure
from matching.people.models import Person
from matching.people.queries import newest_consent

VISIT = "visit"
COORDINATION = "coordination"
# What staff may say that they look for outside their queue.
ASIDE = ("call", "follow_up", "complaint", "request_of_person")
PURPOSES = (VISIT, COORDINATION, *ASIDE)
Subject = Need | Proposal | Placement


@dataclass(frozen=True)
class Disclosed(Mapping[str, Any]):
    """The fields that may be shown now; a hidden one is not in it.

    `stage` is the highest stage of a field in it. `may_reveal` says that contacts would be shown
    for a purpose; `hindrance` why not: not_settled, hold, shielded, over, consent or quota.
    """

    fields: Mapping[str, Any]
    stage: str
    relation: str
    may_reveal: bool = False
    hindrance: str = ""

    def __getitem__(self, field: str) -> Any:
        return self.fields[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


def look(session: Session, actor: Actor, subject: Subject, now: datetime) -> Disclosed:
    """Return what a reader may know without having said what for; writes nothing.

    Contacts are covered for a volunteer, and for staff outside their queue; nobody else who
    would need a record of the look gets more than L1 here.
    """
    need = need_of(session, subject)
    tie = tie_of(session, actor, subject, need, told=False)
    return _disclosed(session, need, subject, tie, now)


def disclose(
    session: Session, actor: Actor, subject: Subject, purpose: str, now: datetime
) -> Disclosed:
    """Return what a reader may know for a purpose, and write down whose contacts were shown.

    The resident's row is held first: no disclosure begins after a withdrawal, a hold or a shield
    has been committed (I8). A volunteer beyond the month's quota is not shown more until a second
    coordinator has said yes (T1).
    """
    if purpose not in PURPOSES:
        raise KeyError(purpose)
    need = need_of(session, subject)
    _hold_person(session, need.requester_id)
    tie = tie_of(session, actor, subject, need, told=True)
    at = max(now, clock.now())
    volunteer = tie.relation == "volunteer"
    if volunteer and not hindrance(tie, at) and not within_quota(session, actor, need, at):
        ask_for_more(session, actor, need, at)
        tie = tie_of(session, actor, subject, need, told=False)
        return _disclosed(session, need, subject, tie, at, beyond="quota")
    shown = _disclosed(session, need, subject, tie, at)
    _write_down(session, actor, shown, need, subject, purpose, at)
    return shown


def need_of(session: Session, subject: Subject) -> Need:
    """Return the need that a row is about."""
    if isinstance(subject, Need):
        return subject
    return session.get_one(Need, subject.need_id)


def _hold_person(session: Session, person_id: int) -> None:
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(read=True))


def _disclosed(
    session: Session, need: Need, subject: Subject, tie: Tie, now: datetime, *, beyond: str = ""
) -> Disclosed:
    fields = values_of(session, need, subject, fields_for(tie, now), tie)
    reached = max((FIELDS[field] for field in fields), default="L0")
    volunteer = tie.relation == "volunteer"
    why_not = beyond or (hindrance(tie, now) if volunteer else "")
    covered = volunteer and not why_not and "address" not in fields
    aside = tie.relation in {"desk", "clerk"} and not tie.in_queue and not tie.told
    return Disclosed(fields, reached, tie.relation, covered or aside, why_not)


def _write_down(
    session: Session,
    actor: Actor,
    shown: Disclosed,
    need: Need,
    subject: Subject,
    purpose: str,
    now: datetime,
) -> None:
    if shown.relation == "self" or shown.stage not in {"L2", "L3"}:
        return
    if shown.relation == "commissioner":
        return  # the name they brought themselves, and results
    consent = newest_consent(session, need.requester_id, "share_with_volunteer")
    volunteer = shown.relation == "volunteer"
    note_disclosure(
        session,
        actor,
        need.requester_id,
        (kind_of(subject), subject.id),
        purpose,
        now,
        stage=shown.stage,
        fields=sorted(field for field in shown if FIELDS[field] in {"L2", "L3"}),
        consent_id=consent.id if volunteer and consent else None,
        role="volunteer" if volunteer else actor.role,
        every=volunteer or purpose in ASIDE,
    )


def kind_of(subject: Subject) -> str:
    """Return how a row is named in the record of disclosures."""
    return {Need: "need", Proposal: "proposal", Placement: "placement"}[type(subject)]
