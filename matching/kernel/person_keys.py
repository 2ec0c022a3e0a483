"""A data key for every person: destroying it makes what was sealed under it unreadable for ever."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, event, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from matching.kernel import clock
from matching.kernel.database import Base, Identified
from matching.kernel.keyring import KEY_BYTES, ring
from matching.kernel.sealing import Unreadable, key_id_of, open_sealed, ring_key, seal

_AT_ONCE = 5000
_CACHE = "person_keys"


class PersonKey(Identified, Base):
    """A person's data key, wrapped under `kek_id` of the key file; retired ones only read."""

    __tablename__ = "person_keys"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("persons.id", deferrable=True, initially="DEFERRED"), index=True
    )
    kek_id: Mapped[str] = mapped_column(index=True)
    wrapped: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("wrapped LIKE 'v1.%'", name="wrapped"),
        Index(
            "uq_person_keys_person",
            "person_id",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )


class SessionKeys:
    """The data keys that one session has met; forgotten with it, and whenever it rolls back."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._keys: dict[str, bytes] = {}
        self._gone: set[str] = set()
        self._of_person: dict[int, str] = {}

    def seal(self, text: str, person_id: int | None, place: str) -> str:
        """Seal text under a person's key, or under the centre's own for nobody in particular."""
        if person_id is None:
            key_id = ring().newest("field")
            return seal(text, ring_key(key_id), key_id, place)
        if person_id not in self._of_person:
            self.ensure([person_id])
        key_id = self._of_person[person_id]
        return seal(text, self._keys[key_id], key_id, place)

    def open(self, token: str, place: str) -> str:
        """Open a token; raises Unreadable when it, or its key, is not what it was."""
        key_id = key_id_of(token)
        if not is_personal(key_id):
            return open_sealed(token, ring_key(key_id), place)
        self.learn([key_id])
        if key_id not in self._keys:
            raise Unreadable(f"the key {key_id} is no more")
        return open_sealed(token, self._keys[key_id], place)

    def knows(self, key_id: str) -> bool:
        """Tell whether there is nothing to read: a key of the file, one at hand, one destroyed."""
        return not is_personal(key_id) or key_id in self._keys or key_id in self._gone

    def learn(self, key_ids: Iterable[str]) -> None:
        """Read keys by their ids, all that are not known yet in one go."""
        wanted = {key_id for key_id in key_ids if not self.knows(key_id)}
        self._gone |= wanted - self._load(PersonKey.id, (int(key_id[1:]) for key_id in wanted))

    def ensure(self, person_ids: Iterable[int]) -> None:
        """Read the keys of these persons, and make those that are missing."""
        wanted = set(person_ids) - set(self._of_person)
        self._load(PersonKey.person_id, wanted)
        missing = sorted(wanted - set(self._of_person))
        if missing:
            self._make(missing)
            self._load(PersonKey.person_id, missing)

    def _load(self, column: Any, wanted: Iterable[int]) -> set[str]:
        """Read keys by a column, and return the ids that are there, readable or not."""
        numbers, met = sorted(wanted), set()
        for start in range(0, len(numbers), _AT_ONCE):
            found = select(PersonKey.__table__).where(column.in_(numbers[start : start + _AT_ONCE]))
            for row in self._session.connection().execute(found).mappings():
                key_id = f"p{row['id']}"
                met.add(key_id)
                try:
                    self._keys[key_id] = unwrapped(row["id"], row["wrapped"])
                except Unreadable:
                    continue  # whoever opens a field with it is told
                if row["retired_at"] is None:
                    self._of_person[row["person_id"]] = key_id
        return met

    def _make(self, person_ids: list[int]) -> None:
        connection = self._session.connection()
        kek_id, now = ring().newest("field"), clock.now()
        numbers = connection.scalars(
            text(
                "SELECT nextval(pg_get_serial_sequence('person_keys', 'id')) "
                "FROM generate_series(1, :count)"
            ),
            {"count": len(person_ids)},
        ).all()
        rows = [
            {
                "id": number,
                "person_id": person_id,
                "kek_id": kek_id,
                "wrapped": wrapped(number, secrets.token_bytes(KEY_BYTES), kek_id),
                "created_at": now,
            }
            for number, person_id in zip(numbers, person_ids, strict=True)
        ]
        made = insert(PersonKey.__table__).on_conflict_do_nothing(  # type: ignore[arg-type]
            index_elements=["person_id"], index_where=text("retired_at IS NULL")
        )
        connection.execute(made, rows)


def is_personal(key_id: str) -> bool:
    """Tell whether a key id names a person's data key, and not one of the key file."""
    return key_id.startswith("p") and key_id[1:].isdecimal()


def wrapped(number: int, key: bytes, kek_id: str) -> str:
    """Seal a data key under a key of the file."""
    written = base64.b64encode(key).decode()
    return seal(written, ring_key(kek_id, "wrapping"), kek_id, f"person_keys|wrapped|{number}")


def unwrapped(number: int, token: str) -> bytes:
    """Open a data key; raises Unreadable when the key file does not hold its key."""
    key = ring_key(key_id_of(token), "wrapping")
    return base64.b64decode(open_sealed(token, key, f"person_keys|wrapped|{number}"))


def keys_of(session: Session) -> SessionKeys:
    """Return the keys of a session."""
    found = session.info.get(_CACHE)
    if not isinstance(found, SessionKeys):
        found = session.info[_CACHE] = SessionKeys(session)
    return found


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    """A key made in a transaction that was undone exists nowhere: nothing may be sealed with it."""
    session.info.pop(_CACHE, None)


@event.listens_for(Session, "after_commit")
def _forget_after_commit(session: Session) -> None:
    """Another transaction may have renewed or destroyed keys meanwhile."""
    session.info.pop(_CACHE, None)
