"""Who sees which field at which stage, against an oracle written by hand apart from the rules."""

from datetime import UTC, datetime, timedelta

import pytest

from matching.coordination import stages
from matching.coordination.stages import (
    FIELDS,
    KEPT_FOR,
    MOST_PEOPLE,
    OFFERED,
    WITHIN,
    Tie,
    fields_for,
    hindrance,
    stage_for,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOON, LONG_AGO = NOW + timedelta(hours=1), NOW - timedelta(days=14, seconds=1)
LAST_MOMENT = NOW - timedelta(days=14)

#                 category  area headcount state place visits age_band outline car_needed
OPEN = "           x         x    x         x     -     -      -        -       -"
ASKED = "          x         x    x         x     x     x      x        x       x"
#                 name phone address care | kana birth_on title note household relation proxy
NOBODY = "         -    -     -       -      -    -        -     -    -         -        -"
CONTACT = "        x    x     x       x      -    -        -     -    -         -        -"
ALL = "            x    x     x       x      x    x        x     x    x         x        x"
NOTHING = "        -         -    -         -     -     -      -        -       -"
ONLY_STATE = "     -         -    -         x     -     -      -        -       -"
MET_ELSEWHERE = "  x         -    x         x     x     x      -        -       -"
BROUGHT = "        x         -    x         -     -     -      -        -       -"
RESULT = "         x         -    x         x     -     x      -        -       -"
NAME = "           x    -     -       -      -    -        -     -    -         -        -"

VISIT = {"relation": "volunteer", "state": "confirmed", "ends_at": SOON, "consented": True}
DESK = {"relation": "desk"}
CASES = {
    "a stranger": ({"relation": "none"}, OPEN, NOBODY),
    "a volunteer not asked yet": ({"relation": "volunteer", "state": "suggested"}, OPEN, NOBODY),
    "chosen, not asked yet": ({"relation": "volunteer", "state": "selected"}, OPEN, NOBODY),
    "asked": ({"relation": "volunteer", "state": "contacted"}, ASKED, NOBODY),
    "asked, and says why": (
        {"relation": "volunteer", "state": "contacted", "told": True, "consented": True},
        ASKED,
        NOBODY,
    ),
    "said yes": ({"relation": "volunteer", "state": "accepted", "told": True}, ASKED, NOBODY),
    "waits in the queue": ({"relation": "volunteer", "state": "waitlisted"}, ASKED, NOBODY),
    "said no": ({"relation": "volunteer", "state": "declined", "told": True}, OPEN, NOBODY),
    "offer taken back": ({"relation": "volunteer", "state": "superseded"}, OPEN, NOBODY),
    "seat held": (VISIT | {"state": "held", "told": True}, ASKED, NOBODY),
    "placed": (VISIT, ASKED, NOBODY),
    "placed, and says why": (VISIT | {"told": True}, ASKED, CONTACT),
    "placed, no consent": (VISIT | {"told": True, "consented": False}, ASKED, NOBODY),
    "fourteen days after": (VISIT | {"told": True, "ends_at": LAST_MOMENT}, ASKED, CONTACT),
    "longer after": (VISIT | {"told": True, "ends_at": LONG_AGO}, ASKED, NOBODY),
    "done": (VISIT | {"state": "done", "told": True}, ASKED, CONTACT),
    "cancelled": (VISIT | {"state": "cancelled", "told": True}, OPEN, NOBODY),
    "household on hold": (VISIT | {"told": True, "held": True}, ONLY_STATE, NOBODY),
    "shielded": (VISIT | {"told": True, "shielded": True}, MET_ELSEWHERE, NOBODY),
    "shielded, only asked": (
        {"relation": "volunteer", "state": "contacted", "shielded": True},
        MET_ELSEWHERE,
        NOBODY,
    ),
    "the commissioner who brought it": ({"relation": "commissioner"}, BROUGHT, NAME),
    "with the person's consent": ({"relation": "commissioner", "consented": True}, RESULT, NAME),
    "commissioner, on hold": (
        {"relation": "commissioner", "consented": True, "held": True},
        ONLY_STATE,
        NOBODY,
    ),
    "commissioner, shielded": (
        {"relation": "commissioner", "consented": True, "shielded": True},
        MET_ELSEWHERE,
        NOBODY,
    ),
    "staff": (DESK, ASKED, ALL),
    "staff, no longer open": (DESK | {"in_queue": False}, ASKED, NOBODY),
    "staff who say why": (DESK | {"in_queue": False, "told": True}, ASKED, ALL),
    "staff, on hold": (DESK | {"held": True}, ONLY_STATE, NOBODY),
    "staff, shielded": (DESK | {"shielded": True}, NOTHING, NOBODY),
    "staff who keep the secret": (DESK | {"shielded": True, "keeper": True}, ASKED, ALL),
    "the clerk": ({"relation": "clerk"}, ASKED, CONTACT),
    "the person": ({"relation": "self"}, ASKED, ALL),
    "the person, shielded": ({"relation": "self", "shielded": True}, ASKED, ALL),
    "the person, on hold": ({"relation": "self", "held": True}, ASKED, ALL),
}


@pytest.mark.parametrize("case", CASES)
def test_each_reader_sees_the_fields_of_their_stage_and_no_others(case: str) -> None:
    """BR-19, BR-31, T1."""
    tie, first, second = CASES[case]
    marks = [*first.split(), *second.split()]
    expected = {field for field, mark in zip(FIELDS, marks, strict=True) if mark == "x"}
    assert fields_for(Tie(**tie), NOW) == expected  # type: ignore[arg-type]


def test_the_oracle_names_the_fields_in_the_order_of_the_table() -> None:
    assert list(FIELDS) == [
        *("category", "area", "headcount", "state", "place", "visits", "age_band", "outline"),
        *("car_needed", "name", "phone", "address", "care", "kana", "birth_on", "title", "note"),
        *("household", "relation", "proxy"),
    ]


def volunteering(**more: object) -> Tie:
    return Tie(**{**VISIT, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tie", "stage"),
    [
        (Tie("none"), "L0"),
        (Tie("desk"), "L3"),
        (Tie("clerk"), "L2"),
        (Tie("desk", in_queue=False), "L1"),
        (Tie("clerk", in_queue=False), "L1"),
        (Tie("desk", in_queue=False, told=True), "L3"),
        (volunteering(state="suggested"), "L0"),
        (volunteering(state="contacted"), "L1"),
        (volunteering(state="no_response"), "L1"),
        (volunteering(state="waitlisted"), "L1"),
        (volunteering(state="accepted"), "L1"),
        (volunteering(state="held"), "L1"),
        (volunteering(), "L1"),
        (volunteering(told=True), "L2"),
        (volunteering(told=True, state="done"), "L2"),
        (volunteering(told=True, consented=False), "L1"),
    ],
)
def test_each_tie_leads_so_far_and_no_further(tie: Tie, stage: str) -> None:
    """BR-19."""
    assert stage_for(tie, NOW) == stage


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"state": "held"}, "not_settled"),
        ({"state": "accepted"}, "not_settled"),
        ({"held": True}, "hold"),
        ({"shielded": True}, "shielded"),
        ({"ends_at": None}, "over"),
        ({"ends_at": LONG_AGO}, "over"),
        ({"ends_at": LAST_MOMENT}, ""),
        ({"consented": False}, "consent"),
        ({"held": True, "shielded": True, "consented": False}, "hold"),
    ],
)
def test_what_is_in_the_way_is_told_by_its_name(changes: dict[str, object], reason: str) -> None:
    assert hindrance(volunteering(**changes), NOW) == reason


def test_quota_term_and_contact_are_those_agreed() -> None:
    """BR-31, T1."""
    assert stages.CONTACT == ("name", "phone", "address", "care")
    assert (8, timedelta(days=30), timedelta(days=14)) == (MOST_PEOPLE, WITHIN, KEPT_FOR)
    assert {"contacted", "no_response", "waitlisted", "accepted"} == OFFERED
    assert Tie("desk").in_queue
