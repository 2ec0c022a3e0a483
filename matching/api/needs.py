"""Needs by program: list, file, read, change while nobody has decided, triage, candidates."""

from __future__ import annotations

from typing import Any

from flask import request

from matching.api.bodies import code_of, day_of, line_of, record_from, schema_of, typed
from matching.api.calls import Call, Reply, note_read, operation
from matching.api.paging import QUERY, page_of
from matching.api.problems import Refused, wrong
from matching.api.reach import needs_of
from matching.api.telling import columns_for, contacts_in
from matching.coordination import queries as coordination
from matching.interchange.storing.fields import NEED, REQUESTER
from matching.interchange.storing.states import SHEET_STATUS
from matching.interchange.storing.values import record_of, values_of
from matching.interchange.storing.whereabouts import area_values, point_values
from matching.kernel import audit, outbox
from matching.kernel.clock import local_date
from matching.kernel.errors import NotFound
from matching.needs import queries, triaging
from matching.needs.models import Need
from matching.needs.receiving import NeedEntry, check_entry, open_need
from matching.needs.rules import PREVIEWED, STATES
from matching.people.registering import Contact
from matching.places.reference import AREA_BY_CODE

FIELDS = schema_of("needs")
CONSENTS = {"consents": {"type": "array", "items": {"type": "string"}}}
EDITABLE = {
    "title",
    "start_date",
    "end_date",
    "weekdays",
    "time_from",
    "time_to",
    "duration_minutes",
    "recurrence",
    "urgency",
    "headcount",
    "car_needed",
    "gender_preference",
    "destination",
    "note",
}
USUAL = {"headcount": 1, "recurrence": "once", "urgency": "normal", "car_needed": False}
# The use case's own names for what the sheet calls otherwise.
NOT_ENTERED = {
    "received_at",
    "proxy_reference",
    "proxy_name",
    "proxy_phone",
    "category_text",
    "min_headcount",
    "decide_by_on",
    "destination_lat",
    "destination_lon",
    "lat",
    "lon",
    "weekdays",
}


@operation(
    "GET",
    "/needs",
    "my.read",
    "List needs",
    tag="needs",
    answer="page",
    query=QUERY | {"state": {"type": "string", "enum": sorted(STATES)}},
)
def listed(call: Call) -> Reply:
    """Return the needs within reach, by number; of one state if that is asked for."""
    found = needs_of(call.actor)
    state = request.args.get("state")
    if state is not None and state not in STATES:
        raise Refused(422, "There is no such state.", code="state")
    if state is not None:
        found = found.where(Need.state == state)
    return page_of(call.session, found, Need.id, lambda need: written(call, need))


@operation(
    "POST",
    "/needs",
    "need.file",
    "File a need; a person at the desk decides what becomes of it",
    tag="needs",
    answer="need",
    body=FIELDS | CONSENTS,
    record=True,
)
def filed(call: Call) -> Reply:
    """File a need for oneself, or, from the desk or as commissioner, for somebody."""
    record = record_from("needs", call.body, beside=("consents",))
    for name in ("requester_name", "category", "title"):
        if not record.get(name):
            errors = [{"field": name, "detail": "This field is needed."}]
            raise Refused(422, "Some fields are missing.", code="fields", errors=errors)
    made = open_need(call.session, _entry(call.body, record), call.actor, call.now)
    call.session.refresh(made, ["requester"])
    return Reply(written(call, made), 201, made.version, location=f"/needs/{made.reference}")


def _entry(body: dict[str, Any], record: dict[str, str]) -> NeedEntry:
    told = values_of(record, NEED)
    where = area_values(record) | point_values(record)
    point = (told.get("lat", where.get("lat")), told.get("lon", where.get("lon")))
    consents = body.get("consents", [])
    if not isinstance(consents, list) or not all(isinstance(each, str) for each in consents):
        raise wrong("consents", "Send a list of purposes.")
    entered = {name: value for name, value in told.items() if name not in NOT_ENTERED}
    return NeedEntry(
        contact=Contact(
            **values_of(record, REQUESTER),
            address=record.get("address") or None,
            postal_code=record.get("postal_code") or None,
            **where,
        ),
        **{"channel": "web", **entered},
        area_code=where.get("area_code"),
        district_code=where.get("district_code"),
        location=None if None in point else point,  # type: ignore[arg-type]
        weekdays=tuple(told.get("weekdays", ())),
        required_skills=tuple(filter(None, record.get("required_skills", "").split(";"))),
        note=record.get("note") or None,
        consents=tuple(consents),
    )


@operation("GET", "/needs/<need_id>", "my.read", "One need", tag="needs", answer="need")
def one(call: Call, need_id: str) -> Reply:
    """Return one need with the version to send back as If-Match."""
    need = _get(call, need_id)
    return Reply(written(call, need), version=need.version)


def _get(call: Call, reference: str) -> Need:
    need: Need | None = call.session.scalar(needs_of(call.actor).where(Need.reference == reference))
    if need is None:
        raise NotFound
    return need


