"""Words about files of the bank."""

from __future__ import annotations

from typing import Any, Final

from eventsys.core.i18n import lazy

#: Why a file is refused as a whole.
REFUSED: Final[dict[str, Any]] = {
    "unsafe": lazy(
        "This file declares a document type, which no bank does. It was not opened; ask the bank for a plain camt.053."
    ),
    "not_a_statement": lazy(
        "This is no statement of account: bring camt.053 (XML), Norma 43 or CSV as the bank offers it"
    ),
    "no_columns": lazy(
        "No row names a column for the day and one for the amount, in Spanish, English, French or German"
    ),
    "too_many_lines": lazy("This file has more than 5,000 lines: bring it month by month"),
    "two_decimal_marks": lazy(
        "Some amounts have a decimal point and others a decimal comma, so none can be read for sure"
    ),
}
#: Why a line is left out.
TROUBLES: Final[dict[str, Any]] = {
    "bank_no_date": lazy("no day that can be read"),
    "bank_no_amount": lazy("no amount that can be read"),
    "bank_no_currency": lazy("no currency that we know"),
}
#: What a column of the file was taken for.
FIELDS: Final[dict[str, Any]] = {
    "booked_on": lazy("Booked on"),
    "amount": lazy("Amount"),
    "credit": lazy("Money in"),
    "debit": lazy("Money out"),
    "direction": lazy("In or out"),
    "currency": lazy("Currency"),
    "payer": lazy("Payer"),
    "text": lazy("Purpose"),
    "mark": lazy("Number of the bank"),
    "status": lazy("State"),
}
