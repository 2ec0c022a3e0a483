"""The form of a support request; its fields are named as in the sheets."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from matching.catalogue.reference import (
    CATEGORIES,
    CHANNELS,
    GENDER_PREFERENCES,
    HOUSEHOLDS,
    RECURRENCES,
    RELATIONS,
    URGENCIES,
)
from matching.cells.dates import read_date
from matching.cells.names import read_name
from matching.cells.numbers import integer_reader
from matching.cells.phones import landline_and_mobile, read_email, read_phone
from matching.cells.places import read_postal_code
from matching.cells.times import read_duration, read_time
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.permissions import DESK
from matching.needs.choices import window_of
from matching.needs.receiving import NeedEntry
from matching.people.models import Person
from matching.people.registering import Contact
from matching.places.addresses import area_of_address, district_of, point_of
from matching.web.readings import (
    ReadField,
    Said,
    Ticks,
    choices,
    line,
    lines,
    pick,
    radios,
    read_reading,
    tick,
)
from matching.web.registers import weekday
from matching.web.sheet_form import (
    WRONG_DATE,
    WRONG_PHONE,
    WRONG_TIME,
    SheetFields,
    age_on,
)

WRONG_POSTAL = _("郵便番号を読み取れませんでした。7けたの数字で入力してください。")


def weekdays() -> dict[str, str]:
    """Return the names of the days of the week by number, Monday is 0."""
    return {str(day): weekday(day) for day in range(7)}


# Who asks by office asks for somebody else.
RELATION_OF = {"partner_agency": "facility", "welfare_commissioner": "commissioner"}
NO_PERSON = _("困っている方のお名前を入力してください。同意は、ご本人にうかがってください。")


class NeedForm(SheetFields):
    """Who asks, what for, when, where, and what may be told to whom."""

    requester_relation: Any = radios(
        _("困っている方から見て、あなたは"), choices(RELATIONS), default="self"
    )
    requester_name = ReadField(
        _("お名前"),
        read_name,
        _("お名前を読み取れませんでした。"),
        required=_("お名前を入力してください。"),
    )
    requester_kana = ReadField(
        _("ふりがな"), read_reading, _("ふりがなは、かな（カタカナかひらがな）で入力してください。")
    )
    phone = ReadField(
        _("電話番号"),
        read_phone,
        WRONG_PHONE,
        required=_(
            "折り返しの電話番号を入力してください。電話がないときは「電話なし」と入力してください。"
        ),
    )
    email = ReadField(
        _("メールアドレス"), read_email, _("メールアドレスの形をたしかめてください。")
    )
    category: Any = radios(
        _("どんな手伝いが必要ですか"),
        choices(category for category in CATEGORIES if category.accepted),
        validators=[Said(_("どんな手伝いか、一つ選んでください。"))],
    )
    title = lines(
        _("困っていること"), required=_("困っていることを、ひとことでも入力してください。")
    )
    start_date = ReadField(
        _("いつから"), read_date, WRONG_DATE, required=_("希望の日を入力してください。")
    )
    end_date = ReadField(_("いつまで"), read_date, WRONG_DATE)
    weekdays = Ticks(_("都合のよい曜日"), weekdays)
    time_from = ReadField(_("何時から"), read_time, WRONG_TIME)
    time_to = ReadField(_("何時まで"), read_time, WRONG_TIME)
    duration_minutes = ReadField(
        _("かかる時間"),
        read_duration,
        _("時間を読み取れませんでした。「60分」や「1時間半」のように入力してください。"),
    )
    recurrence = radios(_("回数"), choices(RECURRENCES), default="once")
    headcount = ReadField(
        _("必要な人数"), integer_reader(1, 200), _("人数は1から200までの数字で入力してください。")
    )
    postal_code = ReadField(_("郵便番号"), read_postal_code, WRONG_POSTAL)
    address = line(
        _("手伝ってほしい場所の住所"), required=_("住所を入力してください。町名までで大丈夫です。")
    )
    recipient_age = ReadField(
        _("ご本人の年齢"), integer_reader(0, 120), _("年齢は数字で入力してください。")
    )
    household = pick(_("世帯"), choices(HOUSEHOLDS, blank=_("選ばない")), "")
    gender_preference = pick(_("来る人の性別の希望"), choices(GENDER_PREFERENCES), "any")
    car_needed = tick(_("車で来てほしい"))
    note = lines(_("知っておいてほしいこと"))
    channel = pick(_("受付方法"), choices(CHANNELS), "web")
    urgency = pick(_("緊急度"), choices(URGENCIES), "normal")
    consent_coordination = tick(
        _("手伝う人をさがすために、この内容を使ってよい"),
        required=_("この同意がないと、手伝う人をさがせません。お電話でもご相談いただけます。"),
    )
    consent_volunteer = tick(_("手伝いが決まったら、お名前・住所・電話番号をその人に伝えてよい"))

    consent_commissioner = tick(_("結果を、届け出た民生委員に伝えてよい"))

    def open_to(self, actor: Actor) -> None:
        """Let staff record also what volunteers may not do, to refer it (BR-07)."""
        if not DESK.isdisjoint(actor.roles):
            self.category.choices = choices(CATEGORIES)()

    def start_from(self, actor: Actor, session: Session) -> None:
        """Fill in what is known of the person who is signed in."""
        if not DESK.isdisjoint(actor.roles):
            self.channel.data = "phone"
            return
        for role, relation in RELATION_OF.items():
            if role in actor.roles:
                self.requester_relation.data = relation
        person = session.get(Person, actor.person_id) if actor.person_id else None
        if person is None:
            return
        known = {
            self.requester_name: person.name,
            self.requester_kana: person.name_kana,
            self.phone: person.phone or person.mobile,
            self.postal_code: person.postal_code,
            self.address: person.address,
        }
        for field, value in known.items():
            field.data = field.data or value

    def entry(self, actor: Actor, **more: Any) -> NeedEntry:
        """Return what was typed for the use case; staff alone choose channel and urgency."""
        desk = not DESK.isdisjoint(actor.roles)
        address = (self.address.data or "").strip()
        postal_code = self.postal_code.clean
        return NeedEntry(
            contact=self._contact(address, postal_code),
            proxy_name=self.requester_name.clean if self.apart else None,
            proxy_phone=self.phone.clean if self.apart else None,
            category_code=self.category.data,
            title=(self.title.data or "").strip(),
            channel=self.channel.data if desk else self._own_channel(actor),
            urgency=self.urgency.data if desk else "normal",
            requester_relation="self" if self.apart else self.requester_relation.data,
            recipient_age=self.recipient_age.whole or age_on(self.person_birth.day, clock.today()),
            household=self.household.data or None,
            postal_code=postal_code,
            address=address,
            area_code=area_of_address(address),
            district_code=district_of(address, postal_code or ""),
            location=point_of(address, postal_code or ""),
            headcount=self.headcount.whole or 1,
            **self._when(),
            duration_minutes=self.duration_minutes.whole,
            recurrence=self.recurrence.data,
            gender_preference=_wish(self.gender_preference.data),
            car_needed=self.car_needed.data,
            note=(self.note.data or "").strip() or None,
            consents=self._consents(),
            **{"sheet": self.sheet(self.category.data or "", desk=desk)} | more,
        )

    def _when(self) -> dict[str, Any]:
        """Return the days and hours; several wished days make the window of them all."""
        if len(self.choices) > 1 and self.recurrence.data == "once":
            return vars(window_of(self.choices))
        return {
            "start_on": self.start_date.day,
            "end_on": self.end_date.day,
            "weekdays": tuple(sorted(int(day) for day in self.weekdays.data or ())),
            "from_minute": self.time_from.minute,
            "to_minute": self.time_to.minute,
        }

    @staticmethod
    def _own_channel(actor: Actor) -> str:
        return "commissioner" if "welfare_commissioner" in actor.roles else "web"

    def _contact(self, address: str, postal_code: str | None) -> Contact:
        number = self.person_phone.clean if self.apart else self.phone.clean
        phone, mobile = landline_and_mobile(number)
        return Contact(
            name=(self.person_name.clean if self.apart else self.requester_name.clean) or "",
            name_kana=self.person_kana.clean if self.apart else self.requester_kana.clean,
            birth_on=self.person_birth.day,
            phone=phone,
            mobile=mobile,
            email=None if self.apart else self.email.clean,
            postal_code=postal_code,
            address=address,
            area_code=area_of_address(address),
            district_code=district_of(address, postal_code or ""),
        )

    def _consents(self) -> tuple[str, ...]:
        given = {
            "coordination_use": self.consent_coordination.data,
            "share_with_volunteer": self.consent_volunteer.data,
            "share_with_commissioner": self.consent_commissioner.data,
        }
        return tuple(purpose for purpose, yes in given.items() if yes)


def _wish(code: str | None) -> str | None:
    return code if code in {"F", "M"} else None
