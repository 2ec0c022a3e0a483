"""What docs point at is there, and each threat has an answer or says that it has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
TEST = re.compile(r"\(\.\./(tests/[a-z_0-9/]+\.py)\)")
THREATS = [f"T{number}" for number in range(1, 31)]


def pages(checkout: Path) -> list[Path]:
    return [checkout / "README.md", *sorted((checkout / "docs").rglob("*.md"))]


def rows(page: Path) -> list[list[str]]:
    lines = page.read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]


def test_every_link_leads_to_a_file(checkout: Path) -> None:
    missing = [
        f"{page.relative_to(checkout)}: {target}"
        for page in pages(checkout)
        for target in LINK.findall(page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert missing == []


def test_every_threat_has_one_row_with_its_test_or_says_why_not(checkout: Path) -> None:
    told = [row for row in rows(checkout / "docs/threats.md") if re.fullmatch(r"T\d+", row[0])]
    assert [row[0] for row in told] == THREATS
    bare = [row[0] for row in told if not TEST.search(row[3]) and "not applicable" not in row[2]]
    assert bare == []


@pytest.mark.parametrize("name", ["threats", "asvs", "ipa"])
def test_what_is_called_shown_is_shown_by_tests(checkout: Path, name: str) -> None:
    named = TEST.findall((checkout / f"docs/{name}.md").read_text("utf-8"))
    empty = [path for path in named if "def test_" not in (checkout / path).read_text("utf-8")]
    assert named
    assert empty == []


def test_every_requirement_is_answered_once_with_a_known_word(checkout: Path) -> None:
    text = (checkout / "docs/asvs.md").read_text("utf-8").split("## Level 3")[0]
    told = [row for row in rows(checkout / "docs/asvs.md") if re.match(r"\d+\.\d+\.\d+", row[0])]
    numbers = re.findall(r"^\| ([\d., ¹]+) \|", text, re.MULTILINE)
    each = [number.strip(" ¹") for group in numbers for number in group.split(",")]
    assert len(each) == len(set(each)) == 180
    assert {row[1] for row in told} <= {"met", "partly", "not met"}
