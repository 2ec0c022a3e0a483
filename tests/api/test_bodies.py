"""Codes in a body are codes: whatever else a program sends is refused by name."""

from typing import Any

import pytest

from matching.api.bodies import code_of
from matching.api.problems import Refused

CODES = {"web": "…", "phone": "…"}


@pytest.mark.parametrize("value", [{}, {"web": 1}, [], ["web"], None, True, 1, 0.5, "", "WEB", "x"])
def test_anything_but_a_code_is_refused(value: Any) -> None:
    with pytest.raises(Refused) as refused:
        code_of({"channel": value}, "channel", CODES)
    assert refused.value.status == 422
    assert refused.value.errors[0]["field"] == "channel"


def test_what_is_left_out_has_its_default() -> None:
    assert code_of({}, "channel", CODES, "web") == "web"
    assert code_of({"channel": "phone"}, "channel", CODES, "web") == "phone"
    with pytest.raises(Refused):
        code_of({}, "channel", CODES)
