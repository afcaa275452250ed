"""Settings: a wrong one stops the start with one line naming it."""

from __future__ import annotations

import pytest

from eventsys.core.errors import SettingError
from eventsys.core.settings import read_settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVENTSYS_PORT", "eighty"),
        ("EVENTSYS_PORT", "70000"),
        ("EVENTSYS_WORKERS", "0"),
        ("EVENTSYS_BASE_URL", "reg.example.org"),
        ("EVENTSYS_DATABASE_URL", "mysql://x"),
        ("EVENTSYS_MAIL_URL", "localhost:25"),
        ("EVENTSYS_REDIS_URL", "http://x"),
        ("EVENTSYS_RATE_LIMITS", "perhaps"),
        ("EVENTSYS_SECRET_KEY", "short"),
        ("EVENTSYS_TRUSTED_PROXIES", "-1"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path, name, value):
    with pytest.raises(SettingError) as caught:
        read_settings({"EVENTSYS_DATA_DIR": str(tmp_path), name: value})
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_any_setting_it_is_a_demo_on_sqlite(tmp_path):
    settings = read_settings({"EVENTSYS_DATA_DIR": str(tmp_path)})
    assert settings.sqlite
    assert settings.secret_is_generated
    assert settings.base_url == "http://localhost:8000"


def test_the_generated_secret_survives_a_restart(tmp_path):
    environ = {"EVENTSYS_DATA_DIR": str(tmp_path)}
    assert read_settings(environ).secret_key == read_settings(environ).secret_key


def test_https_needs_a_secret_and_rate_limits(tmp_path):
    environ = {"EVENTSYS_DATA_DIR": str(tmp_path), "EVENTSYS_BASE_URL": "https://reg.example.org"}
    with pytest.raises(SettingError, match="EVENTSYS_SECRET_KEY"):
        read_settings(environ)
    environ["EVENTSYS_SECRET_KEY"] = "x" * 32
    assert read_settings(environ).https
    with pytest.raises(SettingError, match="EVENTSYS_RATE_LIMITS"):
        read_settings({**environ, "EVENTSYS_RATE_LIMITS": "off"})


def test_a_postgresql_address_is_given_its_driver(tmp_path):
    environ = {"EVENTSYS_DATA_DIR": str(tmp_path), "EVENTSYS_DATABASE_URL": "postgres://u@h/d"}
    assert read_settings(environ).database_url == "postgresql+psycopg://u@h/d"
