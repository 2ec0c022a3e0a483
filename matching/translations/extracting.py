"""Collects texts that are not marked: words and sentences of rules and code tables."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

Found = Iterator[tuple[int, str, str, list[str]]]
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")


def sentences(source: BinaryIO, *_: object, **_options: object) -> Found:
    """Yield the Japanese texts of a Python module; f-strings cannot be looked up and are left."""
    nodes = list(ast.walk(ast.parse(source.read())))
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        text = node.value if isinstance(node, ast.Constant) and id(node) not in parts else None
        if isinstance(text, str) and JAPANESE.search(text) and "\n" not in text:
            yield node.lineno, "", text, []  # type: ignore[attr-defined]


def labels(source: BinaryIO, *_: object, **_options: object) -> Found:
    """Yield the labels of a code table that is kept as a sheet, and when each is meant."""
    rows = csv.DictReader(io.StringIO(source.read().decode("utf-8")))
    for line, row in enumerate(rows, start=2):
        for column in ("label", "when"):
            if row.get(column):
                yield line, "", row[column], []
