"""Which rows an actor may know of: one condition a model, made from the permission table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from matching.kernel.actor import Actor, Grant
from matching.kernel.permissions import Reach, grants_within

Rule = Callable[[Actor, Grant, Reach], ColumnElement[bool]]
_RULES: dict[type[Any], Rule] = {}


def rule(model: type[Any]) -> Callable[[Rule], Rule]:
    """Declare which rows of a model lie within a reach; the one place that knows it."""

    def declare(told: Rule) -> Rule:
        _RULES[model] = told
        return told

    return declare


def visible(model: type[Any], actor: Actor, *actions: str) -> ColumnElement[bool]:
    """Return the condition on the rows of a model that any of the actions shows to an actor.

    The service itself sees all. Raises KeyError for a model without a rule: who forgets it
    shows nothing.
    """
    told = _RULES[model]
    if actor.role == "system":
        return true()
    found = [granted for action in actions for granted in grants_within(actor, action)]
    return or_(false(), *(told(actor, grant, reach) for grant, reach in found))
