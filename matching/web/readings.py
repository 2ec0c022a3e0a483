"""Form fields that read what people type the way sheets are read: full width, eras, dashes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from matching.cells.cell import Cell, Reader, unread
from matching.cells.names import read_kana
from matching.kernel import clock
from matching.web.registers import Word, word

Offered = dict[str, str] | Callable[[], dict[str, str]]

LONGEST = 200
LONGEST_TEXT = 2000
AHEAD = timedelta(days=2 * 365)  # what a slip of the finger lands beyond


class ReadField(StringField):
    """A line whose text a cell reader understands; `clean` is the canonical text or None.

    The typed text stays in the field, so that a mistake can be mended where it was made.
    """

    def __init__(
        self,
        label: str,
        reader: Reader,
        wrong: str,
        *,
        required: str | None = None,
        **settings: Any,
    ) -> None:
        demands = [Said(required)] if required else [Optional(strip_whitespace=True)]
        shape = [*demands, Length(max=LONGEST, message=TOO_LONG)]
        super().__init__(label, shape, **settings)
        self.reader = reader
        self.wrong = wrong
        self.clean: str | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Read the text after its shape was checked."""
        self.clean = None
        typed = (self.data or "").strip()
        if not typed or self.errors:
            return
        cell = self.reader(typed)
        if not cell.read:
            raise ValidationError(self.wrong)
        self.clean = cell.text or None

    @property
    def day(self) -> date | None:
        """The date that was read, for readers of dates."""
        return date.fromisoformat(self.clean) if self.clean else None

    @property
    def calendar(self) -> dict[str, Any]:
        """Attributes of a device's calendar, for days to come: from today, two years ahead."""
        today = clock.today()
        days = {"min": today.isoformat(), "max": (today + AHEAD).isoformat()}
        return {"type": "date", "maxlength": False, **days}

    @property
    def minute(self) -> int | None:
        """The minutes past midnight that were read, for readers of times."""
        return int(self.clean[:2]) * 60 + int(self.clean[3:]) if self.clean else None

    @property
    def number(self) -> float | None:
        """The number that was read, for readers of numbers."""
        return float(self.clean) if self.clean else None

    @property
    def whole(self) -> int | None:
        """The whole number that was read, for readers of whole numbers."""
        return int(self.clean) if self.clean else None


def read_reading(text: str) -> Cell:
    """Read how a name is spoken: kana, or letters for names from abroad."""
    cell = read_kana(text)
    return cell if READING.fullmatch(cell.text) else unread("kana_invalid")


READING = re.compile(r"[ァ-ヺー・゠ A-Za-zÀ-ɏ.'’-]+")
REFUSAL: dict[str, Any] = {"invalid_choice_message": _("選択肢の中から選んでください。")}
TOO_LONG = _("長すぎます。%(max)d文字までで入力してください。")


class Said:
    """Refuses an answer that is missing or only white space, and says what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.field_flags = {"required": True}

    def __call__(self, _form: Form, field: Any) -> None:
        data = field.data
        if not (data.strip() if isinstance(data, str) else data):
            raise StopValidation(self.sentence)


def line(
    label: str, *, required: str | None = None, longest: int = LONGEST, **settings: Any
) -> Any:
    """Return a line of free text."""
    return StringField(label, _demands(required, longest), **settings)


def lines(label: str, *, required: str | None = None, **settings: Any) -> Any:
    """Return a field for several lines of free text."""
    return TextAreaField(label, _demands(required, LONGEST_TEXT), **settings)


def _demands(required: str | None, longest: int) -> list[Any]:
    demands: list[Any] = [Said(required)] if required else [Optional()]
    return [*demands, Length(max=longest, message=TOO_LONG)]


class Ticks(SelectMultipleField):
    """Several choices as check boxes."""

    def __init__(self, label: str, offered: Offered, **settings: Any) -> None:
        super().__init__(label, choices=offered, **REFUSAL, **settings)

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def tick(label: str, *, required: str | None = None) -> BooleanField:
    """Return one box to tick."""
    return BooleanField(label, [Said(required)] if required else [])


def choices(codes: Iterable[Word], *, blank: str | None = None) -> Callable[[], dict[str, str]]:
    """Return what offers a code table in the reader's register, by code.

    An empty choice comes first where `blank` names one.
    """
    entries = tuple(codes)

    def offer() -> dict[str, str]:
        first = {"": str(blank)} if blank is not None else {}
        return first | {entry.code: word(entry) for entry in entries}

    return offer


def pick(label: str, offered: Offered, default: str = "") -> SelectField:
    """Return a list to choose one from."""
    return SelectField(label, choices=offered, default=default, **REFUSAL)


def radios(label: str, offered: Offered, **settings: Any) -> RadioField:
    """Return buttons to choose one from."""
    return RadioField(label, choices=offered, **REFUSAL, **settings)
