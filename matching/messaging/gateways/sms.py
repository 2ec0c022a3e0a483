"""Short messages by an HTTP gateway: one number, one text, one idempotency key."""

from __future__ import annotations

from matching.cells.phones import MOBILES
from matching.kernel import clock
from matching.messaging.gateways import Away, Outcome, Parcel, Refused, Sent
from matching.messaging.gateways.http import call, failure_of, told
from matching.messaging.settings import HttpGateway

SEND = "/messages"


class SmsGateway:
    """Hands short messages to the operator's gateway (its protocol is in docs/messages.md)."""

    def __init__(self, settings: HttpGateway) -> None:
        self.settings = settings

    def hand_over(self, parcel: Parcel) -> Outcome:
        """Try once; 409 means that this very message was taken before."""
        headers = {
            "Authorization": f"Bearer {self.settings.token}",
            "Idempotency-Key": parcel.ref,
        }
        body = {
            "to": international(parcel.address),
            "from": self.settings.sender,
            "text": parcel.text,
            "client_ref": parcel.ref,
        }
        answer = call(self.settings.base_url + SEND, headers, body)
        if isinstance(answer, Away):
            return answer
        if answer.is_success or answer.status_code == 409:
            number = told(answer).get("id")
            return Sent(f"sms:{str(number)[:80]}" if number else None)
        if answer.status_code in (400, 422):
            wrong = told(answer).get("error") in ("invalid_number", "unreachable_number")
            return Refused(str(answer.status_code), address=wrong)
        return failure_of(answer, clock.now())


def is_mobile(number: str) -> bool:
    """Tell whether a number can take short messages."""
    digits = _digits(number)
    return digits.startswith(MOBILES) and len(digits) == 11


def international(number: str) -> str:
    """Write a Japanese number as gateways want it: +819000001234."""
    digits = _digits(number)
    return f"+81{digits[1:]}" if digits.startswith("0") else f"+{digits}"


def _digits(number: str) -> str:
    return "".join(str(int(letter)) for letter in number if letter.isdecimal())
