"""Sign in with a password, and set one. Hashes are argon2id."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from eventsys.accounts.errors import LinkSpent, TooManyTries, WeakPassword, WrongPassword
from eventsys.accounts.models import Account, AccountLink
from eventsys.accounts.operations.sessions import Entry, actor_of, end_sessions, enter, open_session
from eventsys.audit.operations import record
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.core.limits import count_try
from eventsys.core.text import email_key
from eventsys.core.tokens import digest

if TYPE_CHECKING:
    from eventsys.core.settings import Settings

TRIES: Final = 10
WINDOW: Final = timedelta(minutes=15)
SHORTEST_PASSWORD: Final = 12

_hasher = PasswordHasher()
# Verified when no account has the address, so that the answer takes as long as for one that exists. Written
# down and not made at each start, which would cost a fifth of a second of the processor.
NOBODY: Final = "$argon2id$v=19$m=65536,t=3,p=4$fYXMnKPAUZ/+pPe4zpZ/ag$q4grKy1OpbjT9cPlloEBC7Psi/akM/kVX9z5qqHCaDg"


def sign_in(email: str, password: str, *, settings: Settings, address: str, now: datetime) -> Entry:
    """Check a password and open a session, or ask for the second factor where there is one.

    Raises WrongPassword, and TooManyTries after ten tries in a quarter of an hour for one account, or
    fifty from one network address.
    """
    key = email_key(email)
    account_bucket = f"sign-in:{digest(key)[:32]}"
    address_bucket = f"sign-in-from:{digest(address)[:32]}"
    within = count_try(settings, account_bucket, limit=TRIES, window=WINDOW, now=now)
    if (
        not count_try(settings, address_bucket, limit=TRIES * 5, window=WINDOW, now=now)
        or not within
    ):
        raise TooManyTries
    account = db.session.scalar(select(Account).where(Account.email_key == key, Account.active))
    known = account.password_hash if account is not None else None
    if not matches(known or NOBODY, password) or account is None or known is None:
        record(
            "accounts.sign_in_failed",
            "account",
            account.id if account else None,
            actor=_nobody(),
            now=now,
        )
        raise WrongPassword
    if _hasher.check_needs_rehash(known):
        account.password_hash = _hasher.hash(password)
    return enter(account, now=now)


def _nobody() -> Actor:
    return Actor.system("sign-in")


def matches(known: str, password: str) -> bool:
    """Tell whether a password belongs to a stored hash."""
    try:
        return _hasher.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False


def set_password(link: str, password: str, *, now: datetime) -> Entry:
    """Use a one-time link: set the password, end all sessions, and enter as after a sign-in.

    Raises LinkSpent and WeakPassword (shorter than twelve characters, or the address itself).
    """
    row = db.session.scalar(
        select(AccountLink).where(
            AccountLink.token_digest == digest(link),
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > now,
        ),
    )
    if row is None:
        raise LinkSpent
    account = db.session.get_one(Account, row.account_id)
    _store_password(account, password, now)
    row.used_at = now
    record("accounts.set_password", "account", account.id, actor=actor_of(account), now=now)
    return enter(account, now=now)


def change_password(account_id: int, old: str, new: str, *, actor: Actor, now: datetime) -> str:
    """Change one's own password: every session ends, one is opened; gives its token.

    Raises WrongPassword when the old one is not right, and WeakPassword.
    """
    account = db.session.get_one(Account, account_id)
    if account.password_hash is None or not matches(account.password_hash, old):
        record("accounts.change_password_failed", "account", account_id, actor=actor, now=now)
        raise WrongPassword
    _store_password(account, new, now)
    record("accounts.change_password", "account", account_id, actor=actor, now=now)
    return open_session(account, now=now)


def _store_password(account: Account, password: str, now: datetime) -> None:
    if len(password) < SHORTEST_PASSWORD or password.casefold() in account.email_key:
        raise WeakPassword(shortest=SHORTEST_PASSWORD)
    account.password_hash = _hasher.hash(password)
    end_sessions(account.id, now=now)
