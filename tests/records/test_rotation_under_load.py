"""Keys change while people read and write: nobody ever meets a field that does not open.

`MUSUBI_ROTATION_PEOPLE=10000` runs it at the size of a large centre.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

import config as settings
from matching.kernel import keyring
from matching.kernel.actor import SYSTEM
from matching.kernel.keyring import ring
from matching.kernel.person_keys import PersonKey
from matching.people.models import Person
from matching.records import keys
from matching.volunteers.models import VolunteerGroup

PEOPLE = int(os.environ.get("MUSUBI_ROTATION_PEOPLE", "600"))


@pytest.fixture
def key_file(config: settings.Config, tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "field"
    copy.touch(0o600)
    copy.write_text(config.field_keys_file.read_text())
    keyring.configure(copy)
    yield copy
    keyring.configure(config.field_keys_file)


def person(number: int, now: datetime) -> Person:
    return Person(
        name=f"試験 {number}", name_key=str(number), phone=f"0191{number:06d}", created_at=now
    )


def group(number: int, now: datetime) -> VolunteerGroup:
    return VolunteerGroup(
        reference=f"G{number}", name="会", name_key="会", note=f"毎月{number}日", created_at=now
    )


class Traffic:
    """Readers and writers beside the rotation; what they met is counted."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine, self.now = engine, now
        self.reads = self.wrong = self.written = 0
        self._stop, self._count = threading.Event(), threading.Lock()

    def read(self) -> None:
        while not self._stop.is_set():
            with Session(self.engine) as session:
                found = session.scalars(select(Person).order_by(func.random()).limit(50)).all()
                wrong = sum(each.phone != f"0191{int(each.name_key):06d}" for each in found)
                groups = session.scalars(select(VolunteerGroup).limit(50)).all()
                wrong += sum(each.note != f"毎月{each.reference[1:]}日" for each in groups)
                with self._count:
                    self.reads += len(found) + len(groups)
                    self.wrong += wrong

    def write(self) -> None:
        while not self._stop.is_set():
            with Session(self.engine) as session:
                session.add(person(PEOPLE + self.written, self.now))
                session.add(group(PEOPLE + self.written, self.now))
                session.commit()
                self.written += 1

    def __enter__(self) -> Traffic:
        self._threads = [threading.Thread(target=each) for each in (self.read, self.write)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def test_nothing_is_unreadable_while_keys_change(
    engine: Engine, session: Session, now: datetime, key_file: Path
) -> None:
    session.add_all([person(number, now) for number in range(PEOPLE)])
    session.add_all([group(number, now) for number in range(200)])
    session.commit()
    old = ring().newest("field")

    def work(step: Callable[[Session], int]) -> int:
        with Session(engine) as own:
            count = step(own)
            own.commit()
            return count

    traffic = Traffic(engine, now)
    with ExitStack() as stack:
        stack.enter_context(traffic)
        keys.add_key(key_file)
        counts = keys.rotate(work, SYSTEM, now)
    # Whoever had drawn a key before the new one came may have written after the last look.
    keys.rotate(work, SYSTEM, now)
    assert counts["person_keys"] >= PEOPLE
    assert counts["fields"] >= 200
    assert traffic.reads > 0
    assert traffic.written > 0
    assert traffic.wrong == 0
    left = keys.status(session)["keys"][old]
    assert (left["person_keys"], left["fields"]) == (0, 0)


def test_a_field_that_was_tampered_with_says_so_and_the_rest_works(
    session: Session, now: datetime
) -> None:
    session.add_all([person(1, now), person(2, now)])
    session.commit()
    first, second = session.scalars(select(Person).order_by(Person.id)).all()
    swapped = second.phone_token  # type: ignore[attr-defined]
    session.execute(update(Person).where(Person.id == first.id).values(phone_token=swapped))
    session.commit()
    assert first.phone == "（復号できません）"
    assert second.phone == "0191000002"
    first.phone = first.phone  # a form that was shown it and sends it back loses nothing
    session.commit()
    kept = session.scalar(select(Person.phone_token).where(Person.id == first.id))  # type: ignore[attr-defined]
    assert kept == swapped
    first.phone = "0191009999"
    session.commit()
    assert first.phone == "0191009999"
    assert session.scalar(select(func.count(PersonKey.id))) == 2
