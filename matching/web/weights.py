"""The workshop of weights: try them on past decisions, propose, and let another person approve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matching.coordination import replaying, weighing
from matching.coordination.weight_models import WeightReplay, WeightVersion
from matching.engine import FACTORS
from matching.kernel import clock, replies
from matching.kernel.actor import Actor
from matching.kernel.database import db, transaction
from matching.kernel.errors import Invalid
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.forms import accept, whole
from matching.web.refusals import said
from matching.web.registers import gettext
from matching.web.waves_view import percent

pages = Blueprint("weights", __name__)
STATES = {
    "draft": (_("下書き"), "neutral"),
    "proposed": (_("承認待ち"), "waiting"),
    "live": (_("いま使っています"), "done"),
    "retired": (_("前に使っていました"), "neutral"),
    "withdrawn": (_("取り下げ"), "neutral"),
}
MOST_LINES = 50
TRYING = _("下書きにしました。これまでの決定で、順位がどう変わるか計算しています。")
PROPOSED = _("提案しました。ほかの人が承認すると使われます。")
PUT_ASIDE = _("取り下げました。")
LIVE = _("新しい重みを使い始めました。調整案を作り直しています。")
Step = Callable[[Session, int, int, Actor, datetime], None]


@pages.get("/admin/weights")
@access("weights.read")
def workshop() -> str:
    """Show every version and a form to try other weights."""
    return _workshop({})


def _workshop(typed: dict[str, str], refused: str = "") -> str:
    session = db.session()
    versions = weighing.list_versions(session)
    live = next(version for version in versions if version.state == "live")
    return render_template(
        "admin/weights.html",
        versions=[_line(version) for version in versions],
        live=_line(live),
        factors=[
            {
                "code": code,
                "label": wording.FACTORS[code],
                "points": typed.get(code, str(live.points[code])),
                "live": live.points[code],
            }
            for code in FACTORS
        ],
        note=typed.get("note", ""),
        refused=refused,
        earlier=any(version.state == "retired" for version in versions),
    )


@pages.get("/admin/weights/<int:version_id>")
@access("weights.read")
def show(version_id: int) -> str:
    """Show one version, and what it would have changed in past decisions."""
    session = db.session()
    weighing.get_version(session, version_id)
    versions = {each.id: each for each in weighing.list_versions(session)}
    live = next(each for each in versions.values() if each.state == "live")
    found = replaying.find_replay(session, version_id)
    return render_template(
        "admin/weights_version.html",
        version=_line(versions[version_id]),
        factors=wording.FACTORS,
        live=_line(live),
        mine=versions[version_id].proposed_by_id == current_actor().account_id,
        replay=_replayed(found, versions) if found else None,
    )


def _line(version: WeightVersion) -> dict[str, Any]:
    label, tone = STATES[version.state]
    people = (version.drafted_by, version.proposed_by, version.approved_by)
    drafted, proposed, approved = (who.display_name if who else "" for who in people)
    return {
        "id": version.id,
        "version": version.version,
        "name": version.name,
        "state": version.state,
        "label": label,
        "tone": tone,
        "points": version.points,
        "note": version.note,
        "drafted": drafted,
        "proposed": proposed,
        "approved": approved,
        "from": version.live_from,
        "until": version.live_until,
    }


def _replayed(replay: WeightReplay, versions: dict[int, WeightVersion]) -> dict[str, Any]:
    told = replaying.summary(replay.lines)
    return {
        "running": replay.state == "running",
        "done": len(replay.lines),
        "total": len(replay.decisions),
        "baseline": versions[replay.baseline_id].name,
        "compared": told["compared"],
        "hits": [
            {"label": label, **{when: write(told[when][name]) for when in ("before", "after")}}
            for name, label, write in (
                ("first", _("選んだ方が1番目"), percent),
                ("top", _("選んだ方が3番目まで"), percent),
                ("mean", _("選んだ方の順位の平均"), _one_digit),
            )
        ],
        "changed": told["changed"][:MOST_LINES],
        "changes": len(told["changed"]),
    }


def _one_digit(value: float) -> str:
    return f"{value:.1f}"


@pages.post("/admin/weights/drafts")
@access("weights.change")
def draft() -> Any:
    """Write down weights to try, and rank past decisions under them."""
    actor, now = current_actor(), clock.now()
    points = {code: whole(request.form.get(code, "").strip(), -1) for code in FACTORS}
    try:
        with transaction() as work:

            def make() -> str:
                made = weighing.draft(work, points, request.form.get("note", ""), actor, now)
                replaying.ask_replay(work, made.id, actor, now)
                return str(made.id)

            version_id = replies.once(work, accept("weights"), now, make)
    except Invalid as refused:
        return _workshop(request.form.to_dict(), said(refused)), 422
    flash(
        gettext("下書きにしました。これまでの決定で、順位がどう変わるか計算しています。"), "success"
    )
    return redirect(url_for("weights.show", version_id=int(version_id)))


@pages.post("/admin/weights/return")
@access("weights.change")
def go_back() -> Response:
    """Propose the version before the live one again."""
    actor, now = current_actor(), clock.now()
    with transaction() as work:
        version_id = replies.once(
            work,
            accept("weights_return"),
            now,
            lambda: str(weighing.propose_return(work, actor, now).id),
        )
    flash(gettext("前の重みに戻す提案をしました。ほかの人が承認すると使われます。"), "success")
    return redirect(url_for("weights.show", version_id=int(version_id)))


@pages.post("/admin/weights/<int:version_id>/propose")
@access("weights.change")
def propose(version_id: int) -> Response:
    """Ask another person to make a draft live."""
    return _step(version_id, weighing.propose, PROPOSED)


@pages.post("/admin/weights/<int:version_id>/withdraw")
@access("weights.change")
def withdraw(version_id: int) -> Response:
    """Put a draft or a proposal aside."""
    return _step(version_id, weighing.withdraw, PUT_ASIDE)


@pages.post("/admin/weights/<int:version_id>/approve")
@access("weights.approve")
def approve(version_id: int) -> Response:
    """Make a proposed version live; never by who proposed it."""
    return _step(
        version_id, weighing.approve, "新しい重みを使い始めました。調整案を作り直しています。"
    )


def _step(version_id: int, act: Step, said: object) -> Response:
    with transaction() as work:
        version = whole(request.form.get("version"))
        act(work, version_id, version, current_actor(), clock.now())
    flash(str(said), "success")
    return redirect(url_for("weights.show", version_id=version_id))
