"""How people answer an offer: the same person gives the same answer whoever asks.

Of a hundred offers 40 lead to a visit, 32 are declined, 22 stay without an answer, 6 are agreed
and then called off (the centre's calibration). Around these averages people differ, a long way
puts them off, and so does being asked often. The last two are assumptions; `fatigue` scales the
very last one, and 0 switches it off.
"""

import math
import random
from dataclasses import dataclass

CALLED_OFF = 6 / 46
NO_ANSWER = 22 / 54
MISSED_VISITS = 0.057  # cancelled late or not turned up
USUAL_WILLINGNESS, DIFFERENCE = 0.75, 0.9
PER_TRAVEL_MINUTE, PER_RECENT_OFFER = 0.02, 0.22


@dataclass(frozen=True)
class Answer:
    """What comes of an offer, and after how many working days."""

    yes: bool
    declined: bool
    called_off: bool
    after_days: int


@dataclass(frozen=True)
class People:
    """The people of one year."""

    seed: int
    fatigue: float = 1.0

    def answer(
        self, need_id: str, volunteer_id: str, travel_minutes: int, recent_offers: int
    ) -> Answer:
        """Return what a person says when asked; `recent_offers` are those of the last 30 days."""
        person = random.Random(f"{self.seed} {volunteer_id}")
        luck = random.Random(f"{self.seed} {volunteer_id} {need_id}")
        willing = USUAL_WILLINGNESS + person.gauss(0, DIFFERENCE)
        willing -= PER_TRAVEL_MINUTE * travel_minutes
        willing -= self.fatigue * PER_RECENT_OFFER * recent_offers
        yes = luck.random() < 1 / (1 + math.exp(-willing))
        silent = luck.random() < NO_ANSWER
        called_off, quick = luck.random() < CALLED_OFF, luck.random() < 0.6
        return Answer(
            yes=yes,
            declined=not yes and not silent,
            called_off=yes and called_off,
            after_days=2 if not yes and silent else 0 if quick else 1,
        )

    def comes(self, need_id: str, volunteer_id: str, day: int) -> bool:
        """Tell whether somebody who agreed is there on the day."""
        luck = random.Random(f"{self.seed} {volunteer_id} {need_id} {day}")
        return luck.random() >= MISSED_VISITS
