"""Two candidates of a need beside each other, factor by factor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from matching.coordination import queries as coordination
from matching.kernel.database import db
from matching.kernel.errors import NotFound
from matching.needs.queries import get_need
from matching.safeguarding.queries import hidden_people
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.needs_view import candidate_lines

pages = Blueprint("comparing", __name__)


@pages.get("/desk/needs/<reference>/compare")
@access("need.candidates")
def show(reference: str) -> str:
    """Show two ranked people side by side; without a choice, the first two."""
    session, actor = db.session(), current_actor()
    need = get_need(session, reference, actor)
    if need.requester_id in hidden_people(session, actor):
        raise NotFound
    ranked = list(coordination.list_candidates(session, need.id))
    people = candidate_lines(session, _two(ranked, request.args.getlist("with")))
    return render_template(
        "desk/compare.html",
        need=need,
        what=wording.category(need.category_code),
        people=people,
        everybody=[(each.volunteer.reference, each.volunteer.person.name) for each in ranked],
        factors=_factors(people),
    )


def _two(ranked: list[Any], wanted: list[str]) -> list[Any]:
    """The people asked for in their ranking's order, filled up with the first of the others."""
    chosen = [each for each in ranked if each.volunteer.reference in wanted][:2]
    rest = [each for each in ranked if each not in chosen]
    return sorted([*chosen, *rest[: 2 - len(chosen)]], key=ranked.index)


def _factors(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each factor, with the points of both and who is ahead in it."""
    if len(people) < 2:
        return []
    rows = []
    for first, second in zip(people[0]["factors"], people[1]["factors"], strict=True):
        ahead = (first["points"] > second["points"]) - (first["points"] < second["points"])
        rows.append({"label": first["label"], "sides": (first, second), "ahead": ahead})
    return rows
