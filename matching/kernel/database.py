"""The database session, the model base and the one way to commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Identity, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry

from matching.kernel.columns import CleanText, UtcInstant

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table: text is clean, instants are aware, constraints have predictable names."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={str: CleanText(), datetime: UtcInstant(), int: BigInteger()},
    )


class Identified:
    """A row with a number of its own."""

    id: Mapped[int] = mapped_column(Identity(), primary_key=True, sort_order=-10)


class Versioned:
    """A row that two people may edit: its version rises with every change."""

    version: Mapped[int] = mapped_column(default=1, server_default="1", sort_order=90)


db = SQLAlchemy(model_class=Base, engine_options={"pool_pre_ping": True})


@contextmanager
def transaction() -> Iterator[Session]:
    """Give the session of one use case; commit once at the end, or roll everything back."""
    session: Session = db.session()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
