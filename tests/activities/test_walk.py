"""A random walk over the life of visits: a deed or a refusal, and nothing is ever broken."""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.activities import (
    calling_off,
    closing,
    following,
    leaving,
    missing,
    recording,
    swapping,
    watching,
)
from matching.coordination import agreeing, answering, offering
from matching.coordination.expiring import expire_offers
from matching.coordination.models import Placement, Proposal
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all
from matching.evaluation.invariants import count_violations
from matching.evaluation.silence import heal
from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.errors import DomainError
from matching.kernel.outbox import OutboxJob, finish
from matching.messaging.telling import tell
from matching.needs.models import Need
from matching.needs.triaging import Decision, triage
from matching.volunteers import admitting
from matching.volunteers.models import Volunteer
from matching.volunteers.renewing import watch_terms
from tests import factories
from tests.activities.afterwards import AFTERWARDS
from tests.activities.further_acts import FURTHER
from tests.states.guarding import guard_states

STEPS = int(os.environ.get("WALK_STEPS", "300"))
SEED = int(os.environ.get("WALK_SEED", "1"))
LATE = 12  # as many rows are "late"
CHECKED_EVERY = 20

# What moves most needs on; the rest happens more rarely.
CORE = ("arrive", "triage", "approve", "plan", "offer", "answer", "agree", "visit", "report")


class Walk:
    """A small town in which anything may happen next; the clock goes on with each step."""

    def __init__(self, session: Session, now: datetime, seed: int) -> None:
        self.session, self.now, self.draw = session, now, random.Random(seed)
        self.boss = factories.actor(session, "center_manager")
        self.staff = factories.actor(session, "coordinator")
        self.counts: Counter[str] = Counter()
        for _ in range(6):
            self._volunteer()
        for _ in range(4):
            self._need()
        session.commit()

    def step(self) -> None:
        """Try one thing; a refusal with a sentence is as good as a deed, an error is not."""
        acts = ACTS if self.draw.random() < 0.85 else FURTHER
        often = CORE if acts is ACTS else ()
        name = self.draw.choice((*acts, *often * 4))
        self.now += timedelta(minutes=self.draw.choice((1, 10, 30, 240, 24 * 60)))
        clock.freeze(self.now)
        try:
            acts[name](self)
            self.session.commit()
            self.counts[name] += 1
        except DomainError as refused:
            assert refused.sentence
            self.session.rollback()
            self.counts["refused"] += 1

    def any_of(self, model: type, *where: object) -> object | None:
        """One row of a table by chance, mostly a late one: what is long over hides nothing new."""
        ids = self.session.scalars(select(model.id).where(*where).order_by(model.id)).all()  # type: ignore[attr-defined, arg-type]
        ids = ids[-LATE:] if self.draw.random() < 0.8 else ids
        return self.session.get(model, self.draw.choice(ids)) if ids else None

    def giver_of(self, placement: Placement) -> Actor:
        """The volunteer of a visit, or staff who type for them."""
        volunteer = self.session.get_one(Volunteer, placement.volunteer_id)
        own = Actor(("volunteer",), self.boss.account_id, volunteer.person_id)
        return self.draw.choice((own, self.staff))

    def _volunteer(self) -> None:
        """Somebody applies and is admitted; who looks like somebody suspended waits."""
        kana = "".join("アイウエオカキクケコ"[int(each)] for each in f"{next(factories.COUNT):05d}")
        made = factories.volunteer(
            self.session,
            self.now,
            contact=factories.contact(name_kana=kana),
            slots=tuple((day, 480, 1080) for day in range(7)),
            state="applicant",
        )
        version = str(made.version)
        admitting.change_state(self.session, made.id, "active", version, self.boss, self.now)

    def _need(self) -> None:
        made = factories.need(
            self.session,
            self.now,
            state="received",
            start_on=clock.local_date(self.now) + timedelta(days=self.draw.randint(1, 5)),
            end_on=clock.local_date(self.now) + timedelta(days=40),
            recurrence=self.draw.choice(("once", "once", "weekly")),
            headcount=self.draw.choice((1, 1, 2)),
            category_code=self.draw.choice(("shopping", "shopping", "talk")),
        )
        if self.draw.random() < 0.5:  # received and looked at in the same call
            said = Decision("accept", "", "次へ", None, made.version)
            triage(self.session, made.reference, said, self.staff, self.now)

    def triage(self) -> None:
        need = self.any_of(Need, Need.state.in_(("received", "triaging", "on_hold")))
        if isinstance(need, Need):
            outcome = self.draw.choice((*("accept",) * 6, "hold", "decline"))
            said = Decision(outcome, "理由", "次へ", None, need.version)
            triage(self.session, need.reference, said, self.staff, self.now)

    def plan(self) -> None:
        plan_all(self.session, SYSTEM, self.now)

    def offer(self) -> None:
        planned = select(Need.id).where(Need.state.in_(("ready", "matching")))
        proposal = self.any_of(
            Proposal, Proposal.state == "suggested", Proposal.need_id.in_(planned)
        )
        if isinstance(proposal, Proposal) and proposal.slots:
            slot = self.draw.choice(proposal.slots)
            choice = Choice(datetime.fromisoformat(slot["on"]).date(), slot["starts"][0])
            offering.offer(self.session, proposal.id, [choice], "phone", self.staff, self.now)

    def answer(self) -> None:
        proposal = self.any_of(
            Proposal, Proposal.state.in_(("contacted", "no_response", "declined"))
        )
        if isinstance(proposal, Proposal):
            kind = self.draw.choice(("yes", "yes", "yes", "no", "talk", "no_answer"))
            given = answering.Answer(kind, "phone")
            answering.answer(self.session, proposal.id, given, self.staff, self.now)

    def agree(self) -> None:
        placement = self.any_of(Placement, Placement.state == "held")
        if isinstance(placement, Placement) and placement.proposal_id:
            act = self.draw.choice(
                (agreeing.resident_agrees, agreeing.resident_agrees, agreeing.resident_declines)
            )
            act(self.session, placement.proposal_id, "phone", "", self.staff, self.now)

    def leave(self) -> None:
        placement = self.any_of(Placement)
        if isinstance(placement, Placement):
            side = self.draw.choice(("volunteer", "requester", "centre"))
            leaving.call_off(self.session, placement.id, side, "用事", self.staff, self.now)

    def swap(self) -> None:
        first, second = self.any_of(Placement), self.any_of(Placement)
        if isinstance(first, Placement) and isinstance(second, Placement):
            swapping.swap(self.session, first.id, second.id, self.staff, self.now)

    def snow(self) -> None:
        scope = calling_off.Scope(clock.local_date(self.now) + timedelta(days=1))
        calling_off.call_off_for_weather(self.session, scope, self.staff, self.now)

    def visit(self) -> None:
        placement = self.any_of(Placement, Placement.state.in_(("confirmed", "done")))
        if isinstance(placement, Placement):
            who = self.giver_of(placement)
            act = self.draw.choice((recording.check_in, recording.check_out))
            act(self.session, placement.id, "web", who, self.now)

    def report(self) -> None:
        placement = self.any_of(Placement, Placement.starts_at < self.now)
        if isinstance(placement, Placement):
            told = recording.Report(
                self.draw.choice((30, 60, 0)),
                self.draw.choice(("usual", "worried")),
                accident=self.draw.random() < 0.2,
                near_miss=self.draw.random() < 0.2,
            )
            who = self.giver_of(placement)
            recording.report(self.session, placement.id, told, "web", who, self.now)

    def verify(self) -> None:
        placement = self.any_of(Placement, Placement.state == "done")
        if isinstance(placement, Placement):
            who = self.draw.choice((self.boss, self.staff))
            recording.verify(self.session, placement.id, who, self.now)

    def close(self) -> None:
        need = self.any_of(Need)
        if isinstance(need, Need) and self.draw.random() < 0.3:
            reason = self.draw.choice(("goal_reached", "facility", "deceased"))
            closing.close(
                self.session, need.reference, reason, "", str(need.version), self.staff, self.now
            )

    def beat(self) -> None:
        watching.watch_visits(self.session, self.now)
        missing.watch_absences(self.session, self.now)
        following.watch_follow_ups(self.session, self.now)
        watch_terms(self.session, self.now)
        expire_offers(self.session, self.now)
        heal(self.session, self.now)
        self._work()

    def _work(self) -> None:
        """Do what the worker would: messages are made, the plan is mended."""
        jobs = self.session.scalars(select(OutboxJob).where(OutboxJob.state == "pending")).all()
        if any(job.name.startswith("plan") for job in jobs):
            plan_all(self.session, SYSTEM, self.now)
        for job in jobs:
            if job.name == "message":
                tell(self.session, job.payload, self.now)
        for job in self.session.scalars(select(OutboxJob).where(OutboxJob.state == "pending")):
            finish(job, self.now)


