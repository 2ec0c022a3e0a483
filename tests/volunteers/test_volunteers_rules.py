"""What may follow what while somebody helps; against a table by hand."""

from matching.volunteers import rules

STATES = {
    "applicant": "interviewed active withdrawn",
    "interviewed": "active withdrawn",
    "active": "paused withdrawn suspended",
    "paused": "active withdrawn suspended",
    "suspended": "active withdrawn",
    "withdrawn": "applicant",
}


def test_a_volunteer_moves_only_along_the_table_written_by_hand() -> None:
    found = {state: set(after) for state, after in rules.TRANSITIONS.items()}
    assert found == {state: set(after.split()) for state, after in STATES.items()}
    assert set(rules.STATES) == set(STATES)


def test_who_is_suspended_comes_back_only_as_active_or_not_at_all() -> None:
    assert "paused" not in rules.TRANSITIONS["suspended"]
    assert rules.TRANSITIONS["withdrawn"] == {"applicant"}
