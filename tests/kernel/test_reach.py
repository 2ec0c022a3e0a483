"""How far each role sees with an action, against a table written by hand apart from the code's."""

import pytest

from matching.kernel.actor import Actor, Grant
from matching.kernel.permissions import (
    ACTIONS,
    ROLES,
    Reach,
    counts_only,
    districts_of,
    grants_within,
    only_area,
    only_areas,
    policy_of,
    reach_of,
    sees_area,
)

USUAL = {
    "center_manager": "all", "coordinator": "all", "branch_staff": "area", "intake_clerk": "all",
    "welfare_commissioner": "filed", "volunteer": "own", "requester": "own",
    "partner_agency": "own", "city_officer": "figures", "auditor": "none", "system_admin": "none",
}  # fmt: skip
ONESELF = {
    "my.read", "my.availability", "my.answer", "account.own", "account.factors",
    "account.confirm", "account.sign_out", "token.manage",
}  # fmt: skip


def doing(*held: tuple[str, str | None]) -> Actor:
    return Actor(
        tuple(role for role, _area in held), grants=tuple(Grant(role, area) for role, area in held)
    )


BOSS = doing(("coordinator", None))
BRANCH = doing(("branch_staff", "hanaizumi"))
TWO = doing(("branch_staff", "hanaizumi"), ("branch_staff", "daito"))
PLACED = doing(("coordinator", "daito"))
LOST = doing(("branch_staff", None))
HELPER = doing(("volunteer", None))
OFFICER = doing(("city_officer", None))


@pytest.mark.parametrize("action", ACTIONS)
def test_each_role_sees_as_far_as_the_table_written_by_hand_says(action: str) -> None:
    for role in ROLES:
        expected = USUAL[role]
        if action in ONESELF:
            expected = "own"
        elif action == "report.read":
            expected = "figures"
        elif (action, role) == ("need.candidates", "branch_staff"):
            expected = "near"
        if role not in ACTIONS[action]:
            expected = "none"
        assert reach_of(action, role) == expected, role
    assert reach_of(action, "public") is Reach.NONE
    assert reach_of(action, "system") is Reach.NONE


def test_a_row_of_the_table_is_shown_with_roles_reach_and_proof() -> None:
    assert policy_of("audit.read") == {
        "roles": ["auditor", "center_manager"],
        "reach": {"auditor": "none", "center_manager": "all"},
        "step_up": False,
    }
    assert policy_of("need.file")["reach"] == USUAL
    assert policy_of("weights.approve")["step_up"] is True


@pytest.mark.parametrize(
    ("actor", "action", "reaches"),
    [
        (BOSS, "need.read", ["all"]),
        (PLACED, "need.read", ["area"]),
        (BRANCH, "need.read", ["area"]),
        (BRANCH, "need.candidates", ["near"]),
        (LOST, "need.read", []),
        (LOST, "need.candidates", []),
        (TWO, "need.read", ["area", "area"]),
        (HELPER, "my.read", ["own"]),
        (HELPER, "need.read", []),
        (BOSS, "report.read", []),
        (doing(("auditor", None)), "audit.read", []),
        (doing(("welfare_commissioner", "daito")), "commissioner.read", ["filed"]),
    ],
)
def test_roles_see_rows_within_where_they_are_held(
    actor: Actor, action: str, reaches: list[str]
) -> None:
    assert [reach.value for _grant, reach in grants_within(actor, action)] == reaches


@pytest.mark.parametrize(
    ("actor", "sees", "areas", "area"),
    [
        (BOSS, {"hanaizumi", "daito", None}, None, None),
        (BRANCH, {"hanaizumi"}, {"hanaizumi"}, "hanaizumi"),
        (TWO, {"hanaizumi", "daito"}, {"hanaizumi", "daito"}, None),
        (PLACED, {"daito"}, {"daito"}, "daito"),
        (LOST, set(), set(), None),
        (HELPER, set(), set(), None),
        (OFFICER, set(), set(), None),
        (doing(("volunteer", None), ("branch_staff", "daito")), {"daito"}, {"daito"}, "daito"),
        (doing(("system", None)), {"hanaizumi", "daito", None}, None, None),
    ],
)
def test_an_office_is_the_areas_it_is_held_for(
    actor: Actor, sees: set[str | None], areas: set[str] | None, area: str | None
) -> None:
    assert {each for each in ("hanaizumi", "daito", None) if sees_area(actor, each)} == sees
    assert (only_areas(actor), only_area(actor)) == (areas, area)


@pytest.mark.parametrize(
    ("actor", "counts"),
    [
        (OFFICER, True),
        (BOSS, True),
        (doing(("city_officer", None), ("volunteer", None)), True),
        (HELPER, False),
    ],
)
def test_reports_are_counts_and_needs_are_rows(actor: Actor, counts: bool) -> None:
    assert counts_only(actor, "report.read") is counts
    assert not counts_only(actor, "need.read")


def test_a_commissioner_has_the_districts_of_each_term() -> None:
    terms = (
        Grant("welfare_commissioner", "daito", "D1"),
        Grant("volunteer", "hanaizumi"),
        Grant("welfare_commissioner", "daito", "D2"),
    )
    actor = Actor(("welfare_commissioner", "volunteer"), grants=terms)
    assert districts_of(actor) == [("daito", "D1"), ("daito", "D2")]
    assert districts_of(BOSS) == []
