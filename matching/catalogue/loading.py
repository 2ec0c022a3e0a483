"""Filling the tables of the catalogue; what the centre has edited since stays as it is."""

from __future__ import annotations

from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matching.catalogue import models
from matching.catalogue.reference import CATEGORIES, SKILLS

FIRST_DAY = date(2021, 4, 1)  # the first day of the city's second community welfare plan


def load(session: Session) -> None:
    """Add the categories and skills that are not there yet."""
    categories = [
        {
            "code": category.code,
            "label": category.label,
            "label_easy": category.easy,
            "label_en": category.english,
            "description": category.description,
            "icon": category.icon,
            "risk_level": category.risk.value,
            "minors": category.minors.value,
            "min_persons": category.min_persons,
            "typical_minutes": category.minutes,
            "place": category.place,
            "remote": category.remote,
            "referral_code": category.referral or None,
            "position": position,
            "valid_from": category.valid_from,
            "valid_to": category.valid_to,
        }
        for position, category in enumerate(CATEGORIES)
    ]
    skills = [
        {
            "code": skill.code,
            "label": skill.label,
            "verify": skill.verify,
            "position": position,
            "valid_from": FIRST_DAY,
        }
        for position, skill in enumerate(SKILLS)
    ]
    session.execute(insert(models.Category).values(categories).on_conflict_do_nothing())
    session.execute(insert(models.Skill).values(skills).on_conflict_do_nothing())
