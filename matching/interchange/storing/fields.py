"""Which column of a sheet is kept in which column of a table."""

from __future__ import annotations

from collections.abc import Mapping

from matching.interchange.storing.values import (
    Field,
    as_clock,
    as_day,
    as_flag,
    as_float,
    as_integer,
    as_moment,
    as_preference,
    as_text,
    as_weekdays,
)

Fields = Mapping[str, Field]

PLACE: Fields = {
    "postal_code": as_text("postal_code"),
    "address": as_text("address"),
    "lat": as_float("lat"),
    "lon": as_float("lon"),
}
CONTACT: Fields = {"phone": as_text("phone"), "email": as_text("email")}

PERSON: Fields = {
    "name": as_text("name"),
    "name_kana": as_text("name_kana"),
    "birth_date": as_day("birth_on"),
    "gender": as_text("gender"),
    **PLACE,
    **CONTACT,
    "mobile": as_text("mobile"),
    "contact_method": as_text("contact_method"),
}
VOLUNTEER: Fields = {
    "occupation": as_text("occupation"),
    "transport": as_text("transport"),
    "max_distance_km": as_float("max_distance_km"),
    "max_hours_per_month": as_float("max_hours_per_month"),
    "notice_days": as_integer("notice_days"),
    "group_id": as_text("group_reference"),
    "insured_until": as_day("insured_until"),
    "registered_on": as_day("registered_on"),
    "last_active_on": as_day("last_active_on"),
}
GROUP: Fields = {
    "group_name": as_text("name"),
    "group_name_kana": as_text("name_kana"),
    "representative": as_text("representative"),
    **CONTACT,
    **PLACE,
    "district": as_text("district"),
    "activities": as_text("activities"),
    "activity_area": as_text("activity_area"),
    "member_count": as_integer("member_count"),
    "founded_on": as_day("founded_on"),
    "meeting": as_text("meeting"),
    "status": as_text("state"),
}
COMMISSIONER: Fields = {"towns": as_text("towns"), "since": as_day("since_on")}
REQUESTER: Fields = {
    "requester_name": as_text("name"),
    "requester_kana": as_text("name_kana"),
    "phone": as_text("phone"),
}
NEED: Fields = {
    "received_at": as_moment("received_at"),
    "channel": as_text("channel"),
    "requester_relation": as_text("requester_relation"),
    "recipient_age": as_integer("recipient_age"),
    "household": as_text("household"),
    "proxy_id": as_text("proxy_reference"),
    "proxy_name": as_text("proxy_name"),
    "proxy_phone": as_text("proxy_phone"),
    **PLACE,
    "category": as_text("category_code"),
    "category_text": as_text("category_text"),
    "title": as_text("title"),
    "headcount": as_integer("headcount"),
    "min_headcount": as_integer("min_headcount"),
    "start_date": as_day("start_on"),
    "end_date": as_day("end_on"),
    "weekdays": as_weekdays("weekdays"),
    "time_from": as_clock("from_minute"),
    "time_to": as_clock("to_minute"),
    "duration_minutes": as_integer("duration_minutes"),
    "recurrence": as_text("recurrence"),
    "urgency": as_text("urgency"),
    "decide_by": as_day("decide_by_on"),
    "gender_preference": as_preference("gender_preference"),
    "car_needed": as_flag("car_needed"),
    "destination": as_text("destination"),
    "destination_lat": as_float("destination_lat"),
    "destination_lon": as_float("destination_lon"),
}
PROPOSAL: Fields = {
    "need_id": as_text("need_reference"),
    "category": as_text("category_code"),
    "proposed_at": as_moment("proposed_at"),
    "responded_at": as_moment("responded_at"),
    "visit_date": as_day("visit_on"),
    "visit_minutes": as_integer("visit_minutes"),
    "outcome": as_text("outcome"),
}
