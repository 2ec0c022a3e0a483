"""Hours of a month: my own with each visit, and everybody's of a group or branch at the desk."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from matching.activities.hours import (
    group_of_month,
    groups,
    helpers_of_month,
    month_of,
    visits_of_month,
)
from matching.kernel import clock
from matching.kernel.database import db
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.certificates import hours, own_registration
from matching.web.offers_view import part_of_town, placement_span

pages = Blueprint("hours", __name__)


@pages.get("/my/hours")
@access("my.read")
def mine() -> str:
    """Show what I gave in a month, visit by visit, to print or to make a certificate of."""
    volunteer, month = own_registration(), read_month(request.args)
    found = visits_of_month(db.session(), volunteer.id, month)
    verified = [each for each in found if each.verified]
    return render_template(
        "my/hours.html",
        visits=[
            {
                "when": placement_span(each.placement.starts_at, each.placement.ends_at),
                "what": wording.category(each.placement.need.category_code),
                "where": part_of_town(each.placement.need),
                "hours": hours(each.minutes),
                "verified": each.verified,
            }
            for each in found
        ],
        count=len(verified),
        total=hours(sum(each.minutes for each in verified)),
        **months(month),
    )


@pages.get("/desk/hours")
@access("activity.read")
def theirs() -> str:
    """Show what each volunteer (of a group) gave in a month."""
    session, actor, month = db.session(), current_actor(), read_month(request.args)
    known = groups(session)
    chosen = next((g for g in known if g.reference == request.args.get("group")), None)
    found = helpers_of_month(session, month, actor, chosen.id if chosen else None)
    return render_template(
        "desk/hours.html",
        groups={group.reference: group.name for group in known},
        group=chosen,
        people=[
            {
                "reference": each.volunteer.reference,
                "name": each.volunteer.person.name,
                "visits": each.visits,
                "hours": hours(each.minutes),
            }
            for each in found
        ],
        visits=sum(each.visits for each in found),
        total=hours(sum(each.minutes for each in found)),
        together=_together(month, chosen.id) if chosen else None,
        **months(month),
    )


def _together(month: date, group_id: int) -> dict[str, Any]:
    found = group_of_month(db.session(), month, current_actor(), group_id)
    return {"visits": found.visits, "people": found.people, "hours": hours(found.minutes)}


def read_month(typed: MultiDict[str, str]) -> date:
    """Read 2026-11; this month for anything else or for what has not begun."""
    today = clock.today()
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", typed.get("month", ""), re.ASCII)
    month = date(int(found[1]), int(found[2]), 1) if found else today
    return min(month, today).replace(day=1)


def months(month: date) -> dict[str, Any]:
    """Return a month's days and the addresses of the months beside it."""
    first, last = month_of(month)
    after = last + timedelta(days=1)
    before = first - timedelta(days=1)
    return {
        "first": first,
        "last": min(last, clock.today()),
        "month": f"{first:%Y-%m}",
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}" if after <= clock.today() else None,
    }
