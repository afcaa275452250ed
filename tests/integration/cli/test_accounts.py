"""Staff accounts by command."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from eventsys.accounts.queries import find_account, find_second_factor
from eventsys.core.db import db
from eventsys.mail.models import Message
from tests.factories.accounts import make_holder


@pytest.fixture
def run(app, session):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["accounts", *words])


def test_the_second_factor_is_taken_off_and_the_owner_told(run, session):
    eva = make_holder(datetime.now(UTC))
    done = run("reset-second-factor", "EVA@example.org")
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    session.expire_all()
    assert find_second_factor(eva.account.id) is None
    assert db.session.scalars(select(Message.to_address)).all() == ["eva@example.org"]


def test_what_cannot_be_reset_is_one_line_and_a_failure(run, session):
    nobody = run("reset-second-factor", "nobody@example.org")
    assert nobody.stderr == "Error: There is no email “nobody@example.org”.\n"
    eva = make_holder(datetime.now(UTC))
    run("reset-second-factor", eva.account.email)
    again = run("reset-second-factor", eva.account.email)
    assert again.exit_code != 0
    assert "This account has no second factor" in again.stderr


@pytest.mark.parametrize("address", ["not mail", "", "a@", "a@b.example\r\nBcc: x@y.example"])
def test_what_is_no_address_gets_no_account(run, session, address):
    refused = run("create", address, "--role", "viewer")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "is no email address" in refused.stderr
    assert find_account(address) is None


def test_an_address_that_has_an_account_is_refused_in_words(run, session):
    assert run("create", "eva@example.org", "--role", "viewer").exit_code == 0
    again = run("create", "EVA@example.org", "--role", "viewer")
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == (
        "Error: There is an account with this email address already (email: EVA@example.org).\n"
    )
