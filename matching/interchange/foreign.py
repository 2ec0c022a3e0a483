"""Bringing the rows of a foreign layout into our columns before their cells are read."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from matching.cells.cell import Cell, Reader, plain
from matching.cells.dates import read_date, read_moment
from matching.interchange.columns import Column
from matching.interchange.headers import Header
from matching.interchange.layouts import Layout, Target, require
from matching.interchange.mapping import KeywordRules, Mapping, value_key
from matching.interchange.problems import SheetError, problem
from matching.interchange.sheets import columns_of

Take = Callable[[list[str]], str]
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_SPACES = re.compile(r"\s+")


def lay_out_foreign(header: Header, mapping: Mapping) -> Layout:
    """The layout that `mapping` describes over this header; refuses headings it lacks."""
    places = {name: index for index, name in reversed(list(enumerate(header.fields))) if name}
    missing = sorted(mapping.headings() - set(places))
    if missing:
        raise SheetError("map_invalid", f"見出し {'、'.join(missing)} がファイルにありません。")
    takers: list[Take] = []
    targets: dict[str, Target] = {}
    for column in columns_of(mapping.sheet):
        take = _taker(column.name, mapping, places)
        if take is not None:
            heading = header.headings[places[h]] if (h := _heading(column.name, mapping)) else ""
            targets[column.name] = Target(len(takers), _wrapped(column, mapping), heading)
            takers.append(take)
    require(mapping.sheet, targets)
    unused = [
        problem(header.line, heading, "column_not_used")
        for heading, name in zip(header.headings, header.fields, strict=True)
        if heading.strip() and not name and not mapping.ignore_others
    ]
    return Layout(
        tuple(targets.values()),
        _named_columns(header, mapping),
        tuple(unused),
        rearrange=lambda cells: [take(cells) for take in takers],
        skip=_skipper(mapping, places),
    )


def _heading(name: str, mapping: Mapping) -> str:
    """The heading a problem of this column is reported under; "" for a constant."""
    if name in mapping.columns:
        return mapping.columns[name]
    if name in mapping.templates:
        return next(iter(_PLACEHOLDER.findall(mapping.templates[name])), "")
    if name in mapping.extract:
        return mapping.extract[name].heading
    return mapping.keywords.headings[0] if name == "category" and mapping.keywords else ""


def _named_columns(header: Header, mapping: Mapping) -> dict[str, str | None]:
    by_heading = {heading: name for name, heading in mapping.columns.items()}
    pairs = zip(header.headings, header.fields, strict=True)
    return {heading: by_heading.get(name) for heading, name in pairs if heading.strip()}


def _taker(name: str, mapping: Mapping, places: dict[str, int]) -> Take | None:
    """How the text of one of our columns is put together from a row; None if it is not."""
    if name in mapping.constants:
        constant = mapping.constants[name]
        return lambda cells: constant
    if name == "category" and mapping.keywords is not None:
        return _keyword_taker(mapping.keywords, places)
    sources = _sources(name, mapping, places)
    if not sources:
        return None
    remove = mapping.remove.get(name)
    prefix, default = mapping.prefixes.get(name, ""), mapping.defaults.get(name, "")

    def take(cells: list[str]) -> str:
        text = next(filter(None, (source(cells) for source in sources)), "")
        if remove is not None:
            text = remove.sub("", text).strip()
        return prefix + text if text else default

    return take


def _sources(name: str, mapping: Mapping, places: dict[str, int]) -> list[Take]:
    """The cell itself, else the template, else the extract: the first that is not empty."""
    sources: list[Take] = []
    if name in mapping.columns:
        place = places[mapping.columns[name]]
        sources.append(lambda cells: _cell(cells, place))
    if name in mapping.templates:
        sources.append(_template(mapping.templates[name], places))
    if name in mapping.extract:
        extract = mapping.extract[name]
        where, pattern = places[extract.heading], extract.pattern

        def first_group(cells: list[str]) -> str:
            found = pattern.search(_cell(cells, where))
            return (found[1] or "").strip() if found else ""

        sources.append(first_group)
    return sources


def _template(template: str, places: dict[str, int]) -> Take:
    headings = _PLACEHOLDER.findall(template)

    def fill(cells: list[str]) -> str:
        texts = {heading: _cell(cells, places[heading]) for heading in headings}
        if not any(texts.values()):
            return ""
        filled = _PLACEHOLDER.sub(lambda found: texts[found[1]], template)
        return _SPACES.sub(" ", filled).strip()

    return fill


def _keyword_taker(keywords: KeywordRules, places: dict[str, int]) -> Take:
    indexes = [places[heading] for heading in keywords.headings]

    def take(cells: list[str]) -> str:
        text = " ".join(_cell(cells, index) for index in indexes)
        return next(
            (code for code, words in keywords.rules if words.search(text)), keywords.default
        )

    return take


def _skipper(mapping: Mapping, places: dict[str, int]) -> Callable[[list[str]], bool] | None:
    if not mapping.skip:
        return None
    rules = [(places[heading], values) for heading, values in mapping.skip]
    return lambda cells: any(value_key(_cell(cells, i)) in values for i, values in rules)


def _cell(cells: list[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""


def _wrapped(column: Column, mapping: Mapping) -> Column:
    """The column with a reader that first tries what the mapping says of its values."""
    read = column.read
    if column.name in mapping.at_most:
        read = _limited(read, mapping.at_most[column.name])
    if mapping.date_formats and read in (read_date, read_moment):
        read = _with_formats(read, mapping.date_formats, keeps_time=read is read_moment)
    if column.name in mapping.values:
        read = _translated(read, mapping.values[column.name])
    return replace(column, read=read)


def _limited(read: Reader, most: int) -> Reader:
    def limited(text: str) -> Cell:
        cell = read(text)
        number = cell.text if cell.text else "0"
        if number.isdigit() and int(number) > most:
            return Cell(str(most), "number_limited")
        return cell

    return limited


def _with_formats(read: Reader, formats: tuple[str, ...], *, keeps_time: bool) -> Reader:
    def formatted(text: str) -> Cell:
        folded = _SPACES.sub(" ", plain(text))
        for form in formats:
            try:
                moment = datetime.strptime(folded, form)  # noqa: DTZ007 — local time of the sheet
            except ValueError:
                continue
            has_time = keeps_time and any(sign in form for sign in ("%H", "%I", "%X", "%c"))
            return Cell(moment.strftime("%Y-%m-%d %H:%M" if has_time else "%Y-%m-%d"))
        return read(text)

    return formatted


def _translated(read: Reader, values: dict[str, str]) -> Reader:
    def translated(text: str) -> Cell:
        code = values.get(value_key(text))
        return read(text) if code is None else read(code)

    return translated
