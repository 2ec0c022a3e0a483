"""The stylesheets as one file, at an address that changes whenever they do."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from flask import Flask, Response

IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
YEAR_SECONDS = 365 * 24 * 60 * 60


def bundle(folder: Path) -> str:
    """Return app.css of a folder with every import put in its place, in order."""

    def inline(found: re.Match[str]) -> str:
        text = (folder / found[1]).read_text(encoding="utf-8")
        return f"@layer {found[2]} {{\n{text}}}"

    return IMPORT.sub(inline, (folder / "app.css").read_text(encoding="utf-8"))


def register(app: Flask) -> None:
    """Serve the stylesheets and tell the base template where they are."""
    text = bundle(Path(str(app.static_folder)) / "css")
    href = f"/style-{hashlib.sha256(text.encode()).hexdigest()[:12]}.css"

    def stylesheet() -> Response:
        answer = Response(text, mimetype="text/css")
        answer.cache_control.public = True
        answer.cache_control.immutable = True
        answer.cache_control.max_age = YEAR_SECONDS
        return answer

    app.add_url_rule(href, "stylesheet", stylesheet)
    app.context_processor(lambda: {"stylesheet_href": href})
