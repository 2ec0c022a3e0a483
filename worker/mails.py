"""What the worker writes into a mail, and whom it is from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import config as settings
from matching.kernel import mail
from matching.kernel.logs import logger
from matching.people import resetting

CENTRE = "一関市ボランティアセンター"
SENDER = (CENTRE, "no-reply@example.jp")
SUBJECT = f"パスワードを決めなおす（{CENTRE}）"
BODY = """\
{centre}です。

パスワードを決めなおす申し込みがありました。
30分のうちに、次のページを開いて、新しいパスワードを決めてください。

{address}

心あたりのないときは、このメールを捨ててください。何も変わりません。
"""


def mail_reset(
    session: Session, payload: dict[str, object], now: datetime, config: settings.Config
) -> None:
    """Mail the link for a new password to whom the job names, where there is a mail server."""
    account_id = payload.get("account")
    if config.smtp_host is None:
        logger().info("mail_left_out", reason="no SMTP_HOST")
        return
    host, port = config.smtp_host, config.smtp_port

    def post(to: str, path: str) -> None:
        body = BODY.format(centre=CENTRE, address=config.base_url + path)
        mail.send(host, port, sender=SENDER, to=to, subject=SUBJECT, body=body)

    mailed = resetting.mail(session, int(str(account_id)) if account_id else None, post, now)
    logger().info("reset_mailed" if mailed else "reset_not_mailed")
