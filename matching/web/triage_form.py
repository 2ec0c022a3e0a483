"""The form of triage: what becomes of a need, why, how risky it is, and which desks are asked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField
from wtforms.validators import Optional

from matching.catalogue.reasons import CLOSURE_REASONS
from matching.catalogue.reference import URGENCIES
from matching.catalogue.referrals import REFERRAL_DESKS
from matching.needs.models import Need
from matching.needs.referral_models import RISKS, SITE_CHECKS
from matching.needs.triaging import Decision
from matching.web import wording
from matching.web.forms import Form, whole
from matching.web.readings import Ticks, choices, line, lines, pick, radios
from matching.web.registers import gettext

RISK_WORDS = {
    "R0": _("R0　人に会わない"),
    "R1": _("R1　人のいる場所、集まり"),
    "R2": _("R2　家の中や庭で、1回"),
    "R3": _("R3　家で1対1、送り迎え、子ども"),
    "R9": _("R9　ボランティアではできない"),
}


def _risks() -> dict[str, str]:
    return {"": gettext("決めていません")} | {code: str(RISK_WORDS[code]) for code in RISKS}


def _site_checks() -> dict[str, str]:
    return {"": gettext("決めていません")} | {
        code: gettext(label) for code, label in SITE_CHECKS.items()
    }


class TriageForm(Form):
    """What becomes of a need, why, and what happens next."""

    outcome = radios(_("見立ての結果"), wording.outcomes)
    reason = lines(_("理由・メモ"))
    reason_code = pick(_("理由の種類"), choices(CLOSURE_REASONS, blank=_("選ばない")))
    desks = Ticks(_("つなぐ窓口（いくつでも）"), choices(REFERRAL_DESKS))
    urgency = pick(_("緊急度"), choices(URGENCIES, blank=_("変えない")))
    risk_level = pick(_("リスクの段階"), _risks)
    site_check = pick(_("現場のようす"), _site_checks)
    next_action = line(_("次にすること"), required=_("次にすることを入力してください。"))
    next_action_on = DateField(
        _("いつまでに"), [Optional()], format="%Y-%m-%d", name="next_action_on"
    )
    version = HiddenField("version")

    def start_from(self, need: Need, desk_code: str | None) -> None:
        """Begin with what the kind of help suggests."""
        self.desks.data = [desk_code] if desk_code else []

    def decision(self) -> Decision:
        """Return what was decided."""
        return Decision(
            outcome=self.outcome.data,
            reason=self.reason.data or "",
            next_action=self.next_action.data or "",
            next_action_on=self.next_action_on.data,
            version=whole(self.version.data),
            desks=tuple(self.desks.data or ()),
            reason_code=self.reason_code.data or None,
            urgency=self.urgency.data or None,
            risk_level=self.risk_level.data or None,
            site_check=self.site_check.data or None,
        )
