"""Whatever the story of a need tells is told in words, never by the code of an event."""

import ast
from collections.abc import Iterator
from pathlib import Path

from matching.web.need_story import ACTIONS


def recorded(tree: ast.AST) -> Iterator[str]:
    """The actions that a module records of a need, or of a visit with its need."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if not (isinstance(call.func, ast.Attribute) and call.func.attr == "record"):
            continue
        texts = [each.value for each in call.args if isinstance(each, ast.Constant)]
        if len(texts) < 2 or not isinstance(texts[0], str):
            continue
        named = any(word.arg == "need" for word in call.keywords)
        if texts[1] == "need" or (texts[1] == "placement" and named):
            yield texts[0]


def test_every_event_of_a_need_has_its_words(checkout: Path) -> None:
    found = {
        action
        for path in sorted((checkout / "matching").rglob("*.py"))
        for action in recorded(ast.parse(path.read_text("utf-8")))
    }
    assert "need_triaged" in found and "visit_moved" in found
    assert sorted(found - set(ACTIONS)) == []
