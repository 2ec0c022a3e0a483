"""What tasks are about, in words: each kind of subject looked up in one query."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from matching.activities.absence_models import Absence
from matching.activities.case_models import Complaint, Incident
from matching.activities.follow_models import FollowUp
from matching.coordination.models import Placement, Proposal
from matching.coordination.queries import pair_told_of
from matching.kernel import tasks
from matching.kernel.actor import Actor
from matching.kernel.tasks import Task
from matching.messaging.models import Message
from matching.needs.models import Need
from matching.needs.queries import told_of
from matching.people.models import Person
from matching.people.sight import concealed_from
from matching.volunteers.models import Volunteer
from matching.web import wording
from matching.web.messages_view import message_lines
from matching.web.offers_view import placement_span
from matching.web.referral_subjects import referral_subjects
from matching.web.registers import gettext


class About:
    """What a task is about, in words, and the page where it is dealt with."""

    def __init__(self, title: str, href: str) -> None:
        self.title, self.href = title, href


Look = Callable[[Session, set[int], Actor], dict[int, About]]


def about_tasks(session: Session, found: Sequence[Task], actor: Actor) -> Mapping[int, About]:
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


def _referrals(session: Session, ids: set[int], actor: Actor) -> dict[int, About]:
    found = referral_subjects(session, ids, actor)
    return {number: About(*told) for number, told in found.items()}


LOOKS: Mapping[str, Look] = {
    "need": _needs,
    "referral": _referrals,
    "proposal": _proposals,
    "placement": _placements,
    "volunteer": _volunteers,
    "message": _messages,
    "follow_up": _of_need(FollowUp, "/desk/follow-ups"),
    "fiscal_year": _elsewhere("/desk/renewals", "登録・保険の更新をうながす"),
    "absence": _of_need(Absence, "/desk/absences"),
    "incident": _of_need(Incident, "/desk/incidents"),
    "complaint": _of_need(Complaint, "/desk/complaints"),
    "person": _people,
    "reveal_request": _elsewhere("/desk/reveals", "連絡先を見る回数の多い方を確認する"),
    "concern": _elsewhere("/desk/safeguarding", "気になる知らせを確認する"),
}
