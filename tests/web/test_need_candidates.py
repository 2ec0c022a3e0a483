"""The need page with many candidates: a few travel with it, the others are a link away."""

from datetime import date, datetime

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.accounts import AccountEntry, add_account
from matching.people.queries import actor_of, find_account_by_login
from tests import factories
from tests.factories import PASSWORD
from tests.web.browsing import sign_in

PEOPLE = 9
OURS = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}
MOST_BYTES = 100_000


def test_the_best_few_and_whoever_was_asked_travel_the_others_are_a_link_away(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    for number in range(PEOPLE):
        factories.volunteer(session, now, name=f"手伝 {number}")
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    entry = AccountEntry("desk", PASSWORD, "desk", (("coordinator", None, None),))
    add_account(session, entry, SYSTEM, clock.now())
    account = find_account_by_login(session, "desk")
    boss = actor_of(account, clock.local_date(now)) if account else None
    assert boss is not None
    proposals = queries.list_candidates(session, need.id)
    slot = proposals[7].slots[0]
    choice = Choice(date.fromisoformat(slot["on"]), slot["starts"][0])
    offer(session, proposals[7].id, [choice], "phone", boss, now)
    session.commit()
    asked, ranked = proposals[7].id, [each.id for each in proposals]
    sign_in(client, "desk")
    path = f"/desk/needs/{need.reference}"

    few = BeautifulSoup(client.get(path).data, "html.parser")
    assert shown(few) == [*ranked[:5], asked]
    link = few.select_one("#candidates a[href*='all=1']")
    assert link is not None
    assert link.get_text() == "ほかの3人を見る"
    everybody = BeautifulSoup(client.get(str(link["href"]).partition("#")[0]).data, "html.parser")
    assert shown(everybody) == ranked
    assert len(everybody.select("#others .candidate")) == PEOPLE - 5
    assert "all=1" in str(everybody.select_one("#candidates")["data-hx-get"])  # type: ignore[index]
    assert "all=1" in client.get(f"{path}/news?seen=old&all=1").headers["Location"]
    assert len(client.get(f"{path}?all=1", headers=OURS).data) <= MOST_BYTES


def shown(page: BeautifulSoup) -> list[int]:
    """The candidates of a page in their order, by who can be chosen or was asked."""
    ids = []
    for each in page.select("#candidates .candidate"):
        form, record = (
            each.select_one("form.confirm"),
            each.select_one("a[href^='/desk/proposals/']"),
        )
        address = form["action"] if form else record["href"] if record else ""
        ids.append(int(str(address).split("/")[3]))
    return ids
