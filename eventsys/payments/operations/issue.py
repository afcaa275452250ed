"""Issue what is asked for: pro forma, invoice. Safe to ask twice: the second gets the first's paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.i18n import gettext, in_language
from eventsys.payments.errors import NothingDue, NothingToInvoice
from eventsys.payments.operations.post import lock_charge
from eventsys.payments.operations.write import write
from eventsys.payments.queries.documents import (
    find_newest,
    invoiced,
    number_of,
    tax_billed,
)
from eventsys.payments.queries.transfer import told_account
from eventsys.payments.rules.accounts import account_of
from eventsys.payments.rules.documents import DocumentKind, Line, fitted

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.models import Charge, Document
    from eventsys.payments.rules.documents import Subject


def issue_pro_forma(charge_id: int, subject: Subject, *, actor: Actor, now: datetime) -> Document:
    """Say what is to be paid, and how; not in the fiscal series. Raises NothingDue, NoIssuer.

    The newest one is given again while it still says what is true.
    """
    charge = lock_charge(charge_id)
    if charge.billed <= charge.received:
        raise NothingDue
    lines = _whole(charge, subject)
    newest = find_newest(charge_id, DocumentKind.PRO_FORMA)
    if newest is not None and _says(newest, charge, subject):
        return newest
    return write(
        charge, DocumentKind.PRO_FORMA, subject, lines, tax_billed(charge_id), actor=actor, now=now,
        more={"received": charge.received},
    )  # fmt: skip


def _says(document: Document, charge: Charge, subject: Subject) -> bool:
    facts = document.content["facts"]
    issued, now = (facts["total"], facts["received"]), (charge.billed, charge.received)
    return (
        issued == now
        and facts["buyer"] == subject.buyer
        and document.language == subject.language
        and account_of(facts) == told_account(charge, subject)
    )


def issue_invoice(charge_id: int, subject: Subject, *, actor: Actor, now: datetime) -> Document:
    """Invoice what is billed and stands on no invoice yet. Raises NothingToInvoice, NoIssuer.

    When all of it is invoiced, the newest invoice is given again: a second click makes no second one.
    """
    charge = lock_charge(charge_id)
    before, tax_before = invoiced(charge_id)
    newest = find_newest(charge_id, DocumentKind.INVOICE)
    if charge.billed <= before:
        if newest is None or before == 0:
            raise NothingToInvoice
        return newest
    if before and newest is not None:
        with in_language(subject.language):
            text = gettext("Change since invoice %(number)s", number=number_of(newest))
        lines: tuple[Line, ...] = (Line(text, charge.billed - before),)
    else:
        lines = _whole(charge, subject)
    paid = max(0, min(charge.received - before, charge.billed - before))
    return write(
        charge, DocumentKind.INVOICE, subject, lines, tax_billed(charge_id) - tax_before, actor=actor, now=now,
        more={"received": paid},
    )  # fmt: skip


def _whole(charge: Charge, subject: Subject) -> tuple[Line, ...]:
    with in_language(subject.language):
        if not subject.lines:
            return (Line(gettext("Registration fee"), charge.billed),)
        return fitted(subject.lines, charge.billed, gettext("Adjustment"))
