"""Change one's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.accounts.models import Account
from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.i18n import LANGUAGES, SOURCE

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor


def edit_account(account_id: int, name: str, language: str, *, actor: Actor, now: datetime) -> None:
    """Change name and language of an account."""
    account = db.session.get_one(Account, account_id)
    language = language if language in LANGUAGES else SOURCE
    if (account.name, account.language) == (name, language):
        return
    account.name, account.language = name, language
    record("accounts.edit", "account", account_id, actor=actor, now=now)
