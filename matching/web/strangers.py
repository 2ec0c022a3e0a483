"""Forms that need no account: how many one address, one network and everybody may send an hour."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from flask import current_app, request
from sqlalchemy.orm import Session

import config as settings
from matching.kernel import limits
from matching.kernel.errors import TooMany
from matching.kernel.limits import Limit, Wish
from matching.kernel.logs import logger
from matching.web.access import current_actor

HOUR = timedelta(hours=1)
# A library or a phone company puts many people behind one network; a town has many networks.
NETWORK_TIMES, EVERYBODY_TIMES = 3, 20
TICK_SECONDS = 0.25


Filing = TypeVar("Filing", bound=Callable[..., Any])


def evenly(filing: Filing) -> Filing:
    """Answer somebody unknown on the next tick, whatever there was to do.

    A form about a person with a block takes longer to keep (T3): nobody shall read that from
    the time. The work is committed by then, so only the answer waits.
    """

    @functools.wraps(filing)
    def waiting(*arguments: Any, **settings: Any) -> Any:
        began = time.monotonic()
        try:
            return filing(*arguments, **settings)
        finally:
            if current_actor().account_id is None:
                taken = time.monotonic() - began
                time.sleep(math.ceil(taken / TICK_SECONDS) * TICK_SECONDS - taken)

    return cast(Filing, waiting)


def count(work: Session, kind: str, now: datetime) -> None:
    """Count one form of somebody unknown; raises TooMany before anything of it is kept.

    Call it in the transaction that keeps the form, so only what was kept is counted. Who is
    signed in is known and not counted: the desk goes on taking calls through any flood.
    """
    if current_actor().account_id is not None:
        return
    used_up = limits.spend(work, _wishes(kind, request.remote_addr or ""), now)
    if used_up is not None:
        logger().warning("strangers_slowed", kind=used_up.name)
        raise TooMany(
            "しばらく受付を止めています。入力は消えていません。"
            "30分ほどたってからもう一度送信するか、お電話ください。"
        )


def _wishes(kind: str, address: str) -> list[Wish]:
    config: settings.Config = current_app.extensions["musubi"]
    most = config.strangers_per_hour
    return [
        (Limit(f"{kind}_address", most, HOUR), address),
        (Limit(f"{kind}_network", most * NETWORK_TIMES, HOUR), limits.network(address)),
        (Limit(f"{kind}_everybody", most * EVERYBODY_TIMES, HOUR), "all"),
    ]
