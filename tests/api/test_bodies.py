"""Codes in a body are codes: whatever else a program sends is refused by name."""

from typing import Any

import pytest

from matching.api.bodies import code_of, record_from
from matching.api.problems import Refused

CODES = {"web": "…", "phone": "…"}


@pytest.mark.parametrize("value", [{}, {"web": 1}, [], ["web"], None, True, 1, 0.5, "", "WEB", "x"])
def test_anything_but_a_code_is_refused(value: Any) -> None:
    with pytest.raises(Refused) as refused:
        code_of({"channel": value}, "channel", CODES)
    assert refused.value.status == 422
    assert refused.value.errors[0]["field"] == "channel"


@pytest.mark.parametrize(
    "wrong",
    [
        {"destination": True},
        {"address": 0},
        {"title": ["買い物"]},
        {"phone": 9000001234},
        {"headcount": True},
        {"time_from": 0},
        {"end_date": []},
        {"car_needed": ["1"]},
    ],
)
def test_a_value_of_another_type_is_never_read_as_if_it_were_one(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        record_from("needs", wrong)
    assert [each["field"] for each in refused.value.errors] == list(wrong)


def test_numbers_may_be_typed_and_codes_one_text() -> None:
    body = {"headcount": "2", "car_needed": True, "weekdays": "Mon;Thu", "duration_minutes": 60}
    assert record_from("needs", body) == {
        "headcount": "2",
        "car_needed": "1",
        "weekdays": "Mon;Thu",
        "duration_minutes": "60",
    }


def test_what_is_left_out_has_its_default() -> None:
    assert code_of({}, "channel", CODES, "web") == "web"
    assert code_of({"channel": "phone"}, "channel", CODES, "web") == "phone"
    with pytest.raises(Refused):
        code_of({}, "channel", CODES)
