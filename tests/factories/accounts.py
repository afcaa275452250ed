"""Members of staff with a password and a second factor, and an authenticator app in their pocket."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import current_app

from eventsys.accounts.operations.create import create_account
from eventsys.accounts.operations.second_factor import describe_enrolment, turn_on
from eventsys.accounts.operations.sign_in import set_password
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.core.tokens import new_key

if TYPE_CHECKING:
    from eventsys.accounts.models import Account

PASSWORD = "four words in a row"
STEP = 30


def app_code(secret: str, at: datetime, drift: int = 0) -> str:
    """Show what an app shows, written from RFC 4226 and RFC 6238 and not with the library of the product."""
    counter = int(at.timestamp()) // STEP + drift
    raw = hmac.digest(base64.b32decode(secret.replace(" ", "")), counter.to_bytes(8), hashlib.sha1)
    start = raw[-1] & 15
    number = int.from_bytes(raw[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


@dataclass
class Holder:
    """An account with its app and its recovery codes."""

    account: Account
    secret: str
    codes: list[str] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        """Give the holder as the one who acts."""
        return Actor("staff", self.account.id, self.account.name)

    def code(self, at: datetime, drift: int = 0) -> str:
        """Give what the app shows."""
        return app_code(self.secret, at, drift)


def make_holder(
    now: datetime, email: str = "eva@example.org", role: str = "secretariat", language: str = "en"
) -> Holder:
    """Make an account whose second factor was set up an hour ago, and commit."""
    before, settings = now - timedelta(hours=1), current_app.config["EVENTSYS"]
    account, link = create_account(
        email, role, actor=Actor.system("test"), now=before, name="Eva", language=language
    )
    set_password(link, PASSWORD, now=before)
    key = new_key()
    secret = describe_enrolment(account.id, email, key, settings=settings).secret
    made = Holder(account, secret)
    made.codes = turn_on(
        account.id, key, made.code(before), settings=settings, actor=made.actor, now=before
    )
    db.session.commit()
    return made
