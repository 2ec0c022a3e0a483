"""Text files to rows: which delimiter, where records begin, and rows that cannot be cut up."""

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import islice
from typing import NamedTuple

from matching.interchange.decoding import Decoded
from matching.interchange.limits import HEADER_SEARCH_ROWS, LINES_IN_ONE_CELL

DELIMITERS = (",", "\t", ";")


class Row(NamedTuple):
    """One record: the line it starts on, its cells, and a problem if it cannot be used."""

    line: int
    cells: list[str]
    code: str = ""
    raw: str = ""


class _OpenQuoteError(Exception):
    """A quotation mark swallowed the lines after it."""


def delimited_rows(decoded: Decoded, count_known: Callable[[list[str]], int]) -> Iterator[Row]:
    """The records of a text file; `count_known` tells how many cells of a row are headers."""
    text = decoded.text
    if "\n" not in text and "\r" in text:
        text = text.replace("\r", "\n")
    delimiter = _delimiter(text, count_known)
    rows = _Records(text, delimiter).rows()
    return _marked(rows, decoded.bad_lines) if decoded.bad_lines else (row for row, _ in rows)


def _delimiter(text: str, count_known: Callable[[list[str]], int]) -> str:
    first = text[:6].lower()
    if first.startswith("sep=") and first[4:5] in DELIMITERS:
        return first[4]
    head = list(islice(StringIO(text, newline="\n"), HEADER_SEARCH_ROWS))

    def known(delimiter: str) -> int:
        return max((count_known(line.rstrip("\r\n").split(delimiter)) for line in head), default=0)

    return max(DELIMITERS, key=known)


def _marked(rows: Iterator[tuple[Row, int]], bad: dict[int, tuple[str, str]]) -> Iterator[Row]:
    for row, last in rows:
        marks = (bad[line] for line in range(row.line, last + 1) if line in bad)
        mark = next(marks, None)
        yield row if mark is None or row.code else row._replace(code=mark[0], raw=mark[1])


class _Records:
    """Feeds physical lines to the csv reader and knows on which line each record began."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._lines = StringIO(text, newline="\n")
        self._again: list[str] = []
        self._taken: list[str] = []
        self._line = 0
        self._reader = csv.reader(self._feed(), delimiter=delimiter)
        self._delimiter = delimiter

    def _feed(self) -> Iterator[str]:
        while True:
            line = self._again.pop() if self._again else self._lines.readline()
            if self._taken and (not line or len(self._taken) >= LINES_IN_ONE_CELL):
                if line:
                    self._again.append(line)
                raise _OpenQuoteError
            if not line:
                return
            self._taken.append(line)
            yield line

    def rows(self) -> Iterator[tuple[Row, int]]:
        """Each record with the number of its last physical line."""
        while True:
            self._taken.clear()
            start = self._line + 1
            row = self._next(start)
            if row is None:
                return
            self._line += len(self._taken)
            yield row, self._line

    def _next(self, start: int) -> Row | None:
        try:
            cells = next(self._reader)
        except StopIteration:
            return None
        except csv.Error:
            return Row(start, [], "row_not_read")
        except _OpenQuoteError:
            self._again += reversed(self._taken[1:])
            del self._taken[1:]
            self._reader = csv.reader(self._feed(), delimiter=self._delimiter)
            return Row(start, [], "quote_not_closed")
        return Row(start, cells)
