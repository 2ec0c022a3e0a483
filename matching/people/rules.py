"""Rules of people: stages of disclosure, who may speak for whom, how old somebody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

STAGES = ("L0", "L1", "L2", "L3")

HOLDS: Mapping[str, str] = {
    "safeguarding": "安全の確認中",
    "deceased": "亡くなられた",
    "moved": "転出された",
}

REVEAL_STATES: Mapping[str, str] = {"asked": "確認待ち", "agreed": "よい", "refused": "見せない"}
REVEAL_TRANSITIONS: Mapping[str, frozenset[str]] = {
    "asked": frozenset({"agreed", "refused"}),
    "agreed": frozenset(),
    "refused": frozenset(),
}

CONSENT_STATES: Mapping[str, str] = {
    "requested": "お返事待ち",
    "given": "同意している",
    "refused": "同意していない",
    "withdrawn": "取り消した",
    "expired": "期限が切れた",
}

METHODS: Mapping[str, str] = {
    "web": "画面で",
    "paper": "書面で",
    "oral": "口頭で",
    "register": "名簿から",
}

AUTHORITIES: Mapping[str, str] = {
    "self": "ご本人",
    "family_assist": "家族の手助け（代理権なし）",
    "statutory_guardian": "成年後見人",
    "curator": "保佐人",
    "assistant": "補助人",
    "voluntary_guardian": "任意後見人",
    "parental_authority": "親権者",
    "commissioner_contact": "民生委員（連絡役）",
    "agency_contact": "関係機関（連絡役）",
}

WITHIN_SCOPE = frozenset({"curator", "assistant", "voluntary_guardian"})
WITH_DOCUMENT = WITHIN_SCOPE | {"statutory_guardian"}
ADULT_AGE = 18
SCHOOL_STARTS_MONTH = 4
WINTER = frozenset({11, 12, 1, 2})
HOME_BY, HOME_BY_WINTER = 17 * 60, 16 * 60  # BR-10, minutes past midnight


@dataclass(frozen=True)
class Speaker:
    """On what ground somebody speaks for a person, as the record of it says."""

    authority: str
    purposes: Sequence[str] = ()
    document_seen_on: date | None = None
    supervised_since: date | None = None
    person_knows: bool | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def may_consent(speaker: Speaker, purpose: str, born: date | None, on: date) -> bool:
    """Tell whether somebody may agree for a person to a purpose on a day (BR-04).

    The person always may. Family without authority and messengers never do; a guardian does once
    the document was seen, curator and assistant only within the scope it names, a voluntary
    guardian once supervised; a parent while the child is a minor.
    """
    if speaker.authority == "self":
        return True
    if not _in_term(speaker, on):
        return False
    if speaker.authority == "parental_authority":
        return born is not None and age_on(born, on) < ADULT_AGE
    if speaker.authority not in WITH_DOCUMENT or speaker.document_seen_on is None:
        return False
    if speaker.authority == "voluntary_guardian" and not _supervised(speaker, on):
        return False
    return speaker.authority not in WITHIN_SCOPE or purpose in speaker.purposes


def _in_term(speaker: Speaker, on: date) -> bool:
    begun = speaker.starts_on is None or speaker.starts_on <= on
    return begun and (speaker.ends_on is None or on <= speaker.ends_on)


def _supervised(speaker: Speaker, on: date) -> bool:
    return speaker.supervised_since is not None and speaker.supervised_since <= on


def age_on(born: date, on: date) -> int:
    """Return the age in law: a year of life is complete on the day before the birthday (T20)."""
    eve = on + timedelta(days=1)
    return eve.year - born.year - ((eve.month, eve.day) < (born.month, born.day))


def is_minor(born: date, on: date) -> bool:
    """Tell whether somebody is under age on a day."""
    return age_on(born, on) < ADULT_AGE


def age_band(age: int) -> int:
    """Return the decade of an age, as much as a stranger may know of it; 90 is the last."""
    return min(age // 10 * 10, 90)


def fiscal_year_end(on: date) -> date:
    """Return the last day of the fiscal year of a day."""
    return date(on.year + (on.month >= SCHOOL_STARTS_MONTH), 3, 31)


def minors_until(first: date, last: date) -> int:
    """Return the minute of the day by which minors are home between two days: earlier in winter."""
    span = 12 * (last.year - first.year) + last.month - first.month
    months = {(first.month + step - 1) % 12 + 1 for step in range(min(span, 11) + 1)}
    return HOME_BY_WINTER if months & WINTER else HOME_BY
