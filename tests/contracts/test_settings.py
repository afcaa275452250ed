"""Every setting is documented, and a wrong one stops the start with one line that names it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields

import pytest

from eventsys.core.errors import SettingError
from eventsys.core.settings import PREFIX, Settings, read_settings
from tests.contracts import code

# Not from the environment: decided by read_settings, or by tests.
INNER = {"secret_is_generated", "testing"}
NAMES = {PREFIX + field.name.upper() for field in fields(Settings)} - {
    PREFIX + name.upper() for name in INNER
}
WRONG = [
    ("PORT", "http"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "８０００"),
    ("WORKERS", "0"),
    ("WORKERS", "-1"),
    ("TRUSTED_PROXIES", "many"),
    ("DATABASE_URL", "mysql://localhost/x"),
    ("DATABASE_URL", "eventsys.sqlite3"),
    ("BASE_URL", "localhost:8000"),
    ("BASE_URL", "ftp://localhost"),
    ("BASE_URL", "http://"),
    ("MAIL_URL", "mail.example.org"),
    ("MAIL_URL", "smtp://"),
    ("REDIS_URL", "localhost"),
    ("RATE_LIMITS", "sometimes"),
    ("SECOND_FACTOR", "sometimes"),
    ("SECRET_KEY", "short"),
    ("STRIPE_API_BASE", "nowhere"),
    ("STRIPE_API_BASE", "http://localhost:9000"),
    ("STRIPE_SECRET_KEY", "pk_live_publishable"),
    ("STRIPE_SECRET_KEY", "sk_test_with a blank"),
    ("STRIPE_SECRET_KEY", "sk_test_without_the_other"),
    ("STRIPE_WEBHOOK_SECRET", "whsec_without_the_other"),
    ("DATA_DIR", "/dev/null/nowhere"),
]


def documented() -> set[str]:
    return set(re.findall(r"`(EVENTSYS_[A-Z_]+)`", (code.ROOT / "docs/operations.md").read_text()))


def test_every_setting_is_documented_and_nothing_else():
    assert documented() == NAMES


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_by_name(name, value, tmp_path):
    environment = {"EVENTSYS_DATA_DIR": str(tmp_path), PREFIX + name: value}
    with pytest.raises(SettingError) as refusal:
        read_settings(environment)
    assert PREFIX + name in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_every_wrong_kind_of_value_is_tried():
    # Free texts cannot be wrong.
    assert NAMES - {PREFIX + name for name, _ in WRONG} == {
        PREFIX + name for name in ("HOST", "MAIL_FROM", "SITE_NAME")
    }


def test_https_wants_a_secret_of_its_own_and_rate_limits(tmp_path):
    https = {"EVENTSYS_DATA_DIR": str(tmp_path), "EVENTSYS_BASE_URL": "https://events.example.org"}
    with pytest.raises(SettingError, match="EVENTSYS_SECRET_KEY"):
        read_settings(https)
    with pytest.raises(SettingError, match="EVENTSYS_RATE_LIMITS"):
        read_settings({**https, "EVENTSYS_SECRET_KEY": "x" * 40, "EVENTSYS_RATE_LIMITS": "off"})
    assert read_settings({**https, "EVENTSYS_SECRET_KEY": "x" * 40}).https


TEST_KEYS = {
    "EVENTSYS_STRIPE_SECRET_KEY": "sk_test_51abc",
    "EVENTSYS_STRIPE_WEBHOOK_SECRET": "whsec_abc",
}
LIVE_KEYS = {**TEST_KEYS, "EVENTSYS_STRIPE_SECRET_KEY": "rk_live_51abc"}
HTTPS = {"EVENTSYS_BASE_URL": "https://events.example.org", "EVENTSYS_SECRET_KEY": "x" * 40}
ELSEWHERE = {"EVENTSYS_STRIPE_API_BASE": "http://localhost:9000"}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        (LIVE_KEYS, "EVENTSYS_BASE_URL must be https"),
        (LIVE_KEYS | HTTPS | ELSEWHERE, "EVENTSYS_STRIPE_API_BASE is refused"),
        (
            TEST_KEYS | {"EVENTSYS_STRIPE_WEBHOOK_SECRET": "sk_test_1"},
            "EVENTSYS_STRIPE_WEBHOOK_SECRET",
        ),
    ],
)
def test_keys_of_test_and_of_real_money_are_not_mixed_up(tmp_path, environment, named):
    with pytest.raises(SettingError, match=named) as refusal:
        read_settings({"EVENTSYS_DATA_DIR": str(tmp_path), **environment})
    assert "51abc" not in str(refusal.value)


@pytest.mark.parametrize(
    "environment", [TEST_KEYS, TEST_KEYS | ELSEWHERE, TEST_KEYS | HTTPS, LIVE_KEYS | HTTPS]
)
def test_keys_that_fit(tmp_path, environment):
    settings = read_settings({"EVENTSYS_DATA_DIR": str(tmp_path), **environment})
    assert settings.stripe_secret_key == environment["EVENTSYS_STRIPE_SECRET_KEY"]


def test_the_process_ends_with_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "flask", "db", "current"],
        env={**os.environ, "EVENTSYS_DATA_DIR": str(tmp_path), "EVENTSYS_PORT": "eight"},
        cwd=code.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.strip().count("\n") == 0, done.stderr
    assert "EVENTSYS_PORT" in done.stderr
