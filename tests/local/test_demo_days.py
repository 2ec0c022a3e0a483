"""Whoever opens the demonstration finds a day at work: visits, a report to write, an offer."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.activities.models import Activity
from matching.coordination.models import Placement, Proposal
from matching.evaluation.invariants import count_violations
from matching.kernel import clock
from matching.local.city.cast import CAST_VOLUNTEERS
from matching.local.demo_city import fill_if_empty
from matching.needs.models import Need
from matching.people.models import Person
from matching.volunteers.models import Volunteer
from tests.conftest import NOW

NEW_YEAR = datetime(2027, 1, 2, 22, 0, tzinfo=UTC)  # a Sunday morning, everything is closed


@pytest.mark.parametrize("day", [NOW, NEW_YEAR], ids=["a Monday", "a Sunday of the holidays"])
def test_the_demo_city_is_lived_in(app: Flask, session: Session, day: datetime) -> None:
    clock.freeze(day)
    with app.app_context():
        assert fill_if_empty("correct horse battery")
        assert not fill_if_empty("correct horse battery")
    names = {each.name.full for each in CAST_VOLUNTEERS}
    mine = select(Volunteer.id).join(Person).where(Person.name.in_(names))
    ahead = select(Placement).where(Placement.ends_at > day, Placement.volunteer_id.in_(mine))
    assert session.scalars(ahead).all()
    reports = session.scalars(select(Activity).order_by(Activity.id)).all()
    assert [each.state for each in reports if each.reported_at] == ["verified", "reported"]
    assert any(each.concern for each in reports)
    asked = select(Proposal).where(Proposal.state == "contacted", Proposal.volunteer_id.in_(mine))
    assert len(session.scalars(asked).all()) == 1
    unread = select(func.count()).select_from(Need).where(Need.state == "received")
    assert session.scalar(unread) == 2
    assert not [each for each in count_violations(session, day) if each["violations"]]
