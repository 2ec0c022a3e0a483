"""Erasing a person: the key of what was sealed is destroyed, names go, counts stay."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from matching.activities.group_models import GroupMember
from matching.activities.models import Activity
from matching.coordination.cancelling import cancel
from matching.coordination.contact_models import Contact
from matching.coordination.models import Placement
from matching.coordination.plan_models import PairRule
from matching.coordination.queries import not_begun
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, NotFound
from matching.kernel.person_keys import PersonKey
from matching.kernel.typed import row_number
from matching.messaging.hook_models import LineCode, LineFriend
from matching.messaging.models import BadAddress
from matching.needs.briefing import NeedBrief
from matching.needs.models import Need, NeedNote
from matching.needs.referral_models import CaseConference, Referral
from matching.needs.rules import OPEN
from matching.needs.sheet import NeedSheet
from matching.people import legal_holds
from matching.people.legal_holds import LegalHold
from matching.people.models import Account, Block, LoginSession, Person
from matching.people.tokens import ApiToken
from matching.people.trust_models import (
    GuardianConsent,
    Representation,
    Shield,
    ShieldKeeper,
)
from matching.safeguarding.models import Concern, ConcernPerson
from matching.volunteers.models import Volunteer

ERASED = "（消去済み）"
LEDGER = "erasures.jsonl"
VISITS_OPEN = "これからの活動があります。取りやめてから消去してください。"
CONCERNS_OPEN = "確認の終わっていない心配ごとがあります。終えてから消去してください。"
LEGAL_HOLD = "この方の記録は、残しておくことになっています（法的な保全）。"
NEEDS_OPEN = "まだ終わっていない困りごとがあります。終結してから消去してください。"


def find_person(session: Session, named: str) -> Person:
    """Return a person by number, or by the number of their need or registration."""
    number = row_number(named)
    found = session.scalar(
        select(Person)
        .outerjoin(Volunteer, Volunteer.person_id == Person.id)
        .outerjoin(Need, Need.requester_id == Person.id)
        .where(
            Person.id == number
            if number is not None
            else (Volunteer.reference == named) | (Need.reference == named)
        )
        .limit(1)
    )
    if found is None:
        raise NotFound(f"{named} という人は見つかりませんでした。番号を確かめてください。")
    return found


def hindrances(session: Session, person: Person, now: datetime) -> list[str]:
    """Return why a person cannot be erased now, as sentences that say what to do."""
    open_needs = exists().where(Need.requester_id == person.id, Need.state.in_(OPEN))
    open_concerns = exists().where(
        ConcernPerson.person_id == person.id,
        Concern.id == ConcernPerson.concern_id,
        Concern.state != "closed",
    )
    asked = (
        (select(_coming(person.id, now).exists()), VISITS_OPEN),
        (select(open_needs), NEEDS_OPEN),
        (select(open_concerns), CONCERNS_OPEN),
    )
    reasons = [sentence for question, sentence in asked if session.scalar(question)]
    return [*reasons, LEGAL_HOLD] if legal_holds.running(session, person.id) else reasons


def _coming(person_id: int, now: datetime) -> Select[Any]:
    helping = select(Volunteer.id).where(Volunteer.person_id == person_id)
    asking = select(Need.id).where(Need.requester_id == person_id)
    return select(Placement.id).where(
        Placement.state.in_(("held", "confirmed")),
        Placement.ends_at > now,
        Placement.volunteer_id.in_(helping) | Placement.need_id.in_(asking),
    )


def erase(session: Session, person: Person, actor: Actor, now: datetime) -> None:
    """Make a person unrecognisable, here and in every backup whose keys are kept apart.

    What was sealed cannot be opened again by anybody; what counts in statistics stays. Raises
    Conflict while something is open or held.
    """
    if reasons := hindrances(session, person, now):
        raise Conflict("　".join(reasons), code="open")
    _erase(session, person, actor, now)


def _erase(session: Session, person: Person, actor: Actor, now: datetime) -> None:
    needs = session.scalars(select(Need).where(Need.requester_id == person.id)).all()
    remove_notes(session, [need.id for need in needs])
    for need in needs:
        blank_need(need)
        need.title = ERASED
        need.lat = need.lon = need.destination_lat = need.destination_lon = None
    volunteer = session.scalar(select(Volunteer).where(Volunteer.person_id == person.id))
    if volunteer is not None:
        volunteer.note = volunteer.occupation = None
        volunteer.state = "withdrawn"
        _forget_reasons(session, "volunteer_id", [volunteer.id])
    _blank(person)
    _forget_relations(session, person.id)
    _close_account(session, person.id, now)
    session.flush()
    session.execute(delete(PersonKey).where(PersonKey.person_id == person.id))
    audit.record(session, actor, now, "person_erased", "person", person.id)


def blank_need(need: Need) -> None:
    """Take away what only the visit itself needed: where exactly, how to enter, whom to call."""
    need.address = need.note = need.proxy_phone = need.proxy_name = None
    need.household = need.destination = need.category_text = None
    need.version += 1


def remove_notes(session: Session, need_ids: Sequence[int]) -> int:
    """Remove what was written down about needs; that somebody called or reported stays known."""
    notes = select(NeedNote.id).where(NeedNote.need_id.in_(need_ids))
    for row_class in (Contact, Activity):
        holding = row_class.note_id.in_(notes)
        session.execute(
            update(row_class).where(holding).values(note_id=None),
            execution_options={"synchronize_session": "fetch"},
        )
    session.execute(
        update(Referral).where(Referral.need_id.in_(need_ids)).values(answer=None),
        execution_options={"synchronize_session": "fetch"},
    )
    for beside in (NeedBrief, NeedSheet, CaseConference):
        session.execute(delete(beside).where(beside.need_id.in_(need_ids)))
    _forget_reasons(session, "need_id", need_ids)
    gone = session.execute(delete(NeedNote).where(NeedNote.need_id.in_(need_ids)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _forget_reasons(session: Session, whose: str, numbers: Sequence[int]) -> None:
    """Take away why visits were called off and pairs kept apart or together."""
    for row_class, reason in ((Placement, "cancel_reason"), (PairRule, "reason")):
        about = getattr(row_class, whose).in_(numbers)
        session.execute(
            update(row_class).where(about).values({f"{reason}_token": None}),
            execution_options={"synchronize_session": "fetch"},
        )


def _forget_relations(session: Session, person_id: int) -> None:
    """Who spoke for the person, who agreed for them, and why somebody must not meet them."""
    for row_class in (Representation, GuardianConsent, LegalHold):
        session.execute(delete(row_class).where(row_class.person_id == person_id))
    speaking = Representation.representative_id == person_id
    session.execute(update(Representation).where(speaking).values(name=ERASED))
    listed = select(Volunteer.id).where(Volunteer.person_id == person_id).scalar_subquery()
    session.execute(
        update(GroupMember).where(GroupMember.volunteer_id == listed).values(name=ERASED)
    )
    either = or_(Block.person_id == person_id, Block.other_person_id == person_id)
    for block in session.scalars(select(Block).where(either)):
        block.reason = ERASED
    for channel in (LineFriend, LineCode, BadAddress):
        session.execute(delete(channel).where(channel.person_id == person_id))
    keepers = delete(ShieldKeeper).where(ShieldKeeper.person_id == person_id)
    session.execute(keepers)
    session.execute(delete(Shield).where(Shield.person_id == person_id))


def _blank(person: Person) -> None:
    person.name, person.name_key, person.name_kana = ERASED, "", None
    person.birth_on = person.gender = person.postal_code = None
    person.lat = person.lon = None
    person.address = person.phone = person.mobile = person.email = None
    person.version += 1


def _close_account(session: Session, person_id: int, now: datetime) -> None:
    accounts = session.scalars(select(Account).where(Account.person_id == person_id)).all()
    for account in accounts:
        account.display_name, account.disabled_at = ERASED, account.disabled_at or now
        session.execute(delete(LoginSession).where(LoginSession.account_id == account.id))
        session.execute(
            update(ApiToken).where(ApiToken.account_id == account.id).values(revoked_at=now)
        )


def write_ledger(data_dir: Path, person_id: int, now: datetime) -> None:
    """Keep the erasure outside the database, so that a restore can repeat it.

    Written before the commit: an erasure that was asked for twice harms less than one forgotten.
    """
    path = data_dir / LEDGER
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps({"person": person_id, "erased_at": now.isoformat()}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_ledger(data_dir: Path) -> Sequence[int]:
    """Return the numbers of all who were erased."""
    path = data_dir / LEDGER
    if not path.exists():
        return []
    return [int(json.loads(line)["person"]) for line in path.read_text("utf-8").splitlines()]


def erase_again(session: Session, data_dir: Path, actor: Actor, now: datetime) -> int:
    """Repeat every erasure of the ledger after a restore; returns how many it took.

    What an older backup still holds open had ended before, so it does not stand in the way.
    """
    count = 0
    for number in read_ledger(data_dir):
        person = session.get(Person, number)
        if person is not None and person.name != ERASED:
            _end_open(session, person, actor, now)
            _erase(session, person, actor, now)
            count += 1
    return count


def _end_open(session: Session, person: Person, actor: Actor, now: datetime) -> None:
    for number in session.scalars(_coming(person.id, now).where(not_begun())).all():
        cancel(session, number, ERASED, actor, now)
    session.execute(
        update(Need)
        .where(Need.requester_id == person.id, Need.state.in_(OPEN))
        .values(state="closed", closed_at=now, version=Need.version + 1)
    )
    session.expire_all()
