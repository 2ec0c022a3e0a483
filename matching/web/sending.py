"""Sending: what a form asks for is done once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from matching.kernel import clock, replies
from matching.kernel.actor import Actor
from matching.kernel.database import transaction
from matching.web.access import current_actor
from matching.web.forms import accept

Act = Callable[[Session, Actor, datetime], object]


def once(kind: str, act: Act) -> None:
    """Do what a form asks for, once for each sending."""
    actor, now = current_actor(), clock.now()
    with transaction() as work:

        def done() -> str:
            act(work, actor, now)
            return ""

        replies.once(work, accept(kind), now, done)
