"""My calendar: a month or a week of visits, on the phone, on paper, and in one's own calendar."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.kernel import clock
from matching.kernel.database import db, transaction
from matching.kernel.errors import NotFound
from matching.messaging import feeding, icalendar_words
from matching.messaging.icalendar_words import Entry
from matching.people.models import Person
from matching.places.calendar import holiday_name
from matching.places.wareki import WEEKDAYS
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.offers_view import part_of_town
from matching.web.registers import gettext, language, weekday
from matching.web.surroundings import day

pages = Blueprint("my_calendar", __name__)

NUMBER = "<int:number>"
STATES = {"held": _("まだ決まっていません"), "cancelled": _("中止"), "done": _("終わりました")}
TONES = {"held": "waiting", "cancelled": "neutral", "done": "done", "confirmed": "info"}
EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)


@pages.get("/my/calendar")
@access("my.read")
def show() -> str:
    """Show a month or a week; without JavaScript, and ready for paper."""
    today = clock.today()
    week = request.args.get("view") == "week"
    on = _chosen(request.args.get("on", ""), today)
    first = on - timedelta(days=on.weekday()) if week else on.replace(day=1)
    weeks = (
        [_week_from(first)] if week else calendar.Calendar().monthdatescalendar(on.year, on.month)
    )
    by_day = _by_day()
    return render_template(
        "my/calendar.html",
        weeks=[[_cell(each, by_day, first, week, today) for each in row] for row in weeks],
        weekdays=[weekday(number) for number in range(len(WEEKDAYS))],
        title=_title(first, week),
        week=week,
        on=on.isoformat(),
        before=(first - timedelta(days=1)).isoformat(),
        after=_after(first, week).isoformat(),
        feeds=_feeds(),
    )


def _chosen(written: str, today: date) -> date:
    try:
        return min(max(date.fromisoformat(written), EARLIEST), LATEST)
    except ValueError:
        return today


def _week_from(first: date) -> list[date]:
    return [first + timedelta(days=number) for number in range(7)]


def _after(first: date, week: bool) -> date:
    if week:
        return first + timedelta(days=7)
    return first + timedelta(days=calendar.monthrange(first.year, first.month)[1])


def _title(first: date, week: bool) -> str:
    if week:
        return gettext("%(first)sから1週間", first=day(first))
    if language() == "en":
        return str(format_date(first, "MMMM y"))
    return gettext("%(year)s年%(month)s月", year=first.year, month=first.month)


def _cell(
    on: date, by_day: Mapping[date, list[dict[str, Any]]], first: date, week: bool, today: date
) -> dict[str, Any]:
    return {
        "on": on,
        "today": on == today,
        "outside": not week and on.month != first.month,
        "holiday": holiday_name(on),
        "visits": by_day.get(on, []),
    }


def _by_day() -> Mapping[date, list[dict[str, Any]]]:
    session, actor = db.session(), current_actor()
    found: dict[date, list[dict[str, Any]]] = defaultdict(list)
    person = session.get(Person, actor.person_id) if actor.person_id else None
    if person is not None:
        for entry in icalendar_words.entries(session, person, clock.now()):
            line = _line(entry)
            found[line["on"]].append(line)
    return found


def _line(entry: Entry) -> dict[str, Any]:
    placement = entry.placement
    start, end = placement.starts_at, placement.ends_at
    return {
        "on": clock.local_date(start),
        "starts_at": start,
        "time": wording.span(clock.minutes_of_day(start), clock.minutes_of_day(end)),
        "what": wording.category(placement.need.category_code),
        "where": "" if entry.own else part_of_town(placement.need),
        "own": entry.own,
        "href": None if entry.own else f"/my/activities/{placement.id}",
        "state": STATES.get(placement.state),
        "tone": TONES[placement.state],
        "off": placement.state == "cancelled",
    }


def _feeds() -> list[dict[str, Any]]:
    return [
        {"id": feed.id, "label": feed.label or gettext("カレンダー"), "until": feed.expires_at}
        for feed in feeding.list_feeds(db.session(), current_actor(), clock.now())
    ]


@pages.post("/my/calendar/feeds")
@access("my.answer")
def subscribe() -> str:
    """Make an address for one's own calendar and show it, this once."""
    if current_actor().person_id is None:
        raise NotFound
    with transaction() as work:
        token = feeding.make(work, request.form.get("label", ""), current_actor(), clock.now())
    path = url_for("calendar_feed.read", token=token)
    address = current_app.extensions["musubi"].base_url + path
    return render_template(
        "my/calendar_feed.html",
        address=address,
        webcal="webcal" + address[address.index(":") :],
        picture=segno.make(address, error="m").svg_data_uri(scale=4),
    )


@pages.post(f"/my/calendar/feeds/{NUMBER}/revoke")
@access("my.answer")
def revoke(number: int) -> Response:
    """Take an address back; calendars that know it find nothing there from now on."""
    with transaction() as work:
        feeding.revoke(work, number, current_actor(), clock.now())
    flash(gettext("やめました。この予定表は、もう読めません。"), "success")
    return redirect(url_for("my_calendar.show"))
