"""The environment becomes settings or a refusal that names every reason."""

from pathlib import Path

import pytest

import config
from matching.kernel.keyring import new_file


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "keys").write_text("a" * 40 + "\n" + "b" * 40)
    (tmp_path / "field").touch(0o600)
    (tmp_path / "field").write_text(new_file())
    return {
        "DATABASE_URL": "postgresql://musubi@localhost/musubi",
        "REDIS_URL": "redis://localhost:6379/0",
        "SECRET_KEYS_FILE": str(tmp_path / "keys"),
        "FIELD_KEYS_FILE": str(tmp_path / "field"),
    }


def test_a_plain_address_is_spelled_for_our_driver(good: dict[str, str]) -> None:
    settings = config.load(good)
    assert settings.database_url == "postgresql+psycopg://musubi@localhost/musubi"
    assert settings.secret_keys == ("a" * 40, "b" * 40)
    assert settings.base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("DATABASE_URL", "mysql://localhost/x", "PostgreSQL"),
        ("DATABASE_URL", "", "DATABASE_URL"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL"),
        ("SECRET_KEYS_FILE", "/nowhere/at/all", "SECRET_KEYS_FILE"),
        ("FIELD_KEYS_FILE", "/nowhere/at/all", "FIELD_KEYS_FILE"),
        ("PORT", "80000", "PORT"),
        ("PORT", "eight", "PORT"),
        ("PORT", "８０００", "PORT"),
        ("BASE_URL", "example.jp", "BASE_URL"),
        ("BASE_URL", "https://[::1", "BASE_URL"),
        ("BASE_URL", "https://:443", "BASE_URL"),
        ("TRUSTED_PROXY", "-1", "TRUSTED_PROXY"),
        ("MUSUBI_DEMO", "yes", "MUSUBI_DEMO"),
        ("MUSUBI_NOW", "2026-11-23T09:00:00", "MUSUBI_NOW"),
        ("MUSUBI_NOW", "yesterday", "MUSUBI_NOW"),
        ("MUSUBI_NOW", "9999-12-31T23:59:59-09:00", "MUSUBI_NOW"),
        ("MUSUBI_NOW", "0001-01-01T00:00:00+09:00", "MUSUBI_NOW"),
        ("MUSUBI_SHIFT", "1.5", "MUSUBI_SHIFT"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL"),
    ],
)
def test_nonsense_is_refused_with_the_name_of_the_setting(
    good: dict[str, str], name: str, value: str, word: str
) -> None:
    with pytest.raises(config.ConfigError) as refused:
        config.load(good | {name: value})
    assert [reason for reason in refused.value.reasons if word in reason]


def test_every_reason_is_named_at_once(good: dict[str, str]) -> None:
    with pytest.raises(config.ConfigError) as refused:
        config.load({"PORT": "x"})
    assert len(refused.value.reasons) == 5


def test_a_key_that_is_too_short_is_refused(good: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("short")
    with pytest.raises(config.ConfigError, match="SECRET_KEYS_FILE"):
        config.load(good)


def test_secrets_do_not_show_when_settings_are_printed(good: dict[str, str]) -> None:
    assert "aaaa" not in repr(config.load(good))
    assert "musubi@localhost" not in repr(config.load(good))
