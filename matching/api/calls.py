"""One call of the API: who calls, with what body; once, and answered with a version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, json, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from matching.api.problems import Refused
from matching.kernel import clock, replies
from matching.kernel.actor import Actor
from matching.kernel.database import transaction
from matching.kernel.errors import NotFound
from matching.kernel.permissions import OFFICE, may
from matching.kernel.person_keys import keys_of
from matching.kernel.sealing import Unreadable
from matching.people.disclosures import CONTACT, note_disclosure
from matching.people.tokens import PREFIX, find_actor
from matching.web.access import access, wall_up

pages = Blueprint("api", __name__, url_prefix="/api/v1")

Body = dict[str, Any]
KEY = re.compile(r"[\x21-\x7e]{1,100}")


@dataclass(frozen=True)
class Reply:
    """What a call is answered with; `version` becomes the ETag."""

    body: Any
    status: int = 200
    version: int | None = None
    location: str | None = None


@dataclass(frozen=True)
class Call:
    """A call that may be made: its session is the transaction of the use case."""

    session: Session
    actor: Actor
    now: datetime
    body: Body = field(default_factory=dict)

    def expects(self, version: int) -> None:
        """Refuse a change of something that is no longer what the caller has read."""
        given = request.headers.get("If-Match")
        if given is None:
            raise Refused(428, "Send If-Match with the ETag you have read.")
        if not request.if_match.contains(str(version)):
            raise Refused(412, "Read it again, then repeat the change.", code="stale")


@dataclass(frozen=True)
class Operation:
    """What the description of the API says of one call."""

    method: str
    path: str
    action: str
    summary: str
    tag: str
    body: Mapping[str, Any] | None
    answer: str
    query: Mapping[str, Mapping[str, Any]]
    edits: bool
    record: bool


OPERATIONS: list[Operation] = []
Act = Callable[..., Reply]


def operation(
    method: str,
    path: str,
    action: str,
    summary: str,
    *,
    tag: str,
    answer: str,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, Mapping[str, Any]] | None = None,
    edits: bool = False,
    record: bool = False,
) -> Callable[[Act], Act]:
    """Make a function one call of the API and write it into the description.

    The body of a `record` is a row of a sheet: its reader names every wrong field at once.
    """
    called = Operation(method, path, action, summary, tag, body, answer, query or {}, edits, record)
    OPERATIONS.append(called)

    def declare(act: Act) -> Act:
        def view(**parts: Any) -> Response:
            _known_only(request.args, called.query, "parameter")
            return _answer(act, called, parts)

        view.__doc__ = summary
        endpoint = f"{method.lower()}_{act.__module__.rsplit('.', 1)[-1]}_{act.__name__}"
        pages.add_url_rule(path, endpoint, access(action)(view), methods=[method])
        return act

    return declare


def _known_only(given: Iterable[str], known: Container[str], what: str) -> None:
    """Refuse names that a call does not have: a mistake, not a wish."""
    if unknown := sorted(name for name in given if name not in known):
        errors = [{"field": name[:100], "detail": f"There is no such {what}."} for name in unknown]
        raise Refused(422, f"Some {what}s cannot be used.", code=f"{what}s", errors=errors)


def _answer(act: Act, called: Operation, parts: Mapping[str, Any]) -> Response:
    if called.method == "GET":
        actor = _caller(called.action, "read")
        with transaction() as work:
            return _write(act(Call(work, actor, clock.now()), **parts))
    actor = _caller(called.action, "write")
    body = {} if called.body is None else _body()
    if called.body is not None and not called.record:
        _known_only(body, called.body, "field")
    with transaction() as work:
        call = Call(work, actor, clock.now(), body)
        if called.method != "POST" or "Idempotency-Key" not in request.headers:
            return _write(act(call, **parts))
        return _once(call, lambda: act(call, **parts))


def note_read(
    call: Call, person_id: int, subject: tuple[str, int], fields: Sequence[str] = CONTACT
) -> None:
    """Keep that a call was answered with somebody's contacts; all others see only their own."""
    if OFFICE.isdisjoint(call.actor.roles):
        return
    note_disclosure(
        call.session, call.actor, person_id, subject, "coordination", call.now, fields=fields
    )


def _caller(action: str, scope: str) -> Actor:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.startswith(PREFIX):
        raise _unknown()
    try:
        with transaction() as work:
            actor, found = find_actor(work, token.strip(), clock.today(), clock.now())
            allowed = found.scope == "write" or scope == "read"
    except NotFound:
        raise _unknown() from None
    g.actor = actor
    if not allowed:
        raise Refused(403, "This token may only read.", code="scope")
    if not may(actor, action):
        raise Refused(403, "The account of this token may not do this.", code="role")
    wall_up(action)
    return actor


def _unknown() -> Refused:
    detail = "Send Authorization: Bearer with a token made on the account page."
    return Refused(401, detail, headers={"WWW-Authenticate": 'Bearer realm="musubi"'})


def _body() -> Body:
    if not request.is_json:
        raise Refused(415, "Send the body as application/json.")
    try:
        found = request.get_json()
    except (BadRequest, RecursionError):
        raise Refused(400, "The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise Refused(422, "The body must be one JSON object.")
    return found


def _once(call: Call, act: Callable[[], Reply]) -> Response:
    """Answer a repeated key with the first answer; another body under it is a mistake.

    The answer is kept sealed: it may tell of people.
    """
    key = request.headers["Idempotency-Key"]
    if not KEY.fullmatch(key):
        raise Refused(400, "Idempotency-Key must be 1 to 100 visible ASCII characters.")
    said = hashlib.sha256(request.get_data()).hexdigest()
    name = f"api:{call.actor.account_id}:{request.path}:{key}"

    keys, place = (
        keys_of(call.session),
        f"replies|answer|{hashlib.sha256(name.encode()).hexdigest()}",
    )

    def first() -> str:
        reply = act()
        told = [said, reply.body, reply.status, reply.version, reply.location]
        return keys.seal(json.dumps(told), None, place)

    try:
        kept = keys.open(replies.once(call.session, name, call.now, first), place)
    except Unreadable:
        raise Refused(409, "The first answer is no longer kept.", code="key_expired") from None
    before, *parts = json.loads(kept)
    if before != said:
        raise Refused(422, "This Idempotency-Key came with another body before.", code="key_reused")
    return _write(Reply(*parts))


def _write(reply: Reply) -> Response:
    found = Response(json.dumps(reply.body), reply.status, content_type="application/json")
    if reply.version is not None:
        found.headers["ETag"] = f'"{reply.version}"'
    if reply.location is not None:
        found.headers["Location"] = f"/api/v1{reply.location}"
    return found
