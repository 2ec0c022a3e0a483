"""Quota: how many residents' contacts a volunteer sees in a month without a second look (T1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from matching.coordination.models import Placement
from matching.coordination.stages import MOST_PEOPLE, WITHIN
from matching.kernel import audit, tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs.models import Need
from matching.people.disclosures import Disclosure
from matching.people.models import Account
from matching.people.trust_models import RevealRequest
from matching.volunteers.models import Volunteer

SECOND_PERSON = "ご自分のことは決められません。ほかの職員にお願いしてください。"
DECIDED = "この確認は、もうすんでいます。画面を開き直してたしかめてください。"
PATTERN = 2  # seen and then cancelled this often is worth a talk


def within_quota(session: Session, actor: Actor, need: Need, now: datetime) -> bool:
    """Tell whether one more resident may be seen; one seen lately, or agreed to, always may."""
    seen = _seen(session, actor.account_id, now)
    if need.requester_id in seen or len(seen) < MOST_PEOPLE:
        return True
    newest = _newest(session, actor, need)
    return newest is not None and newest.state == "agreed" and newest.asked_at > now - WITHIN


def seen_lately(session: Session, account_id: int, now: datetime) -> int:
    """Count the residents whose contacts a volunteer saw this month."""
    return len(_seen(session, account_id, now))


def _seen(session: Session, account_id: int | None, now: datetime) -> set[int]:
    found = (
        select(Disclosure.person_id)
        .where(Disclosure.account_id == account_id, Disclosure.role == "volunteer")
        .where(Disclosure.disclosed_at > now - WITHIN)
    )
    return set(session.scalars(found))


def _newest(session: Session, actor: Actor, need: Need) -> RevealRequest | None:
    return session.scalar(
        select(RevealRequest)
        .where(RevealRequest.account_id == actor.account_id)
        .where(RevealRequest.person_id == need.requester_id)
        .order_by(RevealRequest.id.desc())
        .limit(1)
    )


def ask_for_more(session: Session, actor: Actor, need: Need, now: datetime) -> None:
    """Ask the desk whether a volunteer may see one more resident; asking twice is asking once."""
    newest = _newest(session, actor, need)
    if newest is not None and newest.state == "asked":
        return
    made = RevealRequest(
        account_id=actor.account_id, person_id=need.requester_id, state="asked", asked_at=now
    )
    session.add(made)
    session.flush()
    subject = ("reveal_request", made.id)
    tasks.open_task(session, "disclosure_review", subject, now, now, area_code=need.area_code)
    audit.record(session, actor, now, "reveal_asked", "reveal_request", made.id, need=need.id)


def decide_reveal(
    session: Session, request_id: int, *, agreed: bool, actor: Actor, now: datetime
) -> RevealRequest:
    """Say whether a volunteer may see one more resident's contacts; never of oneself."""
    found = session.get(RevealRequest, request_id, with_for_update=True)
    if found is None:
        raise NotFound
    if found.state != "asked":
        raise Conflict(DECIDED, code="state")
    if found.account_id == actor.account_id:
        raise Invalid(SECOND_PERSON)
    found.state = "agreed" if agreed else "refused"
    found.decided_at, found.decided_by_id = now, actor.account_id
    tasks.close_tasks(session, ("reveal_request", found.id), now)
    audit.record(
        session, actor, now, "reveal_decided", "reveal_request", found.id, state=found.state
    )
    return found


def notice_pattern(session: Session, placement: Placement, now: datetime) -> None:
    """Tell the desk of a volunteer whose visits were cancelled after looking, twice or more."""
    account = (
        select(Account.id)
        .join(Volunteer, Volunteer.person_id == Account.person_id)
        .where(Volunteer.id == placement.volunteer_id)
        .scalar_subquery()
    )
    looked = exists().where(
        Disclosure.object_type == "placement",
        Disclosure.object_id == Placement.id,
        Disclosure.account_id == account,
        Disclosure.role == "volunteer",
    )
    often = session.scalar(
        select(func.count(Placement.id))
        .where(Placement.volunteer_id == placement.volunteer_id)
        .where(Placement.state == "cancelled", looked)
    )
    if (often or 0) < PATTERN:
        return
    subject = ("volunteer", placement.volunteer_id)
    tasks.open_task(session, "disclosure_review", subject, now, now, times=often)
    audit.record(
        session,
        SYSTEM,
        now,
        "looked_then_cancelled",
        "volunteer",
        placement.volunteer_id,
        times=often,
    )
