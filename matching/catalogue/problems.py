"""Problems in plain words, whom they trouble, and the desks and volunteers that help."""

from __future__ import annotations

from dataclasses import dataclass

from matching.catalogue.sheets import Code, rows

WHOM: tuple[Code, ...] = (
    Code("elderly", "高齢の方のこと", "An elderly person"),
    Code("adult", "大人のこと", "A grown-up"),
    Code("child", "子どものこと", "A child"),
    Code("disabled", "障がいのある方のこと", "Somebody with a disability"),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of trouble; `help` are kinds of volunteering that may do."""

    code: str
    label: str
    english: str
    easy: str
    for_whom: tuple[str, ...]
    desks: tuple[str, ...]
    help: tuple[str, ...]


PROBLEMS: tuple[Problem, ...] = tuple(
    Problem(
        code=row["code"],
        label=row["label"],
        english=row["english"],
        easy=row["easy"],
        for_whom=tuple(row["for_whom"].split()),
        desks=tuple(row["desks"].split()),
        help=tuple(row["help"].split()),
    )
    for row in rows("problems.csv")
)
PROBLEM_BY_CODE: dict[str, Problem] = {problem.code: problem for problem in PROBLEMS}
