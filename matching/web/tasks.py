"""Tasks on the worklist: what each is about, and claiming, putting off and closing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload
from werkzeug.wrappers import Response

from matching.activities.case_models import Complaint, Incident
from matching.activities.follow_models import FollowUp
from matching.coordination.models import Placement, Proposal
from matching.coordination.queries import pair_told_of
from matching.kernel import clock, replies, tasks
from matching.kernel.actor import Actor
from matching.kernel.database import transaction
from matching.kernel.errors import Invalid, NotFound
from matching.kernel.tasks import Task
from matching.messaging import handling
from matching.messaging.models import Message
from matching.needs.models import Need
from matching.needs.queries import told_of
from matching.people.models import Account, Person
from matching.people.sight import concealed_from
from matching.places.calendar import OPENS_AT, add_business_days
from matching.places.reference import AREA_BY_CODE
from matching.volunteers.models import Volunteer
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.forms import accept
from matching.web.messages_view import message_lines
from matching.web.offers_view import placement_span
from matching.web.registers import gettext, place
from matching.web.surroundings import machine_time, moment

pages = Blueprint("tasks", __name__)

MOST = 200
TONES = {"safety": ("danger", "shield-alert"), "answers": ("info", "phone")}
NUMBER = "<int(max=9223372036854775807):task_id>"
BY_HAND = ("tell_by_phone", "send_letter")
SNOOZES = {"today": _("今日の午後に"), "tomorrow": _("次の開館日に"), "week": _("5開館日あとに")}


class About:
    """What a task is about, in words, and the page where it is dealt with."""

    def __init__(self, title: str, href: str) -> None:
        self.title, self.href = title, href


Look = Callable[[Session, set[int], Actor], dict[int, About]]


def task_groups(session: Session, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the open tasks within reach in the groups of the worklist."""
    found = session.scalars(tasks.within_reach(actor).limit(MOST)).all()
    about = _about(session, found, actor)
    found = [task for task in found if task.id in about]
    names = _owners(session, found)
    return [
        {
            "title": gettext(title),
            "tone": TONES.get(group, ("warning", ""))[0],
            "items": [
                _item(task, about[task.id], names, now)
                for task in found
                if tasks.KINDS[task.kind].group == group
            ],
        }
        for group, title in tasks.GROUPS.items()
    ]


def _item(task: Task, about: About, names: Mapping[int, str], now: datetime) -> dict[str, Any]:
    kind = tasks.KINDS[task.kind]
    area = AREA_BY_CODE.get(task.area_code or "")
    tone, icon = TONES.get(kind.group, ("warning", "clock"))
    return {
        "id": task.id,
        "version": task.version,
        "urgency": {"label": gettext(tasks.GROUPS[kind.group]), "tone": tone, "icon": icon},
        "title": about.title,
        "href": about.href,
        "area": place(area.name) if area else gettext("全域"),
        "deadline": moment(task.due_at),
        "deadline_iso": machine_time(task.due_at),
        "overdue": task.due_at < now,
        "owner": names.get(task.owner_id or 0) or gettext("まだいません"),
        "next_action": gettext(kind.label),
    }


def _owners(session: Session, found: Sequence[Task]) -> Mapping[int, str]:
    ids = {task.owner_id for task in found if task.owner_id}
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _about(session: Session, found: Sequence[Task], actor: Actor) -> Mapping[int, About]:
    """Look up the subjects of tasks, each kind of subject in one query.

    A task about somebody of whom the actor may be told nothing is left out.
    """
    told: dict[tuple[str, int], About] = {}
    for subject, look in LOOKS.items():
        ids = {task.subject_id for task in found if task.subject_type == subject}
        if ids:
            told |= {
                (subject, number): about for number, about in look(session, ids, actor).items()
            }
    return {
        task.id: told.get((task.subject_type, task.subject_id))
        or About(gettext(tasks.KINDS[task.kind].label), "/desk")
        for task in found
        if (task.subject_type, task.subject_id) in told or task.subject_type not in LOOKS
    }


def _needs(session: Session, ids: set[int], actor: Actor) -> dict[int, About]:
    found = select(Need).where(Need.id.in_(ids), told_of(actor))
    rows = session.scalars(found.options(joinedload(Need.requester)))
    return {need.id: About(_named(need), f"/desk/needs/{need.reference}") for need in rows}


def _named(need: Need) -> str:
    what = wording.category(need.category_code)
    return gettext("%(what)s　%(name)sさん", what=what, name=need.requester.name)


def _proposals(session: Session, ids: set[int], actor: Actor) -> dict[int, About]:
    rows = session.scalars(
        select(Proposal)
        .where(Proposal.id.in_(ids), pair_told_of(actor, Proposal))
        .options(
            joinedload(Proposal.need).joinedload(Need.requester),
            joinedload(Proposal.volunteer).joinedload(Volunteer.person),
        )
    )
    return {
        row.id: About(
            gettext(
                "%(need)s ← %(volunteer)sさん",
                need=_named(row.need),
                volunteer=row.volunteer.person.name,
            ),
            f"/desk/proposals/{row.id}",
        )
        for row in rows
        if row.need is not None
    }


