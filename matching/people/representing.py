"""Representing: who speaks for a person, and a guardian's consent to a minor's help (BR-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Invalid, NotFound
from matching.people.models import Person
from matching.people.purposes import PURPOSES
from matching.people.rules import (
    AUTHORITIES,
    WITH_DOCUMENT,
    WITHIN_SCOPE,
    fiscal_year_end,
    is_minor,
)
from matching.people.trust_models import GuardianConsent, Representation

NO_NAME = "お名前を入力してください。"
UNKNOWN = "どういう立場の方かを選んでください。"
NO_DOCUMENT = "登記事項証明書などを確かめた日を入力してください。"
NO_SCOPE = "代理権目録にある範囲を、一つ以上選んでください。"
REVERSED = "終わりの日が始まりの日より前です。日付をたしかめてください。"
NO_BIRTHDAY = "生年月日がわからないので、保護者の同意を記録できません。先に記録してください。"
OF_AGE = "この方は18歳以上です。保護者の同意はいりません。"
NO_PHONE = "保護者の電話番号を入力してください。"
IN_FUTURE = "同意した日が、まだ来ていません。日付をたしかめてください。"


@dataclass(frozen=True)
class Authority:
    """Somebody who speaks for a person, as seen on paper or told."""

    authority: str
    name: str
    starts_on: date
    relation: str | None = None
    phone: str | None = None
    scope: str = ""
    purposes: tuple[str, ...] = ()
    document_seen_on: date | None = None
    supervised_since: date | None = None
    person_knows: bool | None = None
    ends_on: date | None = None


def represent(
    session: Session, person_id: int, authority: Authority, actor: Actor, now: datetime
) -> Representation:
    """Record who speaks for a person; raises Invalid where the ground of it is missing."""
    _check(authority, local_date(now))
    made = Representation(
        person_id=person_id,
        recorded_at=now,
        recorded_by_id=actor.account_id,
        **{**vars(authority), "purposes": list(authority.purposes)},
    )
    session.add(made)
    session.flush()
    audit.record(
        session, actor, now, "represented", "person", person_id, authority=authority.authority
    )
    return made


def _check(authority: Authority, today: date) -> None:
    if authority.authority not in AUTHORITIES or authority.authority == "self":
        raise Invalid(UNKNOWN, field="authority")
    if not authority.name.strip():
        raise Invalid(NO_NAME, field="name")
    seen = authority.document_seen_on
    if authority.authority in WITH_DOCUMENT and (seen is None or seen > today):
        raise Invalid(NO_DOCUMENT, field="document_seen_on")
    if authority.authority in WITHIN_SCOPE and not set(authority.purposes) & PURPOSES.keys():
        raise Invalid(NO_SCOPE, field="purposes")
    if authority.ends_on is not None and authority.ends_on < authority.starts_on:
        raise Invalid(REVERSED, field="ends_on")


def end_representation(
    session: Session, person_id: int, representation_id: int, actor: Actor, now: datetime
) -> None:
    """End somebody's speaking for a person; what they agreed to so far stays."""
    found = session.get(Representation, representation_id)
    if found is None or found.person_id != person_id:
        raise NotFound
    found.ended_at, found.ended_by_id = now, actor.account_id
    audit.record(session, actor, now, "representation_ended", "person", person_id)


def representations_of(session: Session, person_id: int) -> list[Representation]:
    """Return who speaks for a person, the newest first."""
    return list(
        session.scalars(
            select(Representation)
            .where(Representation.person_id == person_id, Representation.ended_at.is_(None))
            .order_by(Representation.id.desc())
        )
    )


@dataclass(frozen=True)
class Guardian:
    """A guardian's word: who, of what relation, how it was given and on which day."""

    name: str
    relation: str
    phone: str
    method: str
    agreed_on: date
    scope: str = ""


def guardian_agrees(
    session: Session, person_id: int, guardian: Guardian, actor: Actor, now: datetime
) -> GuardianConsent:
    """Record a guardian's consent; it is good to the end of the fiscal year it was given in."""
    today = local_date(now)
    born = session.get_one(Person, person_id).birth_on
    if born is None:
        raise Invalid(NO_BIRTHDAY, field="birth_on")
    if not is_minor(born, today):
        raise Invalid(OF_AGE, field="birth_on")
    for text, sentence, field in (
        (guardian.name, NO_NAME, "name"),
        (guardian.phone, NO_PHONE, "phone"),
    ):
        if not text.strip():
            raise Invalid(sentence, field=field)
    if guardian.agreed_on > today:
        raise Invalid(IN_FUTURE, field="agreed_on")
    made = GuardianConsent(
        person_id=person_id,
        valid_until=fiscal_year_end(guardian.agreed_on),
        recorded_at=now,
        recorded_by_id=actor.account_id,
        **vars(guardian),
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, now, "guardian_agreed", "person", person_id)
    return made


def guardian_consents_of(session: Session, person_id: int) -> list[GuardianConsent]:
    """Return the consents of guardians, the newest first."""
    return list(
        session.scalars(
            select(GuardianConsent)
            .where(GuardianConsent.person_id == person_id)
            .order_by(GuardianConsent.id.desc())
        )
    )


def guardian_withdraws(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    """Take the guardians' consents back from this moment."""
    for each in guardian_consents_of(session, person_id):
        each.withdrawn_at = each.withdrawn_at or now
    audit.record(session, actor, now, "guardian_withdrew", "person", person_id)
