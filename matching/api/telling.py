"""Which columns of a need within reach a caller may read."""

from __future__ import annotations

from matching.api.bodies import schema_of
from matching.api.calls import Call
from matching.coordination.disclosing import look
from matching.needs.models import Need

WHOLE = frozenset({*schema_of("needs"), "state", "version"})
SENSITIVE = {"note", "household"}
# What leads to a household whose need is over: its page asks what for, no call does.
ASKED_FOR = SENSITIVE | {
    *("phone", "requester_kana", "address", "postal_code", "lat", "lon"),
    *("destination", "destination_lat", "destination_lon"),
    *("proxy_id", "proxy_name", "proxy_phone"),
}
OF_COMMISSIONER = {"need_id", "requester_name", "category", "headcount", "version"}
RESULT = {"state", "status"}


def columns_for(call: Call, need: Need) -> frozenset[str]:
    """Name the columns that a caller may read of a need within reach (BR-19).

    A commissioner hears the result of what they brought, the reception no notes; contacts of what
    is over are shown on its page alone, to who says what for (T22).
    """
    told = look(call.session, call.actor, need, call.now)
    if told.relation in {"desk", "clerk"} and told.may_reveal:
        return WHOLE - ASKED_FOR
    if told.relation == "clerk":
        return WHOLE - SENSITIVE
    if told.relation != "commissioner":
        return WHOLE
    return frozenset(OF_COMMISSIONER | (RESULT if "state" in told else set()))


def contacts_in(columns: frozenset[str]) -> list[str]:
    """Name the contacts among columns as the record of disclosures does."""
    return ["name", *sorted({"phone", "address"} & columns)]
