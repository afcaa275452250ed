"""Create a staff account and its one-time link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from eventsys.accounts.errors import AccountExists, UnknownRole
from eventsys.accounts.models import Account, AccountLink, RoleGrant
from eventsys.accounts.rules import Role
from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.text import email_key
from eventsys.core.tokens import digest, new_token

if TYPE_CHECKING:
    from eventsys.core.actor import Actor

LINK_LASTS: Final = timedelta(days=3)


def create_account(
    email: str,
    role: str,
    *,
    actor: Actor,
    now: datetime,
    name: str = "",
    language: str = "en",
    event_id: int | None = None,
) -> tuple[Account, str]:
    """Create an account with one role and give it with a one-time token to set its password.

    Raises AccountExists and UnknownRole. A role without an event is a role for all events.
    """
    key = email_key(email)
    if db.session.scalar(select(Account.id).where(Account.email_key == key)) is not None:
        raise AccountExists(email=email)
    if role not in {item.value for item in Role} or (role == Role.SECRETARIAT and event_id):
        raise UnknownRole(role=role)
    account = Account(
        email=email.strip(), email_key=key, name=name, language=language, created_at=now
    )
    db.session.add(account)
    db.session.flush()
    db.session.add(RoleGrant(account_id=account.id, event_id=event_id, role=role, granted_at=now))
    record(
        "accounts.create",
        "account",
        account.id,
        actor=actor,
        now=now,
        event_id=event_id,
        facts={"role": role},
    )
    return account, issue_link(account.id, actor=actor, now=now)


def issue_link(account_id: int, *, actor: Actor, now: datetime) -> str:
    """Make a one-time token with which the holder sets a password; it lasts three days."""
    token = new_token()
    db.session.add(
        AccountLink(account_id=account_id, token_digest=digest(token), expires_at=now + LINK_LASTS)
    )
    db.session.flush()
    record("accounts.issue_link", "account", account_id, actor=actor, now=now)
    return token
