"""How the records stand: do the keys fit, is the trail whole, how old is the last backup."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from matching.kernel import audit, keyring
from matching.kernel.audit import Event
from matching.kernel.database import db
from matching.kernel.keyring import KeyFileError
from matching.kernel.person_keys import PersonKey, unwrapped
from matching.kernel.sealed import UNREADABLE
from matching.kernel.sealing import Unreadable, phone_index
from matching.people.models import Person

OLDEST_BACKUP = timedelta(hours=26)
TAIL = 500


def key_troubles(session: Session) -> list[str]:
    """Return why what is sealed in this database cannot be opened with the keys at hand."""
    if reasons := keyring.troubles():
        return reasons
    return [*_wrapping_troubles(session), *_index_troubles(session)]


def _wrapping_troubles(session: Session) -> list[str]:
    """One data key of each key of the file is tried; one that opens proves the key right."""
    newest = select(func.max(PersonKey.id)).group_by(PersonKey.kek_id)
    reasons = []
    for key in session.scalars(select(PersonKey).where(PersonKey.id.in_(newest))):
        if keyring.ring().get("field", key.kek_id) is None:
            reasons.append(
                f"FIELD_KEYS_FILE lacks the field key {key.kek_id}, under which data is sealed: "
                "put its line back."
            )
            continue
        try:
            unwrapped(key.id, key.wrapped)
        except Unreadable:
            reasons.append(
                f"The field key {key.kek_id} in FIELD_KEYS_FILE is not the one that sealed this "
                "database: put the right key file in its place."
            )
    return reasons


def _index_troubles(session: Session) -> list[str]:
    with_phone = Person.phone_index.is_not(None)  # type: ignore[attr-defined]
    person = session.scalar(select(Person).where(with_phone).order_by(Person.id.desc()).limit(1))
    if person is None or person.phone in (None, UNREADABLE):
        return []
    if phone_index(person.phone) == person.phone_index:  # type: ignore[attr-defined]
        return []
    return [
        "The index key in FIELD_KEYS_FILE is not the one of this database: nobody would be found "
        "by phone or e-mail. Put the right key file in its place."
    ]


def refuse_wrong_keys() -> None:
    """Stop a process before it serves with keys that do not fit; a database away is waited for."""
    try:
        reasons = key_troubles(db.session())
    except SQLAlchemyError:
        reasons = []
    finally:
        db.session.remove()
        db.engine.dispose()
    if reasons:
        raise KeyFileError(reasons)


def file_troubles(paths: list[Path]) -> list[str]:
    """Return which of our private files others may read."""
    return [
        f"{path} can be read by others ({stat.filemode(mode)}): chmod go= {path}"
        for path in paths
        if path.exists() and (mode := path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    ]


def chain_troubles(session: Session) -> list[str]:
    """Return what is wrong at the end of the trail, or what the last daily look at all found."""
    if reason := audit.tail_trouble(session, TAIL):
        return [f"The audit trail: {reason}. Run `musubi audit verify` and keep the database."]
    daily = _last(session, "trail_verified")
    if daily is not None and not daily.details["ok"]:
        return ["The audit trail was broken at the last daily look: run `musubi audit verify`."]
    return []


def backup_age(session: Session, now: datetime) -> float | None:
    """Return the seconds since the last backup; None when there never was one."""
    last = _last(session, "backed_up")
    return (now - last.occurred_at).total_seconds() if last else None


def backup_troubles(session: Session, now: datetime) -> list[str]:
    """Return whether a backup is missing or too old."""
    age = backup_age(session, now)
    if age is None:
        return ["There is no backup yet: run `musubi backup FILE` every night."]
    if age > OLDEST_BACKUP.total_seconds():
        return [f"The last backup is {age / 3600:.0f} hours old: look why the nightly one failed."]
    return []


def findings(session: Session, now: datetime, private: list[Path], *, deploy: bool) -> list[str]:
    """Return what an operator has to mend about keys, files, trail and backups."""
    try:
        reasons = [*key_troubles(session), *chain_troubles(session)]
        if deploy:
            reasons += [*file_troubles(private), *backup_troubles(session, now)]
        return reasons
    except SQLAlchemyError as reason:
        session.rollback()
        return [f"The records cannot be read ({type(reason).__name__}): run `musubi migrate`."]


def _last(session: Session, action: str) -> Event | None:
    found = select(Event).where(Event.action == action).order_by(Event.id.desc()).limit(1)
    return session.scalar(found)
