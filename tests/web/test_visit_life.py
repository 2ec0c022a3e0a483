"""The pages of what happens after a confirmation, gone through as people do."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.absence_models import Absence
from matching.activities.case_models import Complaint, Incident
from matching.activities.expense_models import ExpenseClaim
from matching.activities.follow_models import Certificate, FollowUp
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.needs.models import Need
from matching.volunteers.models import Volunteer
from tests import factories
from tests.activities.conftest import confirmed
from tests.web.browsing import hidden, sign_in, token
from tests.web.test_visits import _account


@pytest.fixture
def visit(session: Session, now: datetime) -> Placement:
    factories.volunteer(session, now, name="山田 太郎")
    factories.volunteer(session, now, name="川村 次子")
    boss = factories.actor(session, "coordinator")
    made = confirmed(session, factories.need(session, now, name="隠田 しの"), boss, now)
    session.commit()
    return made


@pytest.fixture
def desk(client: FlaskClient, session: Session, visit: Placement) -> FlaskClient:
    _account(session, "boss", "coordinator")
    sign_in(client, "boss")
    return client


def send(client: FlaskClient, page: str, action: str, **fields: str) -> int:
    return client.post(action, data=hidden(client, page, action) | fields).status_code


def of(session: Session, visit: Placement) -> tuple[Need, Volunteer]:
    session.expire_all()
    return session.get_one(Need, visit.need_id), session.get_one(Volunteer, visit.volunteer_id)


def test_a_visit_is_called_off_and_a_substitute_is_at_hand(
    desk: FlaskClient, session: Session, visit: Placement
) -> None:
    """BR-24."""
    page = f"/desk/activities/{visit.id}"
    assert desk.get(f"{page}/swap").status_code == 200
    fields = {"side": "volunteer", "reason": "熱が出た"}
    assert send(desk, page, f"{page}/call-off", **fields) == 302
    shown = desk.get(f"{page}/substitutes").text
    _need, volunteer = of(session, visit)
    others = {"山田 太郎", "川村 次子"}
    [gone] = [name for name in others if name not in shown]
    assert "同じ時間に行けます" in shown and volunteer.person_id
    assert gone in desk.get(page).text
    assert "代わりの方をさがす" in desk.get("/desk").text


def test_a_storm_is_looked_over_before_it_calls_off(desk: FlaskClient, visit: Placement) -> None:
    on = clock.local_date(visit.starts_at).isoformat()
    page = f"/desk/weather?on={on}&area=ichinoseki"
    assert "中止になる活動（1件）" in desk.get(page).text
    fields = hidden(desk, page, "/desk/weather") | {"on": on, "area": "ichinoseki", "later": "1"}
    assert desk.post("/desk/weather", data=fields).status_code == 302
    assert "中止になる活動はありません" in desk.get(page).text
    assert desk.get("/desk/weather?on=soon").status_code == 422


def test_days_off_are_ticked_and_taken_back(
    desk: FlaskClient, session: Session, visit: Placement
) -> None:
    need, _volunteer = of(session, visit)
    page = f"/desk/needs/{need.reference}/days"
    on = clock.local_date(visit.starts_at).isoformat()
    assert send(desk, page, page, day=on, reason="resident") == 302
    assert "休みにした日" in desk.get(page).text
    assert send(desk, page, f"{page}/take-in", day=on) == 302
    assert "休みにした日" not in desk.get(page).text
    assert send(desk, page, page, day="2020-01-01", reason="resident") == 422


def test_nobody_opens_and_somebody_looks_for_them(
    desk: FlaskClient, session: Session, visit: Placement
) -> None:
    """BR-27."""
    clock.freeze(visit.starts_at + timedelta(minutes=5))
    sign_in(desk, "boss")
    page = f"/desk/activities/{visit.id}"
    assert send(desk, page, f"{page}/not-met") == 302
    row = session.scalars(select(Absence)).one()
    search = f"/desk/absences/{row.id}"
    assert "もう一度、呼び鈴と電話を試す" in desk.get(search).text
    assert send(desk, search, f"{search}/climb", said="出ない") == 302
    assert send(desk, search, f"{search}/known", found="out", said="通院") == 302
    assert "留守だった" in desk.get(search).text


def test_a_report_a_case_an_outlay_and_the_end(
    desk: FlaskClient, session: Session, visit: Placement
) -> None:
    clock.freeze(visit.ends_at)
    sign_in(desk, "boss")
    page, need = f"/desk/activities/{visit.id}", of(session, visit)[0].reference
    told = {"minutes": "60", "condition": "usual", "accident": "1", "channel": "phone"}
    assert send(desk, page, f"{page}/report", **told) == 302
    incident = f"/desk/incidents/{session.scalars(select(Incident.id)).one()}"
    assert desk.get("/desk/incidents").status_code == 200
    told_form = {"csrf_token": token(desk, incident), "whom": "insurer"}
    assert desk.post(f"{incident}/told", data=told_form).status_code == 302
    step = {"after": "assessed", "said": "転んだ", "severity": "minor"}
    assert send(desk, incident, f"{incident}/step", **step) == 302
    complaint = f"/desk/needs/{need}/complaint"
    wrong = {"kind": "complaint_from_family", "said": "時間に来ない"}
    assert send(desk, complaint, complaint, **wrong) == 302
    case = f"/desk/complaints/{session.scalars(select(Complaint.id)).one()}"
    assert send(desk, case, f"{case}/step", after="checked", said="聞いた", severity="minor") == 302
    assert desk.get("/desk/complaints").status_code == 200
    money = f"/my/activities/{visit.id}/expenses"
    assert send(desk, money, money, kind="fuel", km="12", payer="centre") == 302
    assert send(desk, money, money, kind="fuel", km="far", payer="centre") == 422
    assert session.scalars(select(ExpenseClaim.yen)).one() == 240
    assert "別の方が確認します" in desk.get("/desk/expenses").text
    call = f"/desk/follow-ups/{session.scalars(select(FollowUp.id)).one()}"
    assert "はじめての活動のあと" in desk.get("/desk/follow-ups").text
    assert send(desk, call, call, outcome="continue", resident="5") == 302
    close = f"/desk/needs/{need}/close"
    assert send(desk, close, close, reason="goal_reached") == 302
    assert "もう終わっています" in desk.get(close).text


def test_a_certificate_is_printed_and_checked_without_a_name(
    desk: FlaskClient, session: Session, visit: Placement
) -> None:
    clock.freeze(visit.ends_at)
    sign_in(desk, "boss")
    page = f"/desk/activities/{visit.id}"
    assert (
        send(desk, page, f"{page}/report", minutes="60", condition="usual", channel="phone") == 302
    )
    _account(session, "other", "coordinator")
    sign_in(desk, "other")
    assert send(desk, page, f"{page}/verify") == 302
    own = f"/desk/volunteers/{of(session, visit)[1].reference}/certificates"
    day = clock.local_date(visit.starts_at).isoformat()
    answer = desk.post(own, data=hidden(desk, own) | {"from_on": day, "to_on": day})
    paper = desk.get(answer.location)
    assert paper.mimetype == "application/pdf" and paper.data.startswith(b"%PDF")
    code = session.scalars(select(Certificate.code)).one()
    desk.delete_cookie("musubi")
    shown = desk.get(f"/verify/{code}").text
    assert "当センターが出したもの" in shown
    assert "山田" not in shown and "川村" not in shown
    assert desk.get("/verify/AAAA-BBBB-CCCC-DDDD").status_code == 404
    assert desk.get("/verify?code=" + code.replace("-", "")).status_code == 302
    sign_in(desk, "other")
    back = answer.location.removesuffix(".pdf") + "/revoke"
    assert send(desk, own, back, reason="figures") == 302
    assert desk.get(answer.location).status_code == 409
    assert "2026年11月" in desk.get("/desk/hours?month=2026-11").text
    assert "1時間" in desk.get("/desk/hours?group=none").text
    desk.delete_cookie("musubi")
    shown = desk.get(f"/verify/{code}").text
    assert "取り消されました" in shown and "当センターが出したもの" not in shown


def test_terms_are_renewed_insured_and_handed_to_the_insurer(
    desk: FlaskClient, session: Session, visit: Placement
) -> None:
    volunteer = of(session, visit)[1]
    page = "/desk/renewals/2026"
    ticked = {"volunteer": str(volunteer.id), "fiscal_year": "2026", "plan": "basic"}
    assert send(desk, page, "/desk/insurance", **ticked) == 302
    assert (
        send(desk, page, "/desk/insurance/price", fiscal_year="2026", plan="basic", yen="350")
        == 302
    )
    assert (
        send(
            desk,
            "/desk/renewals/2027",
            "/desk/renewals",
            volunteer=str(volunteer.id),
            fiscal_year="2027",
        )
        == 302
    )
    book = desk.get("/desk/insurance/roster.xlsx?year=2026&plan=basic")
    rows = list(load_workbook(BytesIO(book.data)).worksheets[0].values)
    assert len(rows) == 2 and rows[1][1] == volunteer.reference
    sheet = desk.get("/desk/insurance/roster.csv?year=2026&plan=basic&encoding=cp932")
    assert "補償の始まり" in sheet.data.decode("cp932")
    own = f"/desk/volunteers/{volunteer.reference}/terms"
    assert send(desk, own, own, skill="brush_cutter", seen_on="2026-11-01", valid_until="") == 302
    assert "確かめました" in desk.get(own).text
    state = f"/desk/volunteers/{volunteer.reference}/state"
    assert send(desk, own, state, after="paused") == 302
    assert send(desk, own, state, after="suspended") == 409


def test_a_scanned_card_leads_to_my_visit_of_today_only(
    desk: FlaskClient, session: Session, visit: Placement
) -> None:
    need, volunteer = of(session, visit)
    assert "<svg" in desk.get(f"/desk/needs/{need.reference}/card").text
    _account(session, "giver", "volunteer", volunteer.person_id)
    sign_in(desk, "giver")
    here = f"/my/here/{need.reference}"
    assert desk.get(here).location.endswith("/my/activities")
    clock.freeze(visit.starts_at)
    sign_in(desk, "giver")
    assert desk.get(here).location.endswith(f"/my/activities/{visit.id}")
    page = f"/my/activities/{visit.id}"
    assert "会えませんでした" in desk.get(page).text
    assert desk.get("/my/certificates").status_code == 200
    assert send(desk, page, f"{page}/not-met") == 302
    assert desk.get("/my/here/R8-9999").location.endswith("/my/activities")
