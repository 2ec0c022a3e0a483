"""What the demo tells the person who started it: where, who, and what to try first."""

LOGINS = (
    ("coordinator", "コーディネーター（全地域）", "the worklist, triage, plan, offers"),
    ("branch-hanaizumi", "花泉支部の職員", "the same, 花泉 only"),
    ("manager", "センター長", "approvals, reports, settings"),
    ("clerk", "受付", "takes needs and registrations by phone"),
    ("commissioner", "民生委員（花泉の一区域）", "asks for help on behalf of a household"),
    ("volunteer", "ボランティア", "offers, own calendar, activity reports"),
    ("resident", "相談者", "asks for help, follows what happens"),
    ("partner", "登録団体", "the organisation's own members and activities"),
    ("officer", "市の担当者", "statistics only"),
    ("auditor", "監査", "who saw and did what"),
    ("sysadmin", "システム管理者", "accounts and settings"),
)
"""Login name, who that is, what to look at."""


def demo_banner(url: str, password: str) -> str:
    """Compose the text; one line of it is `password: …`, the same for every demo account."""
    logins = "\n".join(f"  {login:<17} {who}: {what}" for login, who, what in LOGINS)
    return f"""
Musubi（結び） is ready. All people in it are invented.

address:  {url}
password: {password}

logins (one password for all):
{logins}

try first:
  1. {url}/login as coordinator: the worklist of today
  2. {url}/desk/plan: score and plan every ready need, and read why
  3. {url}/needs/new in a private window: ask for help as a resident would
  4. .venv/bin/musubi plan run   (in a second terminal)

Ctrl-C stops everything; the data stays for the next time.
"""