def _placements(session: Session, ids: set[int], actor: Actor) -> dict[int, About]:
    rows = session.scalars(
        select(Placement)
        .where(Placement.id.in_(ids), pair_told_of(actor, Placement))
        .options(
            joinedload(Placement.need).joinedload(Need.requester),
            joinedload(Placement.volunteer).joinedload(Volunteer.person),
        )
    )
    return {
        row.id: About(
            gettext(
                "%(when)s　%(volunteer)sさん → %(resident)sさん",
                when=placement_span(row.starts_at, row.ends_at),
                volunteer=row.volunteer.person.name,
                resident=row.need.requester.name,
            ),
            f"/desk/activities/{row.id}",
        )
        for row in rows
    }


def _volunteers(session: Session, ids: set[int], actor: Actor) -> dict[int, About]:
    told = Volunteer.person_id.not_in(concealed_from(actor))
    found = select(Volunteer).where(Volunteer.id.in_(ids), told)
    rows = session.scalars(found.options(joinedload(Volunteer.person)))
    return {
        row.id: About(
            gettext("%(name)sさん", name=row.person.name), f"/desk/volunteers/{row.reference}"
        )
        for row in rows
    }


def _messages(session: Session, ids: set[int], actor: Actor) -> dict[int, About]:
    told = Message.person_id.not_in(concealed_from(actor))
    rows = session.scalars(select(Message).where(Message.id.in_(ids), told))
    return {
        line["id"]: About(
            gettext("%(kind)s　%(name)sさん", kind=line["kind"], name=line["person"]),
            f"/desk/messages/{line['id']}",
        )
        for line in message_lines(session, rows.all())
    }


def _of_need(model: Any, path: str) -> Look:
    """Rows that are about a need, as it is named; `path` is where they are dealt with."""

    def look(session: Session, ids: set[int], actor: Actor) -> dict[int, About]:
        rows = session.scalars(
            select(model)
            .join(Need, Need.id == model.need_id)
            .where(model.id.in_(ids), told_of(actor))
            .options(contains_eager(model.need).joinedload(Need.requester))
        )
        return {row.id: About(_named(row.need), f"{path}/{row.id}") for row in rows}

    return look


def _people(session: Session, ids: set[int], actor: Actor) -> dict[int, About]:
    told = Person.id.not_in(concealed_from(actor))
    rows = session.scalars(select(Person).where(Person.id.in_(ids), told))
    name = "%(name)sさん"
    return {
        each.id: About(gettext(name, name=each.name), f"/desk/people/{each.id}") for each in rows
    }


def _elsewhere(path: str, label: str) -> Look:
    """What is looked at on a page of its own; the list tells no more."""
    return lambda session, ids, actor: {
        number: About(gettext(label), f"{path}/{number}") for number in ids
    }


LOOKS: Mapping[str, Look] = {
    "need": _needs,
    "proposal": _proposals,
    "placement": _placements,
    "volunteer": _volunteers,
    "message": _messages,
    "follow_up": _of_need(FollowUp, "/desk/follow-ups"),
    "fiscal_year": _elsewhere("/desk/renewals", "登録・保険の更新をうながす"),
    "incident": _of_need(Incident, "/desk/incidents"),
    "complaint": _of_need(Complaint, "/desk/complaints"),
    "person": _people,
    "reveal_request": _elsewhere("/desk/reveals", "連絡先を見る回数の多い方を確認する"),
    "concern": _elsewhere("/desk/safeguarding", "気になる知らせを確認する"),
}


@pages.post(f"/desk/tasks/{NUMBER}/claim")
@access("task.handle")
def claim(task_id: int) -> Response:
    """Take a task over by name."""
    return _change(task_id, "claim", lambda work, task, actor, now: tasks.claim(
        work, task, actor, now
    ))  # fmt: skip


@pages.post(f"/desk/tasks/{NUMBER}/snooze")
@access("task.handle")
def snooze(task_id: int) -> Response:
    """Put a task off, with a reason."""
    until, reason = request.form.get("until", ""), request.form.get("reason", "")[:200]
    if until not in SNOOZES:
        raise Invalid(gettext("いつまであとにするかを選んでください。"), field="until")

    def act(work: Session, task: Task, actor: Actor, now: datetime) -> None:
        tasks.snooze(work, task, later(until, now), reason, actor, now)

    return _change(task_id, "snooze", act)


@pages.post(f"/desk/tasks/{NUMBER}/done")
@access("task.handle")
def done(task_id: int) -> Response:
    """Close a task by name; a call or letter that was asked for has then been made."""

    def act(work: Session, task: Task, actor: Actor, now: datetime) -> None:
        if task.kind in BY_HAND:
            handling.told(work, task.subject_id, actor, now)
        else:
            tasks.finish(work, task, "done", actor, now)

    return _change(task_id, "done", act)


def later(until: str, now: datetime) -> datetime:
    """Return when a task that is put off comes back: this afternoon or when the centre opens."""
    today = clock.local_date(now)
    if until == "today":
        afternoon = clock.instant(today, 15 * 60)
        return afternoon if afternoon > now else now + timedelta(hours=2)
    day = add_business_days(today, 5 if until == "week" else 1)
    return clock.instant(day, OPENS_AT.hour * 60 + OPENS_AT.minute)


def _change(
    task_id: int, kind: str, act: Callable[[Session, Task, Actor, datetime], None]
) -> Response:
    actor, now = current_actor(), clock.now()
    with transaction() as work:

        def once() -> str:
            task = work.scalar(tasks.within_reach(actor).where(Task.id == task_id))
            if task is None or not _about(work, [task], actor):
                raise NotFound
            act(work, task, actor, now)
            return ""

        replies.once(work, accept(f"task-{kind}"), now, once)
    flash(gettext("記録しました。"), "success")
    return redirect(url_for("desk.worklist"))
