"""Two invented cities: one in winter, one in summer."""

from datetime import date

import pytest

from matching.local.city.generating import City, generate

WINTER = date(2027, 1, 18)
SUMMER = date(2026, 7, 1)


@pytest.fixture(scope="session", params=[WINTER, SUMMER], ids=["winter", "summer"])
def city(request: pytest.FixtureRequest) -> City:
    """The city of seed 1 on that day."""
    return generate(1, request.param)


@pytest.fixture(scope="session")
def winter_city() -> City:
    """The city of seed 1 in January."""
    return generate(1, WINTER)


@pytest.fixture(scope="session")
def summer_city() -> City:
    """The city of seed 1 in July."""
    return generate(1, SUMMER)
