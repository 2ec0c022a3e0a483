"""The desk: triage, confirm, cancel, and who may see which area."""

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.models import Placement
from matching.coordination.planning import plan_all
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.kernel.audit import Event
from matching.kernel.outbox import OutboxJob, finish
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.people.models import Person
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import hidden, sign_in, token


def account(session: Session, login: str, role: str, area: str | None = None, **more: int) -> None:
    entry = AccountEntry(login, PASSWORD, login, ((role, area, None),), **more)  # type: ignore[arg-type]
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()


@pytest.fixture
def desk(client: FlaskClient, session: Session) -> FlaskClient:
    account(session, "tanaka", "coordinator")
    sign_in(client, "tanaka")
    return client


def triage(client: FlaskClient, need: Need, **changes: object) -> int:
    path = f"/desk/needs/{need.reference}"
    fields = {
        **hidden(client, path, f"{path}/triage"),
        "outcome": "accept",
        "reason": "",
        "next_action": "手伝う人をさがす",
        **changes,
    }
    return client.post(f"{path}/triage", data=fields).status_code


def test_a_triage_sent_twice_is_decided_once_and_no_conflict_with_oneself(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    need = factories.need(session, now, state="received")
    session.commit()
    path = f"/desk/needs/{need.reference}"
    fields = hidden(desk, path, f"{path}/triage") | {"outcome": "accept", "next_action": "さがす"}
    told = [desk.post(f"{path}/triage", data=fields).status_code for _tap in range(2)]
    other = fields | {"request_key": "another", "outcome": "hold", "reason": "x"}
    assert [*told, desk.post(f"{path}/triage", data=other).status_code] == [302, 302, 409]
    decided = select(func.count(Event.id)).where(Event.action == "need_triaged")
    assert session.scalar(decided) == 1


def test_an_accepted_need_is_ready_and_has_an_owner(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    need = factories.need(session, now, state="received")
    session.commit()
    assert triage(desk, need) == 302
    session.refresh(need)
    assert need.state == "ready"
    assert need.owner_id is not None


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"outcome": "decline"}, "received"),
        ({"outcome": "decline", "reason": "公的な制度が先"}, "declined"),
        ({"outcome": "refer", "reason": "包括へ"}, "referred"),
        ({"outcome": "hold", "reason": "本人に確認中"}, "on_hold"),
        ({"outcome": "accept", "next_action": " "}, "received"),
        ({"outcome": "nonsense"}, "received"),
        ({"version": "99"}, "received"),
    ],
)
def test_nothing_leaves_triage_without_outcome_reason_and_next_action(
    desk: FlaskClient, session: Session, now: datetime, changes: dict[str, str], state: str
) -> None:
    """BR-06."""
    need = factories.need(session, now, state="received")
    session.commit()
    assert triage(desk, need, **changes) in {302, 409, 422}
    session.refresh(need)
    assert need.state == state


