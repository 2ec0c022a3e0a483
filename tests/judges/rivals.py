"""What general solvers make of the whole question at once: the planner's rivals.

Run as `python -m tests.judges.rivals highs|cpsat SECONDS`: one instance in, figures as JSON out.
The instance must have no bookings and no locks (their hours would count towards the limits).
"""

import json
import sys
import time
from typing import NamedTuple

from .instance import from_text
from .monolith import Monolith


class Answer(NamedTuple):
    """What a solver reached: the value of its plan and how it ended."""

    value: int
    ended: str


def highs(monolith: Monolith, seconds: float) -> Answer:
    """Solve with HiGHS on one thread, with its own settings."""
    import highspy  # HiGHS and OR-Tools cannot be loaded into one process
    import numpy as np

    model = highspy.Highs()
    model.silent()
    model.setOptionValue("threads", 1)
    model.setOptionValue("time_limit", seconds)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 0.5)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(monolith.worth), len(monolith.rows)
    lp.col_cost_ = -np.array(monolith.worth, dtype=float)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    lp.row_lower_ = np.full(lp.num_row_, -highspy.kHighsInf)
    lp.row_upper_ = np.array([row.most for row in monolith.rows], dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row.variables) for row in monolith.rows)])
    lp.a_matrix_.index_ = np.array([v for row in monolith.rows for v in row.variables])
    lp.a_matrix_.value_ = np.array([f for row in monolith.rows for f in row.factors], dtype=float)
    model.passModel(lp)
    model.run()
    ended = model.modelStatusToString(model.getModelStatus())
    if model.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(0, ended)
    chosen = np.array(model.getSolution().col_value) > 1 / 2
    return Answer(
        sum(w for w, yes in zip(monolith.worth, chosen.tolist(), strict=True) if yes), ended
    )


def cpsat(monolith: Monolith, seconds: float) -> Answer:
    """Solve with CP-SAT, set as it does best here: one worker, full linear relaxation."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in monolith.worth]
    for row in monolith.rows:
        terms = zip(row.variables, row.factors, strict=True)
        model.add(sum(factor * variables[v] for v, factor in terms) <= row.most)
    terms = zip(variables, monolith.worth, strict=True)
    model.maximize(sum(worth * variable for variable, worth in terms if worth))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Answer(round(solver.objective_value) if found else 0, solver.status_name(status))


SOLVERS = {"highs": highs, "cpsat": cpsat}


def main() -> None:
    """Answer one instance."""
    name, seconds = sys.argv[1], float(sys.argv[2])
    instance = from_text(sys.stdin.readline())
    if instance.engagements or instance.locks:
        raise SystemExit("The rivals take no instance with bookings or locks.")
    monolith = Monolith(instance)
    began = time.process_time()
    answer = SOLVERS[name](monolith, seconds)
    weighted, score = monolith.parts(answer.value)
    figures = {
        "variables": len(monolith.worth),
        "rows": len(monolith.rows),
        "weighted_seats": weighted,
        "score": score,
        "ended": answer.ended,
        "cpu_seconds": time.process_time() - began,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
