"""What else hangs on a need, a visit or a person: one of each for every relation of the matrix."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matching.activities.absence_models import Absence
from matching.activities.case_models import Complaint
from matching.activities.certifying import new_code
from matching.activities.expense_models import ExpenseClaim
from matching.activities.follow_models import Certificate, FollowUp
from matching.coordination.blocking import block
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.messaging.models import Message
from matching.needs.models import Need
from matching.needs.referring import refer
from matching.people.representing import Authority, represent
from matching.people.trust_models import RevealRequest
from matching.volunteers.models import Volunteer
from tests import factories


def hanging_on(
    session: Session, need: Need, helper: Volunteer, visit: int, boss: Actor, now: datetime
) -> dict[str, int]:
    """Write one of each kind; gives their numbers by kind."""
    today = clock.local_date(now)
    rows = {
        "case": Complaint(need_id=need.id, kind="complaint_from_family", opened_at=now, due_at=now),
        "absence": Absence(placement_id=visit, need_id=need.id, due_at=now, opened_at=now),
        "claim": ExpenseClaim(
            placement_id=visit, kind="parking", yen=300, payer="centre", claimed_at=now
        ),
        "follow_up": FollowUp(
            need_id=need.id, volunteer_id=helper.id, months=1, started_on=today, due_on=today
        ),
        "certificate": Certificate(
            code=new_code(), volunteer_id=helper.id, from_on=date(2026, 4, 1), to_on=today,
            visits=1, minutes=60, lines=[], issued_at=now,
        ),
        "message": Message(
            key=f"matrix:{visit}", person_id=helper.person_id, kind="confirmed", channel="phone",
            placement_id=visit, created_at=now, due_at=now, valid_until=now + timedelta(days=9),
        ),
        "reveal": RevealRequest(
            account_id=boss.account_id, person_id=need.requester_id, asked_at=now
        ),
    }  # fmt: skip
    session.add_all(rows.values())
    session.flush()
    speaker = Authority("family_assist", "話す人", today, "child", person_knows=True)
    other = factories.need(session, now, area_code=need.area_code, state="received").requester_id
    return {kind: row.id for kind, row in rows.items()} | {
        "speaker": represent(session, need.requester_id, speaker, boss, now).id,
        "block": block(session, need.requester_id, other, "近所", boss, now).id,
        "referral": refer(session, need, ["community_general_support"], None, boss, now)[0].id,
    }
