"""The JSON API: the same use cases as the pages, for programs with a token."""

from matching.api import (
    activities,
    describing,
    elsewhere,
    needs,
    planning,
    problems,
    proposals,
    reference,
)
from matching.api import volunteers as volunteers
from matching.api.calls import pages

problems.register(pages)

__all__ = [
    "activities",
    "describing",
    "elsewhere",
    "needs",
    "pages",
    "planning",
    "proposals",
    "reference",
    "volunteers",
]
