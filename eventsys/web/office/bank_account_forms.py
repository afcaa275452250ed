"""What is entered about a bank account of the association."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wtforms import RadioField, SelectField, StringField, TextAreaField

from eventsys.core.i18n import country_name, gettext, lazy
from eventsys.payments.queries.accounts import CODE_WORDS
from eventsys.payments.rules.accounts import (
    COUNTRIES_LENGTH,
    LIMITS,
    NOTE_LENGTH,
    AccountDraft,
    Code,
    Reach,
    printed_code,
)
from eventsys.payments.rules.bank import printed_iban, squeeze
from eventsys.places.queries.countries import resolve_country
from eventsys.web.office.texts import clean_lines, read_texts, spread, texts
from eventsys.web.shared.forms import AtMost, Form, options, strip

if TYPE_CHECKING:
    from eventsys.payments.queries.accounts import BankAccount

_PLAIN = ("holder", "number", "code_kind", "bank_name", "bank_address", "intermediary", "reach")
REACHES: dict[Reach, Any] = {
    Reach.ALL: lazy("Every country"),
    Reach.SEPA: lazy("The SEPA area: the European Union and its neighbours in one system"),
    Reach.OUTSIDE: lazy("All countries outside the SEPA area"),
    Reach.LISTED: lazy("Only these countries"),
}


class AccountForm(Form):
    """Where the money goes, and whose."""

    currency = StringField(lazy("Currency"), filters=[strip], validators=[AtMost(10)])
    reach = RadioField(
        lazy("Payers in"),
        choices=options(REACHES.items()),
        default=Reach.ALL.value,
        validate_choice=False,
    )
    countries = TextAreaField(
        lazy("Which countries"),
        filters=[clean_lines],
        validators=[AtMost(COUNTRIES_LENGTH)],
        render_kw={"rows": 3},
    )
    holder = StringField(
        lazy("Account holder"), filters=[strip], validators=[AtMost(LIMITS["holder"])]
    )
    iban = StringField(lazy("IBAN"), filters=[strip], validators=[AtMost(60)])
    number = StringField(
        lazy("Account number"), filters=[strip], validators=[AtMost(LIMITS["number"])]
    )
    code_kind = SelectField(lazy("Kind of code"), validate_choice=False)
    code = StringField(lazy("Code of the bank"), filters=[strip], validators=[AtMost(40)])
    bic = StringField(lazy("BIC"), filters=[strip], validators=[AtMost(30)])
    bank_name = StringField(lazy("Bank"), filters=[strip], validators=[AtMost(LIMITS["bank_name"])])
    bank_address = StringField(
        lazy("Address of the bank"), filters=[strip], validators=[AtMost(LIMITS["bank_address"])]
    )
    intermediary = StringField(
        lazy("Intermediary bank"), filters=[strip], validators=[AtMost(LIMITS["intermediary"])]
    )
    note_en, note_es, note_fr = texts(lazy("Note on transfers"), NOTE_LENGTH, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Offer the kinds of codes."""
        super().__init__(*args, **kwargs)
        self.code_kind.choices = options([(Code.NONE.value, gettext("None")), *CODE_WORDS.items()])

    def draft(self) -> AccountDraft:
        """Give what was entered; to be asked only of a form that is valid."""
        words = [word.strip() for word in re.split(r"[,;\n]", self.countries.data or "")]
        codes = {word: resolve_country(word) for word in words if word}
        return AccountDraft(
            **{name: self[name].data or "" for name in _PLAIN},
            iban=squeeze(self.iban.data or ""),
            code=squeeze(self.code.data or ""),
            bic=squeeze(self.bic.data or ""),
            currency=(self.currency.data or "").upper(),
            countries=tuple(code for code in codes.values() if code),
            unknown=tuple(word for word, code in codes.items() if not code),
            note=read_texts(self, "note"),
        )


def account_data(account: BankAccount) -> dict[str, Any]:
    """Give the data of the form."""
    return {
        **{name: getattr(account, name) for name in (*_PLAIN, "bic", "currency")},
        "iban": printed_iban(account.iban),
        "code": printed_code(account.code_kind, account.code),
        "countries": ", ".join(sorted(country_name(code) for code in account.countries)),
        **spread("note", account.note),
    }
