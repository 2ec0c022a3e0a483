"""An occasion makes one message to the right person, by the channel that reaches them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.kernel.tasks import Task
from matching.messaging.models import Message
from matching.messaging.telling import tell
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
    ("asked_by", "method", "ready", "channel", "task"),
    [
        ("web", None, ALL, "mail", None),
        ("web", "phone", ALL, "mail", None),  # asked by message on purpose, whichever there is
        ("web", "email", (), "phone", "tell_by_phone"),
        ("web", "fax", ALL, "letter", "send_letter"),
        ("mail", "fax", ALL, "mail", None),
        ("phone", "email", ALL, "phone", "tell_by_phone"),
    ],
)
def test_a_message_takes_the_way_that_was_chosen_or_is_liked_and_else_somebody_phones(
    session: Session,
    now: datetime,
    coordinator: Actor,
    asked_by: str,
    method: str | None,
    ready: tuple[str, ...],
    channel: str,
    task: str | None,
) -> None:
    proposal = asked(session, now, coordinator, channel=asked_by, contact_method=method)
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
