"""Keep the bank accounts. Papers that were issued keep the account that they told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from eventsys.accounts.queries import list_holders
from eventsys.accounts.rules import Permission
from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.order import move_one_step
from eventsys.mail.operations import queue
from eventsys.payments.errors import InvalidAccount
from eventsys.payments.models import BankAccount
from eventsys.payments.queries.accounts import account_text, facts_of, get_account, list_accounts
from eventsys.payments.rules.accounts import LIMITS, Reach, problems_of

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.core.order import Step
    from eventsys.payments.rules.accounts import AccountDraft

_KEPT = (*LIMITS, "code_kind", "currency", "reach", "note")


def save_account(
    account_id: int | None, draft: AccountDraft, *, actor: Actor, now: datetime
) -> BankAccount:
    """Keep an account, a new one when ``account_id`` is None. Raises InvalidAccount, NotFound.

    The log names the fields that changed, and the account before and after: whoever changes it moves money.
    """
    problems = problems_of(draft)
    if problems:
        raise InvalidAccount(problems)
    if account_id is None:
        return _same_as(draft) or _add(draft, actor=actor, now=now)
    account = get_account(account_id)
    before, wanted = facts_of(account).mark, _values(draft)
    changed = sorted(name for name, value in wanted.items() if getattr(account, name) != value)
    for name in changed:
        setattr(account, name, wanted[name])
    if changed:
        account.updated_at = now
        db.session.flush()
        after = facts_of(account).mark
        marks: dict[str, Any] = {"before": before, "after": after} if before != after else {}
        record(
            "payments.edit_account", "bank_account", account.id, actor=actor, now=now,
            facts={"fields": changed} | marks,
        )  # fmt: skip
        _tell("changed", before, after, actor=actor, now=now)
    return account


def _values(draft: AccountDraft) -> dict[str, Any]:
    # Countries that do not count would come back by surprise when the choice is changed.
    countries = sorted(set(draft.countries)) if draft.reach == Reach.LISTED else []
    return {name: getattr(draft, name) for name in _KEPT} | {"countries": countries}


def _same_as(draft: AccountDraft) -> BankAccount | None:
    """Find an account that says the same: a second click on the button makes no second one."""
    wanted = _values(draft)
    return next(
        (
            account
            for account in list_accounts()
            if all(getattr(account, name) == value for name, value in wanted.items())
        ),
        None,
    )


def _add(draft: AccountDraft, *, actor: Actor, now: datetime) -> BankAccount:
    last = db.session.scalar(select(func.max(BankAccount.position)))
    position = 0 if last is None else last + 1
    account = BankAccount(position=position, updated_at=now, **_values(draft))
    db.session.add(account)
    db.session.flush()
    record(
        "payments.add_account", "bank_account", account.id, actor=actor, now=now,
        facts={"after": facts_of(account).mark},
    )  # fmt: skip
    _tell("added", "", facts_of(account).mark, actor=actor, now=now)
    return account


def _tell(what: str, before: str, after: str, *, actor: Actor, now: datetime) -> None:
    """Tell all who could have done it: an account that a stranger puts in is seen on the same day."""
    for holder in list_holders(Permission.PAYMENTS_EDIT):
        name = holder.name or holder.email
        queue(
            "accounts/bank_account",
            (holder.email, name),
            holder.language,
            {
                "name": name, "what": what, "by": actor.label,
                "before": account_text(before), "after": account_text(after),
            },
            now=now,
        )  # fmt: skip


def move_account(account_id: int, step: Step, *, actor: Actor, now: datetime) -> None:
    """Move an account one place: of two that fit a payer equally, the higher one is told."""
    if move_one_step(list_accounts(), get_account(account_id), step):
        record(
            "payments.move_account", "bank_account", account_id, actor=actor, now=now,
            facts={"step": step},
        )  # fmt: skip


def remove_account(account_id: int, *, actor: Actor, now: datetime) -> None:
    """Remove an account: nobody is told it from now on. Raises NotFound."""
    account = get_account(account_id)
    mark = facts_of(account).mark
    record(
        "payments.remove_account",
        "bank_account",
        account_id,
        actor=actor,
        now=now,
        facts={"before": mark},
    )
    _tell("removed", mark, "", actor=actor, now=now)
    db.session.delete(account)
    db.session.flush()
