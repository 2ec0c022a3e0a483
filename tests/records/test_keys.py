"""Keys change while requests run; nothing becomes unreadable."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import config as settings
from matching.kernel import keyring
from matching.kernel.actor import SYSTEM
from matching.kernel.keyring import ring
from matching.people.models import Person
from matching.records import keys
from matching.volunteers.models import VolunteerGroup
from tests import factories


@pytest.fixture
def key_file(config: settings.Config, tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "field"
    copy.touch(0o600)
    copy.write_text(config.field_keys_file.read_text())
    keyring.configure(copy)
    yield copy
    keyring.configure(config.field_keys_file)


def test_everything_comes_under_the_new_key_and_stays_readable(
    session: Session, now: datetime, key_file: Path
) -> None:
    people = [factories.volunteer(session, now).person_id for _ in range(3)]
    group = VolunteerGroup(
        reference="G1", name="花の会", name_key="花の会", note="毎月集まる", created_at=now
    )
    session.add(group)
    session.commit()
    before = ring().newest("field")
    phones = [session.get_one(Person, person).phone for person in people]
    keys.add_key(key_file)
    after = ring().newest("field")
    assert after != before

    def work(step: Callable[[Session], int]) -> int:
        count = step(session)
        session.commit()
        return count

    counts = keys.rotate(work, SYSTEM, now)
    assert counts == {"person_keys": 3, "fields": 1}
    found = keys.status(session)
    assert found["keys"][before]["person_keys"] == found["keys"][before]["fields"] == 0
    assert found["missing"] == []
    session.expire_all()
    assert [session.get_one(Person, person).phone for person in people] == phones
    assert group.note == "毎月集まる"
    assert keys.rotate(work, SYSTEM, now) == {"person_keys": 0, "fields": 0}


def test_a_key_that_left_the_file_too_early_is_named(
    session: Session, now: datetime, key_file: Path
) -> None:
    factories.volunteer(session, now)
    session.commit()
    gone = ring().newest("field")
    lines = key_file.read_text().splitlines()
    kept = [line for line in lines if gone not in line]
    key_file.write_text("\n".join([keyring.new_line("field"), *kept]))
    assert keys.status(session)["missing"] == [gone]


def test_the_key_file_is_replaced_in_one_step_and_stays_ours(key_file: Path) -> None:
    before = key_file.read_text()
    keys.add_key(key_file)
    assert key_file.read_text().endswith(before.rstrip("\n") + "\n")
    assert key_file.stat().st_mode & 0o077 == 0
