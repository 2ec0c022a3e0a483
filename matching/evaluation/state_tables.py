"""The register of all states: which rows have them, and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matching.activities import case_rules, expense_rules, trade_models
from matching.activities import rules as activities
from matching.coordination import rules as coordination
from matching.coordination import weighing
from matching.kernel import tasks
from matching.kernel.transitions import Transitions
from matching.messaging import rules as messages
from matching.needs import approval_models, referral_models
from matching.needs import rules as needs
from matching.people import rules as people
from matching.safeguarding import rules as safeguarding
from matching.volunteers import rules as volunteers


@dataclass(frozen=True)
class StateTable:
    """The rows of a database table, and what may follow each of their states."""

    rows: str
    after: Transitions


STATE_TABLES: Mapping[str, StateTable] = {
    "need": StateTable("needs", needs.TRANSITIONS),
    "proposal": StateTable("proposals", coordination.PROPOSAL_TRANSITIONS),
    "placement": StateTable("placements", coordination.PLACEMENT_TRANSITIONS),
    "activity": StateTable("activities", activities.TRANSITIONS),
    "trade": StateTable("trades", trade_models.TRADE_MOVES),
    "approval": StateTable("need_approvals", approval_models.APPROVAL_MOVES),
    "referral": StateTable("referrals", referral_models.REFERRAL_MOVES),
    "volunteer": StateTable("volunteers", volunteers.TRANSITIONS),
    "concern": StateTable("concerns", safeguarding.TRANSITIONS),
    "incident": StateTable("incidents", case_rules.INCIDENT_STEPS),
    "complaint": StateTable("complaints", case_rules.COMPLAINT_STEPS),
    "expense": StateTable("expense_claims", expense_rules.TRANSITIONS),
    "task": StateTable("tasks", tasks.TRANSITIONS),
    "message": StateTable("messages", messages.TRANSITIONS),
    "reveal": StateTable("reveal_requests", people.REVEAL_TRANSITIONS),
    "weights": StateTable("weight_versions", weighing.TRANSITIONS),
}
