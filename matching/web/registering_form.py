"""The form of a volunteer's registration; its fields are named as in the sheets."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from matching.catalogue.reference import (
    CATEGORIES,
    CONTACT_METHODS,
    GENDERS,
    OCCUPATIONS,
    SKILLS,
    TRANSPORT_KINDS,
)
from matching.cells.dates import read_date
from matching.cells.names import read_name
from matching.cells.numbers import decimal_reader, integer_reader
from matching.cells.phones import landline_and_mobile, read_email, read_phone
from matching.cells.places import read_postal_code
from matching.kernel.errors import Invalid
from matching.people.registering import Contact
from matching.places.addresses import area_of_address, district_of, point_of
from matching.volunteers.registering import VolunteerEntry
from matching.web.asking_form import WRONG_POSTAL
from matching.web.forms import Form
from matching.web.readings import (
    ReadField,
    Ticks,
    choices,
    line,
    lines,
    pick,
    read_reading,
    tick,
)
from matching.web.registers import gettext, weekday
from matching.web.sheet_form import WRONG_DATE, WRONG_PHONE

DAYS = [{"value": str(day), "label": LazyString(weekday, day)} for day in range(7)]
BANDS = [
    {"value": "morning", "label": _("午前"), "hint": _("9〜12時")},
    {"value": "afternoon", "label": _("午後"), "hint": _("13〜17時")},
    {"value": "evening", "label": _("夕方"), "hint": _("17〜20時")},
]
MINUTES = {"morning": (540, 720), "afternoon": (780, 1020), "evening": (1020, 1200)}


WHICH_GUARDIAN = _("保護者の方のお名前を入力してください。")
CALL_GUARDIAN = _("保護者の方の電話番号を入力してください。同意をお電話でうかがいます。")


SPAN = re.compile("[～〜~]|から")
LONGEST_SPAN = 366


def slots() -> dict[str, str]:
    """Return the boxes of the grid of a week."""
    return {
        f"{day['value']}-{band['value']}": f"{day['label']} {band['label']}"
        for day in DAYS
        for band in BANDS
    }


class VolunteerForm(Form):
    """Who, what, when, how far, and what may be told to whom."""

    name = ReadField(
        _("お名前"),
        read_name,
        _("お名前を読み取れませんでした。"),
        required=_("お名前を入力してください。"),
    )
    name_kana = ReadField(
        _("ふりがな"),
        read_reading,
        _("ふりがなは、かな（カタカナかひらがな）で入力してください。"),
        required=_("ふりがなを入力してください。"),
    )
    birth_date = ReadField(_("生年月日"), read_date, WRONG_DATE)
    gender = pick(_("性別"), choices(GENDERS, blank=_("選ばない")), "")
    postal_code = ReadField(_("郵便番号"), read_postal_code, WRONG_POSTAL)
    address = line(_("住所"), required=_("住所を入力してください。町名までで大丈夫です。"))
    phone = ReadField(_("電話番号"), read_phone, WRONG_PHONE)
    email = ReadField(
        _("メールアドレス"), read_email, _("メールアドレスの形をたしかめてください。")
    )
    contact_method = pick(_("連絡のとりやすい方法"), choices(CONTACT_METHODS), "phone")
    occupation = pick(_("お仕事など"), choices(OCCUPATIONS, blank=_("選ばない")), "")
    categories = Ticks(
        _("やってみたい活動"), choices(category for category in CATEGORIES if category.accepted)
    )
    skills = Ticks(_("できること・資格"), choices(SKILLS))
    dates_off = lines(_("行けない日"))
    guardian_name = line(_("保護者のお名前"))
    guardian_relation = line(_("続柄"))
    guardian_phone = ReadField(_("保護者の電話番号"), read_phone, WRONG_PHONE)
    availability = Ticks(_("都合のよい曜日と時間帯"), slots)
    transport = pick(_("活動先へ行く方法"), choices(TRANSPORT_KINDS, blank=_("選ばない")), "")
    max_distance_km = ReadField(
        _("行ける距離（km）"),
        decimal_reader(0, 200),
        _("距離は0から200までの数字で入力してください。"),
    )
    max_hours_per_month = ReadField(
        _("ひと月に何時間まで"),
        decimal_reader(0, 200),
        _("時間は0から200までの数字で入力してください。"),
    )
    max_visits_per_week = ReadField(
        _("週に何回まで"), integer_reader(0, 14), _("回数は0から14までの数字で入力してください。")
    )
    notice_days = ReadField(
        _("何日前までに連絡がほしいか"),
        integer_reader(0, 60),
        _("日数は0から60までの数字で入力してください。"),
    )
    note = lines(_("知っておいてほしいこと"))
    consent_coordination = tick(
        _("活動をお願いするために、この内容を使ってよい"),
        required=_("この同意がないと、登録できません。お電話でもご相談いただけます。"),
    )
    consent_share = tick(_("活動が決まったら、お名前をお相手に伝えてよい"))
    pledge = tick(
        _("活動で知ったことを、ほかの人に話しません"),
        required=_("秘密を守ることは、活動のいちばん大切な約束です。"),
    )

    def entry(self) -> VolunteerEntry:
        """Return what was typed as the use case takes it."""
        return VolunteerEntry(
            contact=self._contact(),
            categories=tuple(self.categories.data or ()),
            skills=tuple(self.skills.data or ()),
            slots=tuple(sorted(slot_of(value) for value in self.availability.data or ())),
            transport=self.transport.data or None,
            max_distance_km=self.max_distance_km.number,
            max_hours_per_month=self.max_hours_per_month.number,
            max_visits_per_week=self.max_visits_per_week.whole,
            notice_days=self.notice_days.whole or 0,
            occupation=self.occupation.data or None,
            note="\n".join(filter(None, (self._note(), self._guardian()))) or None,
            days_off=tuple(read_days(self.dates_off.data or "")),
            consents=("coordination_use", "share_with_volunteer")
            if self.consent_share.data
            else ("coordination_use",),
        )

    def _note(self) -> str:
        return (self.note.data or "").strip()

    def _guardian(self) -> str:
        """Whom to call before anything is asked of a minor (BR-10)."""
        if not (self.guardian_name.data or "").strip():
            return ""
        return gettext(
            "保護者：%(name)s（%(relation)s）%(phone)s",
            name=self.guardian_name.data,
            relation=self.guardian_relation.data or "",
            phone=self.guardian_phone.clean or "",
        )

    def check_guardian(self) -> None:
        """Refuse a minor's application that names no guardian to call."""
        if not (self.guardian_name.data or "").strip():
            raise Invalid(str(WHICH_GUARDIAN), field="guardian_name")
        if not (self.guardian_phone.clean or self.guardian_phone.errors):
            raise Invalid(str(CALL_GUARDIAN), field="guardian_phone")

    def _contact(self) -> Contact:
        address, postal_code = (self.address.data or "").strip(), self.postal_code.clean or ""
        phone, mobile = landline_and_mobile(self.phone.clean)
        lat, lon = point_of(address, postal_code) or (None, None)
        return Contact(
            name=self.name.clean or "",
            name_kana=self.name_kana.clean,
            birth_on=self.birth_date.day,
            gender=self.gender.data or None,
            phone=phone,
            mobile=mobile,
            email=self.email.clean,
            contact_method=self.contact_method.data,
            postal_code=postal_code or None,
            address=address,
            area_code=area_of_address(address),
            district_code=district_of(address, postal_code),
            lat=lat,
            lon=lon,
        )