ACTS: dict[str, Callable[[Walk], None]] = {
    **{name: getattr(Walk, name) for name in (
        "triage", "plan", "offer", "answer", "agree", "leave", "swap", "snow", "visit", "report",
        "verify", "close", "beat",
    )},
    "arrive": Walk._need,
    "join": Walk._volunteer,
    **AFTERWARDS,
}  # fmt: skip


@pytest.fixture
def walk(session: Session, now: datetime) -> Iterator[Walk]:
    guard_states(session.connection())
    yield Walk(session, now, SEED)
    clock.freeze(now)


def test_whatever_happens_next_every_invariant_holds(walk: Walk) -> None:
    for number in range(1, STEPS + 1):
        walk.step()
        if number % 250 == 0:
            print(f"seed {SEED}, step {number}: {dict(walk.counts)}")  # noqa: T201
        if number % CHECKED_EVERY == 0 or number == STEPS:
            walk.beat()
            walk.session.commit()
            broken = [
                each for each in count_violations(walk.session, walk.now) if each["violations"]
            ]
            assert broken == [], (number, walk.counts)
    for model in (Need, Proposal, Placement):
        found = select(model.state, func.count()).group_by(model.state)
        print(model.__tablename__, dict(walk.session.execute(found).all()))  # noqa: T201
    visits = set(walk.session.scalars(select(Placement.state)))
    assert walk.counts["refused"] < STEPS
    assert visits, "nobody was placed in the whole walk"
    assert STEPS < 1500 or "done" in visits, walk.counts
