"""What a visit may cost: real outlay only; against tables by hand (BR-22, BR-23)."""

import pytest

from matching.activities import expense_rules
from matching.activities.expense_rules import allowed_kinds, fuel_yen


def test_of_a_ride_nothing_like_a_fare_can_be_claimed() -> None:
    """BR-22."""
    assert set(allowed_kinds("transport")) == {"fuel", "toll", "parking"}
    assert "fare" in allowed_kinds("shopping")


@pytest.mark.parametrize(("km", "yen"), [(0.1, 2), (12.3, 246), (12.34, 247), (300, 6000)])
def test_fuel_is_paid_by_distance(km: float, yen: int) -> None:
    assert fuel_yen(km, 20) == yen


def test_a_claim_moves_only_along_the_table_written_by_hand() -> None:
    found = {state: set(after) for state, after in expense_rules.TRANSITIONS.items()}
    assert found == {
        "claimed": {"approved", "returned"},
        "returned": {"claimed"},
        "approved": {"paid", "returned"},
        "paid": set(),
    }
    assert set(expense_rules.STATES) == set(found)


def test_what_is_claimed_by_whom_and_with_a_receipt() -> None:
    assert allowed_kinds("shopping") == ("fuel", "fare", "toll", "parking", "materials")
    assert set(expense_rules.PAYERS) == {"requester", "centre"}
    assert {"toll", "parking", "materials"} == expense_rules.RECEIPT_FROM
    assert {"shopping"} == expense_rules.CASH_FOR
    assert expense_rules.MOST_KM == 300
