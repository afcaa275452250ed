"""The words and figures of a document as they are printed, in its language: frozen when it is issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventsys.core.i18n import (
    country_name,
    format_date,
    format_percent,
    gettext,
    pgettext,
)
from eventsys.core.money import format_money
from eventsys.payments.queries.accounts import account_rows
from eventsys.payments.rules.accounts import account_of, sends_by_sepa
from eventsys.payments.rules.documents import ASKING, DocumentKind
from eventsys.payments.rules.epc import payload
from eventsys.payments.rules.reference import printed

if TYPE_CHECKING:
    from datetime import date


def printed_paper(facts: dict[str, Any], *, day: date) -> dict[str, Any]:
    """Give everything that is printed of a document, in the current language.

    ``facts`` is what the document says, in plain values; ``day`` its date.
    """
    kind = DocumentKind(facts["kind"])
    if kind is DocumentKind.REPAYMENT:
        facts = _turned(facts)
    return {
        "language": facts["language"],
        "date": [day.year, day.month, day.day],
        "kind": title_of(kind),
        "number": facts["number"],
        "notice": _notice(kind),
        "issuer": _issuer(facts["issuer"]),
        "buyer_title": _buyer_title(kind),
        "buyer": _buyer(facts["buyer"]),
        "meta": _meta(kind, facts, day),
        "subject": _subject(facts["subject"]),
        "lines": _lines(facts),
        "sums": _sums(kind, facts),
        "tax_text": facts["tax_text"],
        "transfer": _transfer(kind, facts),
        "footer": facts["issuer"]["footer"],
        "page": gettext("Page"),
    }


def title_of(kind: DocumentKind) -> str:
    """Name a kind of document as it stands on the paper."""
    return {
        DocumentKind.PRO_FORMA: gettext("Pro forma invoice"),
        DocumentKind.INVOICE: gettext("Invoice"),
        DocumentKind.RECEIPT: gettext("Receipt"),
        DocumentKind.CREDIT_NOTE: gettext("Credit note"),
        DocumentKind.REPAYMENT: gettext("Confirmation of repayment"),
        DocumentKind.CANCELLATION: gettext("Cancellation"),
    }[kind]


def reason_words(reason: str) -> str:
    """Say why in the words of a paper: what operations say is translated, what a person typed stands as it is."""
    known = {
        "cancelled": gettext("Registration cancelled"),
        "not paid in time": gettext("Not paid in time"),
        "change": gettext("Registration changed"),
        "waived": gettext("Fee let go"),
        "buyer": gettext("Issued anew to another recipient"),
        "no place": gettext("No place was left"),
        "too much": gettext("More came than was due"),
        "dispute": gettext("Withdrawn by the payer’s bank"),
        "undone": gettext("The transfer was somebody else’s and was recorded by mistake"),
        "came back": gettext("The repayment did not arrive and came back"),
    }
    return known.get(reason, reason)


def _turned(facts: dict[str, Any]) -> dict[str, Any]:
    """Print what went back as what the recipient gets; in the register it stands with a minus."""

    def turned(row: dict[str, Any]) -> dict[str, Any]:
        return row | {"net": -row["net"], "tax": -row["tax"]}

    lists = {name: [turned(row) for row in facts[name]] for name in ("lines", "taxes")}
    return facts | lists | {"total": -facts["total"]}


def _buyer_title(kind: DocumentKind) -> str:
    if kind is DocumentKind.RECEIPT:
        return gettext("Received from")
    return gettext("Paid back to") if kind is DocumentKind.REPAYMENT else gettext("To")


def _notice(kind: DocumentKind) -> str:
    if kind is DocumentKind.PRO_FORMA:
        return gettext("This is not an invoice: it says what is to be paid, and how.")
    return ""


def _issuer(issuer: dict[str, Any]) -> dict[str, Any]:
    lines = [*issuer["address"].splitlines(), country_name(issuer["country"])]
    if issuer["tax_number"]:
        lines.append(gettext("Tax number: %(number)s", number=issuer["tax_number"]))
    lines.append(issuer["email"])
    return {"name": issuer["name"], "lines": [line for line in lines if line]}


def _buyer(buyer: dict[str, str]) -> dict[str, Any]:
    lines = [*buyer.get("address", "").splitlines(), country_name(buyer.get("country"))]
    if buyer.get("tax_number"):
        lines.append(gettext("Tax number: %(number)s", number=buyer["tax_number"]))
    return {"name": buyer.get("name", ""), "lines": [line for line in lines if line]}


def _meta(kind: DocumentKind, facts: dict[str, Any], day: date) -> list[tuple[str, str]]:
    due = facts["due_on"] if kind in ASKING else ""
    rows = [
        (pgettext("document", "Date"), format_date(day)),
        (gettext("To be paid by"), format_date(day.fromisoformat(due)) if due else ""),
        (gettext("Your order"), facts["buyer"].get("purchase_order", "")),
        (gettext("Your reference"), facts["buyer"].get("reference", "")),
        (_corrects(kind), _corrected(facts, day)),
        (gettext("Why"), facts.get("reason", "")),
        (
            gettext("Paid back on") if kind is DocumentKind.REPAYMENT else gettext("Paid on"),
            _paid(facts, day),
        ),
        (gettext("Invoice"), facts.get("invoice", "")),
    ]
    return [(label, text) for label, text in rows if text]


def _corrected(facts: dict[str, Any], day: date) -> str:
    if not facts.get("corrects"):
        return ""
    number = facts["corrects"]
    issued = format_date(day.fromisoformat(facts["corrects_on"]))
    if facts.get("corrects_kind") == DocumentKind.RECEIPT:
        return gettext("receipt %(number)s of %(day)s", number=number, day=issued)
    if facts.get("corrects_kind") == DocumentKind.REPAYMENT:
        return gettext("confirmation of repayment %(number)s of %(day)s", number=number, day=issued)
    return gettext("invoice %(number)s of %(day)s", number=number, day=issued)


def _corrects(kind: DocumentKind) -> str:
    if kind is DocumentKind.CANCELLATION:
        return gettext("Cancels")
    return gettext("Belongs to") if kind is DocumentKind.REPAYMENT else gettext("Corrects")


def _paid(facts: dict[str, Any], day: date) -> str:
    if not facts.get("paid_on"):
        return ""
    how = {
        "stripe": pgettext("paid", "online"),
        "bank": pgettext("paid", "by bank transfer"),
        "cash": pgettext("paid", "in cash"),
    }
    paid_on = format_date(day.fromisoformat(facts["paid_on"]))
    return ", ".join(part for part in (paid_on, how.get(facts["method"], "")) if part)


def _subject(subject: dict[str, str]) -> list[str]:
    where = " · ".join(part for part in (subject["dates"], subject["place"]) if part)
    person = gettext("Participant: %(name)s", name=subject["person"]) if subject["person"] else ""
    return [part for part in (subject["title"], where, person) if part]


def _lines(facts: dict[str, Any]) -> dict[str, Any]:
    currency = facts["currency"]
    columns = [pgettext("document", "Description"), pgettext("document", "Amount")]
    if not facts["rate"]:
        rows = [
            [line["text"], format_money(line["net"] + line["tax"], currency)]
            for line in facts["lines"]
        ]
        return {"columns": columns, "rows": rows}
    columns[1:1] = [gettext("Without tax"), pgettext("document", "Tax")]
    rows = [
        [
            line["text"],
            format_money(line["net"], currency),
            format_money(line["tax"], currency),
            format_money(line["net"] + line["tax"], currency),
        ]
        for line in facts["lines"]
    ]
    return {"columns": columns, "rows": rows}


def _sums(kind: DocumentKind, facts: dict[str, Any]) -> list[tuple[str, str, bool]]:
    currency = facts["currency"]
    rows: list[tuple[str, int, bool]] = []
    for tax in facts["taxes"]:
        if tax["rate"]:
            rate = percent(tax["rate"])
            rows.append((gettext("Without tax, at %(rate)s", rate=rate), tax["net"], False))
            rows.append((gettext("Tax at %(rate)s", rate=rate), tax["tax"], False))
    last = {
        DocumentKind.RECEIPT: gettext("Amount received"),
        DocumentKind.REPAYMENT: gettext("Amount paid back"),
    }.get(kind, gettext("Total"))
    rows.append((last, facts["total"], True))
    received = facts.get("received", 0)
    if kind in ASKING and received > 0:
        rows.append((gettext("Paid already"), received, False))
        rows.append((gettext("To pay"), max(0, facts["total"] - received), True))
    return [(label, format_money(amount, currency), strong) for label, amount, strong in rows]


def percent(rate: int) -> str:
    """Write a rate in hundredths of a per cent: ``21 %``, ``5.5 %``."""
    digits = 0 if rate % 100 == 0 else 1 if rate % 10 == 0 else 2
    return format_percent(rate / 10_000, digits)


def _transfer(kind: DocumentKind, facts: dict[str, Any]) -> dict[str, Any] | None:
    to_pay = facts["total"] - facts.get("received", 0)
    account = account_of(facts) if kind in ASKING else None
    if account is None or to_pay <= 0:
        return None
    return {
        "title": gettext("To pay by bank transfer"),
        "rows": [
            *account_rows(account),
            (gettext("Amount"), format_money(to_pay, facts["currency"])),
            (pgettext("transfer", "Reference"), printed(facts["reference"])),
        ],
        "hint": gettext("Give the reference as it stands: by it we know whose money it is."),
        "note": account["note"],
        # What a banking app reads; it is drawn when the paper is set.
        "qr": _code(facts, account, to_pay) or "",
    }


def _code(facts: dict[str, Any], account: dict[str, Any], to_pay: int) -> str | None:
    if not sends_by_sepa(facts["buyer"].get("country")):
        return None
    return payload(
        holder=account["holder"],
        iban=account["iban"],
        bic=account["bic"],
        amount=to_pay,
        currency=facts["currency"],
        reference=facts["reference"],
    )
