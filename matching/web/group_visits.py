"""A group on a visit: its list at the desk and on the page of who answers for it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matching.activities import queries
from matching.activities.grouping import (
    Companion,
    Roster,
    bring,
    find_group_visit,
    note_absent,
    people_of,
)
from matching.activities.models import Activity
from matching.activities.queries import state_of
from matching.cells.dates import read_date
from matching.coordination.models import Placement
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.errors import Invalid, NotFound
from matching.volunteers.models import Volunteer, VolunteerGroup
from matching.web.access import access, current_actor
from matching.web.forms import whole
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.visits import NUMBER, visit_line

pages = Blueprint("group_visits", __name__)

SAVED = _("名簿を記録しました。")
BAD_DAY = _("加入した日を読めない行があります：%(line)s")
APART = re.compile(r"[,、，\t]")
REFERENCE = re.compile(r"V[0-9]{1,8}", re.ASCII)


@pages.get(f"/desk/activities/{NUMBER}/group")
@access("activity.read")
def at_desk(placement_id: int) -> str:
    """Show which group comes on a visit, with its list."""
    return _page(*queries.get_visit(db.session(), placement_id, current_actor()), "/desk")


@pages.post(f"/desk/activities/{NUMBER}/group")
@access("activity.record")
def keep_at_desk(placement_id: int) -> Response:
    """Write the list of a group down, or who did not come."""
    return _keep(placement_id, "/desk")


@pages.get(f"/my/activities/{NUMBER}/group")
@access("my.read")
def mine(placement_id: int) -> str:
    """Show the list of the group that I answer for."""
    return _page(*_own(placement_id), "/my")


@pages.post(f"/my/activities/{NUMBER}/group")
@access("my.answer")
def keep_mine(placement_id: int) -> Response:
    """Change the list of the group that I answer for, up to the day itself."""
    _own(placement_id)
    return _keep(placement_id, "/my")


def _own(placement_id: int) -> tuple[Placement, Activity | None]:
    actor = current_actor()
    placement, activity = queries.get_visit(db.session(), placement_id, actor)
    if actor.person_id is None or placement.volunteer.person_id != actor.person_id:
        raise NotFound
    return placement, activity


def _keep(placement_id: int, side: str) -> Response:
    queries.get_visit(db.session(), placement_id, current_actor())
    if request.form.get("do") == "absent":
        absent = {whole(each) for each in request.form.getlist("absent")}
        once("group", lambda work, who, now: note_absent(work, placement_id, absent, who, now))
    else:
        roster = read_roster(request.form)
        once("group", lambda work, who, now: bring(work, placement_id, roster, who, now))
    flash(str(SAVED), "success")
    return redirect(f"{side}/activities/{placement_id}/group")


def _page(placement: Placement, activity: Activity | None, side: str) -> str:
    template = "people/group_visit.html" if side == "/my" else "desk/group_visit.html"
    back = f"{side}/activities/{placement.id}"
    return render_template(template, **list_facts(placement, activity, side), back=back)


def list_facts(placement: Placement, activity: Activity | None, side: str) -> dict[str, Any]:
    """Return what a page shows of a visit's list, for who reads it on that side."""
    session = db.session()
    row = find_group_visit(session, placement.id)
    own = placement.volunteer.group_id
    return {
        "own": f"{side}/activities/{placement.id}",
        "visit": visit_line(placement, activity),
        "person": placement.volunteer.person,
        "row": row,
        "people": people_of(row) if row else 1,
        "headcount": placement.need.headcount,
        "lines": "\n".join(_line(session, each) for each in row.members) if row else "",
        "groups": _groups(session, side, row.group_id if row and side == "/partner" else own),
        "chosen": row.group_id if row else own,
        "may_change": state_of(activity) == "confirmed"
        and placement.state in {"held", "confirmed"},
        "begun": clock.now() >= placement.starts_at and state_of(activity) != "verified",
    }


def _groups(session: Session, side: str, own: int | None) -> list[VolunteerGroup]:
    """At the desk every group; who answers or speaks for one only their own."""
    found = select(VolunteerGroup).where(VolunteerGroup.state == "active")
    if side != "/desk":
        found = found.where(VolunteerGroup.id == own)
    return list(session.scalars(found.order_by(VolunteerGroup.name)))


def _line(session: Session, member: Any) -> str:
    known = session.get(Volunteer, member.volunteer_id) if member.volunteer_id else None
    told = known.reference if known else str(member.enrolled_on or "")
    return f"{member.name}、{told}" if told else str(member.name)


def read_roster(form: MultiDict[str, str]) -> Roster:
    """Read the list as it is typed: a name a line, then the day of joining or a number."""
    unnamed = form.get("unnamed", "").strip() or "0"
    lines = form.get("people", "").splitlines()
    return Roster(
        group_reference=form.get("group", ""),
        companions=[_companion(line) for line in lines if line.strip()],
        unnamed=whole(unnamed) if re.fullmatch("[0-9]{1,3}", unnamed, re.ASCII) else -1,
        event_cover=form.get("event_cover") == "1",
        agreed=form.get("agreed") == "1",
    )


def _companion(line: str) -> Companion:
    name, _sep, rest = (part.strip() for part in _cut(line))
    if not rest:
        return Companion(name)
    if REFERENCE.fullmatch(rest):
        return Companion(name, reference=rest)
    read = read_date(rest).text
    if not read:
        raise Invalid(gettext(BAD_DAY, line=line.strip()[:60]), field="people")
    return Companion(name, date.fromisoformat(read))


def _cut(line: str) -> tuple[str, str, str]:
    found = APART.search(line)
    if found is None:
        return line, "", ""
    return line[: found.start()], found[0], line[found.end() :]
