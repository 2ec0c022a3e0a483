"""The door to the catalogue: every code table the service knows, by subject."""

from collections.abc import Mapping

from matching.catalogue.categories import (
    CATEGORIES,
    CATEGORY_BY_CODE,
    SHEET_CATEGORIES,
    Category,
    Minors,
    Risk,
    SkillHint,
    category_of,
)
from matching.catalogue.contact_words import CHANNELS, CONTACT_METHODS, TRANSPORT_KINDS
from matching.catalogue.people_words import (
    GENDER_PREFERENCES,
    GENDERS,
    HOUSEHOLDS,
    OCCUPATIONS,
    RELATIONS,
)
from matching.catalogue.reasons import CLOSURE_REASONS, DECLINE_REASONS, OUTCOMES, RESPONSES
from matching.catalogue.referrals import REFERRAL_BY_CODE, REFERRAL_DESKS, ReferralDesk
from matching.catalogue.sheets import Code
from matching.catalogue.skills import SKILL_BY_CODE, SKILLS, Skill, skill_of
from matching.catalogue.timing_words import (
    ACTIVITY_TYPES,
    RECURRENCES,
    URGENCIES,
    URGENCY_WEIGHTS,
    Urgency,
)

__all__ = [
    "ACTIVITY_TYPES",
    "CATEGORIES",
    "CATEGORY_BY_CODE",
    "CHANNELS",
    "CLOSURE_REASONS",
    "CODE_TABLES",
    "CONTACT_METHODS",
    "DECLINE_REASONS",
    "GENDERS",
    "GENDER_PREFERENCES",
    "HOUSEHOLDS",
    "OCCUPATIONS",
    "OUTCOMES",
    "RECURRENCES",
    "REFERRAL_BY_CODE",
    "REFERRAL_DESKS",
    "RELATIONS",
    "RESPONSES",
    "SHEET_CATEGORIES",
    "SKILLS",
    "SKILL_BY_CODE",
    "TRANSPORT_KINDS",
    "URGENCIES",
    "URGENCY_WEIGHTS",
    "Category",
    "Code",
    "Minors",
    "ReferralDesk",
    "Risk",
    "Skill",
    "SkillHint",
    "Urgency",
    "category_of",
    "labels",
    "skill_of",
]

# The plain code tables by the sheet column or field they belong to.
CODE_TABLES: Mapping[str, tuple[Code, ...]] = {
    "activity_type": ACTIVITY_TYPES,
    "channel": CHANNELS,
    "closure_reason": CLOSURE_REASONS,
    "contact_method": CONTACT_METHODS,
    "decline_reason": DECLINE_REASONS,
    "gender": GENDERS,
    "gender_preference": GENDER_PREFERENCES,
    "household": HOUSEHOLDS,
    "occupation": OCCUPATIONS,
    "outcome": OUTCOMES,
    "recurrence": RECURRENCES,
    "requester_relation": RELATIONS,
    "response": RESPONSES,
    "transport": TRANSPORT_KINDS,
}


def labels(field: str) -> dict[str, str]:
    """Return the Japanese label of every code of a plain table, in the order of the table."""
    return {code.code: code.label for code in CODE_TABLES[field]}
