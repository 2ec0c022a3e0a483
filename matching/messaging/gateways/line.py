"""LINE Messaging API: one push to one friend, under a retry key that makes it one."""

from __future__ import annotations

import httpx

from matching.kernel import clock
from matching.messaging.gateways import Away, Outcome, Parcel, Refused, Sent
from matching.messaging.gateways.http import call, failure_of, told
from matching.messaging.settings import HttpGateway

PUSH = "/v2/bot/message/push"
LONGEST = 5000


class LineGateway:
    """Pushes text to friends of the centre's account."""

    def __init__(self, settings: HttpGateway) -> None:
        self.settings = settings

    def hand_over(self, parcel: Parcel) -> Outcome:
        """Push once; a second try under the same key answers 409, which means it has arrived."""
        headers = {
            "Authorization": f"Bearer {self.settings.token}",
            "X-Line-Retry-Key": parcel.ref,
        }
        message = {"type": "text", "text": parcel.text[:LONGEST]}
        answer = call(
            self.settings.base_url + PUSH, headers, {"to": parcel.address, "messages": [message]}
        )
        if isinstance(answer, Away):
            return answer
        if answer.status_code in (200, 202):
            return Sent(_request_id(answer, "X-Line-Request-Id"))
        if answer.status_code == 409:
            return Sent(_request_id(answer, "X-Line-Accepted-Request-Id"))
        if answer.status_code == 400:
            return Refused("400", address="'to'" in str(told(answer).get("message", "")))
        return failure_of(answer, clock.now())


def _request_id(answer: httpx.Response, name: str) -> str | None:
    value = answer.headers.get(name)
    return f"line:{value[:80]}" if value else None
