"""The hard gates, in the order in which they are named to people, each with its test.

Two kinds: gates on the person (one answer per volunteer) and gates on the option (one answer
per volunteer and day or start). A person is shut out when no option is left.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from matching.engine import option_gates, person_gates
from matching.engine.arrays import Bools, Ints
from matching.engine.problem import Ask, Problem
from matching.engine.startable import may_start


class Gate(StrEnum):
    """Why somebody cannot be proposed; the order of the members is the order of naming."""

    NOT_ACTIVE = "not_active"
    CATEGORY_NOT_WANTED = "category_not_wanted"
    SKILL_MISSING = "skill_missing"
    NO_CAR = "no_car"
    GENDER = "gender"
    TOO_FAR = "too_far"
    NOT_AVAILABLE = "not_available"
    NO_COORDINATES = "no_coordinates"
    NOTICE = "notice"
    HOURS_LIMIT = "hours_limit"
    OWN_LIMITS = "own_limits"
    BLOCKED = "blocked"
    FORBIDDEN = "forbidden"
    MINOR = "minor"
    QUALIFICATION = "qualification"
    CONSENT = "consent"
    INSURANCE = "insurance"
    TIME_CONFLICT = "time_conflict"


Test = Callable[[Problem, Ask, Ints], Bools | None]
"""Who passes, for some volunteers: [volunteer], or [volunteer, option] for option gates.

None when all of them pass, which for most needs is true of most gates.
"""

TESTS: Mapping[Gate, Test] = MappingProxyType(
    {
        Gate.NOT_ACTIVE: person_gates.active,
        Gate.CATEGORY_NOT_WANTED: person_gates.category,
        Gate.SKILL_MISSING: person_gates.skills,
        Gate.NO_CAR: person_gates.car,
        Gate.GENDER: person_gates.gender,
        Gate.TOO_FAR: person_gates.near,
        Gate.NOT_AVAILABLE: option_gates.available,
        Gate.NO_COORDINATES: person_gates.coordinates,
        Gate.NOTICE: option_gates.notice,
        Gate.HOURS_LIMIT: option_gates.hours,
        Gate.OWN_LIMITS: option_gates.own_limits,
        Gate.BLOCKED: option_gates.not_blocked,
        Gate.FORBIDDEN: option_gates.not_forbidden,
        Gate.MINOR: option_gates.minors,
        Gate.QUALIFICATION: option_gates.qualified,
        Gate.CONSENT: person_gates.consent,
        Gate.INSURANCE: option_gates.insured,
        Gate.TIME_CONFLICT: option_gates.not_booked,
    }
)
"""One test per gate, in the order of naming."""

GATES = tuple(Gate)
ORDER: Mapping[Gate, int] = MappingProxyType({gate: place for place, gate in enumerate(GATES)})
"""The place of each gate in the order of naming."""

OF_WISHES = GATES[: ORDER[Gate.GENDER] + 1]
"""The gates that look at no more of a need than its category, skills, car and gender."""

LATER: tuple[tuple[Gate, Test], ...] = (
    (Gate.TOO_FAR, TESTS[Gate.TOO_FAR]),
    (Gate.NOT_AVAILABLE, may_start),
    *((gate, TESTS[gate]) for gate in GATES[ORDER[Gate.NOT_AVAILABLE] :]),
)
"""All other tests in order; a rough one first where the exact one has much to look at."""
