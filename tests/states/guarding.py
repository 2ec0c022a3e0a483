"""The database refuses, in tests, every change of a state that no table of the product names."""

from __future__ import annotations

from sqlalchemy import Connection, text

from matching.evaluation.state_tables import STATE_TABLES

# Where a row goes by law or by a wish of its person, whatever it was before; never undone.
BY_ERASURE = {"need": "closed", "volunteer": "withdrawn"}


def guard_states(connection: Connection) -> None:
    """Let every row refuse what its table does not name; gone with the test's database."""
    connection.execute(text("CREATE TABLE state_moves (rows text, before text, after text)"))
    for name, table in STATE_TABLES.items():
        for before, afters in table.after.items():
            for after in {*afters, BY_ERASURE.get(name, before)}:
                connection.execute(
                    text("INSERT INTO state_moves VALUES (:rows, :before, :after)"),
                    {"rows": table.rows, "before": before, "after": after},
                )
    connection.execute(
        text(
            """
            CREATE FUNCTION refuse_state() RETURNS trigger AS $$
            BEGIN
              IF NOT EXISTS (SELECT 1 FROM state_moves WHERE rows = TG_TABLE_NAME
                             AND before = OLD.state AND after = NEW.state) THEN
                RAISE EXCEPTION 'no such move: % % -> %', TG_TABLE_NAME, OLD.state, NEW.state;
              END IF;
              RETURN NEW;
            END $$ LANGUAGE plpgsql SECURITY DEFINER
            """
        )
    )
    for table in STATE_TABLES.values():
        connection.execute(
            text(
                f"CREATE TRIGGER refuse_state BEFORE UPDATE OF state ON {table.rows} FOR EACH ROW"
                " WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION refuse_state()"
            )
        )
