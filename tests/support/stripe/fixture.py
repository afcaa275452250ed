"""The stand-in as a fixture: ``stripe`` is running, and the application under test talks to it."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from eventsys.core.db import db
from eventsys.payments import gateway
from tests.support.stripe.server import KEY, WEBHOOK_SECRET, StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask


@pytest.fixture
def stripe(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Give Stripe on this machine, with our keys. What of our requests breaks its specification fails the test."""
    made = StandIn()
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    before = app.config["EVENTSYS"]
    app.config["EVENTSYS"] = replace(
        before,
        stripe_secret_key=KEY,
        stripe_webhook_secret=WEBHOOK_SECRET,
        stripe_api_base=made.url,
    )
    # The library waits half a second before it asks again.
    monkeypatch.setattr(gateway.stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    monkeypatch.setattr(gateway.stripe.HTTPClient, "MAX_DELAY", 0.01)

    def post(body: bytes, signature: str) -> int:
        with app.test_client() as client:
            return client.post(
                "/hooks/stripe",
                data=body,
                headers={"Stripe-Signature": signature, "Content-Type": "application/json"},
            ).status_code

    made.post = post
    yield made
    app.config["EVENTSYS"] = before
    made.stop()
    thread.join()
    assert made.calls.wrong == []


@pytest.fixture
def reconcile(app: Flask, session: object) -> Callable[..., Any]:
    """Give the command that compares with Stripe; it gives what it reports."""
    del session

    def run(*arguments: str) -> Any:
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["payments", "reconcile", *arguments])
        assert result.exit_code == 0, result.output
        db.session.expire_all()
        return json.loads(result.stdout)

    return run
