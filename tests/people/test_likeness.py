"""T3: a blocked person who registers again, in whatever writing, waits for a decision."""

from datetime import date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.coordination.planning import plan_all
from matching.coordination.queries import list_candidates
from matching.kernel.actor import PUBLIC, SYSTEM, Actor
from matching.kernel.errors import Conflict
from matching.kernel.tasks import Task
from matching.people.likeness import decide_likeness
from matching.people.models import Block
from matching.people.trust_models import RegistrationHold
from matching.volunteers.models import Volunteer
from matching.volunteers.registering import VolunteerEntry, register
from tests import factories

KNOWN = {
    "name": "髙橋 斎子",
    "name_kana": "タカハシ サイコ",
    "phone": "0191001234",
    "birth_on": date(1980, 5, 1),
}


@pytest.fixture
def blocked(session: Session, now: datetime) -> tuple[int, int]:
    """The resident to be protected, and the need."""
    stalker = factories.volunteer(session, now, contact=factories.contact(**KNOWN))
    need = factories.need(session, now)
    session.add(
        Block(
            person_id=need.requester_id,
            other_person_id=stalker.person_id,
            reason="x",
            created_at=now,
        )
    )
    session.commit()
    return need.requester_id, need.id


def again(session: Session, now: datetime, **changes: object) -> Volunteer:
    told = {**KNOWN, "phone": "0191005678", **changes}
    entry = VolunteerEntry(
        contact=factories.contact(**told),
        categories=("shopping",),
        slots=factories.WEEKDAY_MORNINGS,
        transport="car",
        consents=factories.CONSENTS,
    )
    made = register(session, entry, PUBLIC, now)
    session.commit()
    return made


def activate(session: Session, volunteer: Volunteer) -> None:
    statement = text("UPDATE volunteers SET state = 'active' WHERE id = :id")
    session.execute(statement, {"id": volunteer.id})


WRITINGS = {
    "the same": {},
    "another glyph": {"name": "高橋 斎子"},
    "another glyph of the second": {"name": "髙橋 齋子"},
    "wide space": {"name": "髙橋　斎子"},
    "reading as the name": {"name": "タカハシ サイコ", "name_kana": None},
    "hiragana": {"name": "たかはし さいこ", "name_kana": None},
    "half-width kana": {"name": "ﾀｶﾊｼ ｻｲｺ", "name_kana": None},
    "another name, same reading": {"name": "高箸 彩子"},
    "no birthday": {"birth_on": None},
    "same telephone, all else new": {
        "name": "別名 花子",
        "name_kana": "ベツメイ ハナコ",
        "birth_on": date(1970, 1, 1),
        "phone": "0191001234",
    },
    "the telephone as mobile": {
        "name": "別名 花子",
        "name_kana": None,
        "birth_on": None,
        "mobile": "0191001234",
    },
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_somebody_blocked_is_recognised_and_never_proposed(
    session: Session, now: datetime, blocked: tuple[int, int], writing: str
) -> None:
    resident, need_id = blocked
    made = again(session, now, **WRITINGS[writing])
    assert session.get(RegistrationHold, made.person_id) is not None
    pairs = session.execute(select(Block.person_id, Block.other_person_id)).all()
    assert (resident, made.person_id) in pairs
    with pytest.raises(IntegrityError, match="waits for a decision"), session.begin_nested():
        session.execute(
            text("UPDATE volunteers SET state = 'active' WHERE id = :i"), {"i": made.id}
        )
    plan_all(session, SYSTEM, now)
    assert made.id not in [each.volunteer_id for each in list_candidates(session, need_id)]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "佐藤 一", "name_kana": "サトウ ハジメ"},
        {"birth_on": date(1980, 5, 2)},
    ],
)
def test_somebody_else_is_not_held(
    session: Session, now: datetime, blocked: tuple[int, int], changes: dict[str, object]
) -> None:
    made = again(session, now, **changes)
    assert session.get(RegistrationHold, made.person_id) is None


def test_without_any_block_nobody_is_held(session: Session, now: datetime) -> None:
    factories.volunteer(session, now, contact=factories.contact(**KNOWN))
    made = again(session, now)
    assert session.get(RegistrationHold, made.person_id) is None


@pytest.mark.parametrize("same", [True, False])
def test_a_coordinator_decides_and_for_another_person_the_blocks_go(
    session: Session, now: datetime, blocked: tuple[int, int], same: bool
) -> None:
    staff: Actor = factories.actor(session, "coordinator")
    made = again(session, now)
    decide_likeness(session, made.person_id, same=same, actor=staff, now=now)
    session.commit()
    left = session.scalars(select(Block.id).where(Block.other_person_id == made.person_id)).all()
    assert bool(left) is same
    activate(session, made)
    assert session.scalars(select(Task.id).where(Task.state == "open")).all() == []
    with pytest.raises(Conflict):
        decide_likeness(session, made.person_id, same=same, actor=staff, now=now)
