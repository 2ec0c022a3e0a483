"""A planning run writes proposals with reasons, and running it twice changes nothing but names."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.models import Proposal
from matching.coordination.planning import plan_all
from matching.kernel.actor import SYSTEM
from tests import factories


def test_every_ready_need_has_candidates_whose_factors_sum_to_their_score(
    session: Session, now: datetime
) -> None:
    for _ in range(3):
        factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    found = queries.list_candidates(session, need.id)
    assert len(found) == 3
    assert all(sum(each.factors.values()) == each.score for each in found)
    assert [each.rank for each in found] == [1, 2, 3]
    assert sum(each.planned for each in found) == 1


def test_people_who_are_shut_out_are_counted_under_a_gate(session: Session, now: datetime) -> None:
    factories.volunteer(session, now)
    factories.volunteer(session, now, slots=())
    factories.volunteer(session, now, categories=("talk",))
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    outcome = queries.find_outcome(session, need.id)
    assert outcome is not None
    assert outcome.excluded == {"category_not_wanted": 1, "not_available": 1}
    assert outcome.eligible_count == 1


def test_a_second_run_leaves_one_open_proposal_per_pair(session: Session, now: datetime) -> None:
    """BR-40."""
    factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    first = [(each.volunteer_id, each.score) for each in queries.list_candidates(session, need.id)]
    plan_all(session, SYSTEM, now)
    session.expire_all()
    again = [(each.volunteer_id, each.score) for each in queries.list_candidates(session, need.id)]
    assert again == first
    states = dict(
        session.execute(select(Proposal.state, func.count()).group_by(Proposal.state)).all()
    )
    assert states == {"superseded": 1, "suggested": 1}


def test_a_need_still_in_triage_is_ranked_but_not_planned(session: Session, now: datetime) -> None:
    factories.volunteer(session, now)
    need = factories.need(session, now, state="received")
    run = plan_all(session, SYSTEM, now)
    [proposal] = queries.list_candidates(session, need.id)
    assert not proposal.planned
    assert run.counts["needs"] == 0


def test_without_consent_nobody_is_proposed(session: Session, now: datetime) -> None:
    """BR-04."""
    factories.volunteer(session, now)
    need = factories.need(session, now, consents=())
    plan_all(session, SYSTEM, now)
    assert queries.list_candidates(session, need.id) == []
    outcome = queries.find_outcome(session, need.id)
    assert outcome is not None
    assert outcome.excluded == {"consent": 1}


def test_a_run_proves_its_gap(session: Session, now: datetime) -> None:
    for _ in range(2):
        factories.volunteer(session, now)
    for _ in range(3):
        factories.need(session, now)
    run = plan_all(session, SYSTEM, now)
    assert run.state == "done"
    assert run.objective is not None
    assert run.bound is not None
    assert int(run.objective) <= int(run.bound)
    assert run.gap is not None
    assert 0 <= run.gap < 1
