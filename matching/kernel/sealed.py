"""Sealed columns: read and set as plain text on a row, never plain in the database.

A row class names them (`phone = Sealed[str | None](index=phone_index)`) and whose key seals them
(`key_owner`). The table gets a column of tokens, and with `index` one of blind indexes by which
`Row.phone == number` finds exact matches. Rows written past the session use `seal_rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Generic, NoReturn, Self, TypeVar, cast, overload

from prometheus_client import Counter
from sqlalchemy import CheckConstraint, ColumnElement, Dialect, String, event, text
from sqlalchemy.orm import Session, attributes, mapped_column, object_session
from sqlalchemy.types import TypeDecorator

from matching.kernel.errors import Invalid
from matching.kernel.logs import logger
from matching.kernel.person_keys import is_personal, keys_of
from matching.kernel.sealing import MARK, Unreadable, key_id_of
from matching.kernel.typed import cleaned

UNREADABLE = "（復号できません）"
UNREADABLE_FIELDS = Counter("fields_unreadable_total", "Sealed fields that did not open", ["table"])

Text = TypeVar("Text", str, str | None)
Index = Callable[[str], str]
Owner = Callable[[Session, Callable[[str], Any]], int | None]


@dataclass(frozen=True)
class Plain:
    """Text that is not sealed yet; the flush does it, when the row's number is known."""

    text: str


class Token(TypeDecorator[str]):
    """A column that takes sealed text only; plain text is refused before it leaves us."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is not None and not (isinstance(value, str) and value.startswith(MARK)):
            raise TypeError("plain text never reaches a sealed column; set it on the row")
        return value


class Sealed(Generic[Text]):
    """A sealed column of a row class; `limit` is the most letters it takes."""

    def __init__(self, *, index: Index | None = None, required: bool = False, limit: int = 4000):
        self.index, self.required, self.limit = index, required, limit

    def __set_name__(self, owner: type[SealedRow], name: str) -> None:
        self.name, self.token, self.mark = name, f"{name}_token", f"{name}_index"
        self.owner = owner
        sealed = CheckConstraint(f"{name} LIKE '{MARK}%'", name=f"{name}_sealed")
        setattr(owner, self.token, mapped_column(name, Token(), sealed, nullable=not self.required))
        if self.index:
            setattr(owner, self.mark, mapped_column(self.mark, String(), index=True, nullable=True))
        owner.sealed = {**owner.sealed, name: cast(Any, self)}

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...

    @overload
    def __get__(self, row: SealedRow, owner: type) -> Text: ...

    def __get__(self, row: SealedRow | None, owner: type) -> Self | Text:
        if row is None:
            return self
        value = getattr(row, self.token)
        if isinstance(value, Plain):
            return value.text
        opened: Any = None if value is None else _opened(row, self.name, value)
        text: Text = opened
        return text

    def __set__(self, row: SealedRow, value: Text) -> None:
        if value == UNREADABLE or self._is(row, value):
            return
        clean = None if value is None else cleaned(value)
        if clean is not None and len(clean) > self.limit:
            raise Invalid(f"{self.limit}文字までにしてください。", field=self.name)
        setattr(row, self.token, None if clean is None else Plain(clean))
        if self.index:
            setattr(row, self.mark, self.index(clean) if clean else None)

    def _is(self, row: SealedRow, value: Text) -> bool:
        """Whether a stored row says so already: then there is nothing to write."""
        stored = attributes.instance_state(cast(Any, row)).persistent
        return bool(stored and self.__get__(row, type(row)) == value)

    def __eq__(self, other: object) -> ColumnElement[bool]:  # type: ignore[override]
        if self.index is None or not isinstance(other, str):
            self._refuse()
        return cast(ColumnElement[bool], getattr(self.owner, self.mark) == self.index(other))

    __hash__ = object.__hash__

    def _refuse(self) -> NoReturn:
        raise TypeError(f"{self.owner.__name__}.{self.name} is sealed: only exact matches by index")


class SealedRow:
    """A row with sealed columns. `key_owner` tells the person whose key seals them.

    It is the name of the attribute with the person's id, a function of the session and of values by
    name, or
    None for what belongs to no person.
    """

    sealed: ClassVar[Mapping[str, Sealed[str | None]]] = {}
    key_owner: ClassVar[str | Owner | None] = None


def place_of(table: str, column: str, number: int) -> str:
    """The place a token is bound to."""
    return f"{table}|{column}|{number}"


def _table(row_class: Any) -> str:
    return cast(str, row_class.__tablename__)


def open_rows(session: Session, row_class: type[SealedRow], rows: list[dict[str, Any]]) -> None:
    """Replace the tokens of rows read past the session by their text."""
    tokens = [token for row in rows for name in row_class.sealed if (token := row[name])]
    keys_of(session).learn(filter(is_personal, map(key_id_of, tokens)))
    for row in rows:
        for name in row_class.sealed:
            if row[name] is not None:
                row[name] = _open(session, _table(row_class), name, row["id"], row[name])
            row.pop(f"{name}_index", None)


def seal_rows(
    session: Session, row_class: type[SealedRow], rows: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return rows for writing past the session: sealed and indexed; each must name its owner."""
    given = list(rows)
    owners = [_owner_of(session, row_class, row.__getitem__) for row in given]
    keys_of(session).ensure({owner for owner in owners if owner is not None})
    return [
        {**row, **_sealed_values(session, row_class, row, owner)}
        for row, owner in zip(given, owners, strict=True)
    ]


