"""The form of the desk's intake page: everything of a request, typed while somebody talks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from matching.catalogue.reference import CATEGORIES, RELATIONS
from matching.cells.names import read_kana
from matching.cells.phones import read_phone
from matching.kernel.actor import Actor
from matching.kernel.drafts import Answers
from matching.needs.known import Asked
from matching.needs.receiving import NeedEntry
from matching.people.models import Person
from matching.web.asking_form import NeedForm
from matching.web.forms import whole
from matching.web.readings import choices, line, pick, tick
from matching.web.sheet_form import PREFIX

LEFT_OUT = ("csrf_token", "request_key")


class IntakeForm(NeedForm):
    """What a caller says, of whom, and whether it is somebody already known."""

    same_person = HiddenField()
    paper = HiddenField()
    another_person = line(_("別の方だとわかったわけ"))
    category = pick(_("種類"), choices(CATEGORIES))
    requester_relation = pick(_("困っている方から見て、電話の方は"), choices(RELATIONS), "self")
    consent_coordination = tick(_("手伝う人をさがすために、この内容を使ってよい"))

    def __init__(self, *args: Any, typed: MultiDict[str, str] | None = None, **more: Any) -> None:
        if typed is not None:
            more["formdata"] = typed
        self.typed = request.form if typed is None else typed
        super().__init__(*args, **more)
        self.answers = self.typed

    def asked(self) -> list[Asked]:
        """Return of whom something was typed: who calls, then the person it is about."""
        pairs = (
            (self.requester_name, self.requester_kana, self.phone),
            (self.person_name, self.person_kana, self.person_phone),
        )
        found = [Asked(_plain(name), _kana(kana), _number(phone)) for name, kana, phone in pairs]
        return [each for each in found if each != Asked()]

    def words(self) -> str:
        """Return all that was said in words, for hints."""
        told = [text for name, text in self.typed.items() if name.startswith(PREFIX)]
        return "\n".join([self.title.data or "", self.note.data or "", *told])

    def fill_in(self, person: Person) -> None:
        """Take over what is known of a person, where nothing else was typed."""
        apart = self.requester_relation.data != "self"
        name, kana = (
            ("person_name", "person_kana") if apart else ("requester_name", "requester_kana")
        )
        phone = "person_phone" if apart else "phone"
        known = {
            name: person.name,
            kana: person.name_kana,
            phone: person.phone or person.mobile,
            "postal_code": person.postal_code,
            "address": person.address,
            "person_birth": person.birth_on.isoformat() if person.birth_on else None,
        }
        for field, value in known.items():
            if value and not (self[field].data or "").strip():
                self[field].data = value
        self[name].data = person.name
        self.same_person.data = str(person.id)

    def entry_at_desk(self, actor: Actor) -> NeedEntry:
        """Return what was typed, with who the person is."""
        known = self.same_person.data or ""
        told = self.sheet(self.category.data, desk=True)
        unsaid = not self.consent_coordination.data
        return self.entry(
            actor,
            sheet=replace(told, consent_basis="not_yet") if unsaid else told,
            person_id=whole(known) or None,
            another_person=(self.another_person.data or "").strip() or None,
        )


def typed_answers(form: MultiDict[str, str]) -> Answers:
    """Return what is worth keeping of a form that was not sent yet."""
    return {
        name: kept
        for name, values in form.lists()
        if name not in LEFT_OUT and (kept := [value[:4000] for value in values if value])
    }


def _plain(field: Any) -> str:
    return (field.data or "").replace("\x00", "").strip()[:100]


def _kana(field: Any) -> str:
    return read_kana(_plain(field)).text


def _number(field: Any) -> str | None:
    return read_phone(_plain(field)).text or None
