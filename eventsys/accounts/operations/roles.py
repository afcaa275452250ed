"""Grant and revoke roles; close and reopen accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from eventsys.accounts.errors import LastSecretariat, OwnAccount, UnknownRole
from eventsys.accounts.models import Account, AccountLink, RoleGrant
from eventsys.accounts.operations.sessions import end_sessions
from eventsys.accounts.rules import Role
from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def _get(account_id: int) -> Account:
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def _keep_one_secretariat(account_id: int) -> None:
    """Refuse when nobody else could manage accounts any more."""
    others = (
        select(func.count())
        .select_from(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role == Role.SECRETARIAT, RoleGrant.event_id.is_(None),
            Account.active, Account.id != account_id,
        )
    )  # fmt: skip
    if not db.session.scalar(others):
        raise LastSecretariat


def grant_role(
    account_id: int, role: str, event_id: int | None, *, actor: Actor, now: datetime
) -> None:
    """Grant a role for one event, or for all. Twice changes nothing.

    Raises UnknownRole, also for the secretariat's role on a single event: it is for everything.
    """
    _get(account_id)
    if role not in {item.value for item in Role} or (
        role == Role.SECRETARIAT and event_id is not None
    ):
        raise UnknownRole(role=role)
    same = select(RoleGrant.id).where(
        RoleGrant.account_id == account_id, RoleGrant.role == role,
        RoleGrant.event_id.is_(None) if event_id is None else RoleGrant.event_id == event_id,
    )  # fmt: skip
    if db.session.scalar(same) is not None:
        return
    try:
        with db.session.begin_nested():
            db.session.add(
                RoleGrant(account_id=account_id, role=role, event_id=event_id, granted_at=now)
            )
    except IntegrityError:
        return  # a second click was quicker
    _record("grant_role", account_id, (role, event_id), actor, now)


def revoke_role(account_id: int, grant_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a role away, at once. Raises NotFound, and LastSecretariat for the last one who manages accounts."""
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None or grant.account_id != account_id:
        raise NotFound
    if grant.role == Role.SECRETARIAT and grant.event_id is None:
        _keep_one_secretariat(account_id)
    db.session.delete(grant)
    _record("revoke_role", account_id, (grant.role, grant.event_id), actor, now)


def close_account(account_id: int, *, actor: Actor, now: datetime) -> None:
    """Close an account: all its sessions and links end at once. What it did stays in the log.

    Raises OwnAccount and LastSecretariat.
    """
    account = _get(account_id)
    if actor.kind == "staff" and actor.id == account_id:
        raise OwnAccount
    if not account.active:
        return
    _keep_one_secretariat(account_id)
    account.active = False
    end_sessions(account_id, now=now)
    still_open = (AccountLink.account_id == account_id, AccountLink.used_at.is_(None))
    db.session.execute(update(AccountLink).where(*still_open).values(used_at=now))
    record("accounts.close", "account", account_id, actor=actor, now=now)


def reopen_account(account_id: int, *, actor: Actor, now: datetime) -> None:
    """Open a closed account again; its password and roles are as they were."""
    account = _get(account_id)
    if not account.active:
        account.active = True
        record("accounts.reopen", "account", account_id, actor=actor, now=now)


def _record(
    verb: str, account_id: int, granted: tuple[str, int | None], actor: Actor, now: datetime
) -> None:
    role, event_id = granted
    facts = {"role": role}
    record(
        f"accounts.{verb}",
        "account",
        account_id,
        actor=actor,
        now=now,
        event_id=event_id,
        facts=facts,
    )