@operation(
    "PATCH",
    "/needs/<need_id>",
    "my.read",
    "Change a need while it is still to be decided on",
    tag="needs",
    answer="need",
    body={name: FIELDS[name] for name in sorted(EDITABLE)},
    edits=True,
)
def changed(call: Call, need_id: str) -> Reply:
    """Change what is sent; what is not sent stays."""
    need = queries.lock_need(call.session, _get(call, need_id).id)
    call.expects(need.version)
    if need.state not in PREVIEWED:
        raise Refused(409, "This need is decided on already; call the centre.", code="state")
    record = record_from("needs", call.body)
    if "title" in record and not record["title"]:
        raise wrong("title", "This field is needed.")
    told = values_of(record, NEED)
    for name in record.keys() & NEED.keys():
        column = NEED[name][0]
        setattr(need, column, told.get(column, _unset(column)))
    if "note" in record:
        need.note = record["note"] or None
    _check(need, call)
    need.version += 1
    audit.record(
        call.session, call.actor, call.now, "need_changed", "need", need.id, fields=sorted(record)
    )
    outbox.plan_soon(call.session, call.now)
    call.session.flush()
    return Reply(written(call, _get(call, need_id)), version=need.version)


def _unset(column: str) -> Any:
    return [] if column == "weekdays" else USUAL.get(column)


def _check(need: Need, call: Call) -> None:
    """The same look at dates and times as when a need is filed."""
    check_entry(
        NeedEntry(
            contact=Contact(name="-"),
            category_code=need.category_code,
            title=need.title or "",
            channel=need.channel,
            headcount=need.headcount,
            start_on=need.start_on,
            end_on=need.end_on,
            from_minute=need.from_minute,
            to_minute=need.to_minute,
            duration_minutes=need.duration_minutes,
        ),
        local_date(call.now),
    )


@operation(
    "POST",
    "/needs/<need_id>/triage",
    "need.triage",
    "Decide what becomes of a need",
    tag="needs",
    answer="need",
    body={
        "outcome": {"type": "string", "enum": sorted(triaging.OUTCOMES)},
        "reason": {"type": ["string", "null"], "maxLength": 2000},
        "next_action": {"type": "string", "maxLength": 200},
        "next_action_on": {"type": ["string", "null"], "format": "date"},
    },
    edits=True,
)
def triaged(call: Call, need_id: str) -> Reply:
    """Bring a need out of triage by name, with a reason and what happens next (BR-06)."""
    need = _get(call, need_id)
    call.expects(need.version)
    decision = triaging.Decision(
        outcome=code_of(call.body, "outcome", triaging.OUTCOMES),
        reason=line_of(call.body, "reason"),
        next_action=line_of(call.body, "next_action"),
        next_action_on=day_of(call.body, "next_action_on"),
        version=need.version,
    )
    done = triaging.triage(call.session, need_id, decision, call.actor, call.now)
    return Reply(written(call, _get(call, need_id)), version=done.version)


@operation(
    "GET",
    "/needs/<need_id>/candidates",
    "need.candidates",
    "Who could help, best first, and how many each gate shuts out",
    tag="needs",
    answer="candidates",
)
def candidates(call: Call, need_id: str) -> Reply:
    """Return the ranked candidates with factors that sum to their score."""
    need = _get(call, need_id)
    outcome = coordination.find_outcome(call.session, need.id)
    ranked = coordination.list_candidates(call.session, need.id, call.actor)
    return Reply(
        {
            "need_id": need.reference,
            "candidates": [
                {
                    "proposal_id": each.id,
                    "volunteer_id": each.volunteer.reference,
                    "score": each.score,
                    "factors": each.factors,
                    "km": each.km,
                    "travel_minutes": each.travel_minutes,
                    "uncertain": each.uncertain,
                    "planned": each.planned,
                    "state": each.state,
                    "slots": each.slots,
                }
                for each in ranked
            ],
            "excluded": outcome.excluded if outcome else {},
            "unplaced": outcome.unplaced if outcome else [],
        }
    )


def written(call: Call, need: Need) -> dict[str, Any]:
    """Write a need in the names of the sheet; that its contacts were read is kept (BR-34)."""
    person = need.requester
    shown = columns_for(call, need)
    note_read(call, person.id, ("need", need.id), contacts_in(shown))
    record = {
        "need_id": need.reference,
        "requester_name": person.name,
        "requester_kana": person.name_kana or "",
        "phone": person.phone or "",
        **record_of(need, NEED),
        "district": AREA_BY_CODE[need.area_code].name if need.area_code else "",
        "required_skills": ";".join(queries.skills_of(call.session, need.id)),
        "gender_preference": need.gender_preference or "any",
        "status": SHEET_STATUS[need.state],
        "note": need.note or "",
    }
    whole = typed("needs", record) | {"state": need.state, "version": need.version}
    return {name: value for name, value in whole.items() if name in shown}
