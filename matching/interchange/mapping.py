"""Foreign layouts described in a TOML file: which headings feed which of our columns, and how."""

import re
import tomllib
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matching.interchange.headers import fold_heading
from matching.interchange.problems import SheetError
from matching.interchange.sheets import SHEETS, SheetKind, columns_of

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Extract:
    """The first group of a pattern found in a cell."""

    heading: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class KeywordRules:
    """An activity code by the first rule of which a word occurs in the cells."""

    headings: tuple[str, ...]
    rules: tuple[tuple[str, re.Pattern[str]], ...]
    default: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """One foreign layout; keys of every table are our column names. See docs/importing.md."""

    sheet: SheetKind
    ignore_others: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    remove: dict[str, re.Pattern[str]] = field(default_factory=dict)
    extract: dict[str, Extract] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    at_most: dict[str, int] = field(default_factory=dict)
    date_formats: tuple[str, ...] = ()
    keywords: KeywordRules | None = None
    skip: tuple[tuple[str, frozenset[str]], ...] = ()

    def headings(self) -> set[str]:
        """Every heading of the foreign file that this layout reads."""
        used = {*self.columns.values(), *(e.heading for e in self.extract.values())}
        used.update(heading for heading, _ in self.skip)
        used.update(h for t in self.templates.values() for h in _PLACEHOLDER.findall(t))
        return used | set(self.keywords.headings if self.keywords else ())

    def known_headings(self) -> dict[str, str]:
        """Folded heading -> the heading as this layout spells it."""
        return {fold_heading(heading): heading for heading in sorted(self.headings())}


def load_mapping(path: Path) -> Mapping:
    """Reads a layout file; raises SheetError that names the key to correct."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SheetError("map_missing", path.name) from error
    except UnicodeDecodeError as error:
        raise SheetError("map_not_text", path.name) from error
    except tomllib.TOMLDecodeError as error:
        raise SheetError("map_invalid", f"{path.name}（{error}）") from error
    sheet = table.pop("sheet", None)
    if sheet not in SHEETS:
        raise SheetError("map_invalid", f"sheet は {' '.join(SHEETS)} のどれかです。")
    names = frozenset(column.name for column in columns_of(sheet))
    unknown = set(table) - set(_READERS)
    if unknown:
        raise SheetError("map_invalid", f"知らない項目 {' '.join(sorted(unknown))} があります。")
    parts = dict(_read_part(key, value, names) for key, value in table.items())
    return Mapping(sheet=sheet, **parts)


def _read_part(key: str, value: Any, names: frozenset[str]) -> tuple[str, Any]:
    attribute, read, is_by_column = _READERS[key]
    if is_by_column and (not isinstance(value, dict) or not set(value) <= names):
        wrong = " ".join(sorted(set(value) - names)) if isinstance(value, dict) else ""
        raise SheetError("map_invalid", f"[{key}] の列の名前 {wrong} を確かめてください。")
    try:
        return attribute, read(value)
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise SheetError(
            "map_invalid", f"[{key}] の書き方を確かめてください（{error}）。"
        ) from error


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true / false")
    return value


def _texts(table: Table[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in table.items()}


def _patterns(table: Table[str, Any]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in table.items()}


def _extracts(table: Table[str, Any]) -> dict[str, Extract]:
    extracts = {n: Extract(t["heading"], re.compile(t["pattern"])) for n, t in table.items()}
    for name, extract in extracts.items():
        if extract.pattern.groups < 1:
            raise ValueError(f"{name}: ( )")
    return extracts


def _value_tables(table: Table[str, Any]) -> dict[str, dict[str, str]]:
    return {
        name: {value_key(typed): str(code) for typed, code in values.items()}
        for name, values in table.items()
    }


def _keyword_rules(table: Table[str, Any]) -> KeywordRules:
    rules = tuple((rule["code"], _any_word(rule["words"])) for rule in table["rules"])
    return KeywordRules(tuple(table["from"]), rules, str(table.get("default", "other")))


def _any_word(words: list[str]) -> re.Pattern[str]:
    starts = (rf"\b{re.escape(w)}" if w[:1].isascii() else re.escape(w) for w in words)
    return re.compile("|".join(starts), re.IGNORECASE)


def _skips(tables: list[Table[str, Any]]) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((t["heading"], frozenset(map(value_key, t["values"]))) for t in tables)


def value_key(text: str) -> str:
    """The key under which a foreign value is compared: trimmed, lower case."""
    return str(text).strip().casefold()


_READERS: dict[str, tuple[str, Callable[[Any], Any], bool]] = {
    "ignore_others": ("ignore_others", _flag, False),
    "columns": ("columns", _texts, True),
    "templates": ("templates", _texts, True),
    "constants": ("constants", _texts, True),
    "defaults": ("defaults", _texts, True),
    "prefixes": ("prefixes", _texts, True),
    "remove": ("remove", _patterns, True),
    "extract": ("extract", _extracts, True),
    "values": ("values", _value_tables, True),
    "at_most": ("at_most", lambda table: {n: int(v) for n, v in table.items()}, True),
    "date_formats": ("date_formats", tuple, False),
    "category": ("keywords", _keyword_rules, False),
    "skip": ("skip", _skips, False),
}
