"""Many rows at once: a preview that changes nothing, then each by itself, or why not."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.kernel import clock, tasks
from matching.kernel.actor import SYSTEM
from matching.kernel.audit import Event
from matching.kernel.tasks import Task
from matching.needs.models import Need, NeedNote
from matching.people import standstill
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Account
from tests import factories
from tests.web.browsing import sign_in


@pytest.fixture
def desk(client: FlaskClient, session: Session) -> FlaskClient:
    for login, area in (("tanaka", None), ("branch", "hanaizumi")):
        role = "branch_staff" if area else "coordinator"
        entry = AccountEntry(login, factories.PASSWORD, login, ((role, area, None),))
        add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, "tanaka")
    return client


def number(session: Session, login: str = "tanaka") -> int:
    return session.scalars(select(Account.id).where(Account.login == login)).one()


def page(client: FlaskClient, path: str, **asked: object) -> BeautifulSoup:
    answer = client.get(f"{path}?{urlencode(asked, doseq=True)}")
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.data, "html.parser")


def sent(found: BeautifulSoup, action: str) -> dict[str, list[str]]:
    form = found.select_one(f"form[method=post][action='{action}']")
    assert form is not None
    fields: dict[str, list[str]] = {}
    for each in form.select("input[type=hidden]"):
        fields.setdefault(str(each["name"]), []).append(str(each["value"]))
    return fields


def rows(found: BeautifulSoup) -> list[list[str]]:
    """The lines of each list of a preview or a result, in order."""
    return [
        [line.get_text(" ", strip=True) for line in each.select("li")]
        for each in found.select(".bulk-list")
    ]


def test_needs_are_put_into_somebodys_hands_each_by_itself(
    desk: FlaskClient, session: Session
) -> None:
    me = number(session)
    free, mine, over, changed, hidden = (
        factories.need(session, clock.now(), state=state)
        for state in ("ready", "matched", "withdrawn", "ready", "ready")
    )
    mine.owner_id = me
    standstill.begin(session, hidden.requester_id, "safeguarding", SYSTEM, clock.now())
    session.commit()
    picked = [need.reference for need in (free, mine, over, changed, hidden)]
    before = session.scalar(select(func.count(Event.id)))
    preview = page(desk, "/desk/needs/bulk", need=picked, act="assign", owner=me)
    doing, left = rows(preview)
    assert [line.split()[0] for line in doing] == [free.reference, changed.reference]
    assert [line.split()[0] for line in left] == [mine.reference, over.reference]
    assert hidden.reference not in preview.text
    session.expire_all()
    assert free.owner_id is None
    assert session.scalar(select(func.count(Event.id))) == before
    fields = sent(preview, "/desk/needs/bulk")
    changed.version += 1
    session.commit()
    for _twice in range(2):
        answer = desk.post("/desk/needs/bulk", data=fields)
        told = BeautifulSoup(answer.data, "html.parser")
        refused, done = rows(told)
        assert [line.split()[0] for line in refused] == [changed.reference]
        assert done == [free.reference]
    session.expire_all()
    assert (free.owner_id, changed.owner_id) == (me, None)
    assigned = select(Event.subject_id).where(Event.action == "need_assigned")
    assert session.scalars(assigned).all() == [free.id]


def test_all_needs_of_a_filter_are_put_off_with_a_reason_in_each_story(
    desk: FlaskClient, session: Session
) -> None:
    there = [factories.need(session, clock.now(), area_code="daito") for _ in range(3)]
    here = factories.need(session, clock.now(), state="ready")
    session.commit()
    wish = {"act": "put_off", "until_on": "2026-12-01", "reason": "雪のため"}
    preview = page(desk, "/desk/needs/bulk", all="1", area="daito", state="open", **wish)
    assert len(rows(preview)[0]) == 3
    assert desk.post("/desk/needs/bulk", data=sent(preview, "/desk/needs/bulk")).status_code == 200
    session.expire_all()
    assert {str(need.next_action_on) for need in there} == {"2026-12-01"}
    assert str(here.next_action_on) != "2026-12-01"
    assert [note.body for note in session.scalars(select(NeedNote))] == ["雪のため"] * 3


def test_what_is_missing_is_said_and_what_is_out_of_reach_is_not_there(
    desk: FlaskClient, session: Session
) -> None:
    need = factories.need(session, clock.now(), state="ready")
    session.commit()
    usual = {"need": need.reference, "act": "put_off", "until_on": "2026-12-01", "reason": "雪"}
    for gone, sentence in (
        ("need", "困りごとを選んでください"),
        ("act", "何をするか"),
        ("reason", "理由"),
        ("until_on", "後の日"),
    ):
        asked = {name: value for name, value in usual.items() if name != gone}
        answer = desk.get("/desk/needs/bulk?" + urlencode(asked))
        assert (answer.status_code, sentence in answer.text) == (422, True), gone
    fields = sent(page(desk, "/desk/needs/bulk", **usual), "/desk/needs/bulk")
    branch = desk.application.test_client()
    sign_in(branch, "branch")
    assert rows(page(branch, "/desk/needs/bulk", **usual)) == []
    token = sent(page(branch, "/desk/needs/bulk", **usual), "/desk/needs/bulk")["csrf_token"]
    answer = branch.post("/desk/needs/bulk", data=fields | {"csrf_token": token})
    assert "0件できました" in answer.text
    session.expire_all()
    assert str(session.get_one(Need, need.id).next_action_on) != "2026-12-01"


def test_tasks_are_taken_over_or_put_off_together(desk: FlaskClient, session: Session) -> None:
    now = clock.now()
    for _each in range(3):
        need = factories.need(session, now)
        tasks.open_task(session, "closing", ("need", need.id), now, now, area_code="ichinoseki")
    session.commit()
    found = session.scalars(select(Task).order_by(Task.id)).all()
    found[0].owner_id = number(session)
    session.commit()
    picked = [task.id for task in found]
    preview = page(desk, "/desk/tasks/bulk", task=picked, act="claim")
    assert [len(each) for each in rows(preview)] == [2, 1]
    fields = sent(preview, "/desk/tasks/bulk")
    assert "2件できました" in desk.post("/desk/tasks/bulk", data=fields).text
    session.expire_all()
    assert {task.owner_id for task in found} == {number(session)}
    wish = {"act": "snooze", "until": "week", "reason": "研修のため"}
    preview = page(desk, "/desk/tasks/bulk", task=picked, **wish)
    desk.post("/desk/tasks/bulk", data=sent(preview, "/desk/tasks/bulk"))
    session.expire_all()
    assert len({task.due_at for task in found} - {now}) == 1
    for wrong in ({"act": "snooze", "until": "week"}, {"act": "burn"}, {}):
        asked = urlencode({"task": picked} | wrong, doseq=True)
        assert desk.get(f"/desk/tasks/bulk?{asked}").status_code == 422
