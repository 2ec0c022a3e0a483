"""Who calls is found with what they most likely call about: a visit, a report, what was asked."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from matching.coordination.agreeing import resident_agrees
from matching.coordination.answering import Answer, answer
from matching.kernel import clock
from tests import factories
from tests.messaging.scenes import RESIDENT, asked
from tests.web.browsing import sign_in


def test_a_name_leads_to_what_is_asked_then_to_the_visit_then_to_its_report(
    app: Flask, session: Session, now: datetime
) -> None:
    coordinator = factories.actor(session, "coordinator")
    clerk = factories.actor(session, "intake_clerk")
    far = factories.actor(session, "branch_staff", area="daito")
    proposal = asked(session, now, coordinator, channel="phone", name="山田 太郎")
    desk = app.test_client()
    sign_in(desk, coordinator.display_name)
    link = f'href="/desk/proposals/{proposal.id}"'
    assert link in desk.get("/desk/search?q=山田").text
    answer(session, proposal.id, Answer("yes", "phone"), coordinator, now)
    [visit] = resident_agrees(session, proposal.id, "phone", "", coordinator, now)
    session.commit()
    for words in ("山田", RESIDENT.split()[0], proposal.need_reference or "R8"):
        shown = desk.get(f"/desk/search?q={words}").text
        assert f'href="/desk/activities/{visit.id}"' in shown, words
        assert "<strong>報告がまだ" not in shown and link not in shown
    for login, there in ((clerk.display_name, True), (far.display_name, False)):
        other = app.test_client()
        sign_in(other, login)
        assert (
            f'href="/desk/activities/{visit.id}"' in other.get("/desk/search?q=山田").text
        ) is there
    clock.freeze(visit.ends_at + timedelta(hours=1))
    sign_in(desk, coordinator.display_name)
    assert "<strong>報告がまだ" in desk.get("/desk/search?q=山田").text
