"""The list of a group, typed at the desk and by who answers for it; nobody else finds it."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.coordination.models import Placement
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
    assert send(client, page, page, group="G9001", people=people) == 302
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
