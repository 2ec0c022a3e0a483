"""Activities by program: what is to come and what was, checking in, the report."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from matching.activities import queries, recording
from matching.activities.models import Activity
from matching.activities.rules import CONDITIONS, MOST_MINUTES
from matching.api.calls import Call, Reply, operation
from matching.api.paging import QUERY, page_of
from matching.api.problems import wrong
from matching.api.proposals import NUMBER, placement_written
from matching.api.reach import placements_of
from matching.coordination.models import Placement
from matching.coordination.rules import CHANNELS


@operation(
    "GET", "/activities", "my.read", "List activities", tag="activities", answer="page",
    query=QUERY,
)  # fmt: skip
def listed(call: Call) -> Reply:
    """Return the agreed visits with what is known of each; an activity has its visit's number."""
    found = placements_of(call.actor).where(Placement.state.in_(("confirmed", "done")))
    return page_of(call.session, found, Placement.id, lambda row: written(call, row))


@operation(
    "POST",
    f"/activities/{NUMBER}/check-in",
    "my.answer",
    "The visit has begun",
    tag="activities",
    answer="activity",
    body={"channel": {"type": "string", "enum": list(CHANNELS)}},
)
def begun(call: Call, number: int) -> Reply:
    """Write down that a visit has begun; a second time changes nothing."""
    channel = call.body.get("channel", "web")
    recording.check_in(call.session, number, str(channel), call.actor, call.now)
    return _one(call, number)


@operation(
    "POST",
    f"/activities/{NUMBER}/report",
    "my.answer",
    "What is told of the visit",
    tag="activities",
    answer="activity",
    body={
        "minutes": {"type": "integer", "minimum": 1, "maximum": MOST_MINUTES},
        "condition": {"type": "string", "enum": list(CONDITIONS)},
        "concern": {"type": "boolean"},
        "accident": {"type": "boolean"},
        "near_miss": {"type": "boolean"},
        "said": {"type": "string", "maxLength": 2000},
        "channel": {"type": "string", "enum": list(CHANNELS)},
    },
)
def reported(call: Call, number: int) -> Reply:
    """Keep the report; what worries somebody becomes a task of the same day (BR-26)."""
    told = recording.Report(
        minutes=_whole(call.body.get("minutes")),
        condition=str(call.body.get("condition", "")),
        said=_text(call.body.get("said", "")),
        **{name: _flag(call.body, name) for name in ("concern", "accident", "near_miss")},
    )
    channel = str(call.body.get("channel", "web"))
    recording.report(call.session, number, told, channel, call.actor, call.now)
    return _one(call, number)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong("minutes", "Send a whole number of minutes.")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 2000:
        raise wrong("said", "Send a text of at most 2,000 characters.")
    return value


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise wrong(name, "Send true or false.")
    return value


def _one(call: Call, number: int) -> Reply:
    call.session.flush()
    placement, _activity = queries.get_visit(call.session, number, call.actor)
    return Reply(written(call, placement))


def written(call: Call, placement: Placement) -> dict[str, Any]:
    """Write a visit with what is known of it."""
    activity = call.session.scalar(select(Activity).where(Activity.placement_id == placement.id))
    return placement_written(placement) | {
        "activity_id": placement.id,
        "state": queries.state_of(activity),
        "minutes": activity.minutes if activity else None,
        "condition": activity.condition if activity else None,
        "concern": activity.concern if activity else None,
    }
