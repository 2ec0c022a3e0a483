"""What else may happen in a random walk: people change their minds, fall silent, worry, leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from matching.activities import substituting
from matching.coordination import blocking, cancelling, confirming, offering, pairing
from matching.coordination.models import Placement, Proposal
from matching.coordination.moving_on import move_on
from matching.coordination.placing import Choice
from matching.coordination.plan_models import PairRule
from matching.coordination.withdrawing import take_word, withdraw
from matching.kernel import clock, tasks
from matching.kernel.tasks import Task
from matching.messaging import handling as messages
from matching.messaging.models import Message
from matching.needs import days_off
from matching.needs.models import Need
from matching.needs.queries import lock_need
from matching.needs.referral_models import REFERRAL_STATES, Referral
from matching.needs.referring import Step, move_referral, refer
from matching.people.consenting import Word
from matching.people.models import Block, Person
from matching.records import erasing
from matching.safeguarding import handling, raising
from matching.safeguarding.models import Concern
from matching.volunteers import admitting
from matching.volunteers.models import Volunteer
from matching.volunteers.rules import STATES

if TYPE_CHECKING:
    from tests.activities.test_walk import Walk


def substitute(walk: Walk) -> None:
    """Whoever could take a visit over is looked for, and the first one with an offer is asked."""
    placement = walk.any_of(Placement, Placement.starts_at > walk.now)
    if isinstance(placement, Placement):
        found = substituting.substitutes(walk.session, placement, walk.now)
        asked = [each.proposal_id for each in found if each.proposal_id]
        if asked:
            on = clock.local_date(placement.starts_at)
            choice = Choice(on, clock.minutes_of_day(placement.starts_at))
            offering.offer(walk.session, asked[0], [choice], "phone", walk.staff, walk.now)


def confirm_at_once(walk: Walk) -> None:
    proposal = walk.any_of(Proposal, Proposal.state.in_(("suggested", "waitlisted", "superseded")))
    if isinstance(proposal, Proposal):
        confirming.confirm_planned(walk.session, proposal.id, walk.staff, walk.now)


def cancel(walk: Walk) -> None:
    placement = walk.any_of(Placement)
    if isinstance(placement, Placement):
        cancelling.cancel(walk.session, placement.id, "用事", walk.staff, walk.now)


def take_consent_back(walk: Walk) -> None:
    person = walk.any_of(Person)
    if isinstance(person, Person) and walk.draw.random() < 0.5:
        purpose = walk.draw.choice(("coordination_use", "share_with_volunteer"))
        withdraw(walk.session, person.id, purpose, "oral", walk.staff, walk.now)


def give_consent(walk: Walk) -> None:
    person = walk.any_of(Person)
    if isinstance(person, Person):
        for purpose in ("coordination_use", "share_with_volunteer"):
            word = Word(purpose, "given", "oral", clock.local_date(walk.now), witness="受付")
            take_word(walk.session, person.id, word, walk.staff, walk.now)


def block(walk: Walk) -> None:
    one, other = walk.any_of(Person), walk.any_of(Person)
    if isinstance(one, Person) and isinstance(other, Person) and walk.draw.random() < 0.3:
        blocking.block(walk.session, one.id, other.id, "けんか", walk.boss, walk.now)


def unblock(walk: Walk) -> None:
    found = walk.any_of(Block)
    if isinstance(found, Block):
        blocking.unblock(walk.session, found.person_id, found.id, "和解", walk.boss, walk.now)


def worry(walk: Walk) -> None:
    need = walk.any_of(Need)
    if isinstance(need, Need) and walk.draw.random() < 0.3:
        told = raising.Worry("様子がおかしい", "elderly", about=("need", need.id))
        raising.raise_concern(walk.session, told, walk.staff, walk.now)


def look_into(walk: Walk) -> None:
    concern = walk.any_of(Concern, Concern.state != "closed")
    if isinstance(concern, Concern) and concern.state == "reported":
        handling.acknowledge(walk.session, concern.id, walk.boss, walk.now)
    elif isinstance(concern, Concern):
        decision = walk.draw.choice(("continue", "release", "release"))
        handling.decide(walk.session, concern.id, decision, "話を聞いた", walk.boss, walk.now)


def hand_on(walk: Walk) -> None:
    need = walk.any_of(Need)
    if isinstance(need, Need):
        held = lock_need(walk.session, need.id)
        refer(walk.session, held, ("city_elderly",), None, walk.staff, walk.now)


def hear_of_desk(walk: Walk) -> None:
    row = walk.any_of(Referral)
    if isinstance(row, Referral):
        step = Step(walk.draw.choice(list(REFERRAL_STATES)), "窓口の返事", None, row.version)
        move_referral(walk.session, row.id, step, walk.staff, walk.now)


def rest(walk: Walk) -> None:
    volunteer = walk.any_of(Volunteer)
    if isinstance(volunteer, Volunteer):
        after = walk.draw.choice((*STATES, "active", "active", "active"))
        version = str(volunteer.version)
        admitting.change_state(walk.session, volunteer.id, after, version, walk.boss, walk.now)


def lock_or_forbid(walk: Walk) -> None:
    proposal = walk.any_of(Proposal, Proposal.state == "suggested")
    if not isinstance(proposal, Proposal) or not proposal.slots:
        return
    need, helper = (
        walk.session.get_one(Need, proposal.need_id).reference,
        walk.session.get_one(Volunteer, proposal.volunteer_id).reference,
    )
    if walk.draw.random() < 0.2:
        pairing.forbid_pair(walk.session, need, helper, "合わない", walk.staff, walk.now)
    else:
        slot = proposal.slots[0]
        choice = Choice(date.fromisoformat(slot["on"]), slot["starts"][0])
        pairing.lock_pair(walk.session, need, helper, [choice], "約束", walk.staff, walk.now)


def release(walk: Walk) -> None:
    rule = walk.any_of(PairRule, PairRule.released_at.is_(None))
    if isinstance(rule, PairRule):
        pairing.release_pair(walk.session, rule.id, str(rule.version), walk.staff, walk.now)


def handle_message(walk: Walk) -> None:
    message = walk.any_of(Message)
    if isinstance(message, Message):
        act = walk.draw.choice(
            (messages.told, messages.told, messages.retry, messages.call_instead, messages.let_go)
        )
        act(walk.session, message.id, walk.staff, walk.now)


def handle_task(walk: Walk) -> None:
    task = walk.any_of(Task, Task.state == "open")
    if isinstance(task, Task) and walk.draw.random() < 0.3:
        tasks.claim(walk.session, task, walk.staff, walk.now)
    elif isinstance(task, Task):
        later = walk.now + timedelta(days=1)
        tasks.snooze(walk.session, task, later, "留守", walk.staff, walk.now)


def leave_days_out(walk: Walk) -> None:
    need = walk.any_of(Need)
    if isinstance(need, Need):
        day = clock.local_date(walk.now) + timedelta(days=walk.draw.randint(1, 20))
        held = lock_need(walk.session, need.id)
        act = walk.draw.choice((days_off.put_off, days_off.take_in))
        act(walk.session, held, day, walk.staff, walk.now)


def move_away(walk: Walk) -> None:
    person = walk.any_of(Person)
    if isinstance(person, Person) and walk.draw.random() < 0.1:
        reason = walk.draw.choice(("deceased", "moved"))
        move_on(walk.session, person.id, reason, walk.staff, walk.now)


def erase(walk: Walk) -> None:
    gone = select(Person.id).where(Person.name == erasing.ERASED)
    person = walk.any_of(Person, Person.id.not_in(gone))
    if isinstance(person, Person) and walk.draw.random() < 0.2:
        erasing.erase(walk.session, person, walk.boss, walk.now)


FURTHER: Mapping[str, Callable[[Walk], None]] = {
    each.__name__: each
    for each in (
        *(substitute, confirm_at_once, cancel, take_consent_back, give_consent, give_consent),
        *(block, unblock, worry, look_into, look_into, hand_on, hear_of_desk, rest),
        *(lock_or_forbid, release, handle_message, handle_task, leave_days_out),
        *(move_away, erase),
    )
}
