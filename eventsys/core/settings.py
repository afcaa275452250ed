"""Settings, read once from the environment. A wrong one stops the start with one line naming it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from eventsys.core.errors import SettingError
from eventsys.core.setting_rules import stripe_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX: Final = "EVENTSYS_"
SECRET_MINIMUM: Final = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides. Each field is documented in ``docs/operations.md``."""

    data_dir: Path
    database_url: str
    secret_key: str
    base_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    mail_url: str | None = None
    mail_from: str = "registration@localhost"
    redis_url: str | None = None
    rate_limits: bool = True
    second_factor: str = "optional"
    site_name: str = "eventsys"
    trusted_proxies: int = 0
    stripe_secret_key: str | None = None
    stripe_webhook_secret: str | None = None
    stripe_api_base: str | None = None
    secret_is_generated: bool = False
    testing: bool = False

    @property
    def https(self) -> bool:
        """Tell whether people reach us over https: cookies are Secure and HSTS is sent."""
        return self.base_url.startswith("https://")

    @property
    def second_factor_required(self) -> bool:
        """Tell whether staff without a second factor must set one up before anything else."""
        return self.second_factor == "required"

    @property
    def sqlite(self) -> bool:
        """Tell whether the database is SQLite."""
        return self.database_url.startswith("sqlite")


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(PREFIX + name, "").strip() or default

    def optional(self, name: str) -> str | None:
        return self.text(name) or None

    def number(self, name: str, default: int, low: int, high: int) -> int:
        raw = self.text(name, str(default))
        if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
            raise SettingError(
                f"{PREFIX}{name} must be a whole number from {low} to {high}, not {raw!r}"
            )
        return int(raw)

    def switch(self, name: str, *, default: bool) -> bool:
        raw = self.text(name, "on" if default else "off").lower()
        if raw not in {"on", "off"}:
            raise SettingError(f"{PREFIX}{name} must be on or off, not {raw!r}")
        return raw == "on"

    def choice(self, name: str, *allowed: str) -> str:
        raw = self.text(name, allowed[0]).lower()
        if raw not in allowed:
            raise SettingError(f"{PREFIX}{name} must be {' or '.join(allowed)}, not {raw!r}")
        return raw

    def url(self, name: str, default: str | None, schemes: tuple[str, ...]) -> str | None:
        raw = self.text(name) or default
        if raw is None:
            return None
        parts = urlsplit(raw)
        if parts.scheme not in schemes:
            raise SettingError(
                f"{PREFIX}{name} must begin with {' or '.join(s + '://' for s in schemes)}"
            )
        if parts.scheme in {"http", "https", "smtp", "smtps"} and not parts.hostname:
            raise SettingError(f"{PREFIX}{name} names no host")
        return raw.rstrip("/") if parts.scheme in {"http", "https"} else raw


def _database_url(reader: _Reader, data_dir: Path) -> str:
    raw = reader.text("DATABASE_URL")
    if not raw:
        return f"sqlite:///{data_dir / 'eventsys.sqlite3'}"
    if raw.startswith("sqlite:///"):
        return raw
    for scheme in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if raw.startswith(scheme):
            return "postgresql+psycopg://" + raw.removeprefix(scheme)
    raise SettingError(f"{PREFIX}DATABASE_URL must begin with sqlite:/// or postgresql://")


def _generated_secret(data_dir: Path) -> str:
    """Keep one random secret in the data directory, so that links survive a restart of the demo."""
    path = data_dir / "secret-key"
    try:
        with path.open("x") as file:
            file.write(secrets.token_urlsafe(48))
        path.chmod(0o600)
    except FileExistsError:
        pass
    return path.read_text().strip()


def _check_together(settings: Settings) -> Settings:
    if settings.https and settings.secret_is_generated:
        raise SettingError(f"{PREFIX}SECRET_KEY must be set when {PREFIX}BASE_URL is https")
    if settings.https and not settings.rate_limits:
        raise SettingError(f"{PREFIX}RATE_LIMITS=off is refused when {PREFIX}BASE_URL is https")
    problem = stripe_problem(
        settings.stripe_secret_key,
        settings.stripe_webhook_secret,
        settings.stripe_api_base,
        https=settings.https,
    )
    if problem:
        raise SettingError(problem)
    return settings


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check all settings.

    Raises SettingError, one line naming the setting, when one is wrong.
    """
    reader = _Reader(environ)
    data_dir = Path(reader.text("DATA_DIR", "var")).absolute()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"{PREFIX}DATA_DIR cannot be used: {error}") from None
    secret = reader.text("SECRET_KEY")
    if secret and len(secret) < SECRET_MINIMUM:
        raise SettingError(f"{PREFIX}SECRET_KEY must have at least {SECRET_MINIMUM} characters")
    host = reader.text("HOST", "127.0.0.1")
    port = reader.number("PORT", 8000, 1, 65535)
    base_url = reader.url("BASE_URL", f"http://localhost:{port}", ("http", "https"))
    return _check_together(
        Settings(
            data_dir=data_dir,
            database_url=_database_url(reader, data_dir),
            secret_key=secret or _generated_secret(data_dir),
            secret_is_generated=not secret,
            base_url=str(base_url),
            host=host,
            port=port,
            workers=reader.number("WORKERS", 2, 1, 64),
            mail_url=reader.url("MAIL_URL", None, ("smtp", "smtps")),
            mail_from=reader.text("MAIL_FROM", "registration@localhost"),
            redis_url=reader.url("REDIS_URL", None, ("redis", "rediss", "unix")),
            rate_limits=reader.switch("RATE_LIMITS", default=True),
            second_factor=reader.choice("SECOND_FACTOR", "optional", "required"),
            site_name=reader.text("SITE_NAME", "eventsys"),
            trusted_proxies=reader.number("TRUSTED_PROXIES", 0, 0, 5),
            stripe_secret_key=reader.optional("STRIPE_SECRET_KEY"),
            stripe_webhook_secret=reader.optional("STRIPE_WEBHOOK_SECRET"),
            stripe_api_base=reader.url("STRIPE_API_BASE", None, ("http", "https")),
        ),
    )
