"""Steps and deadlines of accidents and complaints; against tables by hand (BR-26)."""

from datetime import UTC, datetime

import pytest

from matching.activities import case_rules
from matching.activities.case_rules import (
    COMPLAINT_DAYS,
    COMPLAINT_STATES,
    COMPLAINT_STEPS,
    INCIDENT_DAYS,
    INCIDENT_STATES,
    INCIDENT_STEPS,
    insurer_must_hear,
    next_step_due_at,
)
from matching.kernel import clock

STEPS = {
    "incident": "reported:assessed assessed:responding,closed responding:responding,closed closed:",
    "complaint": "received:checked checked:explained explained:improved,closed improved:closed"
    " closed:",
}
HARM = ("accident_injury", "property_damage", "infection")


def test_deadlines_count_business_days_over_the_new_year() -> None:
    friday = datetime(2026, 12, 25, 1, 0, tzinfo=UTC)
    due = next_step_due_at(COMPLAINT_DAYS, "received", friday)
    assert due is not None and clock.local_date(due).isoformat() == "2027-01-05"
    night = datetime(2026, 12, 28, 14, 59, 59, tzinfo=UTC)  # 23:59:59 in Japan
    same = next_step_due_at(INCIDENT_DAYS, "reported", night)
    assert same is not None and clock.local_date(same).isoformat() == "2027-01-04"
    assert next_step_due_at(COMPLAINT_DAYS, "closed", friday) is None


def test_the_insurer_hears_of_harm_only() -> None:
    assert insurer_must_hear("accident_injury", "minor")
    assert not insurer_must_hear("near_miss", "minor")
    assert not insurer_must_hear("accident_injury", "none")


def test_tables_name_every_state() -> None:
    assert set(INCIDENT_STEPS) == set(INCIDENT_STATES) == {*INCIDENT_DAYS, "closed"}
    assert set(COMPLAINT_STEPS) == set(COMPLAINT_STATES) == {*COMPLAINT_DAYS, "closed"}


def test_cases_move_only_along_the_tables_written_by_hand() -> None:
    for sort, found in (("incident", INCIDENT_STEPS), ("complaint", COMPLAINT_STEPS)):
        table = dict(row.split(":") for row in STEPS[sort].split())
        assert {state: set(after) for state, after in found.items()} == {
            state: set(after.split(",")) - {""} for state, after in table.items()
        }
    assert INCIDENT_DAYS == {"reported": 0, "assessed": 3, "responding": 5}
    assert COMPLAINT_DAYS == {"received": 3, "checked": 4, "explained": 7, "improved": 5}
    assert set(case_rules.TOLD) == {"insurer", "family", "city", "manager"}
    assert set(case_rules.COMPLAINT_KINDS) == {
        f"complaint_from_{who}" for who in ("requester", "volunteer", "family", "neighbour")
    }


@pytest.mark.parametrize("kind", case_rules.INCIDENT_KINDS)
@pytest.mark.parametrize("severity", ["none", "minor", "serious", "grave"])
def test_every_kind_and_severity_is_one_for_the_insurer_or_not(kind: str, severity: str) -> None:
    assert insurer_must_hear(kind, severity) is (kind in HARM and severity != "none")
    assert set(case_rules.SEVERITIES) == {"none", "minor", "serious", "grave"}
    assert set(case_rules.INCIDENT_KINDS) == {
        *HARM, "near_miss", "money_or_gift", "confidentiality_breach", "harassment",
        "resident_absent", "other",
    }  # fmt: skip
