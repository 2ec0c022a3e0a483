"""Weights of the score: drafted by one, proposed, and made live by another person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from matching.coordination.weight_models import WeightVersion
from matching.engine import FACTORS, STANDARD, Weights
from matching.engine.weights import FULL_SCORE
from matching.kernel import audit, clock, transitions
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound, StaleVersion
from matching.kernel.outbox import plan_soon

TRANSITIONS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"proposed", "withdrawn"}),
    "proposed": frozenset({"live", "withdrawn"}),
    "live": frozenset({"retired"}),
    "retired": frozenset(),
    "withdrawn": frozenset(),
}
MOVED = "この重みは、ほかの人が先に変えました。画面を開き直してたしかめてください。"
SAME_PERSON = "提案した人は、自分で承認できません。ほかの人に承認をお願いしてください。"
NO_EARLIER = "前の重みはありません。"
SUM = "重みは全部で1000にしてください。"
RANGE = "重みは0から1000までの数にしてください。"


def live_weights(session: Session) -> Weights:
    """Return the weights that count now."""
    found = session.scalar(select(WeightVersion).where(WeightVersion.state == "live"))
    return weights_of(found) if found else STANDARD


def points_named(session: Session, name: str | None) -> Mapping[str, int]:
    """Return the points of a version by the name that runs and proposals keep."""
    found = session.scalar(select(WeightVersion).where(WeightVersion.name == name))
    return weights_of(found).points if found else STANDARD.points


def weights_of(version: WeightVersion) -> Weights:
    """Return a version as the planner takes it."""
    return Weights(version.name, MappingProxyType({name: version.points[name] for name in FACTORS}))


def list_versions(session: Session) -> Sequence[WeightVersion]:
    """Return all versions with the names of who drafted, proposed and approved, newest first."""
    return session.scalars(
        select(WeightVersion)
        .options(
            joinedload(WeightVersion.drafted_by),
            joinedload(WeightVersion.proposed_by),
            joinedload(WeightVersion.approved_by),
        )
        .order_by(WeightVersion.id.desc())
    ).all()


def get_version(session: Session, version_id: int) -> WeightVersion:
    """Return one version; raises NotFound."""
    found = session.get(WeightVersion, version_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def get_live(session: Session) -> WeightVersion:
    """Return the live version, held until the end of the transaction."""
    return session.scalars(
        select(WeightVersion).where(WeightVersion.state == "live").with_for_update()
    ).one()


def draft(
    session: Session, points: Mapping[str, int], note: str, actor: Actor, now: datetime
) -> WeightVersion:
    """Write down weights to try; nothing changes for anybody yet. Raises Invalid."""
    if any(not 0 <= points.get(name, -1) <= FULL_SCORE for name in FACTORS):
        raise Invalid(RANGE, field="points")
    if sum(points[name] for name in FACTORS) != FULL_SCORE:
        raise Invalid(SUM, field="points")
    live = get_live(session)
    count = session.scalar(select(func.count(WeightVersion.id))) or 0
    made = WeightVersion(
        name=f"{clock.local(now):%Y-%m}-{count + 1}",
        points={name: points[name] for name in FACTORS},
        note=note.strip()[:500],
        based_on_id=live.id,
        drafted_by_id=actor.account_id,
        drafted_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, now, "weights_drafted", "weight_version", made.id)
    return made


def propose(session: Session, version_id: int, version: int, actor: Actor, now: datetime) -> None:
    """Ask another person to make a draft live."""
    _move(session, version_id, version, "proposed", actor, now)


def withdraw(session: Session, version_id: int, version: int, actor: Actor, now: datetime) -> None:
    """Put a draft or a proposal aside."""
    _move(session, version_id, version, "withdrawn", actor, now)


def approve(session: Session, version_id: int, version: int, actor: Actor, now: datetime) -> None:
    """Make a proposed version live: never by the person who proposed it. Asks for a new plan."""
    found = get_version(session, version_id)
    if found.proposed_by_id == actor.account_id:
        raise Conflict(SAME_PERSON, code="same_person")
    transitions.check(TRANSITIONS, found.state, "live", MOVED)
    before = get_live(session)
    transitions.move(session, before, TRANSITIONS, "retired", MOVED, live_until=now)
    _move(session, version_id, version, "live", actor, now, replaced=before.id)
    plan_soon(session, now)


def propose_return(session: Session, actor: Actor, now: datetime) -> WeightVersion:
    """Propose the version before the live one again, in one step; another person approves."""
    earlier = session.scalar(
        select(WeightVersion)
        .where(WeightVersion.state == "retired")
        .order_by(WeightVersion.live_until.desc(), WeightVersion.id.desc())
        .limit(1)
    )
    if earlier is None:
        raise Conflict(NO_EARLIER, code="no_earlier")
    made = draft(session, earlier.points, f"{earlier.name} に戻す", actor, now)
    propose(session, made.id, made.version, actor, now)
    return made


def _move(
    session: Session,
    version_id: int,
    version: int,
    state: str,
    actor: Actor,
    now: datetime,
    **details: int,
) -> None:
    found = get_version(session, version_id)
    if found.version != version:
        raise StaleVersion(MOVED)
    who = {
        "proposed": {"proposed_by_id": actor.account_id, "proposed_at": now},
        "live": {"approved_by_id": actor.account_id, "live_from": now},
        "withdrawn": {},
    }[state]
    transitions.move(session, found, TRANSITIONS, state, MOVED, **who)
    audit.record(session, actor, now, f"weights_{state}", "weight_version", version_id, **details)
