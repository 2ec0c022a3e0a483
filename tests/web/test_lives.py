"""Whole lives of a need without an e-mail address, each to its place in the year's figures."""

from datetime import datetime

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.activities.models import Activity
from matching.coordination.models import Placement, Proposal
from matching.coordination.planning import plan_all
from matching.evaluation.figures import needs_by_category
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.needs.models import Need
from matching.needs.paper import PaperForm
from matching.people.models import Person
from tests import factories
from tests.web.browsing import hidden, sign_in
from tests.web.test_intake import CALL
from tests.web.test_offers import ask, click
from tests.web.test_wizards import NEED, answer, walk


def staff(client: FlaskClient, session: Session) -> None:
    """Somebody else of the desk sits down."""
    client.delete_cookie("musubi")
    actor = factories.actor(session, "coordinator")
    session.commit()
    sign_in(client, actor.display_name)


def place_by_phone(desk: FlaskClient, session: Session, need: Need, now: datetime) -> Placement:
    """Call the one volunteer there is, then the resident; both say yes."""
    plan_all(session, SYSTEM, now)
    proposal = session.scalars(select(Proposal).where(Proposal.need_id == need.id)).one()
    session.commit()
    path = ask(desk, session, proposal)
    assert click(desk, path, f"{path}/answer", kind="yes", channel="phone", said="はい") == 302
    assert click(desk, path, f"{path}/resident", kind="yes", channel="phone") == 302
    session.expire_all()
    placed = session.scalars(select(Placement)).one()
    assert placed.state == "confirmed"
    return placed


def visit_by_phone(desk: FlaskClient, session: Session, placed: Placement) -> None:
    """The volunteer calls when it begins and ends; what is reported is verified by another."""
    path = f"/desk/activities/{placed.id}"
    clock.freeze(placed.starts_at)
    staff(desk, session)
    assert click(desk, path, f"{path}/check-in") == 302
    clock.freeze(placed.ends_at)
    staff(desk, session)
    report = {"minutes": "60", "condition": "usual", "said": "お元気でした"}
    assert click(desk, path, f"{path}/report", **report) == 302
    staff(desk, session)
    assert click(desk, path, f"{path}/verify") == 302
    session.expire_all()
    assert session.scalars(select(Activity.state)).one() == "verified"


def nobody_has_mail(session: Session) -> bool:
    return all(person.email is None for person in session.scalars(select(Person)))


def test_from_a_paper_form_and_calls_to_the_years_figures(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    factories.volunteer(session, now, name="山田 太郎")
    session.commit()
    staff(client, session)
    client.post("/desk/paper", data={**hidden(client, "/desk/paper"), "count": "1"})
    number = session.scalars(select(PaperForm)).one().number
    page = f"/desk/intake?paper={number}"
    told = {"phone": "電話なし", "other_way": "となりの佐藤さんに伝える", "channel": "counter"}
    call = {**CALL, **told, "consent_volunteer": "y", "start_date": "2026-11-26", "then": "place"}
    fields = {**hidden(client, page, "/desk/intake"), **call}
    assert client.post("/desk/intake", data=fields).status_code == 302
    need = session.scalars(select(Need)).one()
    assert need.state == "ready"
    visit_by_phone(client, session, place_by_phone(client, session, need, now))
    assert nobody_has_mail(session)
    counts = needs_by_category(session, 2026)["shopping"]
    assert counts.received == 1
    report = client.get("/reports?fiscal_year=2026")
    assert report.status_code == 200


def test_from_a_residents_phone_page_by_page_to_a_verified_visit(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    factories.volunteer(session, now, name="山田 太郎")
    session.commit()
    steps = [*NEED[:7], ("/consents", {"consent_coordination": "y", "consent_volunteer": "y"})]
    walk(client, "/needs/new", steps)
    answer(client, "/needs/new", "/check", {})
    need = session.scalars(select(Need)).one()
    slip = BeautifulSoup(client.get("/needs/received").data, "html.parser").get_text()
    assert need.reference in slip
    staff(client, session)
    path = f"/desk/needs/{need.reference}"
    decision = {"outcome": "accept", "next_action": "手伝う人をさがす"}
    assert click(client, path, f"{path}/triage", **decision) == 302
    session.expire_all()
    visit_by_phone(client, session, place_by_phone(client, session, need, now))
    assert nobody_has_mail(session)
    assert needs_by_category(session, 2026)["shopping"].received == 1
