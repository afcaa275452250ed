"""Statements of account as banks send them: camt.053 (and camt.052), any version, ISO 20022. Pure.

The file comes from outside: a document type is refused, and with it every entity (billion laughs, files of
the server). Nothing is ever fetched.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers import expat

from eventsys.core.money import LARGEST, currency_digits, is_currency
from eventsys.payments.rules.bank import squeeze
from eventsys.payments.rules.movements import (
    ACCOUNT_LENGTH,
    MOST_LINES,
    PAYER_LENGTH,
    TEXT_LENGTH,
    Movement,
    Statement,
    Trouble,
    UnreadError,
    tidy,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn

DEPTH: Final = 40
REPORTS: Final = ("BkToCstmrStmt", "BkToCstmrAcctRpt")


def looks_like_xml(data: bytes) -> bool:
    """Tell whether a file is meant as XML, whatever its encoding."""
    head = data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<")


def read_camt(data: bytes) -> Statement:
    """Read the booked movements of a statement. Raises UnreadError."""
    root = _parse(data)
    report = next((found for name in REPORTS if (found := root.find(name)) is not None), None)
    if root.tag != "Document" or report is None:
        raise UnreadError("not_a_statement")
    statement = Statement("camt.053")
    number = 0
    for part in report:
        # One file may hold several accounts, each with its own report.
        account = squeeze(_text(part, "Acct/Id/IBAN") or _text(part, "Acct/Id/Othr/Id"))
        for entry in part.iter("Ntry"):
            number += 1
            if number > MOST_LINES:
                raise UnreadError("too_many_lines")
            _read_entry(entry, number, statement, account[:ACCOUNT_LENGTH])
    return statement


def _parse(data: bytes) -> Element:
    builder, depth = TreeBuilder(), 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise UnreadError("not_a_statement")
        builder.start(name.rpartition(" ")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name.rpartition(" ")[2])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = builder.data
    # A statement of account has no document type; without one there are no entities to expand.
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, ParseError, AssertionError, ValueError, LookupError):
        raise UnreadError("not_a_statement") from None


def _refuse(*_declared: object) -> NoReturn:
    raise UnreadError("unsafe")


def _read_entry(entry: Element, number: int, statement: Statement, account: str) -> None:
    status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
    if status and status != "BOOK":
        statement.pending += 1
        return
    if _text(entry, "CdtDbtInd") != "CRDT":
        statement.outgoing += 1
        return
    booked_on = _day(_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm"))
    total = _amount(entry.find("Amt"))
    if booked_on is None or total is None:
        wrong = "bank_no_date" if booked_on is None else "bank_no_amount"
        statement.troubles.append(Trouble(number, wrong, _text(entry, "Amt")))
        return
    for amount, currency, details in _parts(entry, total):
        statement.movements.append(
            Movement(
                booked_on=booked_on,
                amount=amount,
                currency=currency,
                payer=tidy(_payers(details), PAYER_LENGTH),
                text=tidy([*_remittances(details), _text(entry, "AddtlNtryInf")], TEXT_LENGTH),
                mark=_text(details, "Refs/AcctSvcrRef")
                or _text(entry, "AcctSvcrRef")
                or _text(entry, "NtryRef"),
                account=account,
            )
        )


def _parts(entry: Element, total: tuple[int, str]) -> Iterator[tuple[int, str, Element]]:
    """Give each transfer of an entry, for banks that book several as one; else the entry as a whole."""
    details = entry.findall("NtryDtls/TxDtls")
    amounts = [_amount(_first(each, "Amt", "AmtDtls/TxAmt/Amt")) for each in details]
    known = [amount for amount in amounts if amount is not None]
    whole = sum(amount for amount, _ in known)
    if len(details) > 1 and len(known) == len(details) and (whole, known[0][1]) == total:
        yield from ((*amount, each) for amount, each in zip(known, details, strict=True))
        return
    yield (*total, details[0] if len(details) == 1 else entry)


def _first(element: Element, *paths: str) -> Element | None:
    return next((found for path in paths if (found := element.find(path)) is not None), None)


def _payers(details: Element) -> list[str]:
    wanted = ("Dbtr/Nm", "Dbtr/Pty/Nm", "UltmtDbtr/Nm", "UltmtDbtr/Pty/Nm")
    return [
        name.text or ""
        for parties in details.iter("RltdPties")
        for path in wanted
        for name in parties.findall(path)
    ]


def _remittances(details: Element) -> list[str]:
    texts = []
    for information in details.iter("RmtInf"):
        texts += [item.text or "" for item in information.findall("Strd/CdtrRefInf/Ref")]
        # What does not fit on a line of the bank goes on in the next one.
        texts.append("".join(item.text or "" for item in information.findall("Ustrd")))
    texts += [item.text or "" for item in details.iter("EndToEndId") if item.text != "NOTPROVIDED"]
    return texts


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _amount(element: Element | None) -> tuple[int, str] | None:
    if element is None:
        return None
    currency = element.get("Ccy", "")
    try:
        value = Decimal((element.text or "").strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or not is_currency(currency):
        return None
    amount = value.scaleb(currency_digits(currency))
    whole = int(amount)
    return (whole, currency) if whole == amount and 0 < whole <= LARGEST else None
