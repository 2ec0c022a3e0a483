"""Weights go live by two people's hands, one version at a time; past decisions show the effect."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matching.coordination import replaying, weighing
from matching.coordination.models import Proposal
from matching.coordination.planning import plan_all
from matching.coordination.weight_models import WeightVersion
from matching.engine import FACTORS, STANDARD
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.audit import Event
from matching.kernel.errors import Conflict, Invalid, StaleVersion
from matching.kernel.outbox import OutboxJob
from tests import factories

NEAR = {name: 1000 if name == "distance" else 0 for name in FACTORS}


@pytest.fixture
def two(session: Session) -> tuple[Actor, Actor]:
    return factories.actor(session, "coordinator"), factories.actor(session, "center_manager")


def go_live(session: Session, two: tuple[Actor, Actor], now: datetime) -> WeightVersion:
    made = weighing.draft(session, NEAR, "近さだけ", two[0], now)
    weighing.propose(session, made.id, made.version, two[0], now)
    weighing.approve(session, made.id, made.version, two[1], now)
    return made


def test_the_code_default_is_the_first_live_version(session: Session) -> None:
    assert weighing.live_weights(session) == STANDARD


def test_a_version_that_two_people_made_live_is_what_runs_and_proposals_name(
    session: Session, now: datetime, two: tuple[Actor, Actor]
) -> None:
    made = go_live(session, two, now)
    factories.volunteer(session, now)
    factories.need(session, now)
    run = plan_all(session, SYSTEM, now)
    proposal = session.scalars(select(Proposal)).one()
    assert run.weights_version == proposal.snapshot["weights"] == made.name
    assert proposal.score == proposal.factors["distance"]
    assert weighing.points_named(session, made.name) == NEAR
    assert weighing.points_named(session, None) == STANDARD.points
    assert _live(session) == 1
    done = session.scalars(select(Event.action).where(Event.subject_type == "weight_version"))
    assert list(done) == ["weights_drafted", "weights_proposed", "weights_live"]


def test_who_proposed_cannot_approve(
    session: Session, now: datetime, two: tuple[Actor, Actor]
) -> None:
    made = weighing.draft(session, NEAR, "", two[0], now)
    weighing.propose(session, made.id, made.version, two[0], now)
    with pytest.raises(Conflict, match="自分で承認"):
        weighing.approve(session, made.id, made.version, two[0], now)
    assert weighing.live_weights(session) == STANDARD


@pytest.mark.parametrize("approver", ["same", "nobody"])
def test_the_database_refuses_a_live_version_of_one_person(
    session: Session, now: datetime, two: tuple[Actor, Actor], approver: str
) -> None:
    made = weighing.draft(session, NEAR, "", two[0], now)
    weighing.propose(session, made.id, made.version, two[0], now)
    session.execute(
        update(WeightVersion)
        .where(WeightVersion.state == "live")
        .values(state="retired", live_until=now)
    )
    who = two[0].account_id if approver == "same" else None
    with pytest.raises(IntegrityError, match="two_people"):
        session.execute(
            update(WeightVersion)
            .where(WeightVersion.id == made.id)
            .values(state="live", approved_by_id=who, live_from=now)
        )


def test_the_database_refuses_two_live_versions(
    session: Session, now: datetime, two: tuple[Actor, Actor]
) -> None:
    made = weighing.draft(session, NEAR, "", two[0], now)
    values = {"proposed_by_id": two[0].account_id, "approved_by_id": two[1].account_id}
    with pytest.raises(IntegrityError, match="uq_weight_versions_live"):
        session.execute(
            update(WeightVersion)
            .where(WeightVersion.id == made.id)
            .values(state="live", live_from=now, **values)
        )


def test_going_back_takes_one_click_and_again_two_people(
    session: Session, now: datetime, two: tuple[Actor, Actor]
) -> None:
    with pytest.raises(Conflict, match="前の重み"):
        weighing.propose_return(session, two[0], now)
    go_live(session, two, now)
    back = weighing.propose_return(session, two[1], now + timedelta(hours=1))
    assert back.state == "proposed"
    with pytest.raises(Conflict, match="自分で承認"):
        weighing.approve(session, back.id, back.version, two[1], now)
    weighing.approve(session, back.id, back.version, two[0], now + timedelta(hours=2))
    assert weighing.live_weights(session).points == STANDARD.points
    assert _live(session) == 1


@pytest.mark.parametrize(
    "points",
    [
        {},
        NEAR | {"wishes": 1},
        NEAR | {"distance": 1001, "wishes": -1},
        {name: points for name, points in NEAR.items() if name != "wishes"},
    ],
)
def test_weights_are_whole_and_add_up(
    session: Session, now: datetime, two: tuple[Actor, Actor], points: dict[str, int]
) -> None:
    with pytest.raises(Invalid):
        weighing.draft(session, points, "", two[0], now)


def test_an_old_form_and_a_withdrawn_version_change_nothing(
    session: Session, now: datetime, two: tuple[Actor, Actor]
) -> None:
    made = weighing.draft(session, NEAR, "", two[0], now)
    weighing.withdraw(session, made.id, made.version, two[0], now)
    with pytest.raises(StaleVersion):
        weighing.propose(session, made.id, 1, two[0], now)
    with pytest.raises(Conflict):
        weighing.propose(session, made.id, made.version, two[0], now)


def test_a_replay_shows_whose_place_changes_in_steps(
    session: Session, now: datetime, two: tuple[Actor, Actor]
) -> None:
    """The one chosen lived next door but had been asked a lot; with distance alone they lead."""
    near = factories.volunteer(session, now, contact=factories.contact(lat=38.941, lon=141.121))
    factories.volunteer(session, now, contact=factories.contact(lat=38.96, lon=141.15))
    then = now - timedelta(days=31)  # a Friday
    for number in range(25):
        need = factories.need(session, now)
        need.start_on = then.date()
        session.add(
            Proposal(
                volunteer_id=near.id,
                need_id=need.id,
                state="accepted",
                proposed_at=then - timedelta(days=5, hours=number),
                responded_at=then,
            )
        )
    session.flush()
    made = weighing.draft(session, NEAR, "", two[0], now)
    replay = replaying.ask_replay(session, made.id, two[0], now)
    assert len(replay.decisions) == 25
    replaying.replay_some(session, replay.id, now)
    assert (replay.state, len(replay.lines)) == ("running", 20)
    replaying.replay_some(session, replay.id, now)
    replaying.replay_some(session, replay.id, now)  # a second bell changes nothing
    assert (replay.state, len(replay.lines)) == ("done", 25)
    told = replaying.summary(replay.lines)
    assert told["compared"] == 25
    assert told["after"] == {"first": 1.0, "top": 1.0, "mean": 1.0}
    assert told["before"]["first"] < 1.0
    assert len(told["changed"]) == sum(line["before"] == 2 for line in replay.lines)
    jobs = session.scalars(select(OutboxJob.name).where(OutboxJob.name == "replay")).all()
    assert len(jobs) == 2


def _live(session: Session) -> int:
    counted = select(func.count(WeightVersion.id)).where(WeightVersion.state == "live")
    return session.scalar(counted) or 0
