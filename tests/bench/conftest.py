"""One report for the whole run; BENCH_SCALE multiplies the sizes."""

import os
from pathlib import Path

import pytest

from .measuring import Report


@pytest.fixture(scope="session")
def scale() -> float:
    return float(os.environ.get("BENCH_SCALE", "1"))


@pytest.fixture(scope="session")
def report(scale: float, pytestconfig: pytest.Config) -> Report:
    return Report(scale, Path(pytestconfig.rootpath) / "build")
