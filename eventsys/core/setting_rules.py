"""What a setting must be beyond its form: an address that can be dialled, a sender that mail servers take.

Asked before the settings are read, so that a mistake stops the start with one line and not, days later, the
first mail.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from eventsys.core.errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from urllib.parse import SplitResult

PREFIX: Final = "EVENTSYS_"
_SENDER: Final = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_STRIPE_KEY: Final = re.compile(r"(?:sk|rk)_(?:test|live)_[A-Za-z0-9_]+")
_LIVE: Final = ("sk_live_", "rk_live_")
_HOST: Final = re.compile(r"[A-Za-z0-9._:\[\]-]+")


def check_values(environ: Mapping[str, str]) -> None:
    """Refuse a value that cannot work, whatever the others are; raises SettingError, one line naming it.

    The value itself is not repeated where it may hold a password.
    """
    for name, check in _CHECKS.items():
        value = environ.get(PREFIX + name, "").strip()
        if value and (problem := check(value)):
            raise SettingError(f"{PREFIX}{name} {problem}")


def stripe_problem(
    secret_key: str | None, webhook_secret: str | None, api_base: str | None, *, https: bool
) -> str:
    """Say in one line what is wrong with the settings of payments together; empty when they fit."""
    key, secret, base = (
        f"{PREFIX}STRIPE_{name}" for name in ("SECRET_KEY", "WEBHOOK_SECRET", "API_BASE")
    )
    if secret_key is None:
        lonely = next(
            (name for name, value in ((secret, webhook_secret), (base, api_base)) if value), ""
        )
        return f"{lonely} is set without {key}" if lonely else ""
    live = secret_key.startswith(_LIVE)
    problems = (
        (
            not _STRIPE_KEY.fullmatch(secret_key),
            f"{key} must begin with sk_test_, rk_test_, sk_live_ or rk_live_",
        ),
        (webhook_secret is None, f"{secret} must be set with {key}: it proves who sends messages"),
        (
            not (webhook_secret or "whsec_").startswith("whsec_"),
            f"{secret} must begin with whsec_",
        ),
        (live and not https, f"{PREFIX}BASE_URL must be https with a live {key}"),
        (live and api_base is not None, f"{base} is refused with a live {key}"),
    )
    return next((problem for wrong, problem in problems if wrong), "")


def _split(value: str) -> SplitResult | None:
    """Take an address apart; None when its host or port cannot be one."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return None
    return parts if port != 0 else None


def _address(value: str) -> str:
    return "" if _split(value) else "has no usable host and port"


def _base_url(value: str) -> str:
    parts = _split(value)
    if parts is None:
        return _address(value)
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        # All our links begin at the root of the host: a path in front would be in half of them.
        return (
            "must be only a scheme, a host and perhaps a port, such as https://events.example.org"
        )
    return ""


def _mail_url(value: str) -> str:
    parts = _split(value)
    if parts is None:
        return _address(value)
    # A mistyped "starttls" would send passwords and people's data in the clear.
    return "" if parts.query in {"", "starttls"} else "may end in ?starttls and in nothing else"


def _database_url(value: str) -> str:
    try:
        make_url(value)
    except (ArgumentError, ValueError):
        return "is no address of a database"
    return ""


def _sender(value: str) -> str:
    return "" if _SENDER.fullmatch(value) else "must be one email address"


def _host(value: str) -> str:
    return "" if _HOST.fullmatch(value) else "must be a host name or an IP address"


def _line(value: str) -> str:
    # It stands in the header of every mail.
    return "" if value.isprintable() else "must be one line of text"


_CHECKS: Final[dict[str, Callable[[str], str]]] = {
    "DATABASE_URL": _database_url,
    "BASE_URL": _base_url,
    "HOST": _host,
    "MAIL_URL": _mail_url,
    "MAIL_FROM": _sender,
    "REDIS_URL": _address,
    "SITE_NAME": _line,
    "STRIPE_API_BASE": _address,
}
