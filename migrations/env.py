"""How Alembic reaches the database: through the application's own engine."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

import matching.models  # noqa: F401 - all tables, so that none looks new
from matching import row_policies
from matching.kernel.columns import CleanText, UtcInstant
from matching.kernel.database import Base, db


def render(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as what the database sees, so that old migrations stay readable."""
    if kind == "type" and isinstance(item, CleanText):
        return "sa.String()"
    if kind == "type" and isinstance(item, UtcInstant):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the migrations, each in a transaction of its own."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            transaction_per_migration=True,
            render_item=render,
        )
        row_policies.lift(connection)
        connection.commit()
        with context.begin_transaction():
            context.run_migrations()
        newest = context.get_context().get_current_revision() == context.get_head_revision()
        if newest:  # the wall stands round the newest tables only
            row_policies.build(connection)
        connection.commit()


run()
