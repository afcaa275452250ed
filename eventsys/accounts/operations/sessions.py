"""Sessions of staff: opened, ended, and what stands before one while a code is awaited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import delete, update

from eventsys.accounts.models import SecondFactor, SignInChallenge, StaffSession
from eventsys.audit.operations import record
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.core.tokens import digest, new_token

if TYPE_CHECKING:
    from eventsys.accounts.models import Account

SESSION_LASTS: Final = timedelta(hours=14)  # a long day at the desk
CHALLENGE_LASTS: Final = timedelta(minutes=5)


class Entry(NamedTuple):
    """What a right password gives: a session, or (not complete) a challenge that awaits a code."""

    token: str
    complete: bool


def enter(account: Account, *, now: datetime) -> Entry:
    """Open a session, or, for an account with a second factor, a challenge of five minutes."""
    if db.session.get(SecondFactor, account.id) is None:
        return Entry(open_session(account, now=now), complete=True)
    expired = (SignInChallenge.account_id == account.id, SignInChallenge.expires_at <= now)
    db.session.execute(delete(SignInChallenge).where(*expired))
    token = new_token()
    db.session.add(
        SignInChallenge(
            account_id=account.id, token_digest=digest(token), expires_at=now + CHALLENGE_LASTS
        )
    )
    record("accounts.ask_code", "account", account.id, actor=actor_of(account), now=now)
    return Entry(token, complete=False)


def open_session(account: Account, *, now: datetime) -> str:
    """Open a session for an account and give its token; only the digest is stored."""
    token = new_token()
    db.session.add(
        StaffSession(
            account_id=account.id,
            token_digest=digest(token),
            created_at=now,
            expires_at=now + SESSION_LASTS,
        ),
    )
    account.last_sign_in_at = now
    record("accounts.sign_in", "account", account.id, actor=actor_of(account), now=now)
    return token


def actor_of(account: Account) -> Actor:
    """Give the holder of an account as the one who acts."""
    return Actor("staff", account.id, account.name or account.email)


def end_sessions(account_id: int, *, now: datetime, keep: str = "") -> None:
    """End all sessions of an account but the one with the token ``keep``, and forget its challenges."""
    db.session.execute(
        update(StaffSession)
        .where(
            StaffSession.account_id == account_id,
            StaffSession.ended_at.is_(None),
            StaffSession.token_digest != digest(keep),
        )
        .values(ended_at=now),
    )
    db.session.execute(delete(SignInChallenge).where(SignInChallenge.account_id == account_id))


def sign_out(token: str, *, actor: Actor, now: datetime) -> None:
    """End a session. Ending it twice changes nothing."""
    db.session.execute(
        update(StaffSession)
        .where(StaffSession.token_digest == digest(token), StaffSession.ended_at.is_(None))
        .values(ended_at=now),
    )
    record("accounts.sign_out", "account", actor.id, actor=actor, now=now)


def sign_out_everywhere(account_id: int, *, actor: Actor, now: datetime) -> None:
    """End every session of an account, this one too."""
    end_sessions(account_id, now=now)
    record("accounts.sign_out_everywhere", "account", account_id, actor=actor, now=now)
