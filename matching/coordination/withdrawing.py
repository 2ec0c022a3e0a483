"""Taking a word back: what rested on a consent stops in the same transaction (BR-32)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination.halting import coming_visits, stop_asking
from matching.coordination.locking import lock_proposals
from matching.kernel import audit, clock, tasks, transitions
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Invalid
from matching.kernel.outbox import plan_soon
from matching.needs import rules
from matching.needs.models import Need
from matching.people import consenting
from matching.people.consenting import Word
from matching.people.models import Consent, Person
from matching.people.queries import consent_state

REVIEW = "同意の取り消しについて、ご本人に確かめる"
CHANGED = "この困りごとは、もう変わっています。画面を開き直してたしかめてください。"
ENDED = {"refused", "withdrawn", "expired"}
REVIEWED = {"coordination_use", "share_with_volunteer"}


def take_word(session: Session, person_id: int, word: Word, actor: Actor, now: datetime) -> None:
    """Record a person's yes, no, or taking back; a no counts from this very transaction."""
    consenting.check_word(session, person_id, word, clock.local_date(now))
    if word.state in ENDED:
        _end(session, person_id, word, actor, now)
        return
    consenting.record(session, person_id, word, actor, now)
    action = "consent_given" if word.state == "given" else "consent_requested"
    audit.record(session, actor, now, action, "person", person_id, purpose=word.purpose)
    plan_soon(session, now)


def withdraw(
    session: Session, person_id: int, purpose: str, method: str, actor: Actor, now: datetime
) -> None:
    """Take a consent back; nothing is proposed, told or shown on its ground from here on."""
    if purpose not in consenting.PURPOSES:
        raise Invalid("取り消すものを選んでください。", field="purpose")
    _end(session, person_id, Word(purpose, "withdrawn", method), actor, now)


def _end(session: Session, person_id: int, word: Word, actor: Actor, now: datetime) -> None:
    """Write the no down and stop what rested on the yes.

    Agreed visits stay for a person to look at today: taking them away unasked could leave
    somebody without food. Nobody sees contacts of them any more.
    """
    lock_proposals(session)
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    if consent_state(session, person_id, word.purpose) == word.state:
        return
    at = max(now, clock.now())  # the person's row is ours: no disclosure is under way any more
    consenting.record(session, person_id, word, actor, at)
    if word.purpose == "coordination_use":
        _stop_asking(session, person_id, now)
    _review_visits(session, person_id, word.purpose, now)
    audit.record(
        session, actor, now, f"consent_{word.state}", "person", person_id, purpose=word.purpose
    )
    plan_soon(session, now)


def expire_consents(session: Session, now: datetime) -> int:
    """Record consents whose day has passed as expired, with all that follows; returns how many."""
    newest = select(func.max(Consent.id)).group_by(Consent.person_id, Consent.purpose)
    over = session.scalars(
        select(Consent)
        .where(Consent.id.in_(newest), Consent.state == "given")
        .where(Consent.expires_on < clock.local_date(now))
        .order_by(Consent.id)
    ).all()
    for each in over:
        word = Word(each.purpose, "expired", each.method, expires_on=each.expires_on)
        _end(session, each.person_id, replace(word, receiver=each.receiver), SYSTEM, now)
    return len(over)


def _stop_asking(session: Session, person_id: int, now: datetime) -> None:
    """End every proposal to or for the person; their needs wait for a talk."""
    stop_asking(session, person_id)
    needs = session.scalars(
        select(Need)
        .where(Need.requester_id == person_id, Need.state.in_((*rules.PLANNED, *rules.PREVIEWED)))
        .with_for_update(key_share=True)
    )
    for need in needs:
        transitions.move(
            session,
            need,
            rules.TRANSITIONS,
            "on_hold",
            CHANGED,
            next_action=REVIEW,
            next_action_on=clock.local_date(now),
        )
        _review(session, ("need", need.id), need, now)


def _review_visits(session: Session, person_id: int, purpose: str, now: datetime) -> None:
    if purpose in REVIEWED:
        for placement, need in coming_visits(session, person_id, now):
            _review(session, ("placement", placement.id), need, now)


def _review(session: Session, subject: tuple[str, int], need: Need, now: datetime) -> None:
    """A task for today, of the need's own coordinator."""
    tasks.open_task(
        session,
        "consent_review",
        subject,
        now,
        now,
        area_code=need.area_code,
        owner_id=need.owner_id,
    )
