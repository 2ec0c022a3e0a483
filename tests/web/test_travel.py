"""Minutes between areas: filled in by a manager, used by the planner, never lost unseen."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.planning import plan_all
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.kernel.audit import Event
from matching.kernel.outbox import is_waiting
from matching.people.accounts import AccountEntry, add_account
from matching.places.models import AreaTravel
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import hidden, sign_in

WAY = "ichinoseki-hanaizumi"


def signed_in(client: FlaskClient, session: Session, role: str) -> FlaskClient:
    entry = AccountEntry(role, PASSWORD, role, ((role, None, None),))
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, role)
    return client


@pytest.fixture
def manager(client: FlaskClient, session: Session) -> FlaskClient:
    return signed_in(client, session, "center_manager")


def minutes(session: Session) -> dict[str, tuple[int, int]]:
    session.expire_all()
    return {
        f"{row.from_area_code}-{row.to_area_code}": (row.minutes, row.version)
        for row in session.scalars(select(AreaTravel))
    }


def test_minutes_are_entered_changed_and_taken_out(manager: FlaskClient, session: Session) -> None:
    for typed, kept in (("35", (35, 1)), ("４０", (40, 2)), ("", None)):
        fields = hidden(manager, "/admin/travel")
        answer = manager.post("/admin/travel", data={**fields, f"m-{WAY}": typed})
        assert answer.status_code == 302
        assert minutes(session).get(WAY) == kept
    assert is_waiting(session, "plan_full")
    told = session.scalars(select(Event.action)).all()
    assert told.count("travel_changed") == 3


@pytest.mark.parametrize("typed", ["601", "-1", "1.5", "thirty", "９９９９"])
def test_what_is_no_number_of_minutes_is_given_back(
    manager: FlaskClient, session: Session, typed: str
) -> None:
    fields = hidden(manager, "/admin/travel")
    answer = manager.post("/admin/travel", data={**fields, f"m-{WAY}": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.get_data(as_text=True)
    assert minutes(session) == {}


def test_a_form_opened_before_somebody_elses_change_is_refused(
    manager: FlaskClient, session: Session
) -> None:
    old = hidden(manager, "/admin/travel")
    new = hidden(manager, "/admin/travel")
    manager.post("/admin/travel", data={**new, f"m-{WAY}": "30"})
    assert manager.post("/admin/travel", data={**old, f"m-{WAY}": "50"}).status_code == 409
    assert minutes(session) == {WAY: (30, 1)}


def test_nobody_else_finds_the_table(client: FlaskClient, session: Session) -> None:
    signed_in(client, session, "coordinator")
    assert client.get("/admin/travel").status_code == 404


def test_the_planner_counts_with_the_minutes(
    manager: FlaskClient, session: Session, now: datetime
) -> None:
    factories.volunteer(session, now)
    need = factories.need(session, now)
    session.commit()
    fields = hidden(manager, "/admin/travel")
    manager.post("/admin/travel", data={**fields, "m-ichinoseki-ichinoseki": "55"})
    plan_all(session, SYSTEM, now)
    [proposal] = queries.list_candidates(session, need.id)
    assert proposal.travel_minutes == 55
