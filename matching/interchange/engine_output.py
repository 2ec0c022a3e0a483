"""A plan and its candidates as the document that `musubi engine solve` writes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from matching.engine import Assignment, Candidate, NeedCandidates, Plan, Unplaced


def document(
    plan: Plan, ranked: Mapping[str, NeedCandidates], problems: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the whole document; `seconds` is 0.0, for the bytes depend on the input alone."""
    return {
        "run": _run(plan),
        "assignments": [_assignment(a) for a in plan.assignments],
        "unplaced": [_unplaced(u) for u in plan.unplaced],
        "candidates": {n: [_candidate(c) for c in r.candidates] for n, r in ranked.items()},
        "excluded": {n: {str(g): k for g, k in r.excluded.items()} for n, r in ranked.items()},
        "problems": list(problems),
    }


def as_text(content: Mapping[str, Any]) -> str:
    """Return JSON with one line per assignment, visit, need and problem; always the same."""
    blocks = [f"{_text(name)}: {_block(value)}" for name, value in content.items()]
    return "{" + ",\n ".join(blocks) + "}\n"


def _block(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ",\n  ".join(_text(item) for item in value) + "]"
    if all(isinstance(item, list | dict) for item in value.values()):
        lines = (f"{_text(name)}: {_text(item)}" for name, item in value.items())
        return "{" + ",\n  ".join(lines) + "}"
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _run(plan: Plan) -> dict[str, Any]:
    figures = plan.figures
    return {
        "needs": figures.needs,
        "visits": figures.visits,
        "seats": figures.seats,
        "pairs": figures.pairs,
        "objective": figures.objective,
        "bound": figures.bound,
        "gap": figures.gap,
        "weighted_seats": figures.weighted_seats,
        "weighted_seats_bound": figures.weighted_seats_bound,
        "score": figures.score,
        "seconds": 0.0,
        "method": figures.method,
        "engine": figures.engine,
        "weights": figures.weights,
        "seed": figures.seed,
        "truncated": figures.truncated,
    }


def _assignment(a: Assignment) -> dict[str, Any]:
    return {
        "need_id": a.need_id,
        "visit": a.visit,
        "volunteer_id": a.volunteer_id,
        "date": a.on.isoformat(),
        "start": clock(a.start_minutes),
        "end": clock(a.end_minutes),
        "score": a.score,
    }


def _unplaced(u: Unplaced) -> dict[str, Any]:
    nearest = "" if u.nearest is None else f"{u.nearest.volunteer_id} {u.nearest.gate}"
    return {
        "need_id": u.need_id,
        "visit": u.visit,
        "missing": u.missing,
        "reason": str(u.reason),
        "nearest": nearest,
    }


def _candidate(c: Candidate) -> dict[str, Any]:
    return {
        "volunteer_id": c.volunteer_id,
        "score": c.score,
        "factors": dict(c.factors),
        "km": c.km,
        "travel_minutes": c.travel_minutes,
    }


def clock(minutes: int) -> str:
    """Return minutes past midnight as HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
