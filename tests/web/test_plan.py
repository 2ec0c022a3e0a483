"""The plan page: proposals, holding and keeping out with undo, news, deciding what is safe."""

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.models import Placement, Proposal
from matching.coordination.opening import find_openers
from matching.coordination.plan_models import PairRule
from matching.coordination.planning import plan_all, plan_changes
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.kernel.outbox import OutboxJob, plan_soon
from matching.needs.models import Need
from matching.people.accounts import AccountEntry, add_account
from matching.volunteers.models import Volunteer
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import hidden, sign_in, token


def account(session: Session, login: str, role: str, area: str | None = None) -> None:
    entry = AccountEntry(login, PASSWORD, login, ((role, area, None),))
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()


@pytest.fixture
def desk(client: FlaskClient, session: Session) -> FlaskClient:
    account(session, "tanaka", "coordinator")
    sign_in(client, "tanaka")
    return client


@pytest.fixture
def pair(session: Session, now: datetime) -> tuple[Need, Volunteer]:
    who = factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    session.commit()
    return need, who


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser").get_text(" ", strip=True)


def test_a_pair_is_held_from_the_plan_and_let_go_again(
    desk: FlaskClient, session: Session, pair: tuple[Need, Volunteer]
) -> None:
    need, who = pair
    path = f"/desk/needs/{need.reference}/pairs/{who.reference}/lock"
    fields = hidden(desk, "/desk/plan", path)
    assert fields["slot"] == "planned"
    for _ in range(2):
        assert desk.post(path, data=fields).location == "/desk/plan"
    rule = session.scalars(select(PairRule)).one()
    assert "おさえています" in text(desk, "/desk/plan")
    assert "おさえるのをやめる" in text(desk, f"/desk/needs/{need.reference}")
    release = f"/desk/pairs/{rule.id}/release"
    assert desk.post(release, data=hidden(desk, "/desk/plan", release)).status_code == 302
    session.refresh(rule)
    assert rule.released_at is not None
    assert "おさえるのをやめる" not in text(desk, "/desk/plan")


def test_keeping_a_pair_out_wants_a_reason_and_names_its_gate(
    desk: FlaskClient, session: Session, now: datetime, pair: tuple[Need, Volunteer]
) -> None:
    need, who = pair
    path = f"/desk/needs/{need.reference}/pairs/{who.reference}/forbid"
    fields = hidden(desk, f"/desk/needs/{need.reference}", path)
    assert desk.post(path, data=fields).status_code == 422
    assert desk.post(path, data={**fields, "reason": "ご近所"}).status_code == 302
    plan_changes(session, SYSTEM, now)
    session.commit()
    assert "調整案から外した組み合わせ" in text(desk, f"/desk/needs/{need.reference}")
    assert "ご近所" in text(desk, "/desk/plan")
    assert "この方が行けなくなった" in text(desk, "/desk/plan")


def test_who_cannot_come_is_not_held_and_the_page_says_why(
    desk: FlaskClient, session: Session, now: datetime, pair: tuple[Need, Volunteer]
) -> None:
    need, _ = pair
    other = factories.volunteer(session, now, categories=("talk",))
    session.commit()
    day = clock.local_date(now) + timedelta(days=3)
    path = f"/desk/needs/{need.reference}/pairs/{other.reference}/lock"
    answer = desk.post(path, data={"slot": f"{day}T10:00", "csrf_token": token(desk, "/desk/plan")})
    assert answer.status_code == 409
    assert "希望する活動にない" in answer.get_data(as_text=True)


def test_an_open_page_is_told_of_a_new_plan_and_of_nothing_else(
    desk: FlaskClient, session: Session, now: datetime, pair: tuple[Need, Volunteer]
) -> None:
    session.execute(OutboxJob.__table__.delete())  # type: ignore[attr-defined]
    session.commit()
    run = queries.find_latest_run(session)
    assert run is not None
    first = desk.get(f"/desk/plan/state?run={run.id}")
    assert b"data-hx-select" not in first.data
    etag = first.get_etag()[0]
    assert desk.get(f"/desk/plan/state?run={run.id}&etag={etag}").status_code == 204
    plan_changes(session, SYSTEM, now)
    session.commit()
    again = desk.get(f"/desk/plan/state?run={run.id}&etag={etag}")
    assert b'data-hx-select="#plan"' in again.data
    desk.post("/desk/plan", data=hidden(desk, "/desk/plan"))
    assert "順番を待っています" in text(desk, f"/desk/plan/state?run={run.id}")


