"""The relay: carries due jobs from their rows to the broker, and offers lost ones again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from matching.kernel import clock, outbox
from matching.kernel.database import transaction
from matching.kernel.logs import logger

PAUSE_SECONDS = 0.5
RETRY_AFTER = timedelta(seconds=2)

Publish = Callable[[str, int], None]


def relay_once(publish: Publish) -> int:
    """Publish what is due; returns how many bells were rung. A broker away costs nothing."""
    with transaction() as session:
        taken = outbox.take_due(session, clock.now())
    for rung, (name, job_id) in enumerate(taken):
        try:
            publish(name, job_id)
        except OSError as reason:  # kombu and redis errors of a broker away are OSErrors
            left = [job for _, job in taken[rung:]]
            logger().warning("broker_away", error=type(reason).__name__, count=len(left))
            with transaction() as session:
                outbox.put_back(session, left, clock.now() + RETRY_AFTER)
            return rung
    return len(taken)


def run(publish: Publish) -> None:
    """Relay until SIGTERM or Ctrl-C; outages of database and broker are waited out."""
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    pause = PAUSE_SECONDS
    while not stop.wait(pause):
        try:
            busy = relay_once(publish)
            pause = 0 if busy else PAUSE_SECONDS
        except SQLAlchemyError as reason:
            logger().warning("database_away", error=type(reason).__name__)
            pause = min(pause * 2 or PAUSE_SECONDS, 5.0)