def test_what_volunteers_may_not_do_cannot_become_ready(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    """BR-07."""
    need = factories.need(session, now, state="received", category_code="snow_roof")
    session.commit()
    assert triage(desk, need) == 422
    session.refresh(need)
    assert need.state == "received"


def test_a_confirmed_match_reaches_the_volunteers_page(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    person = factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    account(session, "helper", "volunteer", person_id=person.person_id)
    page = BeautifulSoup(desk.get(f"/desk/needs/{need.reference}").data, "html.parser")
    [proposal] = queries.list_candidates(session, need.id)
    assert session.get_one(Person, person.person_id).name in page.get_text()
    day = clock.local_date(now) + timedelta(days=3)
    path = f"/desk/proposals/{proposal.id}/confirm"
    fields = {"slot": f"{day}T09:00", "csrf_token": token(desk, "/desk/plan")}
    assert desk.post(path, data=fields).status_code == 302
    helper = desk.application.test_client()
    sign_in(helper, "helper")
    session.expire_all()
    [placed] = session.scalars(select(Placement.id))
    path = f"/my/activities/{placed}"
    assert "買い物" in helper.get("/my").text
    seen = helper.post(f"{path}/reveal", data=hidden(helper, path, f"{path}/reveal")).text
    assert session.get_one(Person, need.requester_id).name in seen
    assert "9013" in seen


def test_without_consent_the_volunteer_learns_the_place_only_roughly(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    """BR-19."""
    person = factories.volunteer(session, now)
    need = factories.need(session, now, consents=("coordination_use",), district_code="yamanome")
    plan_all(session, SYSTEM, now)
    account(session, "helper", "volunteer", person_id=person.person_id)
    [proposal] = queries.list_candidates(session, need.id)
    day = clock.local_date(now) + timedelta(days=3)
    fields = {"slot": f"{day}T09:00", "csrf_token": token(desk, "/desk/plan")}
    desk.post(f"/desk/proposals/{proposal.id}/confirm", data=fields)
    helper = desk.application.test_client()
    sign_in(helper, "helper")
    seen = helper.get("/my").get_data(as_text=True)
    assert "山目" in seen
    assert session.get_one(Person, need.requester_id).name not in seen
    assert "9013" not in seen


@pytest.mark.parametrize(
    "slot", ["", "tomorrow", "2026-11-26", "2026-11-26T99:00", "2020-01-01T09:00"]
)
def test_a_slot_that_cannot_be_is_refused_with_a_sentence(
    desk: FlaskClient, session: Session, now: datetime, slot: str
) -> None:
    factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    session.commit()
    [proposal] = queries.list_candidates(session, need.id)
    fields = {"slot": slot, "csrf_token": token(desk, "/desk/plan")}
    answer = desk.post(f"/desk/proposals/{proposal.id}/confirm", data=fields)
    assert answer.status_code in {409, 422}
    assert session.scalar(select(func.count(Placement.id))) == 0


def test_branch_staff_see_the_needs_of_their_area_only(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    here = factories.need(session, now, area_code="hanaizumi", title="花泉の買い物")
    there = factories.need(session, now, area_code="ichinoseki", title="一関の買い物")
    account(session, "branch", "branch_staff", "hanaizumi")
    sign_in(client, "branch")
    listed = client.get("/desk").get_data(as_text=True)
    assert here.title in listed
    assert there.title not in listed
    assert client.get(f"/desk/needs/{here.reference}").status_code == 200
    assert client.get(f"/desk/needs/{there.reference}").status_code == 404


def test_why_not_names_the_gate_and_what_would_open_it(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    far = factories.volunteer(session, now, max_distance_km=0.01)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    session.commit()
    shown = desk.get(f"/desk/needs/{need.reference}").get_data(as_text=True)
    assert "活動範囲より遠い" in shown
    names = desk.get(f"/desk/needs/{need.reference}/excluded/too_far").get_data(as_text=True)
    assert session.get_one(Person, far.person_id).name in names
    assert desk.get(f"/desk/needs/{need.reference}/excluded/nonsense").status_code == 404
    told = desk.get(f"/desk/needs/{need.reference}/explain/{far.reference}")
    assert "活動範囲より遠い" in told.get_data(as_text=True)


def test_an_unknown_need_is_not_found(desk: FlaskClient) -> None:
    for number in ("R8-9999", "'; --", "../../etc", "%00", "あ" * 300):
        assert desk.get(f"/desk/needs/{number}").status_code == 404


def test_the_audit_trail_cannot_be_changed(session: Session, now: datetime) -> None:
    factories.need(session, now)
    session.commit()
    from sqlalchemy import text
    from sqlalchemy.exc import IntegrityError

    for change in ("UPDATE events SET action = 'x'", "DELETE FROM events", "TRUNCATE events"):
        with pytest.raises(IntegrityError):
            session.execute(text(change))
        session.rollback()


def test_the_plan_page_watches_while_a_plan_is_being_made(
    desk: FlaskClient, session: Session
) -> None:
    def watching() -> bool:
        page = BeautifulSoup(desk.get("/desk/plan").data, "html.parser")
        news = page.select_one("#plan #plan-news")
        assert news is not None
        assert news.has_attr("data-hx-get")
        return "作り直しています" in news.get_text()

    assert not watching()
    desk.post("/desk/plan", data={"csrf_token": token(desk, "/desk/plan")})
    assert watching()
    [job] = session.scalars(select(OutboxJob)).all()
    finish(job, clock.now())
    session.commit()
    assert not watching()


def test_branch_staff_know_volunteers_of_their_area_and_those_their_needs_meet(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    """A volunteer next door is known once proposed for a need here, and not before."""
    here = factories.volunteer(
        session, now, contact=factories.contact("花泉 花子", area_code="hanaizumi")
    )
    there = factories.volunteer(session, now, contact=factories.contact("一関 一郎"))
    account(session, "branch", "branch_staff", "hanaizumi")
    sign_in(client, "branch")
    listed = client.get("/desk/volunteers").get_data(as_text=True)
    assert "花泉 花子" in listed
    assert "一関 一郎" not in listed
    assert client.get(f"/desk/volunteers/{here.reference}").status_code == 200
    assert client.get(f"/desk/volunteers/{there.reference}").status_code == 404
    factories.need(session, now, area_code="hanaizumi")
    plan_all(session, SYSTEM, now)
    session.commit()
    assert client.get(f"/desk/volunteers/{there.reference}").status_code == 200
    for who, status in ((here, 200), (there, 404)):  # a link that is shown leads somewhere
        letter = f"/desk/volunteers/{who.reference}/login"
        shown = letter in client.get(f"/desk/volunteers/{who.reference}").get_data(as_text=True)
        assert (shown, client.get(letter).status_code) == (status == 200, status)


@pytest.mark.parametrize(
    "path",
    [
        *("/desk/proposals/99999999999999999999/confirm",),
        *("/desk/placements/99999999999999999999/cancel",),
        *("/desk/proposals/0/confirm", "/desk/placements/-1/cancel"),
    ],
)
def test_a_number_that_nothing_can_have_is_not_found(desk: FlaskClient, path: str) -> None:
    fields = {"slot": "2026-11-26T09:00", "reason": "x", "csrf_token": token(desk, "/desk/plan")}
    assert desk.post(path, data=fields).status_code == 404


def test_an_endless_version_is_just_an_old_one(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    need = factories.need(session, now, state="received")
    session.commit()
    assert triage(desk, need, version="9" * 5000) == 409


def test_a_broken_referrer_does_no_harm(desk: FlaskClient) -> None:
    fields = {"slot": "", "csrf_token": token(desk, "/desk/plan")}
    answer = desk.post("/desk/proposals/1/confirm", data=fields, headers={"Referer": "http://[x"})
    assert answer.status_code == 422


def test_a_wrong_method_names_the_right_ones(desk: FlaskClient) -> None:
    answer = desk.get("/logout")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_the_need_page_says_whom_to_ask_now_and_asks_nobody(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    for _ in range(7):
        factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    session.commit()
    page = BeautifulSoup(desk.get(f"/desk/needs/{need.reference}").data, "html.parser")
    words = page.get_text()
    assert "いま5人にお願いすると" in words
    assert "埋まる見込み 92%" in words
    assert "10人にお願いして4人" in words
    assert "40%（16%〜70%）" in words
    session.expire_all()
    assert {each.state for each in queries.list_candidates(session, need.id)} == {"suggested"}
