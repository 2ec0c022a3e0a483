"""An occasion makes one message to the right person, by the channel that reaches them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.kernel.tasks import Task
from matching.messaging.models import Message
from matching.messaging.telling import tell
from matching.people.models import Person
from matching.volunteers.models import Volunteer
from tests.messaging.scenes import asked, only_message

ALL = ("mail", "line", "sms")


def test_a_job_that_runs_twice_tells_once(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    proposal = asked(session, now, coordinator)
    for _ in range(2):
        tell(session, {"kind": "offer", "proposal": proposal.id}, now, ALL)
    told = only_message(session)
    assert told.person_id == session.get_one(Volunteer, proposal.volunteer_id).person_id
    assert (told.channel, told.state) == ("mail", "waiting")


@pytest.mark.parametrize(
    ("method", "ready", "channel", "task"),
    [
        ("email", ALL, "mail", None),
        ("email", (), "phone", "tell_by_phone"),
        ("phone", ALL, "phone", "tell_by_phone"),
        ("fax", ALL, "letter", "send_letter"),
        (None, ALL, "mail", None),
    ],
)
def test_a_message_takes_the_way_that_its_reader_likes_and_else_somebody_phones(
    session: Session,
    now: datetime,
    coordinator: Actor,
    method: str | None,
    ready: tuple[str, ...],
    channel: str,
    task: str | None,
) -> None:
    proposal = asked(session, now, coordinator, channel="web")
    person = session.get_one(Person, session.get_one(Volunteer, proposal.volunteer_id).person_id)
    person.contact_method = method
    session.commit()
    proposal.offer_channel = "phone" if method == "phone" else (method and "mail") or "web"
    if method == "fax":
        proposal.offer_channel = "letter"
    tell(session, {"kind": "offer", "proposal": proposal.id}, now, ready)
    assert only_message(session).channel == channel
    opened = session.scalars(select(Task.kind).where(Task.subject_type == "message")).all()
    assert opened == ([task] if task else [])


def test_what_is_over_makes_no_message(session: Session, now: datetime, coordinator: Actor) -> None:
    proposal = asked(session, now, coordinator)
    tell(session, {"kind": "offer", "proposal": proposal.id}, now + timedelta(days=9), ALL)
    assert session.scalar(select(func.count(Message.id))) == 0


def test_a_reminder_that_reaches_nobody_by_itself_is_no_call(
    session: Session, now: datetime, coordinator: Actor
) -> None:
    """Phone calls are for what cannot wait; the offer's end opens a task of its own."""
    proposal = asked(session, now, coordinator, email=None)
    tell(session, {"kind": "offer_reminder", "proposal": proposal.id}, now, ALL)
    assert (only_message(session).state, only_message(session).failure) == (
        "dropped",
        "no_channel",
    )
