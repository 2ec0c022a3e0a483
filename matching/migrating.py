"""Bringing the database to the newest shape, and telling whether it is there."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text

import config as settings
from matching import row_policies
from matching.catalogue import loading as catalogue
from matching.kernel.database import db, transaction
from matching.places import loading as places

LOCK = 7_330_001  # one migration at a time, whoever starts first


def _alembic() -> Config:
    alembic = Config()
    alembic.set_main_option("script_location", str(settings.ROOT / "migrations"))
    return alembic


def migrate(app: Flask) -> None:
    """Upgrade the database and fill its reference tables; safe to start twice at once."""
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        try:
            if pending() or not _walled():
                command.upgrade(_alembic(), "head")
            if not row_policies.usable(connection):  # such as after a restore elsewhere
                row_policies.grant(connection)
                connection.commit()
            with transaction() as session:
                places.load(session)
                catalogue.load(session)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.commit()


def _walled() -> bool:
    with db.engine.connect() as connection:
        return row_policies.stands(connection)


def knows(revision: str) -> bool:
    """Tell whether this code can bring a database of that shape to its own."""
    script = ScriptDirectory.from_config(_alembic())
    return revision in {each.revision for each in script.walk_revisions()}


def revision() -> str:
    """Return the shape of the database."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def pending() -> bool:
    """Tell whether the database lacks migrations that this code expects."""
    head = ScriptDirectory.from_config(_alembic()).get_current_head()
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() != head
