"""Campaigns that an ordinary run leaves out still fit the product: each of their modules loads."""

from importlib import import_module
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CAMPAIGNS = ("bench", "faults", "fuzz", "lives", "mutation", "screens", "simulation")
MODULES = sorted(
    ".".join(("tests", *path.relative_to(TESTS).with_suffix("").parts))
    for folder in CAMPAIGNS
    for path in (TESTS / folder).rglob("*.py")
)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_of_a_campaign_loads(module: str) -> None:
    assert import_module(module)