def _sealed_values(
    session: Session, row_class: type[SealedRow], row: Mapping[str, Any], owner: int | None
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in row_class.sealed.keys() & row.keys():
        told, index = row[name], row_class.sealed[name].index
        place = place_of(_table(row_class), name, row["id"])
        values[name] = None if told is None else keys_of(session).seal(told, owner, place)
        if index:
            values[f"{name}_index"] = index(told) if told else None
    return values


def _owner_of(
    session: Session, row_class: type[SealedRow], value_of: Callable[[str], Any]
) -> int | None:
    owner = row_class.key_owner
    if owner is None:
        return None
    return value_of(owner) if isinstance(owner, str) else owner(session, value_of)


def _opened(row: SealedRow, name: str, token: str) -> str:
    session = object_session(row)
    if session is None:
        raise RuntimeError("a sealed column is read while its row is in a session")
    if not keys_of(session).knows(key_id_of(token)):
        keys_of(session).learn(_keys_beside(session))
    number = cast(Any, row).id
    return _open(session, _table(row), name, number, token)


def _keys_beside(session: Session) -> list[str]:
    """The keys of all rows read so far: a list of people costs one query, not one each."""
    return [
        key_id
        for row in session.identity_map.values()
        if isinstance(row, SealedRow)
        for column in row.sealed.values()
        if isinstance(token := row.__dict__.get(column.token), str)
        and is_personal(key_id := key_id_of(token))
    ]


def _open(session: Session, table: str, name: str, number: int, token: str) -> str:
    try:
        return keys_of(session).open(token, place_of(table, name, number))
    except Unreadable:
        UNREADABLE_FIELDS.labels(table).inc()
        logger().error("field_unreadable", kind=f"{table}.{name}", reason=str(number))
        return UNREADABLE


@event.listens_for(Session, "before_flush")
def _seal(session: Session, _context: Any, _instances: Any) -> None:
    rows = [row for row in (*session.new, *session.dirty) if isinstance(row, SealedRow)]
    with session.no_autoflush:
        for row in rows:
            _follow_owner(row)
        waiting = [(row, names) for row in rows if (names := _waiting(row))]
        for row, _names in waiting:
            _number(session, row)
        owners = [_owner_of(session, type(row), partial(getattr, row)) for row, _names in waiting]
        keys_of(session).ensure({owner for owner in owners if owner is not None})
        for (row, names), owner in zip(waiting, owners, strict=True):
            for name in names:
                _seal_one(session, row, name, owner)


def _waiting(row: SealedRow) -> list[str]:
    return [
        name
        for name, column in row.sealed.items()
        if isinstance(row.__dict__.get(column.token), Plain)
    ]


def _follow_owner(row: Any) -> None:
    """A row that went over to another person is sealed anew, under that person's key."""
    owner = row.key_owner
    if not isinstance(owner, str) or not attributes.instance_state(row).persistent:
        return
    if attributes.get_history(row, owner).has_changes():
        for name, column in row.sealed.items():
            if (text := getattr(row, name)) not in (None, UNREADABLE):
                setattr(row, column.token, Plain(text))


def _number(session: Session, row: Any) -> None:
    """A token is bound to its row's number, so the number is drawn before the row is written."""
    if row.id is None:
        drawn = text("SELECT nextval(pg_get_serial_sequence(:table, 'id'))")
        row.id = session.connection().scalar(drawn, {"table": row.__tablename__})


def _seal_one(session: Session, row: Any, name: str, owner: int | None) -> None:
    token = row.sealed[name].token
    place = place_of(row.__tablename__, name, row.id)
    setattr(row, token, keys_of(session).seal(getattr(row, token).text, owner, place))
