"""What the intake page shows beside the form: who may be calling, what is to be said at once."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from matching.catalogue.reference import CATEGORY_BY_CODE
from matching.catalogue.referrals import REFERRAL_BY_CODE
from matching.catalogue.referrals import ReferralDesk as Desk
from matching.kernel import clock, drafts
from matching.kernel.actor import Actor
from matching.needs.known import Known, likenesses, look_up
from matching.needs.rules import STATES
from matching.needs.scope import notes_on, sounds_worrying
from matching.needs.scope_words import REFUSALS
from matching.people.models import Account
from matching.places.reference import AREA_BY_CODE
from matching.safeguarding.queries import hidden_people
from matching.web import wording
from matching.web.intake_form import IntakeForm
from matching.web.registers import gettext, place, word
from matching.web.sheet_form import age_on, question_rows
from matching.web.surroundings import moment, short_day

REASONS = {
    "name": _("お名前"),
    "name_alike": _("よく似たお名前"),
    "kana": _("ふりがな"),
    "phone": _("電話番号"),
    "birth_on": _("生年月日"),
    "address": _("住所"),
}
UNNAMED = _("お名前はまだ聞いていません")


def beside(session: Session, form: IntakeForm, actor: Actor) -> dict[str, Any]:
    """Return what stands beside the form for what was typed so far."""
    category = form.category.data or ""
    words = form.words()
    return {
        "people": [
            _person(known)
            for known in look_up(session, form.asked(), actor, hidden_people(session, actor))
        ],
        "asked": bool(form.asked()),
        "scope": _scope(category, words),
        "worrying": sounds_worrying(words),
        "questions": question_rows(category or None, form.typed, desk=True),
        "saved": moment(clock.now()),
    }


def _person(known: Known) -> dict[str, Any]:
    person = known.person
    area = AREA_BY_CODE.get(person.area_code or "")
    age = age_on(person.birth_on, clock.today())
    return {
        "id": person.id,
        "name": person.name,
        "kana": person.name_kana or "",
        "area": place(area.name) if area else gettext("市外・不明"),
        "age": gettext("%(years)s歳", years=age) if age is not None else "",
        "same": gettext("、").join(str(REASONS[reason]) for reason in known.reasons),
        "household": gettext("、").join(known.household),
        "cases": [
            {
                "href": f"/desk/needs/{need.reference}",
                "reference": need.reference,
                "what": wording.category(need.category_code),
                "state": gettext(STATES[need.state]),
                "on": short_day(clock.local_date(need.received_at)),
            }
            for need in known.cases
        ],
    }


def _scope(category_code: str, words: str) -> list[dict[str, Any]]:
    """What volunteers may not do, with the desk that helps (BR-07, BR-22, BR-23)."""
    notes = [
        {"text": gettext(note.sentence), "desk": desk_line(note.desk_code), "blocks": note.blocks}
        for note in notes_on(category_code, words)
    ]
    category = CATEGORY_BY_CODE.get(category_code)
    if category is not None and not category.accepted:
        said, desk = gettext(REFUSALS[category_code]), desk_line(category.referral)
        notes.insert(0, {"text": said, "desk": desk, "blocks": True})
    return notes


def desk_line(code: str | None) -> str:
    """Write a desk with its short number, where it has one."""
    desk: Desk | None = REFERRAL_BY_CODE.get(code or "")
    if desk is None:
        return ""
    number = f"（{desk.short_number}）" if desk.short_number else ""
    return word(desk) + number


def namesakes(session: Session, form: IntakeForm) -> list[str]:
    """Return who must be told apart before the need is filed (BR-05)."""
    asked = form.asked()
    found = likenesses(session, asked[-1]) if asked else []
    return [each.person.name for each in found]


def draft_lines(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Return the unfinished intakes of the desk, each with who began it and where it stands."""
    lines = []
    for draft in drafts.desk_drafts(session, "intake", actor, clock.now()):
        values = draft.values
        account = session.get(Account, draft.account_id)
        lines.append(
            {
                "key": draft.key,
                "who": _first(values, "person_name", "requester_name") or str(UNNAMED),
                "what": _first(values, "title")[:40],
                "by": account.display_name if account else "",
                "at": moment(draft.changed_at),
                "old": clock.local_date(draft.changed_at) < clock.today(),
            }
        )
    return lines


def _first(values: drafts.Answers, *names: str) -> str:
    return next((found[0] for name in names if (found := values.get(name)) and found[0]), "")
