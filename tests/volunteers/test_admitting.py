"""Every cell of the registration's table, by role: once, or refused with a sentence."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from matching.kernel.errors import Conflict, Invalid, StaleVersion
from matching.volunteers.admitting import change_state, may_change
from matching.volunteers.rules import STATES, TRANSITIONS
from tests import factories


@pytest.mark.parametrize("role", ["center_manager", "coordinator", "branch_staff"])
def test_every_change_of_a_registration_happens_once_or_is_refused(
    session: Session, now: datetime, role: str
) -> None:
    actor = factories.actor(session, role, area="ichinoseki" if role == "branch_staff" else None)
    volunteer = factories.volunteer(session, now)
    for before in STATES:
        for after in STATES:
            volunteer.state = before
            session.flush()
            version = str(volunteer.version)
            if after in TRANSITIONS[before] and may_change(actor, before, after):
                change_state(session, volunteer.id, after, version, actor, now)
                assert volunteer.state == after
                with pytest.raises(StaleVersion):
                    change_state(session, volunteer.id, after, version, actor, now)
            else:
                with pytest.raises(Conflict) as refused:
                    change_state(session, volunteer.id, after, version, actor, now)
                assert refused.value.sentence
                assert volunteer.state == before


def test_who_becomes_active_is_registered_to_the_end_of_the_year(
    session: Session, now: datetime
) -> None:
    """BR-29."""
    boss = factories.actor(session, "coordinator")
    volunteer = factories.volunteer(session, now, state="applicant")
    with pytest.raises(Invalid):
        change_state(session, volunteer.id, "king", str(volunteer.version), boss, now)
    change_state(session, volunteer.id, "active", str(volunteer.version), boss, now)
    assert volunteer.registered_until == date(2027, 3, 31)
