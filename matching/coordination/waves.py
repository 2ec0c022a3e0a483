"""Whom to ask now for a need, so that its seats are filled in time with as few people as can be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination import forecasting, queries
from matching.coordination.budgets import spent_budgets
from matching.coordination.models import Proposal
from matching.coordination.reply_windows import closing, rounds_until
from matching.coordination.rules import answer_due_at
from matching.engine.acceptance import Chance
from matching.engine.replies import ReplyTimes, share_within
from matching.engine.waves import chance_by_rounds, share_of_target, smallest_wave
from matching.kernel.actor import Actor
from matching.needs.models import Need, NeedOccurrence
from matching.places.calendar import end_of_quiet

TARGET = 0.9
ONE_VISIT = ("once", "as_needed")


@dataclass(frozen=True)
class Asked:
    """Somebody to ask now: the proposal, its forecast, and the chance of a yes in time."""

    proposal: Proposal
    chance: Chance
    in_time: float


@dataclass(frozen=True)
class Round:
    """When this round begins, until when answers are awaited, and when all must be settled."""

    channel: str
    ask_at: datetime
    answer_by: datetime
    deadline: datetime
    rounds: int


@dataclass(frozen=True)
class WavePlan:
    """Whom to ask now, and how likely that, with the rounds after it, fills the seats in time.

    `surplus` is the chance that more say yes now than there are seats. `at_once` people would be
    asked if there were only one round, which would then fill the seats with `at_once_chance`.
    `set_aside` are candidates who must not be asked now, with the reason. `reached` is false
    where all who may be asked do not make the target; `learned` is false where the chances are
    the prior because this centre has too few answers yet.
    """

    round: Round
    target: float
    seats: int
    waiting: int
    asked: tuple[Asked, ...]
    chance: float
    surplus: float
    at_once: int
    at_once_chance: float
    reached: bool
    learned: bool
    set_aside: tuple[tuple[Proposal, str], ...]


def plan_wave(
    session: Session,
    need: Need,
    now: datetime,
    *,
    target: float = TARGET,
    channel: str = "phone",
    avoid: Collection[int] = (),
    actor: Actor | None = None,
) -> WavePlan:
    """Return whom to ask now so that the seats are filled by the deadline; changes nothing.

    `channel` is how people are asked (`rules.CHANNELS`); `avoid` are volunteers whom the
    coordinator leaves out this time, as is everybody of whom `actor` may be told
    nothing. Candidates come in the order of their score.
    """
    proposals = queries.list_candidates(session, need.id, actor)
    this = _round(need, proposals, channel, now)
    known = forecasting.known(session)
    chances = forecasting.chances_of(session, known.model, [each.id for each in proposals], now)
    in_time = _share_in_time(known.times, need, this)
    free, set_aside = _sorted_out(session, need, proposals, now)
    people = [
        Asked(each, chances[each.id], chances[each.id].p * in_time)
        for each in free
        if each.volunteer_id not in avoid
    ]
    waiting = [chances[each.id].p * in_time for each in proposals if each.state == "contacted"]
    return _sized(
        this, target, seats_left(session, need), people, waiting, known.model.learned, set_aside
    )


def _sized(
    this: Round,
    target: float,
    seats: int,
    people: Sequence[Asked],
    waiting: Sequence[float],
    learned: bool,
    set_aside: tuple[tuple[Proposal, str], ...],
) -> WavePlan:
    odds = [each.in_time for each in people]
    once = smallest_wave(odds, seats, target, waiting=waiting)
    wave = smallest_wave(odds, seats, share_of_target(target, this.rounds), waiting=waiting)
    chance = chance_by_rounds(odds, seats, target, this.rounds, waiting)
    if chance < target:
        # Too few are left for later rounds to make up for it: ask as if this were the only one.
        wave, chance = once, max(chance, once.chance)
    return WavePlan(
        round=this,
        target=target,
        seats=seats,
        waiting=len(waiting),
        asked=tuple(people[place] for place in wave.asked),
        chance=chance,
        surplus=wave.surplus,
        at_once=len(once.asked),
        at_once_chance=once.chance,
        reached=chance >= target,
        learned=learned,
        set_aside=set_aside,
    )


def seats_left(session: Session, need: Need) -> int:
    """Count the seats of a visit that nobody has taken yet."""
    if need.recurrence not in ONE_VISIT:
        return need.headcount
    filled = session.scalar(
        select(func.max(NeedOccurrence.filled)).where(NeedOccurrence.need_id == need.id)
    )
    return max(need.headcount - (filled or 0), 0)


def _round(need: Need, proposals: Sequence[Proposal], channel: str, now: datetime) -> Round:
    ask_at = end_of_quiet(now)
    until = answer_due_at(channel, need.urgency, ask_at)
    deadline = _deadline(need, proposals)
    if deadline is None or deadline <= ask_at:
        deadline = until  # overdue, or no day is set: as soon as can be
    rounds = rounds_until(channel, need.urgency, ask_at, deadline)
    return Round(channel, ask_at, min(until, deadline), deadline, rounds)


def _deadline(need: Need, proposals: Sequence[Proposal]) -> datetime | None:
    """The day by which it must be settled, else the day before the first visit there could be."""
    if need.decide_by_on is not None:
        return closing(need.decide_by_on)
    days = [date.fromisoformat(slot["on"]) for each in proposals for slot in each.slots]
    return closing(min(days) - timedelta(days=1)) if days else None


def _share_in_time(replies: ReplyTimes, need: Need, this: Round) -> float:
    """What share of the yeses of a full window is in when the deadline cuts it short."""
    window = answer_due_at(this.channel, need.urgency, this.ask_at) - this.ask_at
    whole = share_within(replies, window.total_seconds() / 3600)
    here = share_within(replies, (this.answer_by - this.ask_at).total_seconds() / 3600)
    return min(here / whole, 1.0)


def _sorted_out(
    session: Session, need: Need, proposals: Sequence[Proposal], now: datetime
) -> tuple[list[Proposal], tuple[tuple[Proposal, str], ...]]:
    """Part those who may be asked from those whose budget is spent (BR-15)."""
    rest = [each for each in proposals if each.state != "contacted"]
    who = [each.volunteer_id for each in rest]
    spent = spent_budgets(session, who, need.category_code, now)
    free = [each for each in rest if each.volunteer_id not in spent]
    aside = [(each, spent[each.volunteer_id]) for each in rest if each.volunteer_id in spent]
    return free, tuple(aside)
