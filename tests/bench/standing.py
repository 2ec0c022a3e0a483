"""Declines on a large plan that was made in regions and stands in one process, as in the worker.

`python -m tests.bench.standing FOLDER ANSWER DECLINES` prints figures as JSON. The folder holds
clean sheets in canonical names; the answer is that of `musubi engine solve` on it.
"""

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

from matching.engine import Assignment, NeedInput, Planner
from matching.interchange.engine_inputs import (
    options_from,
    past_offer_from,
    volunteer_from,
    waiting_need_from,
)
from tests.judges.folders import clock, rows

from .declining import decline


def assignments_in(answer: Path) -> list[Assignment]:
    """Return the assignments of an answer."""
    return [
        Assignment(
            need_id=row["need_id"],
            visit=row["visit"],
            volunteer_id=row["volunteer_id"],
            on=date.fromisoformat(row["date"]),
            start_minutes=clock(row["start"]),
            end_minutes=clock(row["end"]),
            score=row["score"],
        )
        for row in json.loads(answer.read_text(encoding="utf-8"))["assignments"]
    ]


def planner_of(folder: Path) -> tuple[Planner, list[NeedInput]]:
    """Return a planner that knows a folder, and its needs."""
    asked = rows(folder / "needs.csv")
    needs = [need for row in asked if (need := waiting_need_from(row)) is not None]
    past = (past_offer_from(row) for row in rows(folder / "proposals.csv"))
    planner = Planner(
        needs,
        map(volunteer_from, rows(folder / "volunteers.csv")),
        options=options_from(folder / "options.json", asked),
        history=[offer for offer in past if offer is not None],
    )
    return planner, needs


def measured(folder: Path, answer: Path, declines: int) -> dict[str, object]:
    """Let the answer stand, let people decline, and return figures."""
    planner, needs = planner_of(folder)
    read = time.process_time()
    planner.adopt(assignments_in(answer))
    first = planner.repair()
    ready = time.process_time()
    found = decline(planner, needs, first, declines)
    p50, p95, most = (np.percentile(found.seconds, [50, 95, 100]) * 1_000).tolist()
    before, after = first.figures, found.plan.figures
    return {
        "needs": before.needs,
        "visits": before.visits,
        "pairs": before.pairs,
        "adopt_cpu_seconds": ready - read,
        "weighted_seats_adopted": before.weighted_seats,
        "declines": declines,
        "repair_p50_ms": p50,
        "repair_p95_ms": p95,
        "repair_longest_ms": most,
        "least_share_of_other_assignments_kept": found.least_kept,
        "weighted_seats": after.weighted_seats,
        "gap_percent_before": before.gap * 100,
        "gap_percent_after": after.gap * 100,
        "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


if __name__ == "__main__":
    found = measured(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
