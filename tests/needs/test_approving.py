"""The third level of risk: nobody is asked before a manager agrees, and it never lies unseen."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.confirming import confirm
from matching.coordination.models import Proposal
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.evaluation import silence
from matching.evaluation.invariants import count_violations
from matching.kernel import tasks
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs.approving import decide_approval, find_approval
from matching.needs.models import Need
from matching.needs.triaging import Decision, triage
from tests import factories


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


@pytest.fixture
def manager(session: Session) -> Actor:
    return factories.actor(session, "center_manager")


def decision(need: Need, **settings: object) -> Decision:
    said = {"outcome": "accept", "reason": "", "next_action": "手伝う人をさがす"}
    return Decision(**(said | {"next_action_on": None, "version": need.version} | settings))  # type: ignore[arg-type]


@pytest.fixture
def risky(session: Session, now: datetime, coordinator: Actor) -> Need:
    """Talking at home, one to one: R3 by its kind."""
    factories.volunteer(session, now)
    need = factories.need(session, now, category_code="talk", state="received")
    triage(session, need.reference, decision(need), coordinator, now)
    plan_all(session, SYSTEM, now)
    return need


def proposal(session: Session, need: Need) -> tuple[Proposal, Choice]:
    [found] = queries.list_candidates(session, need.id)
    assert need.start_on is not None
    return found, Choice(need.start_on, 540)


def test_nothing_is_asked_or_settled_before_a_manager_agrees(
    session: Session, risky: Need, coordinator: Actor, manager: Actor, now: datetime
) -> None:
    """BR-08."""
    found, choice = proposal(session, risky)
    for attempt in (
        lambda: offer(session, found.id, [choice], "phone", coordinator, now),
        lambda: confirm(session, found.id, choice, coordinator, now),
    ):
        with pytest.raises(Conflict, match="センター長の承認") as refused:
            attempt()
        assert refused.value.code == "approval"
    decide_approval(session, risky.reference, True, "顔合わせをしてから", manager, now)
    assert confirm(session, found.id, choice, coordinator, now).state == "confirmed"
    row = find_approval(session, risky.id)
    assert row is not None
    assert (row.state, row.reason, row.decided_by_id) == (
        "approved",
        "顔合わせをしてから",
        manager.account_id,
    )
    session.commit()
    assert not any(each["violations"] for each in count_violations(session, now))


def test_a_no_puts_the_need_back_with_who_triaged_it_and_it_is_asked_anew(
    session: Session, risky: Need, coordinator: Actor, manager: Actor, now: datetime
) -> None:
    with pytest.raises(Invalid, match="理由"):
        decide_approval(session, risky.reference, False, " ", manager, now)
    decide_approval(session, risky.reference, False, "二人で行ける日がない", manager, now)
    assert (risky.state, risky.owner_id) == ("on_hold", coordinator.account_id)
    with pytest.raises(Conflict, match="もう決まって"):
        decide_approval(session, risky.reference, True, "やはり", manager, now)
    triage(session, risky.reference, decision(risky), coordinator, now)
    row = find_approval(session, risky.id)
    assert row is not None and row.state == "asked" and risky.state == "ready"


def test_it_is_on_the_worklist_until_it_is_decided_and_comes_back_when_it_is_lost(
    session: Session, risky: Need, manager: Actor, now: datetime
) -> None:
    def open_now() -> list[tasks.Task]:
        found = session.scalars(tasks.within_reach(manager)).all()
        return [task for task in found if task.kind == "approval"]

    [task] = open_now()
    with pytest.raises(Conflict, match="くわしいページ"):
        tasks.finish(session, task, "done", manager, now)
    tasks.close_tasks(session, ("need", risky.id), now, kinds=("approval",))
    later = now + timedelta(hours=2)
    wrong = {each["code"]: each["violations"] for each in count_violations(session, later)}
    assert wrong["S8"] == 1
    silence.heal(session, later)
    assert len(open_now()) == 1


def test_who_may_approve_and_triages_with_a_reason_has_looked(
    session: Session, manager: Actor, now: datetime
) -> None:
    need = factories.need(session, now, category_code="talk", state="received")
    triage(session, need.reference, decision(need, reason="見てきた"), manager, now)
    row = find_approval(session, need.id)
    assert row is not None and row.state == "approved"


@pytest.mark.parametrize(("kind", "said", "wanted"), [
    ("shopping", None, False), ("shopping", "R3", True), ("talk", "R1", False),
])  # fmt: skip
def test_what_triage_found_counts_before_the_kind_of_help(
    session: Session, coordinator: Actor, now: datetime, kind: str, said: str | None, wanted: bool
) -> None:
    need = factories.need(session, now, category_code=kind, state="received")
    triage(session, need.reference, decision(need, risk_level=said), coordinator, now)
    assert (find_approval(session, need.id) is not None) == wanted


def test_what_needs_no_approval_has_none_to_give(
    session: Session, manager: Actor, now: datetime
) -> None:
    need = factories.need(session, now)
    with pytest.raises(NotFound):
        decide_approval(session, need.reference, True, "よい", manager, now)
