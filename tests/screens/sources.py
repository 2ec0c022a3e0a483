"""What the Nu HTML checker says of the sources that were kept; what is the same is checked once."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.screens.judging import Finding

PASSING = re.compile(r'(name="(?:csrf_token|request_key|version|draft)" value=")[^"]*')


def invalid(checker: Path, out: Path) -> tuple[int, list[Finding]]:
    """Return how many different sources were checked and what is called an error in them."""
    sources = list(_different(out / "sources"))
    done = subprocess.run(
        ["java", "-jar", str(checker), "--format", "json", "--errors-only", *map(str, sources)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    messages = json.loads(done.stderr or '{"messages": []}')["messages"]
    return len(sources), [_finding(message) for message in messages]


def _different(folder: Path) -> Iterator[Path]:
    seen = set[str]()
    for source in sorted(folder.glob("*/*.html")):
        text = PASSING.sub(r"\1", source.read_text(encoding="utf-8"))
        if text not in seen:
            seen.add(text)
            yield source


def _finding(message: dict[str, object]) -> Finding:
    place = Path(str(message.get("url", "")))
    login, _, register = place.parent.name.partition(".")
    what = f"{message['message']} (line {message.get('lastLine', '?')})"
    return Finding(login, register, place.name, "Nu", what)
