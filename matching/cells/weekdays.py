"""Days of the week and weekly hours in Japanese words."""

import re
from collections.abc import Iterable
from functools import lru_cache

from matching.cells.cell import EMPTY, Cell, plain, squeeze, unread
from matching.cells.times import DAYPARTS, read_time_range

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_KANJI = "月火水木金土日"
_EVERY = frozenset(range(7))
_NAMED = {
    "平日": frozenset(range(5)),
    "毎日": _EVERY,
    "いつでも": _EVERY,
    "何時でも": _EVERY,
    "週末": frozenset((5, 6)),
    "休日": frozenset((5, 6)),
}
_HOLIDAYS = ("祝日", "祝", "休日")
_FILLER = re.compile(r"[\s、,;/・&+]|曜日?|希望|可能?|のみ|だけ|OK|[のはとも]", re.I)
_TOKEN = re.compile(
    r"(?P<time>一日中|終日|日中|早朝|午前中?|午後|夜間?"
    r"|\d{1,2}(?::\d{2}|時(?:\d{1,2}分?|半)?)?\s*(?:~|-|から)\s*\d{1,2}(?::\d{2}|時(?:\d{1,2}分?|半)?)?(?:まで)?)"
    r"|(?P<named>平日|毎日|いつでも|何時でも|週末)"
    r"|(?P<holiday>祝日|祝|休日)"
    r"|(?P<span>[月火水木金土日](?:曜日?)?\s*[~-]\s*[月火水木金土日](?:曜日?)?)"
    r"|(?P<except>(?:曜日?)?(?:以外|を除く|除く))"
    r"|(?P<day>[月火水木金土日])"
)
_CANONICAL_SLOT = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d"
_CANONICAL = re.compile(rf"{_CANONICAL_SLOT}(?:;{_CANONICAL_SLOT})*")
_DAY_LIST = re.compile(rf"(?:{'|'.join(DAYS)})(?:\s*[;,]\s*(?:{'|'.join(DAYS)}))*", re.I)
_ANY_DAY = frozenset(
    ("-", "なし", "未定", "不問", "応相談", "相談", "指定なし", "希望なし", "問わない", "いつでも")
)

Slot = tuple[int, str, str]


def read_weekdays(text: str) -> Cell:
    """Days as Mon;Thu in week order; "" means any day."""
    folded = squeeze(text)
    if not folded or folded in _ANY_DAY:
        return EMPTY
    if _DAY_LIST.fullmatch(folded):
        return Cell(_days(DAYS.index(part.title()) for part in re.split("[;,]", folded)))
    groups = _Groups(plain(text))
    if not groups.understood or groups.timed or not groups.pending:
        return unread("weekday_invalid")
    return Cell(_days(groups.pending), "holidays_not_kept" if groups.holidays else "")


def read_availability(text: str) -> Cell:
    """Weekly slots as Mon 09:00-12:00;Sat 13:00-17:00. Never guessed: "" is not known."""
    if not text.strip():
        return EMPTY
    if _CANONICAL.fullmatch(text):
        return _canonical(text)
    return _read_words(plain(text))


def _canonical(text: str) -> Cell:
    slots = [(DAYS.index(s[:3]), s[4:9], s[10:15]) for s in text.split(";")]
    if any(start >= end or end > "23:59" for _, start, end in slots):
        return unread("availability_not_read")
    return Cell(_slots_text(slots))


@lru_cache(maxsize=4096)
def _read_words(text: str) -> Cell:
    groups = _Groups(text)
    groups.close()
    if not groups.understood or not groups.slots:
        return unread("availability_not_read")
    return Cell(_slots_text(groups.slots), "holidays_not_kept" if groups.holidays else "")


class _Groups:
    """Reads words left to right: days gather until a time closes the group they share.

    Days without a time share the next time named, so the narrower reading always wins.
    """

    def __init__(self, text: str) -> None:
        self.pending: set[int] = set()
        self.closed: set[int] = set()
        self.slots: list[Slot] = []
        self.excluded: set[int] = set()
        self.holidays = False
        self.timed = False
        self.understood = self._consume(text)

    def _consume(self, text: str) -> bool:
        place = 0
        while place < len(text):
            token = _TOKEN.match(text, place)
            if token is not None:
                if not self._take(token.lastgroup or "", token[0]):
                    return False
                place = token.end()
            elif (filler := _FILLER.match(text, place)) is not None:
                place = filler.end()
            else:
                return False
        return True

    def _take(self, group: str, word: str) -> bool:
        if group == "time":
            return self._time(word)
        if group == "except":
            self.excluded = set(self.pending)
            self.pending = set(_EVERY) - self.excluded
            return bool(self.excluded)
        if group == "holiday":
            self.holidays = True
        self.pending |= self._named_days(group, word) - self.excluded
        return True

    def _named_days(self, group: str, word: str) -> set[int]:
        if group == "day":
            return {_KANJI.index(word)}
        if group == "span":
            first, last = (_KANJI.index(c) for c in word if c in _KANJI and c != "曜")
            return {day % 7 for day in range(first, last + 1 if first <= last else last + 8)}
        days = set(_NAMED.get(word, ()))
        if self.excluded and days:
            self.pending.intersection_update(days)
        return days

    def _time(self, word: str) -> bool:
        self.timed = True
        if self.pending:
            self.closed, self.pending, self.excluded = self.pending, set(), set()
        window = DAYPARTS.get(word) or _window(word)
        if window is None or not self.closed:
            return False
        self.slots += [(day, *window) for day in self.closed]
        return True

    def close(self) -> None:
        """Days that no time followed are free in the daytime."""
        self.slots += [(day, *DAYPARTS["日中"]) for day in self.pending]


def _window(word: str) -> tuple[str, str] | None:
    cell = read_time_range(word)
    if not cell.text or len(cell.text) != 11:
        return None
    return cell.text[:5], cell.text[6:]


def _days(days: Iterable[int]) -> str:
    return ";".join(DAYS[day] for day in sorted(set(days)))


def _slots_text(slots: Iterable[Slot]) -> str:
    merged: list[Slot] = []
    for day, start, end in sorted(set(slots)):
        if merged and merged[-1][0] == day and start < merged[-1][2]:
            merged[-1] = (day, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((day, start, end))
    return ";".join(f"{DAYS[day]} {start}-{end}" for day, start, end in merged)
