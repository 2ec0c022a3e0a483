"""A partner's in-box: only what was handed to their desk, who it is only after taking it on."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matching.evaluation.invariants import count_violations
from matching.kernel import tasks
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs import inbox
from matching.needs.models import Need
from matching.needs.referral_models import Referral
from matching.needs.referring import Step, move_referral, refer
from matching.people import consenting
from tests import factories

DESK, OTHER = "city_elderly", "legal"


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


def partner(session: Session, desk: str, boss: Actor, now: datetime) -> Actor:
    made = factories.actor(session, "partner_agency")
    assert made.account_id is not None
    inbox.seat(session, made.account_id, desk, boss, now)
    return made


@pytest.fixture
def need(session: Session, now: datetime) -> Need:
    made = factories.need(session, now, state="referred")
    session.flush()
    return made


@pytest.fixture
def handed(session: Session, need: Need, coordinator: Actor, now: datetime) -> Referral:
    [row] = refer(session, need, [DESK], None, coordinator, now)
    for state in ("consented", "handed_over"):
        move_referral(session, row.id, Step(state, "本人", None, row.version), coordinator, now)
    return row


def test_nothing_is_there_before_it_is_handed_over_or_for_another_desk(
    session: Session, need: Need, coordinator: Actor, now: datetime
) -> None:
    [row] = refer(session, need, [DESK], None, coordinator, now)
    here = partner(session, DESK, coordinator, now)
    assert inbox.inbox(session, here, now) == []
    for state in ("consented", "handed_over"):
        move_referral(session, row.id, Step(state, "本人", None, row.version), coordinator, now)
    assert [each.referral.id for each in inbox.inbox(session, here, now)] == [row.id]
    there = partner(session, OTHER, coordinator, now)
    assert inbox.inbox(session, there, now) == []
    for nobody in (there, factories.actor(session, "partner_agency"), coordinator):
        with pytest.raises(NotFound):
            inbox.see(session, row.id, nobody, now)


def test_seen_taken_on_and_told_of_with_the_centre_as_owner(
    session: Session, handed: Referral, coordinator: Actor, now: datetime
) -> None:
    here = partner(session, DESK, coordinator, now)
    with pytest.raises(Conflict, match="受け取りました"):
        inbox.answer(session, handed.id, Step("accepted", "はい", None, handed.version), here, now)
    inbox.see(session, handed.id, here, now)
    with pytest.raises(NotFound):
        inbox.contacts_of(session, handed.id, here, now)
    with pytest.raises(Invalid, match="返事"):
        inbox.answer(session, handed.id, Step("accepted", " ", None, handed.version), here, now)
    inbox.answer(session, handed.id, Step("accepted", "うかがう", None, handed.version), here, now)
    assert (handed.state, handed.owner_id) == ("accepted", coordinator.account_id)
    [item] = inbox.inbox(session, here, now)
    assert item.receipt is not None and item.receipt.decided_at == now
    person = inbox.contacts_of(session, handed.id, here, now)
    kinds = {task.kind for task in session.scalars(tasks.within_reach(coordinator))}
    assert "referral_answer" in kinds  # looked at again by the centre on its next date
    word = consenting.Word("share_with_agency", "withdrawn", "oral")
    consenting.record(session, person.id, word, coordinator, now)
    with pytest.raises(NotFound):
        inbox.contacts_of(session, handed.id, here, now)
    session.commit()
    assert [each for each in count_violations(session, now) if each["violations"]] == []


def test_what_is_handed_back_returns_to_triage_and_leaves_nobody_behind(
    session: Session, handed: Referral, need: Need, coordinator: Actor, now: datetime
) -> None:
    """BR-06."""
    here = partner(session, DESK, coordinator, now)
    inbox.see(session, handed.id, here, now)
    step = Step("returned", "対象ではない", None, handed.version)
    inbox.answer(session, handed.id, step, here, now)
    assert (need.state, need.owner_id) == ("triaging", coordinator.account_id)
    [item] = inbox.inbox(session, here, now)
    assert not item.open
    with pytest.raises(Conflict):
        inbox.answer(session, handed.id, step, here, now)
    with pytest.raises(NotFound):
        inbox.contacts_of(session, handed.id, here, now)


def test_who_leaves_a_desk_sees_nothing_of_it(
    session: Session, handed: Referral, coordinator: Actor, now: datetime
) -> None:
    here = partner(session, DESK, coordinator, now)
    assert here.account_id is not None
    inbox.seat(session, here.account_id, "", coordinator, now)
    assert inbox.inbox(session, here, now) == []
    with pytest.raises(Invalid):
        inbox.seat(session, here.account_id, "nowhere", coordinator, now)
