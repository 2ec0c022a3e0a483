"""What the worker brings out: its gateways, and the mail with a link for a new password."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

import config as settings
from matching.kernel.logs import logger
from matching.messaging.accounts import reset_parcel
from matching.messaging.gateways import Gateway, Sent
from matching.messaging.gateways.line import LineGateway
from matching.messaging.gateways.mail import MailGateway
from matching.messaging.gateways.sms import SmsGateway
from matching.messaging.sending import Post
from matching.messaging.templates import CENTRE
from matching.people import resetting


def post_of(config: settings.Config) -> Post:
    """Return the gateways that the environment names; without any, nothing leaves."""
    named = config.gateways
    gateways: dict[str, Gateway] = {}
    if named.mail is not None:
        gateways["mail"] = MailGateway(named.mail, CENTRE)
    if named.line is not None:
        gateways["line"] = LineGateway(named.line)
    if named.sms is not None:
        gateways["sms"] = SmsGateway(named.sms)
    return Post(gateways, config.base_url)


def mail_reset(
    session: Session, payload: dict[str, object], now: datetime, config: settings.Config
) -> None:
    """Mail the link for a new password to whom the job names, where there is a mail server."""
    account_id = payload.get("account")
    gateway = post_of(config).gateways.get("mail")
    if gateway is None:
        logger().info("mail_left_out", reason="no SMTP_HOST")
        return

    def post(to: str, path: str, language: str) -> None:
        parcel = reset_parcel(str(uuid.uuid4()), to, config.base_url + path, language)
        outcome = gateway.hand_over(parcel)
        if not isinstance(outcome, Sent):
            raise OSError(outcome.reason)

    mailed = resetting.mail(session, int(str(account_id)) if account_id else None, post, now)
    logger().info("reset_mailed" if mailed else "reset_not_mailed")
