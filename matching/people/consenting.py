"""Recording what a person said to a purpose: how, when, before whom, and who spoke for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid
from matching.people.models import Consent, Person
from matching.people.purposes import PURPOSES as PURPOSES
from matching.people.purposes import TEXT_VERSION as TEXT_VERSION
from matching.people.rules import Speaker, may_consent
from matching.people.trust_models import Representation

NO_WITNESS = "口頭の同意は、立ち会った方のお名前を入力してください。"
NO_RECEIVER = "どの窓口に伝えてよいかを入力してください。"
UNKNOWN = "何についての同意かを選んでください。"
IN_FUTURE = "同意した日が、まだ来ていません。日付をたしかめてください。"
OVER = "期限が、もう過ぎています。日付をたしかめてください。"
NOT_ENTITLED = "この方は、ご本人に代わって同意することができません。ご本人にお聞きください。"


@dataclass(frozen=True)
class Word:
    """What a person said to one purpose, and how it is known.

    `agreed_on` is the day on the paper or of the talk; `receiver` the agency that is meant.
    """

    purpose: str
    state: str
    method: str
    agreed_on: date | None = None
    expires_on: date | None = None
    witness: str | None = None
    receiver: str | None = None
    representation_id: int | None = None


def give(
    session: Session,
    person_id: int,
    purposes: Iterable[str],
    method: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Record consent as given now, by a method of `Consent`, in words of the present version."""
    for purpose in purposes:
        record(session, person_id, Word(purpose, "given", method), actor, now)


def record(session: Session, person_id: int, word: Word, actor: Actor, now: datetime) -> Consent:
    """Write down what a person said to one purpose; the newest word counts."""
    made = Consent(
        person_id=person_id,
        text_version=TEXT_VERSION,
        recorded_at=now,
        recorded_by_id=actor.account_id,
        **vars(word),
    )
    session.add(made)
    return made


def check_word(session: Session, person_id: int, word: Word, today: date) -> None:
    """Refuse a consent that would not hold: no witness, no agency, nobody entitled (BR-04)."""
    if word.purpose not in PURPOSES:
        raise Invalid(UNKNOWN, field="purpose")
    if word.agreed_on is not None and word.agreed_on > today:
        raise Invalid(IN_FUTURE, field="agreed_on")
    speaker = _speaker(session, person_id, word)
    if word.state != "given":
        return
    if word.method == "oral" and not word.witness:
        raise Invalid(NO_WITNESS, field="witness")
    if word.purpose == "share_with_agency" and word.method != "web" and not word.receiver:
        raise Invalid(NO_RECEIVER, field="receiver")
    if word.expires_on is not None and word.expires_on < today:
        raise Invalid(OVER, field="expires_on")
    if speaker is not None:
        _check_speaker(session, speaker, word, word.agreed_on or today)


def _speaker(session: Session, person_id: int, word: Word) -> Representation | None:
    """Return who spoke for the person; to say no they need not be entitled to say yes."""
    if word.representation_id is None:
        return None
    found = session.get(Representation, word.representation_id)
    if found is None or found.person_id != person_id:
        raise Invalid(NOT_ENTITLED, field="representation")
    return found


def _check_speaker(session: Session, found: Representation, word: Word, on: date) -> None:
    born = session.get_one(Person, found.person_id).birth_on
    entitled = may_consent(speaker_of(found), word.purpose, born, on)
    if found.ended_at is not None or not entitled:
        raise Invalid(NOT_ENTITLED, field="representation")


def speaker_of(found: Representation) -> Speaker:
    """Return a record of representation as the rule reads it."""
    return Speaker(
        authority=found.authority,
        purposes=found.purposes,
        document_seen_on=found.document_seen_on,
        supervised_since=found.supervised_since,
        person_knows=found.person_knows,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
    )
