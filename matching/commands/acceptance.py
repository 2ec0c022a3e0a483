"""`musubi acceptance …`: learn from answers now, and show whether forecasts kept their word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from matching.commands.application import application, json_option, tell

if TYPE_CHECKING:
    from matching.coordination.acceptance_models import AcceptanceVersion


@click.group()
def acceptance() -> None:
    """How likely people say yes: learned from all answers, never a mark against a person."""


@acceptance.command("learn")
@json_option
def learn(as_json: bool) -> None:
    """Learn from all answers now, as happens every night."""
    from matching.coordination import forecasting
    from matching.kernel import clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction

    with application():
        with transaction() as session:
            found = _statement(forecasting.learn(session, SYSTEM, clock.now()))
        tell(found, as_json, _text(found))


@acceptance.command("show")
@json_option
def show(as_json: bool) -> None:
    """Show what was learned last: counts, effects, and the calibration table."""
    from matching.coordination import forecasting
    from matching.kernel.database import db
    from matching.kernel.errors import NotFound

    with application():
        version = forecasting.find_version(db.session())
        if version is None:
            raise NotFound("まだ学習していません。musubi acceptance learn で始められます。")
        found = _statement(version)
        tell(found, as_json, _text(found))


def _statement(version: AcceptanceVersion) -> dict[str, Any]:
    kept = version.coefficients
    return {
        "version": version.id,
        "learned_at": version.learned_at,
        "learned": version.learned,
        "answers": version.answers,
        "yeses": version.yeses,
        "people": version.people,
        "effects": dict(zip(kept["names"], kept["mean"], strict=True)),
        "calibration": version.calibration,
    }


def _text(found: dict[str, Any]) -> str:
    lines = [
        "version {version}: {answers} answers of {people} people, {yeses} yeses".format(**found)
    ]
    if not found["learned"]:
        return "\n".join([*lines, "too few answers: every forecast is the prior, 40 %"])
    lines += [f"  {name} {value:+.3f}" for name, value in found["effects"].items()]
    told = found["calibration"]
    lines += ["| offers | forecast | observed |", "|---|---|---|"]
    lines += [
        f"| {each['offers']} | {each['forecast']:.3f} | {each['observed']:.3f} |"
        for each in told["bins"]
    ]
    figures = "mean gap {gap:.4f}, log loss {log_loss:.4f} (share alone {log_loss_share:.4f})"
    return "\n".join([*lines, figures.format(**told) + f", Brier {told['brier']:.4f}"])
