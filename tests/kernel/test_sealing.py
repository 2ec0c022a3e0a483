"""Sealed fields: never plain in a row, open only where they belong, found by exact value."""

import re
from cProfile import Profile
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from matching.kernel import keyring
from matching.kernel.keyring import KeyFileError, KeyRing, new_file, new_line, parse, read_file
from matching.kernel.sealed import UNREADABLE
from matching.kernel.sealing import (
    Unreadable,
    email_index,
    key_id_of,
    open_sealed,
    phone_index,
    ring_key,
    seal,
)
from matching.people.models import Person
from tests import factories

KEY = bytes(range(32))


def test_a_token_opens_only_at_its_place_and_unchanged() -> None:
    token = seal("0191-00-1234", KEY, "k1", "persons|phone|7")
    assert open_sealed(token, KEY, "persons|phone|7") == "0191-00-1234"
    assert key_id_of(token) == "k1"
    middle = len(token) - 12
    other = "A" if token[middle] != "A" else "B"
    for changed, place in (
        (token, "persons|phone|8"),
        (token, "persons|mobile|7"),
        (token[:middle] + other + token[middle + 1 :], "persons|phone|7"),
        (token.replace("k1", "k2"), "persons|phone|7"),
        ("v1.k1.x", "persons|phone|7"),
    ):
        with pytest.raises(Unreadable):
            open_sealed(changed, KEY, place)


def test_two_tokens_of_one_text_differ() -> None:
    assert len({seal("同じ", KEY, "k1", "p") for _ in range(50)}) == 50


def test_a_row_holds_no_plain_phone_address_or_mail(session: Session, now: datetime) -> None:
    person = factories.need(session, now, name="菊地 ハル").requester_id
    session.flush()
    row = session.execute(text("SELECT * FROM persons WHERE id = :id"), {"id": person}).one()
    stored = " ".join(str(value) for value in row)
    assert not re.search("9012|01910", stored)
    found = session.get_one(Person, person)
    assert found.address is not None
    assert "9012" in found.address


def test_a_phone_is_found_in_any_width_and_a_mail_in_any_case(
    session: Session, now: datetime
) -> None:
    factories.volunteer(session, now, contact=factories.contact(phone="0191001234"))
    for written in ("0191001234", "０１９１-００-１２３４", "0191 00 1234"):
        assert session.scalar(select(Person.id).where(Person.phone == written))
    assert session.scalar(select(Person.id).where(Person.phone == "0191001235")) is None
    assert email_index("Hanako@Example.JP ") == email_index("ｈａｎａｋｏ@example.jp")
    assert phone_index("0191001234") != email_index("0191001234")


def test_only_exact_matches_are_possible(session: Session) -> None:
    with pytest.raises(TypeError, match="sealed"):
        _ = Person.address == "一関市"


def test_what_was_tampered_with_says_so_and_the_rest_works(session: Session, now: datetime) -> None:
    person = factories.volunteer(session, now).person_id
    session.execute(
        text("UPDATE persons SET phone = left(phone, -12) || 'AAAAAAAAAAAA' WHERE id = :id"),
        {"id": person},
    )
    session.expire_all()
    found = session.get_one(Person, person)
    assert found.phone == UNREADABLE
    assert found.name


def test_a_destroyed_key_leaves_nothing_readable(session: Session, now: datetime) -> None:
    person = factories.volunteer(session, now).person_id
    session.flush()
    session.execute(text("DELETE FROM person_keys WHERE person_id = :id"), {"id": person})
    session.commit()
    found = session.get_one(Person, person)
    assert (found.phone, found.address) == (UNREADABLE, UNREADABLE)


def test_a_long_list_is_opened_row_by_row_without_looking_at_all_others_each_time(
    session: Session, now: datetime
) -> None:
    for number in range(40):
        factories.need(session, now, name=f"人 {number}")
    calls = {}
    for count in (10, 40):
        session.expunge_all()
        people = session.scalars(select(Person).order_by(Person.id).limit(count)).all()
        assert len(people) == count
        profile = Profile()
        profile.runcall(lambda rows: [each.address for each in rows], people)
        calls[count] = sum(each.callcount for each in profile.getstats())
    assert calls[40] <= 5 * calls[10]


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "field"
    path.touch(0o600)
    path.write_text(new_file())
    return path


def test_a_key_file_that_others_can_read_is_refused(key_file: Path) -> None:
    key_file.chmod(0o644)
    with pytest.raises(KeyFileError, match="read by others"):
        read_file(key_file)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("field k1", "must say"),
        ("field k1 abc", "32 bytes"),
        ("field k1 " + "A" * 43 + "=", "placeholder"),
        ("other k1 abc", "must say"),
    ],
)
def test_a_wrong_line_is_named_without_its_key(line: str, reason: str) -> None:
    reasons: list[str] = []
    parse(new_file() + "\n" + line, reasons)
    assert any(reason in each for each in reasons)
    assert not any("abc" in each for each in reasons)


def test_a_missing_use_is_named() -> None:
    reasons: list[str] = []
    parse(new_line("field"), reasons)
    assert sum("no usable" in each for each in reasons) == 2


def test_a_plain_secret_is_a_key_of_every_use() -> None:
    reasons: list[str] = []
    found = parse("s" * 20 + "ecret-of-an-operator", reasons)
    assert reasons == []
    assert isinstance(found, KeyRing)
    assert len({found.keys[use][found.newest(use)] for use in keyring.USES}) == 3


def test_a_key_that_is_not_there_is_named(session: Session) -> None:
    with pytest.raises(Unreadable, match="nokey"):
        ring_key("nokey")
