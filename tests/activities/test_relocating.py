"""Agreed visits go to another place: who cannot get there is named, both sides are told."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.relocating import Place, move_place
from matching.activities.rescheduling import SIDES
from matching.coordination.models import Placement
from matching.evaluation.invariants import count_violations
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.audit import Event
from matching.kernel.errors import Conflict, Invalid
from matching.kernel.outbox import OutboxJob
from matching.messaging.models import Message
from matching.messaging.occasions import find, words_for
from matching.messaging.telling import tell
from matching.needs.models import Need
from matching.people.models import Person
from matching.volunteers.models import Volunteer
from tests import factories
from tests.activities.conftest import DAY, Kinds, confirmed

NEAR, FAR = "岩手県一関市山目字前田9001", "岩手県一関市室根町折壁字9002"


def test_both_sides_hear_of_the_new_place_and_no_message_names_it(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, open_kinds: Kinds
) -> None:
    """BR-19: a part of town and no more leaves; the address waits on the page as before."""
    was = visit.version
    [moved] = move_place(session, visit.id, Place(NEAR), coordinator, now)
    session.commit()
    need = session.get_one(Need, visit.need_id)
    assert (need.address, need.district_code) == (NEAR, "yamanome")
    assert (moved.id, moved.version) == (visit.id, was + 1)
    assert open_kinds() == {"ask_moved"}
    jobs = session.scalars(select(OutboxJob).where(OutboxJob.name == "message")).all()
    told = [job.payload for job in jobs if job.payload.get("again") == moved.version]
    assert {each["kind"] for each in told} == {"changed", "coming_elsewhere"}
    for payload in (*told, *told):
        tell(session, payload, now, ("mail",))
        said = words_for(session, find(session, payload["kind"], payload), now)
        assert "前田" not in str(said) and "9001" not in str(said)
    kinds = session.scalars(select(Message.kind).order_by(Message.kind)).all()
    assert kinds == ["changed", "coming_elsewhere"]
    [noted] = session.scalars(select(Event).where(Event.action == "visits_relocated"))
    assert "前田" not in str(noted.details)
    session.commit()
    assert [each for each in count_violations(session, now) if each["violations"]] == []


def test_who_cannot_get_there_is_named_and_nothing_changes(
    session: Session, visit: Placement, coordinator: Actor, now: datetime
) -> None:
    """BR-20: too far for one's own limit, or too late for the visit before."""
    person = session.get_one(Volunteer, visit.volunteer_id).person_id
    name = session.get_one(Person, person).name
    session.commit()
    with pytest.raises(Conflict) as refused:
        move_place(session, visit.id, Place(FAR), coordinator, now)
    assert refused.value.values == {"names": name}
    session.rollback()
    assert session.get_one(Need, visit.need_id).address != FAR
    session.get_one(Volunteer, visit.volunteer_id).max_distance_km = 60
    on = clock.local_date(visit.starts_at)
    confirmed(session, factories.need(session, now, start_on=on), coordinator, now, 630)
    session.commit()
    with pytest.raises(Conflict, match=name):
        move_place(session, visit.id, Place(FAR), coordinator, now)


def test_who_wants_days_of_notice_is_not_asked_anew(
    session: Session, visit: Placement, coordinator: Actor, open_kinds: Kinds
) -> None:
    volunteer = session.get_one(Volunteer, visit.volunteer_id)
    volunteer.notice_days = 7
    move_place(session, visit.id, Place(NEAR, agreed=SIDES), coordinator, visit.starts_at - DAY)
    assert open_kinds() == set()


@pytest.mark.parametrize(("address", "said"), [
    ("", "町の名前から"), ("どこか", "町の名前から"), ("東京都千代田区1", "町の名前から"),
    ("x" * 201, "町の名前から"), ("岩手県一関市山目字中野9013", "ちがう|違う"),
])  # fmt: skip
def test_a_place_that_is_none_is_refused(
    session: Session, visit: Placement, coordinator: Actor, now: datetime, address: str, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        move_place(session, visit.id, Place(address), coordinator, now)


def test_what_has_begun_stays_where_it_is(
    session: Session, visit: Placement, coordinator: Actor
) -> None:
    with pytest.raises(Conflict, match="もう始まった"):
        move_place(session, visit.id, Place(NEAR), coordinator, visit.starts_at)
