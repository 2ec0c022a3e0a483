"""BR-05: the same person is found again however the name, the phone or the address is written."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.people.models import Person
from matching.people.registering import Contact, add_person, person_for
from matching.people.searching import find_possible_duplicates, person_holds

KNOWN = Contact(
    name="髙橋 﨑子",
    name_kana="タカハシ サキコ",
    birth_on=date(1950, 4, 1),
    phone="0191007001",
    mobile="09000007001",
    email="Sakiko@example.jp",
    address="岩手県一関市山目字中野９０１２",
)
CLERK = Actor(("intake_clerk",), account_id=None)


@pytest.fixture
def known(session: Session, now: datetime) -> Person:
    return add_person(session, KNOWN, now)


def holding(session: Session, words: str) -> int:
    return len(session.scalars(select(Person).where(person_holds(words))).all())


@pytest.mark.parametrize(
    "words",
    ["高橋", "髙橋", "高橋崎子", "高橋　﨑子", "タカハシ", "たかはし さき", "ﾀｶﾊｼ", "0191-00-7001",
     "０１９１００７００１", "090 0000 7001", "SAKIKO@EXAMPLE.JP", "ｓａｋｉｋｏ＠example.jp"],
)  # fmt: skip
def test_a_person_is_found_by_any_writing(session: Session, known: Person, words: str) -> None:
    assert holding(session, words) == 1


def test_names_that_are_mixed_up_find_one_another(session: Session, now: datetime) -> None:
    for number, name in enumerate(("齋藤 一", "斉藤 二", "斎藤 三", "齊藤 四")):
        phone = f"019100700{number}"
        add_person(session, Contact(name=name, name_kana="サイトウ", phone=phone), now)
    for words in ("齋藤", "斉藤", "斎藤", "齊藤", "ｻｲﾄｳ", "さいとう"):
        assert holding(session, words) == 4, words
    assert holding(session, "齊藤 四") == 1
    assert holding(session, "加藤") == 0


@pytest.mark.parametrize("words", ["佐藤", "7001", "0191007002", "%", "_", "example.jp"])
def test_parts_of_what_is_sealed_and_wildcards_find_nobody(
    session: Session, known: Person, words: str
) -> None:
    assert holding(session, words) == 0


@pytest.mark.parametrize(
    ("asked", "reasons"),
    [
        ({"name": "高橋崎子", "birth_on": date(1950, 4, 1)}, ("name", "birth_on")),
        ({"name": "高橋崎子", "address": "岩手県一関市山目字中野9012"}, ("name", "address")),
        ({"name": "高橋 花", "phone": "09000007001"}, ("phone",)),
        ({"name": "貴橋 咲子", "kana": "ﾀｶﾊｼ ｻｷｺ", "birth_on": date(1950, 4, 1)},
         ("kana", "birth_on")),
    ],
)  # fmt: skip
def test_who_may_be_the_same_is_named_with_the_reasons(
    session: Session, known: Person, asked: dict[str, object], reasons: tuple[str, ...]
) -> None:
    [found] = find_possible_duplicates(session, **asked)  # type: ignore[arg-type]
    assert (found.person, found.reasons) == (known, reasons)


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "高橋崎子"},
        {"name": "高橋崎子", "phone": "0191007001", "birth_on": date(1951, 4, 1)},
        {"name": "高橋崎子", "address": "岩手県一関市山目字中野9013"},
        {"name": "佐藤 花", "birth_on": date(1950, 4, 1)},
    ],
    ids=["a name alone", "another birth date", "another house", "a birthday alone"],
)
def test_a_namesake_is_not_the_same(
    session: Session, known: Person, asked: dict[str, object]
) -> None:
    assert find_possible_duplicates(session, **asked) == []  # type: ignore[arg-type]


def test_names_that_are_mixed_up_are_alike_and_never_taken_for_the_same(
    session: Session, now: datetime
) -> None:
    saito = Contact(name="斉藤 清", birth_on=date(1960, 1, 2), phone="0191007003")
    first = add_person(session, saito, now)
    other = Contact(name="斎藤 清", birth_on=date(1960, 1, 2), phone="0191007003")
    [found] = find_possible_duplicates(session, other.name, None, other.birth_on, other.phone)
    assert found.reasons == ("name_alike", "birth_on", "phone")
    assert person_for(session, other, CLERK, now, own=False) is not first


def test_staff_get_the_person_already_known_and_the_public_never_does(
    session: Session, now: datetime, known: Person
) -> None:
    again = Contact(name="高橋 崎子", mobile="09000007001")
    assert person_for(session, again, CLERK, now, own=False) is known
    assert person_for(session, again, Actor(("public",)), now, own=False) is not known
    elder = Contact(name="高橋 崎子", mobile="09000007001", birth_on=date(1920, 1, 1))
    assert person_for(session, elder, CLERK, now, own=False) is not known
