"""Sheets out of the service: what a centre hands on or keeps, with an audit event for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from matching.cells.weekdays import DAYS
from matching.coordination.models import Placement, Proposal
from matching.coordination.rules import PLACEMENT_STATES
from matching.interchange import columns as col
from matching.interchange.columns import Column
from matching.interchange.sheets import columns_of
from matching.interchange.storing.fields import NEED, PERSON, PROPOSAL, VOLUNTEER
from matching.interchange.storing.proposals import RESPONSE_STATES
from matching.interchange.storing.states import SHEET_STATUS
from matching.interchange.storing.values import hhmm, local_moment, record_of
from matching.interchange.storing.volunteers import SHEET_STATES
from matching.interchange.writing import Encoding, WrittenSheet, write_columns
from matching.kernel import audit, clock
from matching.kernel.actor import Actor
from matching.kernel.visibility import visible
from matching.needs.models import Need, NeedSkill
from matching.people.handing_out import left_out
from matching.people.models import Person
from matching.places.reference import AREA_BY_CODE
from matching.volunteers.models import (
    AvailabilitySlot,
    Volunteer,
    VolunteerCategory,
    VolunteerSkill,
)

ExportKind = Literal["volunteers", "needs", "proposals", "placements", "activities"]
Record = dict[str, str]
EXPORT = "sheet.export"

_VISIT_COLUMNS: tuple[Column, ...] = (
    col.identifier("need_id", "受付番号"),
    col.identifier("volunteer_id", "登録番号"),
    col.choice("category")("category", "活動区分"),
    col.day("visit_date", "活動日"),
    col.clock("time_from", "開始時刻"),
    col.clock("time_to", "終了時刻"),
    col.duration("visit_minutes", "活動時間(分)"),
    col.text("status", "状態"),
    col.moment("decided_at", "決定日時"),
)
_ANSWERS = {state: response for response, state in RESPONSE_STATES.items() if response}


def export_sheet(
    session: Session, kind: ExportKind, encoding: Encoding, actor: Actor, now: datetime
) -> WrittenSheet:
    """Write the rows within the actor's reach; the event tells who took how many."""
    columns, records = _EXPORTS[kind]
    written = write_columns(columns, records(session, actor), encoding)
    audit.record(
        session, actor, now, "sheet_exported", kind, None, rows=written.rows, encoding=encoding
    )
    return written


def _volunteers(session: Session, actor: Actor) -> Iterator[Record]:
    skills = _codes(session, VolunteerSkill.volunteer_id, VolunteerSkill.skill_code)
    wishes = _codes(session, VolunteerCategory.volunteer_id, VolunteerCategory.category_code)
    hours = _hours(session)
    found = (
        select(Volunteer, Person)
        .join(Person, Person.id == Volunteer.person_id)
        .where(Person.id.not_in(left_out()), visible(Volunteer, actor, EXPORT))
        .order_by(Volunteer.reference)
    )
    for volunteer, person in session.execute(found):
        yield {
            "volunteer_id": volunteer.reference,
            **record_of(person, PERSON),
            **record_of(volunteer, VOLUNTEER),
            "district": _area_name(person.area_code),
            "skills": ";".join(skills[volunteer.id]),
            "categories": ";".join(wishes[volunteer.id]),
            "availability": hours[volunteer.id],
            "status": SHEET_STATES.get(volunteer.state, ""),
            "note": volunteer.note or "",
        }


def _needs(session: Session, actor: Actor) -> Iterator[Record]:
    skills = _codes(session, NeedSkill.need_id, NeedSkill.skill_code)
    found = (
        select(Need, Person)
        .join(Person, Person.id == Need.requester_id)
        .where(Person.id.not_in(left_out()), visible(Need, actor, EXPORT))
        .order_by(Need.reference)
    )
    for need, person in session.execute(found):
        yield {
            "need_id": need.reference,
            "requester_name": person.name,
            "requester_kana": person.name_kana or "",
            "phone": person.phone or "",
            **record_of(need, NEED),
            "district": _area_name(need.area_code),
            "required_skills": ";".join(skills[need.id]),
            "gender_preference": need.gender_preference or "any",
            "status": SHEET_STATUS[need.state],
            "note": need.note or "",
        }


