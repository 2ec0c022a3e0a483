"""Reading the catalogue's own tables, which live as sheets beside the code."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

DATA = files("matching.catalogue") / "data"


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its word in Japanese and English."""

    code: str
    label: str
    english: str


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the catalogue's tables, in its order."""
    with (DATA / name).open(encoding="utf-8") as sheet:
        yield from csv.DictReader(sheet)
