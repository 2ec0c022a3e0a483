"""What the operator says of gateways becomes settings or sentences that say what to mend."""

from pathlib import Path

import pytest

from matching.messaging import settings

LINE = {"LINE_TOKEN": "t", "LINE_SECRET": "s"}
SMS = {"SMS_TOKEN": "t", "SMS_SECRET": "s", "SMS_BASE_URL": "https://sms.example.jp/v1/"}


def read(**environ: str) -> tuple[settings.Gateways, list[str]]:
    reasons: list[str] = []
    return settings.read(environ, reasons), reasons


def test_nothing_named_means_nothing_is_sent() -> None:
    found, reasons = read()
    assert (found.ready, reasons) == ((), [])


def test_each_gateway_is_there_once_it_is_named() -> None:
    found, reasons = read(SMTP_HOST="mail.example.jp", **LINE, **SMS)
    assert reasons == []
    assert found.ready == ("mail", "line", "sms")
    assert found.line is not None
    assert found.line.base_url == "https://api.line.me"
    assert found.sms is not None
    assert found.sms.base_url == "https://sms.example.jp/v1"


@pytest.mark.parametrize(
    ("host", "tls", "port", "expected"),
    [
        ("mail.example.jp", "", "", ("starttls", 587)),
        ("mail.example.jp", "tls", "", ("tls", 465)),
        ("mail.example.jp", "none", "", ("none", 25)),
        ("127.0.0.1", "", "2525", ("none", 2525)),
        ("localhost", "", "", ("none", 25)),
        ("::1", "", "", ("none", 25)),
    ],
)
def test_mail_to_another_machine_is_sealed_on_its_way_unless_told_otherwise(
    host: str, tls: str, port: str, expected: tuple[str, int]
) -> None:
    found, reasons = read(SMTP_HOST=host, SMTP_TLS=tls, SMTP_PORT=port)
    assert reasons == []
    assert found.mail is not None
    assert (found.mail.tls, found.mail.port) == expected


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({"SMTP_HOST": "h", "SMTP_TLS": "maybe"}, "SMTP_TLS"),
        ({"SMTP_HOST": "h", "SMTP_PORT": "70000"}, "SMTP_PORT"),
        ({"SMTP_HOST": "h", "SMTP_PORT": "２５"}, "SMTP_PORT"),
        ({"SMTP_HOST": "h", "MAIL_FROM": "centre"}, "MAIL_FROM"),
        ({"SMTP_HOST": "h", "MAIL_FROM": "a@b\r\nBcc: c@d"}, "MAIL_FROM"),
        ({"SMTP_HOST": "h", "MAIL_BOUNCES": "a b@c"}, "MAIL_BOUNCES"),
        ({"SMTP_HOST": "h", "SMTP_PASSWORD_FILE": "/nowhere/at/all"}, "SMTP_PASSWORD_FILE"),
        ({"LINE_TOKEN": "t"}, "LINE_SECRET"),
        (SMS | {"SMS_BASE_URL": "http://sms.example.jp"}, "SMS_BASE_URL"),
        (SMS | {"SMS_BASE_URL": ""}, "SMS_BASE_URL"),
        (LINE | {"LINE_BASE_URL": "ftp://x"}, "LINE_BASE_URL"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(environ: dict[str, str], word: str) -> None:
    _found, reasons = read(**environ)
    assert [reason for reason in reasons if reason.startswith(word)]


def test_secrets_come_from_files_and_are_not_told(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("hush-hush\n")
    found, reasons = read(LINE_TOKEN_FILE=str(tmp_path / "token"), LINE_SECRET="quiet")
    assert reasons == []
    assert found.line is not None
    assert found.line.token == "hush-hush"
    assert "hush" not in repr(found)
    assert "quiet" not in repr(found)
