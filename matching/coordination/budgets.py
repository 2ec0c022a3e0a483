"""Who may be asked now: nobody is asked too much, too soon after a no, or at night (BR-15)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination.models import Proposal
from matching.coordination.rules import MOST_OPEN_OFFERS, REST_AFTER_DECLINE
from matching.kernel import clock
from matching.needs.models import Need
from matching.volunteers.models import Volunteer


def spent_budgets(
    session: Session, volunteer_ids: Collection[int], category: str, now: datetime
) -> dict[int, str]:
    """Return who must not be asked for such a thing now, and why.

    `not_active`; `open_offers`: as many answers are out as anybody (or as this person) is asked
    for at once; `resting`: said no to the same kind within the last seven days.
    """
    open_offers = _open_offers(session, volunteer_ids)
    resting = _resting(session, volunteer_ids, category, now)
    found: dict[int, str] = {}
    for volunteer in session.execute(
        select(Volunteer.id, Volunteer.state, Volunteer.max_visits_per_week).where(
            Volunteer.id.in_(volunteer_ids)
        )
    ):
        own = volunteer.max_visits_per_week
        limit = MOST_OPEN_OFFERS if own is None else min(own, MOST_OPEN_OFFERS)
        if volunteer.state != "active":
            found[volunteer.id] = "not_active"
        elif open_offers.get(volunteer.id, 0) >= limit:
            found[volunteer.id] = "open_offers"
        elif volunteer.id in resting:
            found[volunteer.id] = "resting"
    return found


def _open_offers(session: Session, volunteer_ids: Collection[int]) -> dict[int, int]:
    counted = session.execute(
        select(Proposal.volunteer_id, func.count())
        .where(Proposal.volunteer_id.in_(volunteer_ids), Proposal.state == "contacted")
        .group_by(Proposal.volunteer_id)
    )
    return {row[0]: row[1] for row in counted}


def _resting(
    session: Session, volunteer_ids: Collection[int], category: str, now: datetime
) -> set[int]:
    # whole days, as the planner counts them: a no in the evening rests until the seventh evening
    since = clock.instant(clock.local_date(now) - timedelta(days=REST_AFTER_DECLINE), 0)
    return set(
        session.scalars(
            select(Proposal.volunteer_id)
            .outerjoin(Need, Need.id == Proposal.need_id)
            .where(Proposal.volunteer_id.in_(volunteer_ids), Proposal.state == "declined")
            .where(Proposal.responded_at >= since)
            .where(func.coalesce(Proposal.category_code, Need.category_code) == category)
        )
    )
