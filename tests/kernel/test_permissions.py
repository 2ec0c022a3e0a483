"""Who may do what, against a table written by hand apart from the one in the code."""

import pytest

from matching.kernel.actor import Actor, Grant
from matching.kernel.permissions import (
    ACTIONS,
    DESK,
    EVERYONE,
    OFFICE,
    ROLES,
    SIGNED_IN,
    STAFF,
    STEP_UP,
    may,
)

ORDER = (
    "public", "center_manager", "coordinator", "branch_staff", "intake_clerk",
    "welfare_commissioner", "volunteer", "requester", "partner_agency", "city_officer", "auditor",
    "system_admin",
)  # fmt: skip
#                           - M C B I W V R P O A S
ANYBODY = "                 x x x x x x x x x x x x"
KNOWN = "                   - x x x x x x x x x x x"
AT_DESK = "                 - x x x x - - - - - - -"
OF_STAFF = "                - x x x - - - - - - - -"
BOTH = "                    - x x - - - - - - - - -"
HEAD = "                    - x - - - - - - - - - -"
ADMIN = "                   - x - - - - - - - - - x"
ORACLE = {
    "public.read": ANYBODY,
    "account.sign_in": ANYBODY,
    "account.activate": ANYBODY,
    "account.reset": ANYBODY,
    "need.file": ANYBODY,
    "volunteer.register": ANYBODY,
    "offer.answer_by_link": ANYBODY,
    "api.call": ANYBODY,
    "hook.receive": ANYBODY,
    "metrics.read": ANYBODY,
    "calendar.feed": ANYBODY,
    "account.sign_out": KNOWN,
    "account.own": KNOWN,
    "account.factors": KNOWN,
    "account.confirm": KNOWN,
    "my.read": KNOWN,
    "my.availability": KNOWN,
    "my.answer": KNOWN,
    "token.manage": KNOWN,
    "concern.raise": KNOWN,
    "account.letter": AT_DESK,
    "desk.read": AT_DESK,
    "task.handle": AT_DESK,
    "need.read": AT_DESK,
    "need.intake": AT_DESK,
    "volunteer.read": AT_DESK,
    "activity.read": AT_DESK,
    "activity.record": AT_DESK,
    "person.read": AT_DESK,
    "safeguarding.read": AT_DESK,
    "message.handle": AT_DESK,
    "need.triage": OF_STAFF,
    "need.candidates": OF_STAFF,
    "need.days": OF_STAFF,
    "offer.make": OF_STAFF,
    "placement.confirm": OF_STAFF,
    "placement.cancel": OF_STAFF,
    "plan.read": OF_STAFF,
    "plan.run": OF_STAFF,
    "plan.pair": OF_STAFF,
    "activity.verify": OF_STAFF,
    "activity.call_off": OF_STAFF,
    "activity.swap": OF_STAFF,
    "fairness.read": OF_STAFF,
    "person.trust": OF_STAFF,
    "block.remove": OF_STAFF,
    "reveal.decide": OF_STAFF,
    "need.refer": OF_STAFF,
    "activity.move": OF_STAFF,
    "follow_up.read": OF_STAFF,
    "follow_up.record": OF_STAFF,
    "need.close": OF_STAFF,
    "certificate.issue": OF_STAFF,
    "volunteer.renew": OF_STAFF,
    "volunteer.insure": OF_STAFF,
    "volunteer.verify": OF_STAFF,
    "volunteer.admit": OF_STAFF,
    "case.read": OF_STAFF,
    "case.handle": OF_STAFF,
    "expense.read": OF_STAFF,
    "expense.decide": OF_STAFF,
    "insurance.roster": BOTH,
    "weights.read": BOTH,
    "weights.change": BOTH,
    "weights.approve": BOTH,
    "sheet.import": BOTH,
    "sheet.export": BOTH,
    "message.manage": BOTH,
    "notice.manage": BOTH,
    "mode.switch": BOTH,
    "evacuation.read": OF_STAFF,
    "evacuation.manage": HEAD,
    "undo.own": KNOWN,
    "need.approve": HEAD,
    "travel.change": HEAD,
    "person.shield": HEAD,
    "safeguarding.manage": HEAD,
    "account.list": ADMIN,
    "account.manage": ADMIN,
    "admin.read": ADMIN,
    "partner.read": "           - - - - - - - - x - - -",
    "partner.answer": "         - - - - - - - - x - - -",
    "commissioner.read": "      - - - - - x - - - - - -",
    "report.read": "            - x x x - - - - - x - -",
    "audit.read": "             - x - - - - - - - - x -",
}


def doing(*roles: str) -> Actor:
    return Actor(roles, grants=tuple(Grant(role) for role in roles))


@pytest.mark.parametrize("action", ORACLE)
def test_each_role_may_do_what_the_table_written_by_hand_says(action: str) -> None:
    found = " ".join("x" if may(doing(role), action) else "-" for role in ORDER)
    assert found == ORACLE[action].strip()


def test_the_table_knows_its_roles_and_no_others() -> None:
    assert set(ORACLE) == set(ACTIONS)
    assert set(ROLES) == set(ORDER) - {"public"}
    assert set().union(*ACTIONS.values()) == EVERYONE == set(ORDER)
    assert set(ORDER) - {"public"} == SIGNED_IN
    assert STAFF < DESK < SIGNED_IN
    assert {"volunteer", "requester"} == SIGNED_IN - OFFICE


def test_more_hats_may_do_more_and_no_hat_nothing() -> None:
    assert may(doing("volunteer", "auditor"), "audit.read")
    assert not may(doing("volunteer"), "audit.read")
    assert not may(doing(), "public.read")
    with pytest.raises(KeyError):
        may(doing("center_manager"), "no.such.action")


def test_what_much_depends_on_asks_for_the_password_again() -> None:
    assert {
        "account.factors", "account.manage", "block.remove", "sheet.export", "insurance.roster",
        "token.manage", "evacuation.read", "evacuation.manage", "weights.approve",
    } == STEP_UP  # fmt: skip
