"""Every cell of every transition table: allowed as the table says, else refused with a sentence."""

import re
import sys
from collections.abc import Mapping

import pytest

from matching import models
from matching.evaluation.state_tables import STATE_TABLES
from matching.kernel import transitions
from matching.kernel.database import Base
from matching.kernel.errors import Conflict

SENTENCE = "この記録は、もう変わっています。"
TABLES: Mapping[str, tuple[Mapping[str, frozenset[str]], frozenset[str]]] = {
    name: (table.after, frozenset(table.after)) for name, table in STATE_TABLES.items()
}
# States that nobody moves by hand: what a job or a run did, facts that are only ever added to,
# and groups, which come from sheets.
WITHOUT_TABLE = {"outbox_jobs", "planning_runs", "weight_replays", "consents", "volunteer_groups"}
CELLS = [
    (name, before, after)
    for name, (_table, states) in TABLES.items()
    for before in sorted(states)
    for after in sorted(states)
]


def test_every_row_that_has_states_is_in_the_register() -> None:
    assert models
    with_states = {
        mapper.local_table.name for mapper in Base.registry.mappers if "state" in mapper.columns
    }
    assert with_states - WITHOUT_TABLE == {table.rows for table in STATE_TABLES.values()}


def test_every_table_of_changes_is_in_the_register() -> None:
    """Whatever module declares what may follow what, the register holds that very table."""
    known = [table.after for table in STATE_TABLES.values()]
    for name, module in list(sys.modules.items()):
        for value in vars(module).values() if name.startswith("matching.") else ():
            if _is_table(value):
                assert any(value is each for each in known), name


def _is_table(value: object) -> bool:
    if not isinstance(value, dict) or not value:
        return False
    if not all(isinstance(each, frozenset) for each in value.values()):
        return False
    return set().union(*value.values()) <= set(value)


def test_states_are_those_that_the_database_knows() -> None:
    for name, table in STATE_TABLES.items():
        checked = Base.metadata.tables[table.rows].constraints
        [rule] = [str(c.sqltext) for c in checked if str(c.name) == f"ck_{table.rows}_state"]  # type: ignore[attr-defined]
        assert set(re.findall(r"'(\w+)'", rule)) == set(table.after), name


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
