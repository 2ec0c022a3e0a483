"""A partner answers on their page; who it is about is shown after taking it on."""

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.needs import inbox
from matching.needs.referring import Step, move_referral, refer
from matching.people.disclosures import Disclosure
from tests import factories
from tests.web.browsing import hidden, sign_in
from tests.web.test_visit_life import send

NAME = "隠田 しの"


def test_a_referral_is_received_taken_on_and_only_then_names_somebody(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    boss, here = (factories.actor(session, role) for role in ("coordinator", "partner_agency"))
    assert here.account_id is not None
    inbox.seat(session, here.account_id, "city_elderly", boss, now)
    need = factories.need(session, now, state="referred", name=NAME)
    [row] = refer(session, need, ["city_elderly"], None, boss, now)
    for state in ("consented", "handed_over"):
        move_referral(session, row.id, Step(state, "本人", None, row.version), boss, now)
    session.commit()
    sign_in(client, here.display_name)
    own = f"/partner/referrals/{row.id}"
    shown = client.get("/partner").text
    assert need.reference in shown and NAME not in shown
    assert send(client, "/partner", f"{own}/seen") == 302
    assert send(client, "/partner", own, state="accepted", said="うかがいます") == 302
    assert NAME not in client.get("/partner").text
    assert session.scalar(select(Disclosure.id)) is None
    told = client.post(f"{own}/contact", data=hidden(client, "/partner", f"{own}/contact")).text
    assert NAME in told
    assert session.scalar(select(Disclosure.person_id)) == need.requester_id
    assert send(client, "/partner", own, state="returned", said="できない") == 409
