"""Numbers of rows in addresses: what no row can have is not there."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

from matching.kernel.typed import LARGEST_ROW


class RowNumber(IntegerConverter):
    """`<int:…>` in an address, as far as a column reaches."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_ROW, **settings})


def register(app: Flask) -> None:
    """Let every address of the application read its numbers this way."""
    app.url_map.converters["int"] = RowNumber
