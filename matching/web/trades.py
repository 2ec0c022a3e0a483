"""Visits passed on: what I offered, what colleagues offer that I could take, and the desk's yes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from matching.activities import queries, trading
from matching.activities.trade_models import TRADE_STATES, Trade
from matching.kernel import clock
from matching.kernel.database import db
from matching.kernel.errors import Invalid, NotFound
from matching.web import wording
from matching.web.access import access, current_actor
from matching.web.certificates import own_registration
from matching.web.offers_view import part_of_town, placement_span
from matching.web.registers import gettext
from matching.web.sending import once
from matching.web.visits import NUMBER

pages = Blueprint("trades", __name__)

TRADE = "<int:trade_id>"
DO = {
    "pass": _("代わってくれる方をさがします。決まったら、センターがお知らせします。"),
    "keep": _("ご自分の予定のままにしました。"),
}
TAKEN = _("ありがとうございます。センターが確かめて、お知らせします。")
DECIDED = {
    "yes": _("交代しました。お二人への電話が「今日の仕事」に出ています。"),
    "no": _("交代しないと記録しました。お二人に電話してください。"),
}


@pages.get("/my/trades")
@access("my.read")
def home() -> str:
    """Show what colleagues offer that I could take, and what became of mine."""
    session, now, me = db.session(), clock.now(), own_registration()
    return render_template(
        "my/trades.html",
        open=[_line(each) for each in trading.trades_for(session, me, now)],
        own=[
            _line(each) | {"mine": each.placement.volunteer_id == me.id}
            for each in trading.trades_of(session, me, now)
        ],
    )


def _line(row: Trade) -> dict[str, Any]:
    """What is told of it before anything is settled: never who or where exactly (BR-19)."""
    placement = row.placement
    return {
        "id": row.id,
        "placement": placement.id,
        "when": placement_span(placement.starts_at, placement.ends_at),
        "what": wording.category(placement.need.category_code),
        "where": part_of_town(placement.need),
        "state": row.state,
        "label": gettext(TRADE_STATES[row.state]),
    }


@pages.post(f"/my/trades/{TRADE}")
@access("my.answer")
def take(trade_id: int) -> Response:
    """Say that I would go instead of a colleague."""
    me = own_registration()
    once("trade-take", lambda work, who, now: trading.take(work, trade_id, me, who, now))
    flash(str(TAKEN), "success")
    return redirect(url_for("trades.home"))


@pages.post(f"/my/activities/{NUMBER}/trade")
@access("my.answer")
def offer(placement_id: int) -> Response:
    """Offer a visit of mine to colleagues, or keep it after all."""
    actor, do = current_actor(), request.form.get("do", "")
    placement, _activity = queries.get_visit(db.session(), placement_id, actor)
    if actor.person_id is None or placement.volunteer.person_id != actor.person_id:
        raise NotFound
    if do not in DO:
        raise Invalid(gettext("どうするかを選んでください。"), field="do")
    act = trading.pass_on if do == "pass" else trading.keep_after_all
    once(f"trade-{do}", lambda work, who, now: act(work, placement_id, who, now))
    flash(str(DO[do]), "success")
    return redirect(url_for("my_visits.show", placement_id=placement_id))


@pages.post(f"/desk/activities/{NUMBER}/trade")
@access("activity.swap")
def settle(placement_id: int) -> Response:
    """Let the colleague go instead, or not."""
    said = request.form.get("decision", "")
    if said not in DECIDED:
        raise Invalid(gettext("どうするかを選んでください。"), field="decision")
    once(
        "trade-settle",
        lambda work, who, now: trading.settle_trade(work, placement_id, said == "yes", who, now),
    )
    flash(str(DECIDED[said]), "success")
    return redirect(url_for("visits.show", placement_id=placement_id))
