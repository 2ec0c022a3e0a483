"""The list of a group, typed at the desk and by who answers for it; nobody else finds it."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.activities import partnering
from matching.activities.grouping import Roster
from matching.coordination.models import Placement
from matching.kernel.errors import NotFound
from matching.needs.models import Need
from matching.people import standstill
from matching.people.models import Person
from matching.volunteers.models import Volunteer, VolunteerGroup
from tests import factories
from tests.activities.conftest import confirmed
from tests.web.browsing import sign_in
from tests.web.test_visit_life import send
from tests.web.test_visits import _account


@pytest.fixture
def visit(session: Session, now: datetime) -> Placement:
    group = VolunteerGroup(reference="G9001", name="花の会", name_key="花の会", created_at=now)
    session.add(group)
    session.flush()
    factories.volunteer(session, now).group_id = group.id
    need = factories.need(session, now, headcount=4)
    need.min_headcount = 1
    made = confirmed(session, need, factories.actor(session, "coordinator"), now)
    session.commit()
    return made


def test_the_list_is_typed_at_the_desk_and_changed_by_who_answers_for_it(
    client: FlaskClient, session: Session, visit: Placement
) -> None:
    _account(session, "boss", "coordinator")
    sign_in(client, "boss")
    page = f"/desk/activities/{visit.id}/group"
    people = "千厩 花子、令和8年4月1日\n室根 次郎, 2026/04/01\n"
    assert send(client, page, page, group="G9001", people=people, agreed="1") == 302
    assert send(client, page, page, group="G9001", people=people) == 422
    shown = client.get(page).text
    assert "あわせて3人" in shown and "千厩 花子、2026-04-01" in shown
    assert send(client, page, page, group="G9001", people="川崎 三郎、むかし") == 422
    assert send(client, page, page, group="G9001", people="", unnamed="二人") == 422
    person = session.get_one(Volunteer, visit.volunteer_id).person_id
    _account(session, "leader", "volunteer", person)
    sign_in(client, "leader")
    mine = f"/my/activities/{visit.id}"
    assert "団体でうかがう" in client.get(mine).text
    assert send(client, f"{mine}/group", f"{mine}/group", group="G9001", people="") == 302
    assert "あわせて1人" in client.get(f"{mine}/group").text
    other = factories.volunteer(session, visit.decided_at).person_id
    _account(session, "stranger", "volunteer", other)
    sign_in(client, "stranger")
    assert client.get(f"{mine}/group").status_code == 404


def test_a_groups_own_log_in_types_the_list_of_its_own_visits_before_they_begin(
    client: FlaskClient, session: Session, visit: Placement, now: datetime
) -> None:
    """Who is visited is not told; other groups' visits and what has begun are not there."""
    boss, agent, other = (
        factories.actor(session, role)
        for role in ("center_manager", "partner_agency", "partner_agency")
    )
    rest = VolunteerGroup(reference="G9002", name="森の会", name_key="森の会", created_at=now)
    session.add(rest)
    session.flush()
    assert agent.account_id is not None and other.account_id is not None
    partnering.speak_for(session, agent.account_id, "G9001", boss, now)
    partnering.speak_for(session, other.account_id, "G9002", boss, now)
    resident = session.get_one(Need, visit.need_id)
    name = session.get_one(Person, resident.requester_id).name
    session.commit()
    page = f"/partner/activities/{visit.id}/group"
    sign_in(client, agent.display_name)
    home = client.get("/partner").text
    assert page in home and name not in home and "名簿がまだです" in home
    typed = {"group": "G9001", "people": "千厩 花子、2026-04-01"}
    assert send(client, page, page, **typed) == 422
    assert send(client, page, page, **typed, agreed="1") == 302
    assert send(client, page, page, **typed | {"group": "G9002"}, agreed="1") == 422
    shown = client.get(page).text
    assert "あわせて2人" in shown and name not in shown
    assert "あわせて2人" in client.get("/partner").text
    sign_in(client, other.display_name)
    assert page not in client.get("/partner").text
    assert client.get(page).status_code == 404
    with pytest.raises(NotFound):
        roster = Roster("G9001")
        partnering.bring_own(session, visit.id, roster, agent, visit.starts_at)


def test_a_groups_log_in_begins_at_its_in_box_and_loses_what_stands_still(
    client: FlaskClient, session: Session, visit: Placement, now: datetime
) -> None:
    """BR-01: while somebody is on hold nothing of their visit is shown outside."""
    boss, agent = (factories.actor(session, role) for role in ("center_manager", "partner_agency"))
    assert agent.account_id is not None
    partnering.speak_for(session, agent.account_id, "G9001", boss, now)
    session.commit()
    assert sign_in(client, agent.display_name).location == "/partner"
    resident = session.get_one(Need, visit.need_id).requester_id
    standstill.begin(session, resident, "safeguarding", boss, now)
    session.commit()
    assert client.get(f"/partner/activities/{visit.id}/group").status_code == 404
