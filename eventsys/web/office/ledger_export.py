"""The ledger as a file for accounting: one row for each line, debit and credit apart."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from eventsys.core.i18n import gettext, text_in
from eventsys.core.money import currency_digits
from eventsys.events.queries import get_event_by_id
from eventsys.payments.queries.bank import accounts_of_lines
from eventsys.payments.queries.movements import stream_postings
from eventsys.payments.rules.ledger import Account
from eventsys.registration.queries.money import names_of
from eventsys.web.office.money_words import ACCOUNTS, MOVEMENTS, reason_text
from eventsys.web.office.streams import stream_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventsys.payments.queries.movements import LedgerFilter, Posting

# As many lines as their names are looked up for at once.
BATCH: Final = 500
TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def ledger_headings() -> list[str]:
    """Give the headings in the current language."""
    return [
        gettext("Number"), gettext("When"), gettext("What happened"), gettext("Kind"), gettext("Event"),
        gettext("Name"), gettext("Reference"), gettext("Account"), gettext("Code of the account"),
        gettext("Currency"), gettext("Debit"), gettext("Credit"), gettext("By whom"), gettext("Source"),
        gettext("Reason"), gettext("Came to the account"),
    ]  # fmt: skip


def stream_ledger(wanted: LedgerFilter, form: str, zone: str) -> Iterator[bytes]:
    """Write the file piece by piece, in the language of now, after the request has been committed."""
    return stream_table(
        form, lambda: gettext("Ledger"), ledger_headings, lambda: _rows(wanted, ZoneInfo(zone))
    )


def _rows(wanted: LedgerFilter, zone: ZoneInfo) -> Iterator[list[Any]]:
    titles: dict[int | None, str] = {None: ""}
    postings = stream_postings(wanted)
    while batch := list(islice(postings, BATCH)):
        people = names_of([row.registration_id for row in batch if row.registration_id])
        lines = [_bank_line(row) for row in batch]
        accounts = accounts_of_lines({line for line in lines if line})
        for posting, line in zip(batch, lines, strict=True):
            if posting.event_id not in titles:
                titles[posting.event_id] = text_in(get_event_by_id(posting.event_id or 0).title)
            name, _event_id = people.get(posting.registration_id or 0, ("", 0))
            row = _row(posting, titles[posting.event_id], name, zone)
            yield [*row, accounts.get(line or 0, "")]


def _bank_line(posting: Posting) -> int | None:
    """Give the transfer by which money came to an account of ours, or left it again."""
    kind, _, number = posting.source.partition(":")
    return int(number) if kind == posting.account == Account.BANK and number.isdigit() else None


def _row(posting: Posting, title: str, name: str, zone: ZoneInfo) -> list[Any]:
    amount = Decimal(abs(posting.amount)).scaleb(-currency_digits(posting.currency))
    debit = posting.amount > 0
    return [
        posting.entry_id, posting.at.astimezone(zone).replace(tzinfo=None),
        str(MOVEMENTS.get(posting.kind, posting.kind)), posting.kind, title, name, posting.reference or "",
        str(ACCOUNTS.get(posting.account, posting.account)), posting.account, posting.currency,
        amount if debit else None, None if debit else amount, posting.actor, posting.source,
        reason_text(posting.note),
    ]  # fmt: skip
