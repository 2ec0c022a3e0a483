"""Where to turn: two questions in plain words, then the desks that help and the way to ask us."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from matching.catalogue.problems import PROBLEM_BY_CODE, PROBLEMS, WHOM, Problem
from matching.catalogue.reference import CATEGORY_BY_CODE
from matching.catalogue.referrals import REFERRAL_BY_CODE
from matching.places.reference import AREA_BY_CODE, AREAS
from matching.web.access import access
from matching.web.registers import gettext, place, word

pages = Blueprint("finding", __name__)

# Desks of which every area has its own: who asks is told which one is theirs.
OF_AN_AREA = frozenset({"community_general_support", "child_family_center", "city_welfare"})
URGENT = ("police_110", "fire_119")


@pages.get("/find")
@access("public.read")
def find() -> str:
    """Ask whom it is about, then what it is, then where; every answer is in the address."""
    whom, about, area = (request.args.get(name, "") for name in ("whom", "about", "area"))
    if whom not in {each.code for each in WHOM}:
        return _ask(1, "whom", [(each.code, word(each)) for each in WHOM])
    problem = PROBLEM_BY_CODE.get(about)
    if problem is None:
        found = [each for each in PROBLEMS if whom in each.for_whom]
        return _ask(2, "about", [(each.code, word(each)) for each in found], whom=whom)
    if area not in {*AREA_BY_CODE, "other"}:
        places = [(each.code, place(each.name)) for each in AREAS]
        rest = [*places, ("other", gettext("市の外、わからない"))]
        return _ask(3, "area", rest, whom=whom, about=about)
    return _answer(problem, whom, area)


def _ask(number: int, name: str, options: list[tuple[str, str]], **so_far: str) -> str:
    asked = name in request.args
    return render_template(
        "find/question.html",
        number=number,
        name=name,
        options=options,
        so_far=so_far,
        back=_back(so_far),
        nothing_chosen=asked or "asked" in request.args,
    )


def _back(so_far: dict[str, str]) -> str | None:
    kept = list(so_far.items())[:-1]
    query = "&".join(f"{name}={value}" for name, value in kept)
    return f"/find?{query}".rstrip("?") if so_far else None


def _answer(problem: Problem, whom: str, area: str) -> str:
    own = AREA_BY_CODE.get(area)
    desks: list[dict[str, Any]] = []
    for code in problem.desks if own else (*problem.desks, "other_shakyo"):
        desk = REFERRAL_BY_CODE[code]
        near = gettext("%(area)sの担当", area=place(own.name)) if own and code in OF_AN_AREA else ""
        desks.append(
            {
                "label": word(desk),
                "when": gettext(desk.when),
                "number": desk.short_number,
                "near": near,
                "urgent": code in URGENT,
            }
        )
    return render_template(
        "find/answer.html",
        problem=word(problem),
        desks=desks,
        help=[word(CATEGORY_BY_CODE[code]) for code in problem.help],
        back=f"/find?whom={whom}&about={problem.code}",
    )
