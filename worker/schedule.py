"""Beat entries: what happens by itself and how often."""

from celery.schedules import crontab

beat_schedule = {
    "offer lost jobs again": {"task": "sweep", "schedule": 15.0},
    "end offers without an answer": {"task": "expire_offers", "schedule": 60.0},
    "let nobody wait in silence": {"task": "heal_silence", "schedule": 300.0},
    "watch the visits": {"task": "watch_visits", "schedule": 300.0},
    "watch the messages": {"task": "watch_messages", "schedule": 300.0},
    "forget sessions that are over": {"task": "forget_sessions", "schedule": 3600.0},
    "learn from answers": {"task": "learn_tonight", "schedule": crontab(hour=2, minute=40)},
    "verify the audit trail": {"task": "verify_trail", "schedule": crontab(hour=3, minute=10)},
    "let go of what is past": {"task": "retain", "schedule": crontab(hour=3, minute=40)},
    "end consents that were for a time": {"task": "expire_consents", "schedule": 3600.0},
    "plan the day": {"task": "plan_today", "schedule": crontab(hour=0, minute=20)},
}

# A worker that slept finds the wish of this round, not one for every round it missed.
for entry in beat_schedule.values():
    every = entry["schedule"]
    if isinstance(every, float):
        entry["options"] = {"expires": every}
