"""What a plan is worth, stage by stage: seats by urgency, points, load, the same person again."""

from collections import Counter
from collections.abc import Iterable

from .instance import Instance, Seat
from .reading import URGENCY, Rules

Value = tuple[int, int, int, int]
"""Weighted seats, score, minus load, returns: compared from left to right.

Seats that locks hold count in the first and the last; what they score is not for a plan to choose.
"""


def booked(rules: Rules) -> Counter[str]:
    """Count what people have promised within the horizon already, locks included."""
    first, end = rules.instance.today, rules.instance.today + rules.instance.horizon
    return Counter(
        {who: sum(first <= s.day < end for s in spans) for who, spans in rules.engaged.items()}
    )


def value_of(instance: Instance, seats: Iterable[Seat]) -> Value:
    """Return the staged value of a plan; the k-th visit of a person weighs k - 1 as load."""
    rules = Rules(instance)
    held = {(v.ask.id, v.number, who) for v in rules.visits for who in v.held}
    before, more = booked(rules), Counter[str]()
    weighted = score = 0
    together: Counter[tuple[str, str]] = Counter()
    for seat in seats:
        weighted += URGENCY[rules.asks[seat.ask].urgency]
        together[seat.ask, seat.person] += 1
        if (seat.ask, seat.visit, seat.person) not in held:
            score += instance.score(seat.ask, seat.person)
            more[seat.person] += 1
    load = sum(sum(range(before[who], before[who] + count)) for who, count in more.items())
    return weighted, score, -load, sum(count - 1 for count in together.values())
