"""`musubi plan …`: run the planner, show a run, explain a pair."""

from __future__ import annotations

from typing import Any

import click

from matching.commands.application import application, json_option, tell


@click.group()
def plan() -> None:
    """Score and plan all needs that are ready, and explain the result."""


@plan.command("run")
@click.option("--changes", is_flag=True, help="Mend the last plan instead of planning afresh.")
@json_option
def run(changes: bool, as_json: bool) -> None:
    """Score and plan now, through the worker's own code path."""
    from matching.coordination.planning import plan_all, plan_changes
    from matching.coordination.statements import run_statement
    from matching.kernel import clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction

    with application():
        with transaction() as session:
            plan_now = plan_changes if changes else plan_all
            found = run_statement(plan_now(session, SYSTEM, clock.now()))
        tell(found, as_json, _run_text(found))


def _run_text(found: dict[str, Any]) -> str:
    return (
        "run {run_id}: {needs} needs, {visits} visits, {placed} seats placed, {unplaced} open\n"
        "objective {objective}, bound {bound}, gap {gap:.4%}, {seconds} s"
    ).format(**found)


@plan.command("show")
@click.argument("run_id", metavar="RUN")
@json_option
def show(run_id: str, as_json: bool) -> None:
    """Show the ranked candidates of RUN (a number, or `latest`) with every factor."""
    from matching.coordination import queries
    from matching.coordination.models import PlanningRun
    from matching.coordination.statements import run_needs, run_statement
    from matching.kernel.database import db
    from matching.kernel.errors import NotFound
    from matching.kernel.typed import row_number

    with application():
        session = db.session()
        if run_id == "latest":
            found = queries.find_latest_run(session, state="done")
        else:
            found = session.get(PlanningRun, row_number(run_id) or 0)
        if found is None:
            raise NotFound(_missing(run_id))
        told = {**run_statement(found), "by_need": run_needs(session, found)}
        tell(told, as_json, _show_text(told))


def _missing(run_id: str) -> str:
    return "まだ計画がありません。" if run_id == "latest" else f"計画 {run_id} はありません。"


def _show_text(told: dict[str, Any]) -> str:
    lines = [_run_text(told)]
    for reference, need in told["by_need"].items():
        lines.append(f"{reference}: {need['eligible']} eligible, excluded {need['excluded']}")
        lines += [
            f"  {each['rank']}. {each['volunteer_id']} {each['score']} {each['factors']}"
            for each in need["candidates"]
        ]
    return "\n".join(lines)


@plan.command("explain")
@click.argument("need")
@click.argument("volunteer", required=False)
@json_option
def explain(need: str, volunteer: str | None, as_json: bool) -> None:
    """Explain NEED: its ranked candidates, or for VOLUNTEER every factor or every gate."""
    from matching.coordination.statements import need_statement, pair_statement
    from matching.kernel import clock
    from matching.kernel.database import db

    with application():
        session, today = db.session(), clock.today()
        if volunteer is None:
            told = need_statement(session, need)
        else:
            told = pair_statement(session, need, volunteer, today)
        tell(told, as_json, _explain_text(told))


def _explain_text(told: dict[str, Any]) -> str:
    lines = []
    for key, value in told.items():
        rows = value if isinstance(value, list) else None
        lines.append(f"{key}: {_words(value)}" if not rows else f"{key}:")
        lines += [f"  {_words(row)}" for row in rows or ()]
    return "\n".join(lines)


def _words(value: Any) -> str:
    """A value in one line: of many hours of a day only the planned one counts."""
    if isinstance(value, dict):
        told = (f"{key} {_words(each)}" for key, each in value.items() if key != "starts")
        return ", ".join(told) or "-"
    if isinstance(value, list | tuple):
        return "; ".join(_words(each) for each in value) or "-"
    if value is None or isinstance(value, bool):
        return {None: "-", True: "yes", False: "no"}[value]
    return str(value)