def slot_of(value: str) -> tuple[int, int, int]:
    """Return weekday and minutes of a box of the grid."""
    day, _, band = value.partition("-")
    start, end = MINUTES[band]
    return int(day), start, end


def value_of(slot: tuple[int, int, int]) -> str | None:
    """Return the box of the grid for an interval; None for one that the grid cannot show."""
    day, start, end = slot
    bands = (band for band, minutes in MINUTES.items() if minutes == (start, end))
    band = next(bands, None)
    return f"{day}-{band}" if band else None


def read_days(text: str) -> list[date]:
    """Read one date, or a first and a last one, a line; raises Invalid naming a wrong line."""
    return [day for line_text in text.splitlines() if line_text.strip() for day in _span(line_text)]


def _span(line_text: str) -> list[date]:
    found = [_day(part) for part in SPAN.split(line_text.strip())]
    first, last = found[0], found[-1]
    if (
        first is None
        or last is None
        or len(found) > 2
        or not 0 <= (last - first).days <= LONGEST_SPAN
    ):
        sentence = gettext(
            "「%(typed)s」を日付として読み取れませんでした。", typed=line_text.strip()[:20]
        )
        raise Invalid(sentence, field="dates_off")
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _day(text: str) -> date | None:
    cell = read_date(text.strip())
    return date.fromisoformat(cell.text) if cell.text else None
