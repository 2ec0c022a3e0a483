"""An explanation is kept with its proposal and is the same when worked out again later."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.explaining import explain_pair, recompute
from matching.coordination.models import Proposal
from matching.coordination.planning import plan_all
from matching.coordination.statements import need_statement, pair_statement
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from tests import factories


def test_the_numbers_kept_with_a_proposal_give_its_factors(session: Session, now: datetime) -> None:
    """BR-39."""
    for km in range(4):
        place = factories.contact(lat=38.94 + km / 60, lon=141.12)
        factories.volunteer(session, now, contact=place, categories=("shopping", "talk")[: km + 1])
    need = factories.need(session, now, recurrence="weekly", weekdays=(0, 3), end_on=None)
    plan_all(session, SYSTEM, now)
    found = queries.list_candidates(session, need.id)
    assert len(found) == 4
    assert len({tuple(each.factors.values()) for each in found}) > 1
    for each in found:
        assert recompute(each) == each.factors
        assert sum(each.factors.values()) == each.score
    told = need_statement(session, need.reference)
    assert {each["recomputed"] for each in told["candidates"]} == {"same"}


def test_a_later_change_does_not_alter_the_explanation_of_an_old_proposal(
    session: Session, now: datetime
) -> None:
    """BR-39."""
    who = factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    [old] = queries.list_candidates(session, need.id)
    before, score = dict(old.factors), old.score
    who.transport, who.version = "walk", who.version + 1
    session.flush()
    told = pair_statement(session, need.reference, who.reference, clock.local_date(now))
    assert told["factors"] != before
    assert told["stored"]["factors"] == before
    assert told["stored"]["recomputed"] == "same"
    plan_all(session, SYSTEM, now)
    session.refresh(old)
    assert (old.state, dict(old.factors), old.score) == ("superseded", before, score)
    assert recompute(old) == before
    newest = session.scalars(select(Proposal).order_by(Proposal.id.desc()).limit(1)).one()
    assert newest.factors != before


def test_a_snapshot_that_does_not_fit_is_called_different(session: Session, now: datetime) -> None:
    who = factories.volunteer(session, now)
    need = factories.need(session, now)
    plan_all(session, SYSTEM, now)
    [proposal] = queries.list_candidates(session, need.id)
    proposal.factors = proposal.factors | {"distance": 0}
    session.flush()
    told = pair_statement(session, need.reference, who.reference, clock.local_date(now))
    assert told["stored"]["recomputed"] == "different"


def test_somebody_excluded_is_told_every_gate(session: Session, now: datetime) -> None:
    who = factories.volunteer(session, now, categories=("talk",), slots=(), transport="bicycle")
    need = factories.need(session, now, car_needed=True)
    told = pair_statement(session, need.reference, who.reference, clock.local_date(now))
    assert set(told["gates"]) >= {"category_not_wanted", "no_car", "not_available"}
    assert told["stored"] is None


def test_a_need_whose_days_have_gone_by_is_explained_too(session: Session, now: datetime) -> None:
    volunteer, need = factories.volunteer(session, now), factories.need(session, now)
    later = clock.local_date(now) + timedelta(days=10)
    pair = explain_pair(session, need, volunteer.reference, later)
    assert pair.first_gate == "not_available"
    assert pair.score == 0
