"""How likely a yes is and whom to ask now, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from matching.coordination.waves import WavePlan
from matching.engine.acceptance import Chance
from matching.web.registers import gettext
from matching.web.surroundings import moment

SET_ASIDE = {
    "open_offers": _("ほかのお願いの返事を待っています"),
    "resting": _("同じ活動が最近合わなかったので、7日あけます"),
    "not_active": _("いまは活動を休んでいます"),
}


def chance_line(chance: Chance | None) -> str | None:
    """Write a forecast with its interval: 45%（35〜55%）."""
    if chance is None:
        return None
    return gettext(
        "%(p)s（%(low)s〜%(high)s）",
        p=percent(chance.p),
        low=percent(chance.low),
        high=percent(chance.high),
    )


def percent(share: float) -> str:
    """Write a share in whole per cent; never 100 % or 0 % of what is not certain."""
    whole = round(100 * share)
    if 0 < share < 1:
        whole = min(max(whole, 1), 99)
    return f"{whole}%"


def wave_of(plan: WavePlan) -> dict[str, Any]:
    """Return what the need page says of a wave: whom to ask, until when, how likely it is."""
    this = plan.round
    return {
        "people": [
            {
                "name": each.proposal.volunteer.person.name,
                "id": each.proposal.id,
                "chance": chance_line(each.chance),
            }
            for each in plan.asked
        ],
        "count": len(plan.asked),
        "seats": plan.seats,
        "waiting": plan.waiting,
        "chance": percent(plan.chance),
        "target": percent(plan.target),
        "deadline": moment(this.deadline),
        "answer_by": moment(this.answer_by),
        "quiet_until": moment(this.ask_at),
        "rounds": this.rounds,
        "at_once": plan.at_once,
        "at_once_chance": percent(plan.at_once_chance),
        "surplus": percent(plan.surplus),
        "reached": plan.reached,
        "learned": plan.learned,
        "set_aside": [
            {"name": each.volunteer.person.name, "why": SET_ASIDE[why]}
            for each, why in plan.set_aside
        ],
    }
