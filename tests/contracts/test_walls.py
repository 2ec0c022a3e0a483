"""No table of people, needs or visits is outside the second wall unless the reason is written."""

from pathlib import Path

from sqlalchemy import Engine, text

from matching import row_policies
from matching.kernel.database import Base
from matching.kernel.permissions import OF_ACTION, OF_ROLE, REACH, ROLES

ASKED = {"persons", "needs", "volunteers", "proposals", "placements", "areas"}


def test_every_table_with_people_or_places_is_walled_or_says_why_not(engine: Engine) -> None:
    """Add a new table to POLICIES in row_policies.py, or to OPEN_TABLES with the reason."""
    told = {*row_policies.POLICIES, *row_policies.OPEN_TABLES}
    lacking = {
        table.name
        for table in Base.metadata.sorted_tables
        if table.name not in told and {key.column.table.name for key in table.foreign_keys} & ASKED
    }
    assert lacking == set(), "add these to POLICIES or OPEN_TABLES in matching/row_policies.py"
    assert {*row_policies.POLICIES} <= set(Base.metadata.tables)
    with engine.connect() as connection:
        assert row_policies.stands(connection)
        forced = connection.execute(
            text("SELECT count(*) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        ).scalar_one()
    assert forced == len(row_policies.POLICIES)


def test_the_page_on_permissions_says_what_the_table_says(checkout: Path) -> None:
    told = (checkout / "docs/permissions.md").read_text()
    for role, label in ROLES.items():
        assert f"| `{role}` {label} | `{REACH[role]}` |" in told
    for action, reach in OF_ACTION.items():
        assert f"`{action}` → `{reach}`" in told
    for (action, role), reach in OF_ROLE.items():
        assert f"`{action}` of `{role}` → `{reach}`" in told
