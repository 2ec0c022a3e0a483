"""Who may do what: one table of actions and roles, and how far each role sees."""

from __future__ import annotations

from enum import StrEnum

from matching.kernel.actor import Actor, Grant

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
    "need.refer": STAFF,
    "need.triage": STAFF,
    "need.approve": frozenset({"center_manager"}),
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
    "activity.move": STAFF,
    "need.days": STAFF,
    "follow_up.read": STAFF,
    "follow_up.record": STAFF,
    "need.close": STAFF,
    "certificate.issue": STAFF,
    "volunteer.renew": STAFF,
    "volunteer.insure": STAFF,
    "volunteer.verify": STAFF,
    "volunteer.admit": STAFF,
    "insurance.roster": frozenset({"center_manager", "coordinator"}),
    "case.read": STAFF,
    "case.handle": STAFF,
    "expense.read": STAFF,
    "expense.decide": STAFF,
    "partner.read": frozenset({"partner_agency"}),
    "partner.answer": frozenset({"partner_agency"}),
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
    "notice.manage": frozenset({"center_manager", "coordinator"}),
    "undo.own": SIGNED_IN,  # and then whatever the act itself asks for
    "mode.switch": frozenset({"center_manager", "coordinator"}),
    "evacuation.read": STAFF,  # and then only those named on the copy
    "evacuation.manage": frozenset({"center_manager"}),
    "calendar.feed": EVERYONE,  # whoever has the address of a feed
    "hook.receive": EVERYONE,  # gateways, who prove themselves by a signature
    "metrics.read": EVERYONE,
}

# Actions that ask for the password again where the last proof is older than ten minutes.
STEP_UP = frozenset(
    {
        *(
            "account.factors",
            "account.manage",
            "block.remove",
            "sheet.export",
            "insurance.roster",
            "token.manage",
            "evacuation.read",
            "evacuation.manage",
        ),
        "weights.approve",
    }
)


class Reach(StrEnum):
    """The relation an action asks for between a role and a row: how far the role sees with it."""

    NONE = "none"  # no rows at all: settings, keys, the trail
    FIGURES = "figures"  # counts only, small ones hidden from who is outside
    OWN = "own"  # what is about the person of the account
    FILED = "filed"  # what the account brought, of its district and within its term
    AREA = "area"  # the area of the role
    NEAR = "near"  # the area of the role and those beside it
    ALL = "all"  # the whole city; the area only where the role is held for one


REACH: dict[str, Reach] = {
    "center_manager": Reach.ALL,
    "coordinator": Reach.ALL,
    "branch_staff": Reach.AREA,
    "intake_clerk": Reach.ALL,
    "welfare_commissioner": Reach.FILED,
    "volunteer": Reach.OWN,
    "requester": Reach.OWN,
    "partner_agency": Reach.OWN,
    "city_officer": Reach.FIGURES,
    "auditor": Reach.NONE,
    "system_admin": Reach.NONE,
    "system": Reach.ALL,  # the service itself
}

# Where an action does not follow the reach of its role. For every role:
OF_ACTION: dict[str, Reach] = {"report.read": Reach.FIGURES}
# And for one: who looks for somebody to help with a need of a branch may look next door.
OF_ROLE: dict[tuple[str, str], Reach] = {("need.candidates", "branch_staff"): Reach.NEAR}
# And what is about oneself stays so in every role.
ONESELF = frozenset(
    {"account.own", "account.factors", "account.confirm", "account.sign_out", "token.manage"}
)


def may(actor: Actor, action: str) -> bool:
    """Tell whether a role of the actor may do an action at all; raises KeyError if undeclared."""
    return not ACTIONS[action].isdisjoint(actor.roles)


def reach_of(action: str, role: str) -> Reach:
    """Return the cell of the table: how far a role sees with an action."""
    if role not in ACTIONS[action] or role not in REACH:
        return Reach.NONE
    if action.startswith("my.") or action in ONESELF:
        return Reach.OWN
    return OF_ACTION.get(action) or OF_ROLE.get((action, role)) or REACH[role]


def policy_of(action: str) -> dict[str, object]:
    """Return the row of the table: who may, how far each sees, and whether it asks for a proof."""
    roles = sorted(ACTIONS[action])
    reaches = {role: reach_of(action, role).value for role in roles if role in ROLES}
    return {"roles": roles, "reach": reaches, "step_up": action in STEP_UP}


def grants_within(actor: Actor, action: str) -> list[tuple[Grant, Reach]]:
    """Return the actor's roles that see rows with an action, each with its reach."""
    found = [(grant, _bound(grant, reach_of(action, grant.role))) for grant in actor.grants]
    return [(grant, reach) for grant, reach in found if reach not in {Reach.NONE, Reach.FIGURES}]


def _bound(grant: Grant, reach: Reach) -> Reach:
    """A role held for an area sees no more than that; one that needs an area has one."""
    if reach is Reach.ALL and grant.area_code is not None:
        return Reach.AREA
    if reach in {Reach.AREA, Reach.NEAR} and grant.area_code is None:
        return Reach.NONE
    return reach


def sees_area(actor: Actor, area_code: str | None) -> bool:
    """Tell whether the rows of an area are those of the actor's own office."""
    held = [(grant, _bound(grant, REACH.get(grant.role, Reach.NONE))) for grant in actor.grants]
    return any(
        reach is Reach.ALL or (reach is Reach.AREA and grant.area_code == area_code)
        for grant, reach in held
    )


def only_areas(actor: Actor) -> frozenset[str] | None:
    """Return the areas whose office the actor works in; None for the whole city."""
    if sees_area(actor, None):
        return None
    return frozenset(area for grant in actor.grants if (area := _office(grant)) is not None)


def only_area(actor: Actor) -> str | None:
    """Return the area of who works in one only; what they begin is kept there."""
    areas = only_areas(actor) or frozenset()
    return next(iter(areas)) if len(areas) == 1 else None


def counts_only(actor: Actor, action: str) -> bool:
    """Tell whether an action shows the actor figures and no rows."""
    reaches = {reach_of(action, grant.role) for grant in actor.grants} - {Reach.NONE}
    return reaches == {Reach.FIGURES}


def districts_of(actor: Actor) -> list[tuple[str | None, str | None]]:
    """Return area and district of each term that a commissioner serves now."""
    held = (grant for grant in actor.grants if grant.role == "welfare_commissioner")
    return [(grant.area_code, grant.district_code) for grant in held]


def _office(grant: Grant) -> str | None:
    reach = _bound(grant, REACH.get(grant.role, Reach.NONE))
    return grant.area_code if reach is Reach.AREA else None
