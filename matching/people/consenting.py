"""Recording what a person agreed to, purpose by purpose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.people.models import Consent

TEXT_VERSION = "2026-11"


def give(
    session: Session,
    person_id: int,
    purposes: Iterable[str],
    method: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Record consent as given now, by a method of `Consent`, in words of the present version."""
    session.add_all(
        Consent(
            person_id=person_id,
            purpose=purpose,
            state="given",
            method=method,
            text_version=TEXT_VERSION,
            recorded_at=now,
            recorded_by_id=actor.account_id,
        )
        for purpose in purposes
    )
