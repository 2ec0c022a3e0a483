"""What somebody answered, as the page for looking it over shows it, with links to change it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from wtforms import BooleanField, SelectFieldBase, SelectMultipleField

from matching.web.registers import gettext
from matching.web.sheet_form import told_for, told_rows
from matching.web.surroundings import day
from matching.web.wizard import Typed, Wizard

A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
UNSAID = ("any", "once", "")  # answers that nobody needs to look over


def answers_of(form: Any, typed: Typed, wizard: Wizard) -> list[dict[str, Any]]:
    """Return each answer with the page on which it was given."""
    rows = []
    for step in wizard.asked(typed):
        href = wizard.href(step)
        said = [_row(field, href) for field in form if step.owns(field.name)]
        rows += [row for row in said if row is not None]
        if step.prefix.strip():
            told = told_for(form.category.data or "", typed, desk=False)
            rows += [_change(term, value, href) for term, value in told_rows(told)]
    return rows


def _row(field: Any, href: str) -> dict[str, Any] | None:
    value = _value(field)
    return _change(field.label.text, value, href) if value else None


def _change(term: Any, value: str, href: str) -> dict[str, Any]:
    return {"term": term, "value": value, "change_href": href}


def _value(field: Any) -> str:
    if isinstance(field, BooleanField):
        return gettext("はい") if field.data else gettext("いいえ")
    if isinstance(field, SelectMultipleField):
        names = {value: label for value, label, *_rest in field.iter_choices()}
        return gettext("、").join(str(names[code]) for code in field.data or () if code in names)
    if isinstance(field, SelectFieldBase):
        if field.data in UNSAID or field.data is None:
            return ""
        names = {value: label for value, label, *_rest in field.iter_choices()}
        return str(names.get(field.data, ""))
    return _in_words((field.data or "").strip())


def _in_words(text: str) -> str:
    """A day as it is read aloud; anything else as it was typed."""
    if not A_DAY.fullmatch(text):
        return text
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
