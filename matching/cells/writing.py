"""Writing kept values the way people here write them."""

from __future__ import annotations

import phonenumbers


def hyphened_phone(digits: str) -> str:
    """Return a number with the hyphens of its area code; what is no Japanese number stays as it is.

    Source: the numbering plan in `phonenumbers`.
    """
    try:
        number = phonenumbers.parse(digits, "JP")
    except phonenumbers.NumberParseException:
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
