"""Read accounts, sessions and grants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from eventsys.accounts.models import (
    Account,
    AccountLink,
    RecoveryCode,
    RoleGrant,
    SecondFactor,
    SignInChallenge,
    StaffSession,
)
from eventsys.accounts.rules import Permission, permits
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.text import email_key
from eventsys.core.tokens import digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Staff:
    """A signed-in member of staff with all grants: one look-up per request."""

    id: int
    email: str
    name: str
    language: str
    grants: tuple[tuple[str, int | None], ...]
    second_factor: bool = False

    @property
    def label(self) -> str:
        """Give the name to show."""
        return self.name or self.email

    @property
    def actor(self) -> Actor:
        """Give the actor for operations."""
        return Actor("staff", self.id, self.label)

    @property
    def event_ids(self) -> frozenset[int] | None:
        """Give the ids of the events that the grants name; None means every event."""
        if any(event_id is None for _, event_id in self.grants):
            return None
        return frozenset(event_id for _, event_id in self.grants if event_id is not None)

    def may(self, permission: Permission, event_id: int | None = None) -> bool:
        """Tell whether this person may do something, for an event or in general."""
        return permits(self.grants, permission, event_id)


def find_staff(token: str, *, now: datetime) -> Staff | None:
    """Find who is signed in with a session token; None when it ended, expired or was closed."""
    query = (
        select(Account, RoleGrant.role, RoleGrant.event_id, SecondFactor.account_id)
        .join(StaffSession, StaffSession.account_id == Account.id)
        .outerjoin(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
        .where(
            StaffSession.token_digest == digest(token),
            StaffSession.ended_at.is_(None),
            StaffSession.expires_at > now,
            Account.active,
        )
    )
    # The outer join gives None for an account without any role.
    rows: Sequence[Any] = db.session.execute(query).all()
    if not rows:
        return None
    account = rows[0][0]
    return Staff(
        id=account.id,
        email=account.email,
        name=account.name,
        language=account.language,
        grants=tuple((role, event_id) for _, role, event_id, _ in rows if role is not None),
        second_factor=rows[0][3] is not None,
    )


def find_account(email: str) -> Account | None:
    """Find an account by address, whatever its case."""
    return db.session.scalar(select(Account).where(Account.email_key == email_key(email)))


def get_account(account_id: int) -> Account:
    """Get an account by id; raises NotFound."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def list_accounts() -> Sequence[Account]:
    """List all accounts by address."""
    return db.session.scalars(select(Account).order_by(Account.email_key, Account.id)).all()


def list_grants(account_ids: Sequence[int]) -> Sequence[RoleGrant]:
    """List the grants of some accounts."""
    query = select(RoleGrant).where(RoleGrant.account_id.in_(account_ids))
    return db.session.scalars(query.order_by(RoleGrant.account_id, RoleGrant.id)).all()


def list_holders(permission: Permission) -> Sequence[Account]:
    """List the active accounts that may do something for all events, by address."""
    grants = select(RoleGrant.account_id, RoleGrant.role).where(RoleGrant.event_id.is_(None))
    holders = {
        account_id
        for account_id, role in db.session.execute(grants)
        if permits([(role, None)], permission, None)
    }
    return [account for account in list_accounts() if account.active and account.id in holders]


def list_event_grants(event_id: int) -> Sequence[tuple[RoleGrant, Account]]:
    """List who works on an event: the grants for it and, first, those for all events."""
    query = (
        select(RoleGrant, Account)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(or_(RoleGrant.event_id == event_id, RoleGrant.event_id.is_(None)), Account.active)
        .order_by(RoleGrant.event_id.is_not(None), Account.email_key, RoleGrant.id)
    )
    return [(grant, account) for grant, account in db.session.execute(query)]


def find_link(token: str, *, now: datetime) -> AccountLink | None:
    """Find a one-time link that is neither used nor expired."""
    query = select(AccountLink).where(
        AccountLink.token_digest == digest(token),
        AccountLink.used_at.is_(None),
        AccountLink.expires_at > now,
    )
    return db.session.scalar(query)


def find_challenge(token: str, *, now: datetime) -> SignInChallenge | None:
    """Find a sign-in whose code is awaited; None when it has expired or the account was closed."""
    query = (
        select(SignInChallenge)
        .join(Account, Account.id == SignInChallenge.account_id)
        .where(
            SignInChallenge.token_digest == digest(token),
            SignInChallenge.expires_at > now,
            Account.active,
        )
    )
    return db.session.scalar(query)


def find_second_factor(account_id: int) -> SecondFactor | None:
    """Find the second factor of an account; None when it is off."""
    return db.session.get(SecondFactor, account_id)


def count_recovery_codes(account_id: int) -> int:
    """Count the recovery codes that are left."""
    left = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count(RecoveryCode.id)).where(*left)) or 0


def own_recovery_codes(account_id: int, codes: Sequence[str]) -> bool:
    """Tell whether all these codes are recovery codes of the account that were not used."""
    digests = {digest(code.replace("-", "")) for code in codes}
    found = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.code_digest.in_(digests),
        RecoveryCode.used_at.is_(None),
    )
    return bool(digests) and db.session.scalar(found) == len(digests)
