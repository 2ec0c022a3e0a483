"""Somebody says stop while the worker proposes and a coordinator confirms: nothing comes after it.

`STOP_ROUNDS=1000` runs each in full.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.coordination.blocking import block
from matching.coordination.cancelling import cancel
from matching.coordination.confirming import confirm
from matching.coordination.models import Placement, Proposal
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.coordination.rules import OPEN_PROPOSALS
from matching.coordination.withdrawing import withdraw
from matching.evaluation.invariants import count_violations
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.audit import Event
from matching.kernel.errors import DomainError
from matching.messaging.models import Message
from matching.needs.models import Need
from matching.people.disclosures import Disclosure
from matching.safeguarding.raising import Worry, raise_concern
from matching.volunteers.models import Volunteer
from tests import factories

ROUNDS = int(os.environ.get("STOP_ROUNDS", "3"))


@dataclass(frozen=True)
class Pair:
    """A resident and a volunteer in a village of their own, proposed to each other."""

    need_id: int
    resident_id: int
    helper_id: int
    proposal_id: int


Act = Callable[[Session, Pair, Actor, datetime], object]


def withdrawn(session: Session, pair: Pair, actor: Actor, now: datetime) -> object:
    return withdraw(session, pair.resident_id, "coordination_use", "oral", actor, now)


def blocked(session: Session, pair: Pair, actor: Actor, now: datetime) -> object:
    return block(session, pair.resident_id, pair.helper_id, "会いたくない", actor, now)


def worried(session: Session, pair: Pair, actor: Actor, now: datetime) -> object:
    return raise_concern(session, Worry("心配", about=("need", pair.need_id)), actor, now)


def confirmed(session: Session, pair: Pair, actor: Actor, now: datetime) -> object:
    choice = Choice(clock.local_date(now) + timedelta(days=3), 540)
    return confirm(session, pair.proposal_id, choice, actor, now)


def planned(session: Session, _pair: Pair, _actor: Actor, now: datetime) -> object:
    return plan_all(session, SYSTEM, now)


@pytest.mark.parametrize("stop", [withdrawn, blocked, worried])
def test_nothing_is_proposed_confirmed_told_or_shown_after_a_stop(
    engine: Engine, session: Session, now: datetime, stop: Act
) -> None:
    boss = factories.actor(session, "center_manager")
    session.commit()
    for number in range(ROUNDS):
        pair = _pair(session, number, now)
        won = _at_once(engine, pair, boss, now, (stop, confirmed, planned))
        assert won[stop]
        assert won[planned]
        session.rollback()
        plan_all(session, SYSTEM, now)
        session.commit()
        _check(session, pair, won[confirmed])
        _over(session, pair, boss, now)
    assert not [each for each in count_violations(session, now) if each["violations"]]


def _over(session: Session, pair: Pair, boss: Actor, now: datetime) -> None:
    """Let the round's need end and its helper leave, so that the next round is not about them."""
    for placement_id in session.scalars(
        select(Placement.id).where(
            Placement.need_id == pair.need_id, Placement.state.in_(("held", "confirmed"))
        )
    ).all():
        cancel(session, placement_id, "ご都合", boss, now)
    session.get_one(Need, pair.need_id).state = "withdrawn"
    session.execute(
        update(Volunteer).where(Volunteer.person_id == pair.helper_id).values(state="withdrawn")
    )
    session.commit()


def _pair(session: Session, number: int, now: datetime) -> Pair:
    lat, lon = 38.5 + number / 10 % 1, 141.5
    kana = "".join("アイウエオカキクケコ"[int(digit)] for digit in f"{number:04d}")
    who = factories.contact(f"助太刀 {number}", name_kana=f"スケダチ {kana}", lat=lat, lon=lon)
    helper = factories.volunteer(session, now, max_distance_km=1.0, contact=who)
    need = factories.need(session, now, location=(lat, lon))
    plan_all(session, SYSTEM, now)
    session.commit()
    found = next(p for p in queries.list_candidates(session, need.id) if p.volunteer == helper)
    return Pair(need.id, need.requester_id, helper.person_id, found.id)


def _at_once(
    engine: Engine, pair: Pair, actor: Actor, now: datetime, acts: tuple[Act, ...]
) -> dict[Act, bool]:
    """Start all acts at the same moment; tell of each whether it was done or refused."""
    gate, done = threading.Barrier(len(acts)), dict[Act, bool]()

    def run(act: Act) -> None:
        with Session(engine) as session:
            gate.wait()
            try:
                act(session, pair, actor, now)
                session.commit()
                done[act] = True
            except DomainError:
                session.rollback()
                done[act] = False

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


def _check(session: Session, pair: Pair, was_confirmed: bool) -> None:
    helper = select(Volunteer.id).where(Volunteer.person_id == pair.helper_id)
    both = (Proposal.need_id == pair.need_id, Proposal.volunteer_id.in_(helper))
    still = select(func.count()).where(*both, Proposal.state.in_(OPEN_PROPOSALS))
    assert session.scalar(still) == 0
    placed = select(Placement.id).where(Placement.need_id == pair.need_id)
    told = select(func.count()).where(Message.placement_id.in_(placed))
    agreed = select(Event.id).where(
        Event.action == "placement_confirmed", Event.subject_id.in_(placed)
    )
    if not was_confirmed:
        assert session.scalars(placed).all() == []
        assert session.scalars(agreed).all() == []
    if not session.scalars(placed).all():
        assert session.scalar(told) == 0
    shown = select(func.count()).where(Disclosure.person_id == pair.resident_id)
    assert session.scalar(shown) == 0