def test_an_open_need_page_is_told_when_the_planner_found_something_else(
    desk: FlaskClient, session: Session, pair: tuple[Need, Volunteer]
) -> None:
    session.execute(OutboxJob.__table__.delete())  # type: ignore[attr-defined]
    session.commit()
    need, _ = pair
    page = BeautifulSoup(desk.get(f"/desk/needs/{need.reference}").data, "html.parser")
    asked = str(page.select("#candidates")[0]["data-hx-get"])
    plan_soon(session, clock.now())
    session.commit()
    assert desk.get(asked).status_code == 302
    page = BeautifulSoup(desk.get(asked, follow_redirects=True).data, "html.parser")
    assert "作り直しています" in page.select("#candidates")[0].get_text()
    assert desk.get(str(page.select("#candidates")[0]["data-hx-get"])).status_code == 204


def known(session: Session, who: Volunteer, need: Need, now: datetime) -> None:
    """This volunteer is insured and was at this resident's home a month ago."""
    who.insured_until = clock.local_date(now) + timedelta(days=60)
    session.add(
        Proposal(
            need_id=need.id,
            volunteer_id=who.id,
            state="accepted",
            proposed_at=now - timedelta(days=30),
            outcome="completed",
        )
    )


def test_the_safe_ones_are_decided_in_one_step_by_name(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    """BR-03, BR-09."""
    who = factories.volunteer(session, now)
    sure = factories.need(session, now, from_minute=540, to_minute=600)
    known(session, who, sure, now)
    first = factories.volunteer(session, now, categories=("talk",))
    unsure = factories.need(session, now, category_code="talk")
    first.insured_until = who.insured_until
    plan_all(session, SYSTEM, now)
    session.commit()
    page = BeautifulSoup(desk.get("/desk/plan/safe").data, "html.parser")
    [box] = page.select("input[name=proposal]")
    assert unsure.reference in page.get_text()
    fields = hidden(desk, "/desk/plan/safe")
    others = queries.list_candidates(session, unsure.id)
    chosen = [str(box["value"]), *(str(each.id) for each in others), "999"]
    for _ in range(2):
        answer = desk.post("/desk/plan/safe", data={**fields, "proposal": chosen})
        assert answer.status_code == 302
    [placement] = session.scalars(select(Placement)).all()
    assert placement.need_id == sure.id
    assert placement.decided_by_id is not None
    assert "決めていません" in text(desk, "/desk/plan")


def test_one_more_person_who_would_fill_seats_is_named_with_what_was_tried(
    desk: FlaskClient, session: Session, now: datetime
) -> None:
    factories.volunteer(session, now, transport="bicycle")
    for _ in range(2):
        factories.need(session, now, car_needed=True)
    plan_all(session, SYSTEM, now)
    assert find_openers(session, now) > 0
    session.commit()
    told = text(desk, "/desk/plan")
    assert "木曜の午前に、一関で車で行ける方があと1人いれば、2人分の訪問が決まります。" in told


def test_the_week_has_a_row_for_each_volunteer_and_prints_what_is_settled(
    desk: FlaskClient, session: Session, pair: tuple[Need, Volunteer]
) -> None:
    session.execute(OutboxJob.__table__.delete())  # type: ignore[attr-defined]
    session.commit()
    need, _ = pair
    page = BeautifulSoup(desk.get("/desk/plan/week").data, "html.parser")
    row = page.select_one("table.roster tbody tr")
    assert row is not None
    link = row.select_one("a.roster__visit")
    assert link is not None
    assert link["href"] == f"/desk/needs/{need.reference}"
    for strange in ("2026-13-99", "0001-01-01", "x", "9999-12-31"):
        assert desk.get(f"/desk/plan/week?from={strange}").status_code == 200


def test_branch_staff_see_and_change_their_own_area_only(
    client: FlaskClient, session: Session, pair: tuple[Need, Volunteer]
) -> None:
    need, who = pair
    account(session, "hana", "branch_staff", "hanaizumi")
    sign_in(client, "hana")
    path = f"/desk/needs/{need.reference}/pairs/{who.reference}/lock"
    key = token(client, "/desk/plan")
    assert client.post(path, data={"slot": "planned", "csrf_token": key}).status_code == 404
    assert need.reference not in text(client, "/desk/plan")
    assert need.reference not in text(client, "/desk/plan/safe")
    assert session.scalar(select(func.count(Placement.id))) == 0
