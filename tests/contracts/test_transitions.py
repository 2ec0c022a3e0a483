"""Every cell of every transition table: allowed as the table says, else refused with a sentence."""

from collections.abc import Mapping

import pytest

from matching.activities import case_rules, expense_rules
from matching.activities import rules as activities
from matching.coordination import rules as coordination
from matching.kernel import tasks, transitions
from matching.kernel.errors import Conflict
from matching.needs import rules as needs
from matching.needs.approval_models import APPROVAL_MOVES, APPROVAL_STATES
from matching.safeguarding import rules as safeguarding
from matching.volunteers import rules as volunteers

SENTENCE = "この記録は、もう変わっています。"
TABLES: Mapping[str, tuple[Mapping[str, frozenset[str]], frozenset[str]]] = {
    "need": (needs.TRANSITIONS, frozenset(needs.STATES)),
    "proposal": (coordination.PROPOSAL_TRANSITIONS, frozenset(coordination.PROPOSAL_STATES)),
    "placement": (coordination.PLACEMENT_TRANSITIONS, frozenset(coordination.PLACEMENT_STATES)),
    "activity": (activities.TRANSITIONS, frozenset(activities.STATES)),
    "volunteer": (volunteers.TRANSITIONS, frozenset(volunteers.STATES)),
    "concern": (safeguarding.TRANSITIONS, frozenset(safeguarding.STATES)),
    "incident": (case_rules.INCIDENT_STEPS, frozenset(case_rules.INCIDENT_STATES)),
    "complaint": (case_rules.COMPLAINT_STEPS, frozenset(case_rules.COMPLAINT_STATES)),
    "approval": (APPROVAL_MOVES, frozenset(APPROVAL_STATES)),
    "expense": (expense_rules.TRANSITIONS, frozenset(expense_rules.STATES)),
    "task": (tasks.TRANSITIONS, frozenset({"open", "done"})),
}
CELLS = [
    (name, before, after)
    for name, (_table, states) in TABLES.items()
    for before in sorted(states)
    for after in sorted(states)
]


def test_every_state_has_a_row_and_leads_to_known_states() -> None:
    for name, (table, states) in TABLES.items():
        assert set(table) == states, name
        assert set().union(*table.values()) <= states, name


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_is_as_the_table_says(name: str) -> None:
    table, _states = TABLES[name]
    for before, after in ((b, a) for n, b, a in CELLS if n == name):
        if after in table[before]:
            transitions.check(table, before, after, SENTENCE)
        else:
            with pytest.raises(Conflict) as refused:
                transitions.check(table, before, after, SENTENCE)
            assert refused.value.sentence == SENTENCE
            assert refused.value.code == "state"


def test_every_state_but_an_end_leads_on_and_ends_are_few() -> None:
    """Nobody is stuck where nothing can follow unless that is an end."""
    ends = {(name, s) for name, (table, _s) in TABLES.items() for s in table if not table[s]}
    assert ("need", "closed") in ends
    assert {state for name, state in ends if name == "need"} == {"closed"}
