"""Who may do what: one table of actions and roles, and the reach of each role."""

from __future__ import annotations

from matching.kernel.actor import Actor

ROLES = {
    "center_manager": "センター長",
    "coordinator": "コーディネーター",
    "branch_staff": "支部職員",
    "intake_clerk": "受付",
    "welfare_commissioner": "民生委員・児童委員",
    "volunteer": "ボランティア",
    "requester": "お願いする方",
    "partner_agency": "関係機関",
    "city_officer": "市担当課",
    "auditor": "監査",
    "system_admin": "システム管理",
}

EVERYONE = frozenset({"public", *ROLES})
SIGNED_IN = frozenset(ROLES)
STAFF = frozenset({"center_manager", "coordinator", "branch_staff"})
DESK = STAFF | {"intake_clerk"}
OFFICE = SIGNED_IN - {"volunteer", "requester"}  # who acts for the centre, the city or a body

ACTIONS: dict[str, frozenset[str]] = {
    "public.read": EVERYONE,
    "account.sign_in": EVERYONE,
    "account.activate": EVERYONE,
    "account.reset": EVERYONE,
    "account.sign_out": SIGNED_IN,
    "account.own": SIGNED_IN,
    "account.factors": SIGNED_IN,
    "account.confirm": SIGNED_IN,
    "account.letter": DESK,
    "account.list": frozenset({"center_manager", "system_admin"}),
    "account.manage": frozenset({"center_manager", "system_admin"}),
    "need.file": EVERYONE,
    "volunteer.register": EVERYONE,
    "my.read": SIGNED_IN,
    "my.availability": SIGNED_IN,
    "desk.read": DESK,
    "task.handle": DESK,
    "need.read": DESK,
    "need.intake": DESK,
    "need.triage": STAFF,
    "need.candidates": STAFF,
    "offer.make": STAFF,
    "offer.answer_by_link": EVERYONE,
    "my.answer": SIGNED_IN,
    "placement.confirm": STAFF,
    "placement.cancel": STAFF,
    "volunteer.read": DESK,
    "plan.read": STAFF,
    "plan.run": STAFF,
    "plan.pair": STAFF,
    "travel.change": frozenset({"center_manager"}),
    "activity.read": DESK,
    "activity.record": DESK,
    "activity.verify": STAFF,
    "activity.call_off": STAFF,
    "activity.swap": STAFF,
    "need.days": STAFF,
    "commissioner.read": frozenset({"welfare_commissioner"}),
    "report.read": STAFF | {"city_officer"},
    "fairness.read": STAFF,
    "weights.read": frozenset({"center_manager", "coordinator"}),
    "weights.change": frozenset({"center_manager", "coordinator"}),
    "weights.approve": frozenset({"center_manager", "coordinator"}),
    "admin.read": frozenset({"center_manager", "system_admin"}),
    "sheet.import": frozenset({"center_manager", "coordinator"}),
    "sheet.export": frozenset({"center_manager", "coordinator"}),
    "audit.read": frozenset({"auditor", "center_manager"}),
    "api.call": EVERYONE,  # each call then asks for the rights of its token
    "token.manage": SIGNED_IN,
    "person.read": DESK,
    "person.trust": STAFF,
    "person.shield": frozenset({"center_manager"}),
    "block.remove": STAFF,
    "reveal.decide": STAFF,
    "concern.raise": SIGNED_IN,
    "safeguarding.read": DESK,  # and then only managers and those they named
    "safeguarding.manage": frozenset({"center_manager"}),
    "message.handle": DESK,
    "message.manage": frozenset({"center_manager", "coordinator"}),
    "hook.receive": EVERYONE,  # gateways, who prove themselves by a signature
    "metrics.read": EVERYONE,
}

# Actions that ask for the password again where the last proof is older than ten minutes.
STEP_UP = frozenset(
    {
        *("account.factors", "account.manage", "block.remove", "sheet.export", "token.manage"),
        "weights.approve",
    }
)


def may(actor: Actor, action: str) -> bool:
    """Tell whether a role of the actor may do an action at all; raises KeyError if undeclared."""
    return not ACTIONS[action].isdisjoint(actor.roles)


def sees_area(actor: Actor, area_code: str | None) -> bool:
    """Tell whether a row of an area is within the actor's reach (branch staff: their own)."""
    return actor.area_code is None or actor.area_code == area_code
