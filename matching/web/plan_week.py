"""One week on one sheet: a row for each volunteer, what is settled and what the plan proposes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.database import db
from matching.volunteers.models import Volunteer
from matching.volunteers.queries import slots_by_volunteer
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.drawing import bars

pages = Blueprint("plan_week", __name__)
MOST_WEEKS = 6
DAY = (7 * 60, 20 * 60)  # what of a day is drawn
HOURS = (8, 12, 16)
Cells = dict[tuple[str, date], list[dict[str, Any]]]


@pages.get("/desk/plan/week")
@access("plan.read")
def show() -> str:
    """Show the week of a day, Monday to Sunday."""
    monday = _monday(request.args.get("from", ""))
    days = [monday + timedelta(days=number) for number in range(7)]
    session = db.session()
    people, cells = _week(session, current_actor(), days)
    return render_template(
        "desk/plan_week.html",
        days=days,
        rows=sorted(people.values(), key=lambda who: (who.person.name_kana or "", who.id)),
        cells=cells,
        bands=_bands(session, people.values(), cells, days),
        hours=[{"x": hour * 60 - DAY[0], "label": hour} for hour in HOURS],
        length=DAY[1] - DAY[0],
        today=clock.today(),
        earlier=monday - timedelta(days=7),
        later=monday + timedelta(days=7),
    )


def _bands(
    session: Session, people: Iterable[Volunteer], cells: Cells, days: list[date]
) -> dict[tuple[str, date], dict[str, Any]]:
    """Return what is drawn in each cell: the hours somebody has, and the visits in them."""
    known = {who.id: who.reference for who in people}
    drawn: dict[tuple[str, date], dict[str, Any]] = {}
    slots = slots_by_volunteer(session, known)
    for number, reference in known.items():
        for day in days:
            has = [
                (slot.starts_minute, slot.ends_minute, None)
                for slot in slots.get(number, ())
                if slot.weekday == day.weekday()
            ]
            visits = [
                (each["start"], each["end"], each["settled"])
                for each in cells.get((reference, day), ())
            ]
            drawn[reference, day] = {"has": bars(has, *DAY), "visits": bars(visits, *DAY)}
    return drawn


def _monday(typed: str) -> date:
    """The Monday of the day asked for, within reach of the plan; else of today."""
    today = clock.today()
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = today
    if abs((day - today).days) > MOST_WEEKS * 7:
        day = today
    return day - timedelta(days=day.weekday())


def _week(session: Session, actor: Actor, days: list[date]) -> tuple[dict[str, Volunteer], Cells]:
    people: dict[str, Volunteer] = {}
    cells: defaultdict[tuple[str, date], list[dict[str, Any]]] = defaultdict(list)

    def put(who: Volunteer, on: date, start: int, end: int, need: Any, settled: bool) -> None:
        if on in days:
            people[who.reference] = who
            entry = {"start": start, "end": end, "need": need.reference, "settled": settled}
            entry["time"] = wording.span(start, end)
            entry["what"] = wording.category(need.category_code)
            cells[who.reference, on].append(entry)

    since = clock.instant(days[0], 0)
    for each in queries.list_placements(session, actor=actor, since=since):
        start = clock.minutes_of_day(each.starts_at)
        end = start + int((each.ends_at - each.starts_at).total_seconds() // 60)
        on = clock.local_date(each.starts_at)
        put(each.volunteer, on, start, end, each.need, each.state != "held")
    run = queries.find_latest_run(session, state="done")
    for proposal in queries.list_planned(session, run.id, actor) if run else []:
        for slot in proposal.slots:
            if slot["planned"] is not None:
                end = slot["planned"] + slot["minutes"]
                on = date.fromisoformat(slot["on"])
                put(proposal.volunteer, on, slot["planned"], end, proposal.need, False)
    for entries in cells.values():
        entries.sort(key=lambda entry: entry["start"])
    return people, dict(cells)
