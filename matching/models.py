"""Every table of the service in one import, for migrations and for start-up."""

from matching.activities import absence_models as absences
from matching.activities import alarm_models as alarms
from matching.activities import case_models as cases
from matching.activities import expense_models as expenses
from matching.activities import follow_models as follow_ups
from matching.activities import group_models as group_visits
from matching.activities import models as activities
from matching.activities import trade_models as trades
from matching.catalogue import models as catalogue
from matching.coordination import acceptance_models as acceptance
from matching.coordination import contact_models as contacts
from matching.coordination import models as coordination
from matching.coordination import plan_models as plans
from matching.coordination import reach
from matching.coordination import weight_models as weights
from matching.evacuation import models as evacuation
from matching.kernel import audit, drafts, limits, outbox, person_keys, replies, tasks, undo
from matching.messaging import feed_models as feeds
from matching.messaging import hook_models as hooks
from matching.messaging import models as messaging
from matching.needs import approval_models as approvals
from matching.needs import briefing, days_off
from matching.needs import inbox_models as inboxes
from matching.needs import models as needs
from matching.needs import paper as paper_forms
from matching.needs import referral_models as referrals
from matching.needs import sheet as need_sheets
from matching.noticeboard import models as noticeboard
from matching.people import credentials, disclosures, legal_holds, tokens
from matching.people import models as people
from matching.people import trust_models as trust
from matching.places import models as places
from matching.safeguarding import models as safeguarding
from matching.volunteers import models as volunteers
from matching.volunteers import term_models as terms

__all__ = [
    "absences",
    "acceptance",
    "activities",
    "alarms",
    "approvals",
    "audit",
    "briefing",
    "cases",
    "catalogue",
    "contacts",
    "coordination",
    "credentials",
    "days_off",
    "disclosures",
    "drafts",
    "evacuation",
    "expenses",
    "feeds",
    "follow_ups",
    "group_visits",
    "hooks",
    "inboxes",
    "legal_holds",
    "limits",
    "messaging",
    "need_sheets",
    "needs",
    "noticeboard",
    "outbox",
    "paper_forms",
    "people",
    "person_keys",
    "places",
    "plans",
    "reach",
    "referrals",
    "replies",
    "safeguarding",
    "tasks",
    "terms",
    "tokens",
    "trades",
    "trust",
    "undo",
    "volunteers",
    "weights",
]
