"""Past decisions ranked again under other weights: whose place changes, before anything is live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination import loading, weighing
from matching.coordination.models import Proposal
from matching.coordination.weight_models import WeightReplay, WeightVersion
from matching.engine import Weights, rank
from matching.kernel import audit, outbox
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import NotFound
from matching.needs.models import Need
from matching.volunteers.models import Volunteer

REPLAYED_DAYS, MOST_DECISIONS = 180, 400
DECISIONS_A_JOB = 20
EVERYBODY = 1_000_000
TOP = 3


def ask_replay(session: Session, version_id: int, actor: Actor, now: datetime) -> WeightReplay:
    """Ask the worker to rank the decisions of the last months again under a version."""
    version = weighing.get_version(session, version_id)
    replay = WeightReplay(
        version_id=version.id,
        baseline_id=weighing.get_live(session).id,
        asked_by_id=actor.account_id,
        asked_at=now,
        decisions=list(_decisions(session, now)),
        lines=[],
    )
    session.add(replay)
    session.flush()
    outbox.enqueue(session, "replay", {"replay": replay.id}, now)
    audit.record(session, actor, now, "weights_replayed", "weight_version", version.id)
    return replay


def find_replay(session: Session, version_id: int) -> WeightReplay | None:
    """Return the newest replay of a version."""
    return session.scalar(
        select(WeightReplay)
        .where(WeightReplay.version_id == version_id)
        .order_by(WeightReplay.id.desc())
        .limit(1)
    )


def replay_some(session: Session, replay_id: int, now: datetime) -> None:
    """Rank the next decisions, keep what came of it, and ask for the rest.

    One transaction a step, so that progress is seen and a killed worker loses one step only.
    """
    replay = session.get(WeightReplay, replay_id, with_for_update=True)
    if replay is None:
        raise NotFound
    if replay.state == "done":
        return
    done = len(replay.lines)
    step = replay.decisions[done : done + DECISIONS_A_JOB]
    pair = [
        weighing.weights_of(session.get_one(WeightVersion, version_id))
        for version_id in (replay.baseline_id, replay.version_id)
    ]
    replay.lines = [*replay.lines, *_ranked(session, step, pair)]
    if len(replay.lines) >= len(replay.decisions):
        replay.state, replay.finished_at = "done", now
    else:
        outbox.enqueue(session, "replay", {"replay": replay.id}, now)


def summary(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return how often the person chosen came first or among the first three, before and after.

    Decisions whose person would be shut out by today's profile cannot be compared.
    """
    compared = [line for line in lines if line["before"] and line["after"]]
    return {
        "decisions": len(lines),
        "compared": len(compared),
        "changed": [line for line in lines if line["first_before"] != line["first_after"]],
        **{when: _hits([line[when] for line in compared]) for when in ("before", "after")},
    }


def _hits(ranks: Sequence[int]) -> dict[str, float]:
    count = max(len(ranks), 1)
    return {
        "first": sum(place == 1 for place in ranks) / count,
        "top": sum(place <= TOP for place in ranks) / count,
        "mean": sum(ranks) / count,
    }


def _decisions(session: Session, now: datetime) -> Sequence[int]:
    """The proposals that somebody chose: confirmed here, or brought along by a sheet."""
    newest = session.scalars(
        select(Proposal.id)
        .join(Need, Need.id == Proposal.need_id)
        .where(Proposal.state == "accepted", Need.start_on.is_not(None))
        .where(Proposal.proposed_at >= now - timedelta(days=REPLAYED_DAYS))
        .order_by(Proposal.proposed_at.desc(), Proposal.id.desc())
        .limit(MOST_DECISIONS)
    ).all()
    return newest[::-1]


def _ranked(
    session: Session, proposal_ids: Sequence[int], pair: Sequence[Weights]
) -> list[dict[str, Any]]:
    rows = session.execute(
        select(
            Proposal.id,
            func.coalesce(Proposal.offered_at, Proposal.proposed_at).label("at"),
            Need.id.label("need_id"),
            Need.reference,
            Volunteer.reference.label("chosen"),
        )
        .join(Need, Need.id == Proposal.need_id)
        .join(Volunteer, Volunteer.id == Proposal.volunteer_id)
        .where(Proposal.id.in_(proposal_ids))
    ).all()
    if not rows:
        return []
    standing = loading.read_standing(session, min(local_date(row.at) for row in rows))
    by_id = {row.id: row for row in rows}
    return [_line(session, standing, by_id[each], pair) for each in proposal_ids]


def _line(
    session: Session, standing: loading.Standing, row: Any, pair: Sequence[Weights]
) -> dict[str, Any]:
    then = _as_of(standing, local_date(row.at))
    told: dict[str, Any] = {"need": row.reference, "chosen": row.chosen}
    for when, weights in zip(("before", "after"), pair, strict=True):
        problem = loading.load_past(session, then, row.need_id, weights).problem
        people = [
            each.volunteer_id for each in rank(problem, top=EVERYBODY)[row.reference].candidates
        ]
        told[when] = people.index(row.chosen) + 1 if row.chosen in people else None
        told[f"first_{when}"] = people[0] if people else None
    return told


def _as_of(standing: loading.Standing, day: date) -> loading.Standing:
    """What was known on a day: later offers are forgotten, nobody waits, everybody is there."""
    return replace(
        standing,
        today=day,
        volunteers=[
            replace(each, status="active", open_offers=0, resting_categories=frozenset())
            for each in standing.volunteers
        ],
        placed=[],
        past=[offer for offer in standing.past if offer.offered_on < day],
    )
