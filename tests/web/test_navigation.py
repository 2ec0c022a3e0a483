"""The menu: every role finds all its pages in it and no others, with what waits there."""

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.kernel import clock, tasks
from matching.kernel.actor import SYSTEM
from matching.people import standstill
from matching.people.accounts import AccountEntry, add_account
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import sign_in

STAFF = {"/desk", "/desk/activities", "/desk/weather", "/desk/intake", "/desk/needs"}
STAFF |= {"/desk/paper", "/desk/plan", "/desk/plan/week", "/desk/volunteers", "/desk/renewals"}
STAFF |= {"/desk/fairness", "/desk/follow-ups", "/desk/incidents", "/desk/complaints"}
STAFF |= {"/desk/hours", "/desk/expenses", "/desk/evacuation", "/reports", "/my"}
LEAD = {"/admin/messages", "/admin/notices", "/admin/mode", "/admin/weights"}
SEEN = {
    "branch_staff": STAFF,
    "coordinator": STAFF | LEAD,
    "center_manager": STAFF
    | {"/desk/safeguarding", "/admin", "/admin/accounts", "/admin/audit"}
    | LEAD,
    "intake_clerk": {
        *("/desk", "/desk/activities", "/desk/intake", "/desk/needs", "/desk/paper"),
        *("/desk/volunteers", "/desk/hours", "/my"),
    },
    "welfare_commissioner": {"/commissioner", "/my"},
    "city_officer": {"/reports", "/my"},
    "auditor": {"/admin/audit", "/my"},
    "system_admin": {"/admin", "/admin/accounts", "/my"},
    "requester": {"/my", "/needs/new", "/my/messages"},
    "volunteer": {"/my", "/my/offers", "/my/activities", "/my/calendar", "/my/messages"},
}


def signed_in(client: FlaskClient, session: Session, role: str) -> FlaskClient:
    area = "hanaizumi" if role == "branch_staff" else None
    entry = AccountEntry(role, PASSWORD, "誰か", ((role, area, None),))
    add_account(session, entry, SYSTEM, clock.now())
    session.commit()
    sign_in(client, role)
    return client


def menu(client: FlaskClient, path: str = "/my") -> Tag:
    found = BeautifulSoup(client.get(path).data, "html.parser").select_one("nav .page-nav__lists")
    assert found is not None
    return found


def count(client: FlaskClient, href: str) -> str:
    link = menu(client).select_one(f"a[href='{href}'] .page-nav__count")
    return link.find(string=True) if link else ""  # type: ignore[return-value]


def test_each_role_finds_its_pages_and_all_of_them_open(
    client: FlaskClient, session: Session
) -> None:
    for role, expected in SEEN.items():
        signed_in(client, session, role)
        hrefs = [str(link["href"]) for link in menu(client).find_all("a")]
        assert sorted(hrefs) == sorted(expected), role
        for href in hrefs:
            assert client.get(href).status_code == 200, (role, href)


def test_only_the_page_being_read_is_marked(client: FlaskClient, session: Session) -> None:
    signed_in(client, session, "coordinator")
    for path, marked in (("/desk/plan/week", "/desk/plan/week"), ("/desk", "/desk")):
        current = menu(client, path).select("[aria-current=page]")
        assert [link["href"] for link in current] == [marked]


def test_what_waits_is_counted_and_who_is_concealed_is_not(
    client: FlaskClient, session: Session
) -> None:
    now = clock.now()
    open_to_all, hidden = factories.need(session, now), factories.need(session, now)
    for need in (open_to_all, hidden):
        tasks.open_task(session, "closing", ("need", need.id), now, now, area_code="ichinoseki")
    signed_in(client, session, "coordinator")
    assert [count(client, href) for href in ("/desk", "/desk/follow-ups")] == ["2", "2"]
    untriaged = count(client, "/desk/needs")
    standstill.begin(session, hidden.requester_id, "safeguarding", SYSTEM, now)
    session.commit()
    assert [count(client, href) for href in ("/desk", "/desk/follow-ups")] == ["1", "1"]
    assert int(untriaged or 0) - int(count(client, "/desk/needs") or 0) in {0, 1}
    assert count(client, "/desk/complaints") == ""
