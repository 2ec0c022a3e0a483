"""The columns of the sheets that the demonstration city fills, in their order."""

VOLUNTEER_COLUMNS = (
    "volunteer_id", "name", "name_kana", "birth_date", "gender", "postal_code", "address",
    "district", "lat", "lon", "phone", "email", "contact_method", "occupation", "skills",
    "categories", "availability", "transport", "max_distance_km", "max_hours_per_month",
    "notice_days", "group_id", "insured_until", "registered_on", "last_active_on", "status", "note",
)  # fmt: skip

GROUP_COLUMNS = (
    "group_id", "group_name", "group_name_kana", "representative", "phone", "email", "postal_code",
    "address", "district", "lat", "lon", "activities", "activity_area", "member_count",
    "founded_on", "meeting", "status", "note",
)  # fmt: skip

NEED_COLUMNS = (
    "need_id", "received_at", "channel", "requester_name", "requester_kana", "requester_relation",
    "recipient_age", "household", "proxy_id", "proxy_name", "proxy_phone", "postal_code", "address",
    "district", "lat", "lon", "phone", "category", "title", "required_skills", "headcount",
    "start_date", "end_date", "weekdays", "time_from", "time_to", "duration_minutes", "recurrence",
    "urgency", "decide_by", "gender_preference", "car_needed", "destination", "destination_lat",
    "destination_lon", "status", "note",
)  # fmt: skip

COMMISSIONER_COLUMNS = (
    "commissioner_id", "name", "name_kana", "district", "towns", "phone", "since",
)  # fmt: skip

PROPOSAL_COLUMNS = (
    "proposal_id", "need_id", "volunteer_id", "category", "proposed_at", "response",
    "responded_at", "visit_date", "visit_minutes", "outcome",
)  # fmt: skip
