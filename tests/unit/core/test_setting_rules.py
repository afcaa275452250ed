"""Settings that have the right form and cannot work are refused by name, without telling a password."""

from __future__ import annotations

import pytest

from eventsys.core.errors import SettingError
from eventsys.core.setting_rules import check_values
from eventsys.factory import create_app


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://user:hidden@host:port/db"),
        ("BASE_URL", "http://[::1"),
        ("BASE_URL", "http://localhost:99999"),
        ("BASE_URL", "http://localhost:0"),
        ("BASE_URL", "https://example.org/events"),
        ("BASE_URL", "https://example.org?x=1"),
        ("BASE_URL", "https://user:hidden@example.org"),
        ("HOST", "two words"),
        ("MAIL_URL", "smtp://user:hidden@host:port"),
        ("MAIL_URL", "smtp://host:587?startls"),
        ("MAIL_FROM", "the secretariat"),
        ("MAIL_FROM", "a@example.org\nBcc: b@example.org"),
        ("MAIL_FROM", "a@example.org, b@example.org"),
        ("REDIS_URL", "redis://:hidden@host:port"),
        ("SITE_NAME", "Events\nBcc: b@example.org"),
        ("STRIPE_API_BASE", "http://localhost:port"),
    ],
)
def test_a_value_that_cannot_work_is_named_in_one_line(name, value):
    with pytest.raises(SettingError) as refusal:
        check_values({f"EVENTSYS_{name}": value})
    assert str(refusal.value).startswith(f"EVENTSYS_{name} ")
    assert "\n" not in str(refusal.value)
    assert "hidden" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://user:p%40ss@db.example.org:5432/eventsys"),
        ("DATABASE_URL", "sqlite:////var/lib/eventsys/eventsys.sqlite3"),
        ("BASE_URL", "https://events.example.org/"),
        ("BASE_URL", "http://[::1]:8000"),
        ("HOST", "0.0.0.0"),
        ("HOST", "::"),
        ("MAIL_URL", "smtp://user:p%40ss@mail.example.org:587?starttls"),
        ("MAIL_FROM", "registration@localhost"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("SITE_NAME", "Événements – Ciudades"),
        ("SITE_NAME", ""),
    ],
)
def test_what_works_is_accepted(name, value):
    check_values({f"EVENTSYS_{name}": value})


def test_the_start_ends_with_the_line(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("EVENTSYS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("EVENTSYS_BASE_URL", "http://[::1")
    with pytest.raises(SystemExit) as end:
        create_app()
    assert end.value.code == 2
    assert capsys.readouterr().err == ("eventsys: EVENTSYS_BASE_URL has no usable host and port\n")