def _proposals(session: Session, actor: Actor) -> Iterator[Record]:
    found = (
        select(Proposal, Volunteer.reference, Need.reference)
        .join(Volunteer, Volunteer.id == Proposal.volunteer_id)
        .join(Person, Person.id == Volunteer.person_id)
        .outerjoin(Need, Need.id == Proposal.need_id)
        .where(Proposal.state.in_(_ANSWERS), Person.id.not_in(left_out()))
        .where(or_(Need.id.is_(None), Need.requester_id.not_in(left_out())))
        .where(visible(Proposal, actor, EXPORT))
        .order_by(Proposal.proposed_at, Proposal.id)
    )
    for proposal, volunteer, need in session.execute(found):
        yield {
            **record_of(proposal, PROPOSAL),
            "proposal_id": proposal.reference or "",
            "volunteer_id": volunteer,
            "need_id": need or proposal.need_reference or "",
            "response": _ANSWERS[proposal.state],
        }


def _placements(session: Session, actor: Actor) -> Iterator[Record]:
    return _visits(session, actor, tuple(PLACEMENT_STATES))


def _activities(session: Session, actor: Actor) -> Iterator[Record]:
    return _visits(session, actor, ("done",))


def _visits(session: Session, actor: Actor, states: tuple[str, ...]) -> Iterator[Record]:
    found = (
        select(Placement, Need.reference, Need.category_code, Volunteer.reference)
        .join(Need, Need.id == Placement.need_id)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .where(Placement.state.in_(states), Need.requester_id.not_in(left_out()))
        .where(Volunteer.person_id.not_in(left_out()), visible(Placement, actor, EXPORT))
        .order_by(Placement.starts_at, Placement.id)
    )
    return (_visit(row) for row in session.execute(found))


def _visit(row: Row[Placement, str, str, str]) -> Record:
    placement, need, category, volunteer = row
    length = placement.ends_at - placement.starts_at
    return {
        "need_id": need,
        "volunteer_id": volunteer,
        "category": category,
        "visit_date": clock.local_date(placement.starts_at).isoformat(),
        "time_from": hhmm(clock.minutes_of_day(placement.starts_at)),
        "time_to": hhmm(clock.minutes_of_day(placement.ends_at)),
        "visit_minutes": str(int(length.total_seconds()) // 60),
        "status": PLACEMENT_STATES[placement.state],
        "decided_at": local_moment(placement.decided_at),
    }


def _codes(session: Session, owner: Any, code: Any) -> Mapping[int, list[str]]:
    codes: defaultdict[int, list[str]] = defaultdict(list)
    for owner_id, value in session.execute(select(owner, code).order_by(owner, code)):
        codes[owner_id].append(value)
    return codes


def _hours(session: Session) -> Mapping[int, str]:
    slots: defaultdict[int, list[str]] = defaultdict(list)
    columns = AvailabilitySlot.weekday, AvailabilitySlot.starts_minute, AvailabilitySlot.ends_minute
    found = select(AvailabilitySlot.volunteer_id, *columns).order_by(
        AvailabilitySlot.volunteer_id, *columns
    )
    for owner, day, start, end in session.execute(found):
        slots[owner].append(f"{DAYS[day]} {hhmm(start)}-{hhmm(end)}")
    return defaultdict(str, {owner: ";".join(told) for owner, told in slots.items()})


def _area_name(code: str | None) -> str:
    return AREA_BY_CODE[code].name if code in AREA_BY_CODE else ""


_Records = Callable[[Session, Actor], Iterable[Record]]
_EXPORTS: dict[ExportKind, tuple[tuple[Column, ...], _Records]] = {
    "volunteers": (columns_of("volunteers"), _volunteers),
    "needs": (columns_of("needs"), _needs),
    "proposals": (columns_of("proposals"), _proposals),
    "placements": (_VISIT_COLUMNS, _placements),
    "activities": (_VISIT_COLUMNS, _activities),
}
EXPORT_KINDS: tuple[ExportKind, ...] = tuple(_EXPORTS)
