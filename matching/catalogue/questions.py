"""What is asked at intake beside the need itself: for every kind of help, or for some of them."""

from __future__ import annotations

from dataclasses import dataclass

from matching.catalogue.sheets import rows


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the intake sheet; `kind` is text or yes_no."""

    code: str
    label: str
    english: str
    easy: str
    kind: str
    categories: tuple[str, ...]  # empty: asked for every kind of help
    at_desk_only: bool


def _question(row: dict[str, str]) -> Question:
    return Question(
        code=row["code"],
        label=row["label"],
        english=row["english"],
        easy=row["easy"],
        kind=row["kind"],
        categories=tuple(row["categories"].replace("*", "").split()),
        at_desk_only=row["where"] == "desk",
    )


QUESTIONS: tuple[Question, ...] = tuple(_question(row) for row in rows("questions.csv"))
QUESTION_BY_CODE: dict[str, Question] = {question.code: question for question in QUESTIONS}


def questions_for(category_code: str | None, *, desk: bool) -> list[Question]:
    """Return what to ask for a kind of help: its own questions first, then the general ones."""
    asked = [
        question
        for question in QUESTIONS
        if (desk or not question.at_desk_only)
        and (not question.categories or category_code in question.categories)
    ]
    return sorted(asked, key=lambda question: not question.categories)
