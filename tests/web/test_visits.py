"""Visits on the pages: three taps for a volunteer, a call typed in at the desk, storms."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.calling_off import Scope, call_off_for_weather
from matching.activities.models import Activity
from matching.coordination import queries
from matching.coordination.confirming import confirm
from matching.coordination.models import Placement
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.withdrawing import withdraw
from matching.kernel import clock, tasks
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.people.disclosures import Disclosure
from tests import factories
from tests.web.browsing import hidden, sign_in

ADDRESS, NAME = "字中野9099", "隠田 しの"


@pytest.fixture
def visit(session: Session, now: datetime) -> Placement:
    factories.volunteer(session, now, name="山田 太郎")
    need = factories.need(session, now, name=NAME, address=f"岩手県一関市山目{ADDRESS}")
    plan_all(session, SYSTEM, now)
    [proposal] = queries.list_candidates(session, need.id)
    boss = factories.actor(session, "coordinator")
    placed = confirm(
        session, proposal.id, Choice(clock.local_date(now) + timedelta(days=3), 540), boss, now
    )
    session.commit()
    return placed


@pytest.fixture
def giver(client: FlaskClient, session: Session, visit: Placement) -> FlaskClient:
    [placed] = queries.list_placements(session, volunteer_id=visit.volunteer_id)
    _account(session, "taro", "volunteer", placed.volunteer.person_id)
    sign_in(client, "taro")
    return client


def _account(session: Session, login: str, role: str, person_id: int | None = None) -> None:
    roles = ((role, None, None),)
    entry = AccountEntry(login, factories.PASSWORD, login, roles, person_id=person_id)
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()


def send(client: FlaskClient, path: str, verb: str, **fields: str) -> int:
    return client.post(
        f"{path}/{verb}", data=hidden(client, path, f"{path}/{verb}") | fields
    ).status_code


def state(session: Session) -> str:
    session.expire_all()
    return session.scalars(select(Activity.state)).one()


def test_who_and_where_is_covered_until_asked_for_and_that_is_written_down(
    giver: FlaskClient, session: Session, visit: Placement
) -> None:
    """BR-19."""
    path = f"/my/activities/{visit.id}"
    for page in ("/my", "/my/activities", path):
        shown = giver.get(page).text
        assert NAME not in shown
        assert ADDRESS not in shown
    assert session.scalar(select(Disclosure.id)) is None
    shown = giver.post(f"{path}/reveal", data=hidden(giver, path, f"{path}/reveal")).text
    assert NAME in shown
    assert ADDRESS in shown
    session.expire_all()
    row = session.scalars(select(Disclosure)).one()
    resident = session.scalars(select(Need.requester_id)).one()
    assert (row.stage, row.person_id, row.purpose) == ("L2", resident, "visit")


def test_a_withdrawn_consent_covers_it_at_the_next_request(
    giver: FlaskClient, session: Session, visit: Placement, now: datetime
) -> None:
    """BR-32."""
    path = f"/my/activities/{visit.id}"
    fields = hidden(giver, path, f"{path}/reveal")
    session.refresh(visit, ["need"])
    withdraw(session, visit.need.requester_id, "share_with_volunteer", "oral", SYSTEM, now)
    session.commit()
    assert giver.post(f"{path}/reveal", data=fields).status_code == 404
    assert "表示する" not in giver.get(path).text


@pytest.mark.parametrize(("days", "shown"), [(16, True), (18, False)])
def test_fourteen_days_after_the_visit_it_is_gone(
    giver: FlaskClient, visit: Placement, now: datetime, days: int, shown: bool
) -> None:
    """BR-31."""
    clock.freeze(now + timedelta(days=days))
    sign_in(giver, "taro")
    assert ("お名前と住所を表示する" in giver.get(f"/my/activities/{visit.id}").text) is shown


def test_a_volunteer_arrives_leaves_and_reports_in_three_taps(
    giver: FlaskClient, session: Session, visit: Placement
) -> None:
    path = f"/my/activities/{visit.id}"
    clock.freeze(visit.starts_at)
    sign_in(giver, "taro")
    assert send(giver, path, "check-in") == 302
    assert send(giver, path, "check-out") == 302
    clock.freeze(visit.ends_at)
    assert send(giver, path, "report", minutes="60", condition="usual") == 302
    assert state(session) == "reported"


@pytest.mark.parametrize("minutes", ["", "abc", "６０", "0", "99999", "-5"])
def test_a_time_that_is_none_says_what_to_do(
    giver: FlaskClient, visit: Placement, minutes: str
) -> None:
    path = f"/my/activities/{visit.id}"
    clock.freeze(visit.ends_at)
    sign_in(giver, "taro")
    answer = giver.post(
        f"{path}/report",
        data=hidden(giver, path, f"{path}/report") | {"minutes": minutes, "condition": "usual"},
    )
    assert answer.status_code == 422
    assert "12時間" in answer.text


def test_somebody_elses_visit_is_not_there(
    client: FlaskClient, session: Session, visit: Placement, now: datetime
) -> None:
    other = factories.volunteer(session, now)
    _account(session, "other", "volunteer", other.person_id)
    sign_in(client, "other")
    assert client.get(f"/my/activities/{visit.id}").status_code == 404
    assert client.get("/my/activities/999999").status_code == 404


def test_who_cannot_come_frees_the_seat_and_the_other_side_is_called(
    giver: FlaskClient, session: Session, visit: Placement
) -> None:
    """BR-24."""
    path = f"/my/activities/{visit.id}"
    clock.freeze(visit.starts_at - timedelta(hours=20))
    sign_in(giver, "taro")
    assert send(giver, path, "leave", reason="熱が出ました") == 302
    session.expire_all()
    assert visit.state == "cancelled"
    boss = factories.actor(session, "coordinator")
    kinds = {task.kind for task in session.scalars(tasks.within_reach(boss))}
    assert kinds == {"tell_other_side", "find_substitute"}


def test_the_desk_types_a_call_and_another_verifies(
    client: FlaskClient, session: Session, visit: Placement
) -> None:
    path = f"/desk/activities/{visit.id}"
    clock.freeze(visit.ends_at)
    for login in ("first", "second"):
        _account(session, login, "coordinator")
    sign_in(client, "first")
    assert "山田 太郎" in client.get("/desk/activities?span=today").text
    assert send(client, path, "check-in") == 302
    assert send(client, path, "report", minutes="45", condition="worried", said="元気がない") == 302
    assert send(client, path, "verify") == 409
    client.post("/logout", data=hidden(client, "/desk", "/logout"))
    sign_in(client, "second")
    assert send(client, path, "verify") == 302
    assert state(session) == "verified"


def test_a_storm_calls_off_the_outdoor_visits_of_a_day_only(
    session: Session, now: datetime, visit: Placement
) -> None:
    boss = factories.actor(session, "coordinator")
    on = clock.local_date(visit.starts_at)
    assert call_off_for_weather(session, Scope(on + timedelta(days=1)), boss, now) == 0
    elsewhere = factories.actor(session, "branch_staff", area="daito")
    assert call_off_for_weather(session, Scope(on), elsewhere, now) == 0
    assert call_off_for_weather(session, Scope(on, ("ichinoseki",)), boss, now) == 1
    session.refresh(visit)
    assert visit.state == "cancelled"
    assert state(session) == "cancelled_weather"
