"""The one place where the environment becomes settings: frozen, checked, read nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from matching.kernel import keyring
from matching.messaging import settings as gateway_settings
from matching.messaging.settings import Gateways

ROOT = Path(__file__).resolve().parent
SHORTEST_SECRET = 32


class ConfigError(Exception):
    """The environment does not make sense; `reasons` are sentences an operator can act on."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Retention:
    """Days after which data has served its purpose; 0 keeps it for ever.

    `details`: where exactly, notes and phones of needs that ended. `names`: people who asked for
    help. `volunteers`: people who gave it and stopped. `jobs`: traces of finished work.
    """

    details_days: int = 90
    names_days: int = 365
    volunteers_days: int = 730
    jobs_days: int = 30


@dataclass(frozen=True)
class Config:
    """Settings of one running instance.

    `frozen_now` stops the application clock (demo and tests only). `secret_keys` signs
    nothing personal: the newest comes first, older ones still verify. `demo` allows the demo
    accounts and plain HTTP cookies. `field_keys_file` holds the keys of what is kept sealed.
    `trusted_hosts` are names we answer to beside the one of `base_url`.
    `strangers_per_hour`: forms without an account from one address.
    """

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)
    field_keys_file: Path
    secret_keys_file: Path | None = None
    bind: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = ROOT / "var"
    base_url: str = "http://127.0.0.1:8000"
    frozen_now: datetime | None = None
    clock_ahead: timedelta = timedelta()
    demo: bool = False
    trusted_proxies: int = 0
    trusted_hosts: tuple[str, ...] = ()
    strangers_per_hour: int = 30
    gateways: Gateways = field(default_factory=Gateways)
    metrics_token: str | None = field(default=None, repr=False)
    log_level: str = "INFO"
    retention: Retention = Retention()

    @property
    def private_files(self) -> list[Path]:
        """What nobody but the account of the service may read."""
        kept = [self.data_dir / "keys", self.data_dir / "erasures.jsonl"]
        return [*kept, *([self.secret_keys_file] if self.secret_keys_file else [])]

    @property
    def secure_cookies(self) -> bool:
        """Whether people reach us over https, so that cookies may travel on it alone."""
        return self.base_url.startswith("https://")


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the environment into a `Config`; raises ConfigError naming every reason at once."""
    reasons: list[str] = []
    port = _number(environ, "PORT", 8000, 1, 65535, reasons)
    bind = environ.get("BIND", "127.0.0.1")
    settings = Config(
        database_url=_database_url(environ, reasons),
        redis_url=_redis_url(environ, reasons),
        secret_keys=_secret_keys(environ, reasons),
        secret_keys_file=Path(environ.get("SECRET_KEYS_FILE", "")).absolute(),
        field_keys_file=_field_keys_file(environ, reasons),
        bind=bind,
        port=port,
        data_dir=Path(environ.get("MUSUBI_DATA", ROOT / "var")).absolute(),
        base_url=_base_url(environ, bind, port, reasons),
        frozen_now=_frozen_now(environ, reasons),
        clock_ahead=_clock_ahead(environ, reasons),
        demo=_flag(environ, "MUSUBI_DEMO", reasons),
        trusted_proxies=_number(environ, "TRUSTED_PROXY", 0, 0, 5, reasons),
        trusted_hosts=tuple(environ.get("TRUSTED_HOSTS", "").lower().replace(",", " ").split()),
        strangers_per_hour=_number(environ, "STRANGERS_PER_HOUR", 30, 1, 100_000, reasons),
        gateways=gateway_settings.read(environ, reasons),
        metrics_token=environ.get("METRICS_TOKEN") or None,
        log_level=_log_level(environ, reasons),
        retention=_retention(environ, reasons),
    )
    if reasons:
        raise ConfigError(reasons)
    return settings


def _database_url(environ: Mapping[str, str], reasons: list[str]) -> str:
    url = environ.get("DATABASE_URL", "")
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    if not url.startswith("postgresql+psycopg://"):
        reasons.append(
            "DATABASE_URL must name a PostgreSQL database, as postgresql://user@host/name."
        )
    return url


def _redis_url(environ: Mapping[str, str], reasons: list[str]) -> str:
    url = environ.get("REDIS_URL", "")
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        reasons.append("REDIS_URL must start with redis://, rediss:// or unix://.")
    return url


def _secret_keys(environ: Mapping[str, str], reasons: list[str]) -> tuple[str, ...]:
    path = environ.get("SECRET_KEYS_FILE")
    if not path:
        reasons.append("SECRET_KEYS_FILE must name a file with one secret key a line.")
        return ()
    try:
        lines = Path(path).read_text("utf-8").split()
    except (OSError, UnicodeDecodeError) as reason:
        reasons.append(f"SECRET_KEYS_FILE cannot be read: {reason}.")
        return ()
    if not lines or any(len(line) < SHORTEST_SECRET for line in lines):
        reasons.append(
            f"SECRET_KEYS_FILE needs one key or more, each of {SHORTEST_SECRET} characters."
        )
    return tuple(lines)


def _field_keys_file(environ: Mapping[str, str], reasons: list[str]) -> Path:
    path = environ.get("FIELD_KEYS_FILE")
    if not path:
        reasons.append("FIELD_KEYS_FILE must name the file made by `musubi keys new`.")
        return Path()
    try:
        keyring.read_file(Path(path))
    except keyring.KeyFileError as refusal:
        reasons += refusal.reasons
    return Path(path).absolute()


def _number(
    environ: Mapping[str, str], name: str, default: int, low: int, high: int, reasons: list[str]
) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
        reasons.append(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
        return default
    return int(text)


def _flag(environ: Mapping[str, str], name: str, reasons: list[str]) -> bool:
    text = environ.get(name, "0")
    if text not in {"", "0", "1"}:
        reasons.append(f"{name} must be 1 or 0, not {text!r}.")
    return text == "1"


def _base_url(environ: Mapping[str, str], bind: str, port: int, reasons: list[str]) -> str:
    here = f"[{bind}]" if ":" in bind and not bind.startswith("[") else bind
    url = environ.get("BASE_URL") or f"http://{here}:{port}"
    try:
        parts = urlsplit(url)
    except ValueError:  # such as a bracket that is never closed
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        reasons.append(f"BASE_URL must be a full address such as https://example.jp, not {url!r}.")
    return url.rstrip("/")


def _clock_ahead(environ: Mapping[str, str], reasons: list[str]) -> timedelta:
    text = environ.get("MUSUBI_SHIFT") or "0"
    if not re.fullmatch("-?[0-9]{1,9}", text):
        reasons.append("MUSUBI_SHIFT must be a whole number of seconds.")
        return timedelta()
    return timedelta(seconds=int(text))


def _frozen_now(environ: Mapping[str, str], reasons: list[str]) -> datetime | None:
    text = environ.get("MUSUBI_NOW")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 1950 <= moment.year <= 2999:
        reasons.append("MUSUBI_NOW must be an instant with its zone: 2026-11-23T09:00:00+09:00.")
        return None
    return moment


def _retention(environ: Mapping[str, str], reasons: list[str]) -> Retention:
    def days(name: str, default: int) -> int:
        return _number(environ, f"RETAIN_{name.upper()}", default, 0, 36500, reasons)

    usual = asdict(Retention())
    return Retention(**{name: days(name, default) for name, default in usual.items()})


def _log_level(environ: Mapping[str, str], reasons: list[str]) -> str:
    level = environ.get("LOG_LEVEL", "INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        reasons.append("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    return level
