"""Recording what a person agreed to, purpose by purpose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.people.models import Consent

TEXT_VERSION = "2026-11"


PURPOSES = {
    "coordination_use": "手伝う人をさがすために使うこと",
    "share_with_volunteer": "うかがう方に、お名前と住所・電話番号を伝えること",
    "share_with_commissioner": "担当の民生委員に、結果を伝えること",
    "share_with_agency": "つなぐ先の窓口に、内容を伝えること",
    "statistics": "だれのことか分からない形で、統計に使うこと",
    "photo_publication": "写真を広報に使うこと",
    "disaster_use": "災害のときの支援に使うこと",
}


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
        record(session, person_id, purpose, "given", method, actor, now)


def record(
    session: Session,
    person_id: int,
    purpose: str,
    state: str,
    method: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Record what a person said to one purpose; the newest word counts."""
    session.add(
        Consent(
            person_id=person_id,
            purpose=purpose,
            state=state,
            method=method,
            text_version=TEXT_VERSION,
            recorded_at=now,
            recorded_by_id=actor.account_id,
        )
    )
