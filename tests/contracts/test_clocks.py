"""Every timer of docs/clocks.md has the test it names."""

import re
from pathlib import Path

NAMED = re.compile(r"`(tests/[a-z_/]+\.py)` `(test_[a-z0-9_]+)`")


def test_every_rule_that_waits_names_a_test_that_is_there(checkout: Path) -> None:
    page = (checkout / "docs/clocks.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "test at" not in line]
    named = [NAMED.search(row) for row in rows]
    assert len(rows) > 25 and all(named)
    for found in named:
        assert found is not None
        path, name = found.groups()
        assert f"def {name}(" in (checkout / path).read_text("utf-8"), (path, name)
