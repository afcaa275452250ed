"""The facts of an entry of the log in words: what operations keep by its technical name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventsys.core.i18n import country_name, gettext, lazy
from eventsys.core.i18n import gettext as _
from eventsys.core.money import format_money, is_currency
from eventsys.statistics.queries.labels import rung_label
from eventsys.statistics.rules.ladder import Rung
from eventsys.web.office.accounts_forms import ROLES
from eventsys.web.office.devices import PROFILES
from eventsys.web.office.money_words import (
    CODE_KIND_WORDS,
    DECISIONS,
    INCOME_WORDS,
    METHOD_WORDS,
    MOVEMENTS,
    ORIGINS,
    PAYMENT_STATES,
)
from eventsys.web.shared.labels import FORMATS, KINDS, STATUSES
from eventsys.web.shared.verdicts import LOGGED, point_name

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST: Final = 200
NAMES: Final[dict[str, Any]] = {
    "account_holder": lazy("Account holder"),
    "action": lazy("What was done"),
    "address": lazy("Postal address"),
    "after": lazy("After"),
    "amount": lazy("Amount"),
    "bank_address": lazy("Address of the bank"),
    "bank_name": lazy("Bank"),
    "before": lazy("Before"),
    "bic": lazy("BIC"),
    "bytes": lazy("Bytes"),
    "capacity": lazy("Number of places"),
    "category": lazy("Category"),
    "category_codes": lazy("Asked of"),
    "category_id": lazy("Category"),
    "change_until": lazy("People may change or cancel until"),
    "city": lazy("City"),
    "city_id": lazy("City"),
    "code": lazy("Code"),
    "code_kind": lazy("Kind of code"),
    "colour": lazy("Colour"),
    "confirm_unpaid": lazy("Confirmed before it is paid"),
    "contact_email": lazy("Contact for questions"),
    "counted": lazy("Counts as a participant in the figures"),
    "countries": lazy("Which countries"),
    "country": lazy("Country or territory"),
    "created": lazy("New"),
    "currency": lazy("Currency"),
    "decision": lazy("Decision"),
    "description": lazy("Description"),
    "difference": lazy("Difference"),
    "done": lazy("Done"),
    "duplicates": lazy("Sent twice"),
    "email": lazy("Email address"),
    "ends_at": lazy("Ends"),
    "external_id": lazy("Identifier in your own lists"),
    "fields": lazy("Fields"),
    "filters": lazy("Filters"),
    "first_name": lazy("Given names"),
    "footer": lazy("Small print"),
    "form": lazy("Format"),
    "format": lazy("Format"),
    "from": lazy("Origin"),
    "frozen": lazy("Frozen figures"),
    "gender": lazy("Gender"),
    "generation": lazy("Number of the badge"),
    "holder": lazy("Account holder"),
    "hint": lazy("Explanation"),
    "hue": lazy("Colour of the event"),
    "iban": lazy("IBAN"),
    "income_group": lazy("Countries, by income"),
    "intermediary": lazy("Intermediary bank"),
    "into": lazy("Counted as"),
    "invoice_days": lazy("Days to pay an invoice"),
    "job_title": lazy("Job title"),
    "kind": lazy("Kind"),
    "label": lazy("Question"),
    "language": lazy("Language"),
    "last_name": lazy("Family name"),
    "line": lazy("Line"),
    "member": lazy("Member"),
    "method": lazy("How it came"),
    "methods": lazy("Ways of paying"),
    "most": lazy("How many people can use it"),
    "name": lazy("Name"),
    "names": lazy("Name in other languages"),
    "nature": lazy("Nature"),
    "note": lazy("Note"),
    "number": lazy("Number"),
    "online_url": lazy("Link for taking part online"),
    "open_to_public": lazy("Open to the public"),
    "origin": lazy("Source"),
    "options": lazy("Answers to choose from"),
    "organisation": lazy("Organisation"),
    "pay_hours": lazy("Hours to pay"),
    "payment": lazy("Payment"),
    "photo_consent": lazy("Photographs"),
    "point": lazy("Where it scans"),
    "profile": lazy("What it may do"),
    "published": lazy("Published"),
    "purchase_order": lazy("Your order number"),
    "quota": lazy("Quota"),
    "reach": lazy("Payers in"),
    "reason": lazy("Reason"),
    "reference": lazy("Your reference"),
    "refund_percent": lazy("Per cent sent back to whoever cancels"),
    "refund_until": lazy("Sent back until"),
    "refused": lazy("Refused"),
    "region": lazy("Region"),
    "registration": lazy("Registration"),
    "registration_closes_at": lazy("Registration closes"),
    "registration_opens_at": lazy("Registration opens"),
    "registrations": lazy("Registrations"),
    "rejected": lazy("Left out"),
    "replaced": lazy("Replaces"),
    "required": lazy("Needed"),
    "result": lazy("Result"),
    "role": lazy("Role"),
    "rows": lazy("Rows"),
    "rung": lazy("Who is counted"),
    "scan": lazy("Scan"),
    "section": lazy("Heading above it"),
    "sensitive": lazy("Sensitive (health, diet, beliefs): kept apart and deleted early"),
    "series": lazy("Series"),
    "since": lazy("Since"),
    "slug": lazy("Address"),
    "small_group": lazy("Small groups"),
    "source": lazy("Came by"),
    "speaker": lazy("Counts as a speaker in the figures"),
    "starts_at": lazy("Begins"),
    "status": lazy("Status"),
    "step": lazy("Direction"),
    "summary": lazy("In one sentence"),
    "tax_kind": lazy("What it is when there is none"),
    "tax_number": lazy("Tax number"),
    "tax_rate": lazy("Tax in hundredths of a per cent"),
    "tax_text": lazy("Why there is no tax, or what it is"),
    "texts": lazy("Typed"),
    "timezone": lazy("Time zone"),
    "title": lazy("Title"),
    "total": lazy("Total"),
    "transfer_note": lazy("Note on transfers"),
    "typed": lazy("Typed"),
    "unchanged": lazy("As they are already"),
    "until": lazy("Until"),
    "updated": lazy("Changed"),
    "valid_until": lazy("Valid until"),
    "value": lazy("How much"),
    "venue": lazy("Venue"),
    "waiting_list": lazy("Waiting list"),
    "website": lazy("Website"),
    "year": lazy("Year"),
}
SUBJECTS: Final[dict[str, Any]] = {
    "account": lazy("Account"),
    "bank_account": lazy("Bank account"),
    "category": lazy("Category"),
    "charge": lazy("Fee"),
    "city": lazy("City"),
    "device": lazy("Device"),
    "event": lazy("Event"),
    "fee": lazy("Fee"),
    "fee_code": lazy("Code"),
    "frozen_figures": lazy("Frozen figures"),
    "import_file": lazy("Table"),
    "job": lazy("Work"),
    "mail_message": lazy("Mail"),
    "organisation": lazy("Organisation"),
    "payment_case": lazy("Case"),
    "place_alias": lazy("Name of a city"),
    "place_merge": lazy("Counted as another city"),
    "question": lazy("Question"),
    "registration": lazy("Registration"),
    "scan": lazy("Scan"),
}
# How a person came to be registered.
SOURCES: Final[dict[str, Any]] = {
    "web": lazy("the public form"),
    "office": lazy("the office"),
    "import": lazy("an import"),
}
_VALUES: Final[dict[str, dict[str, Any]]] = {
    "after": {**STATUSES, **PAYMENT_STATES},
    "before": {**STATUSES, **PAYMENT_STATES},
    "decision": DECISIONS,
    "format": FORMATS,
    "income_group": INCOME_WORDS,
    "kind": {**KINDS, **CODE_KIND_WORDS, **MOVEMENTS},
    "method": METHOD_WORDS,
    "origin": ORIGINS,
    "profile": dict(PROFILES),
    "result": LOGGED,
    "role": ROLES,
    "source": SOURCES,
    "status": STATUSES,
}


def subject_text(kind: str, number: int | None) -> str:
    """Name what an entry is about: "Registration 12"; nothing where it is about no single thing."""
    return f"{SUBJECTS.get(kind, kind)} {number}" if number is not None else ""


def facts_text(facts: Mapping[str, Any]) -> str:
    """Write the facts of an entry on one line; a name or value without words stands for itself."""
    parts = []
    for name, value in _with_amounts(facts).items():
        label = f"{NAMES.get(name, name)}{gettext(':')} "
        if isinstance(value, dict) and set(value) == {"from", "to"}:
            parts.append(f"{label}{_text(name, value['from'])} → {_text(name, value['to'])}")
        elif value not in (None, "", [], {}):
            parts.append(label + _text(name, value))
    return " · ".join(parts)


def _with_amounts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Write the amounts as the language does where the facts tell their currency, which then needs no words."""
    currency = facts.get("currency")
    if not isinstance(currency, str) or not is_currency(currency):
        return dict(facts)
    written = {
        name: _amount(value, currency) if name in {"amount", "difference"} else value
        for name, value in facts.items()
    }
    return {name: value for name, value in written.items() if name != "currency" or len(facts) == 1}


def _amount(value: Any, currency: str) -> Any:  # noqa: ANN401 (any JSON)
    if isinstance(value, dict):
        return {name: _amount(part, currency) for name, part in value.items()}
    return format_money(value, currency) if isinstance(value, int) else value


def _text(name: str, value: Any) -> str:  # noqa: ANN401 (any JSON)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        words = NAMES if name == "fields" else {}
        value = ", ".join(str(words.get(item, item)) for item in value)
    elif isinstance(value, dict):
        value = ", ".join(f"{key} {item}" for key, item in value.items())
    text = _known(name, str(value))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _known(name: str, value: str) -> str:
    if name == "country":
        return country_name(value)
    if name == "point":
        return point_name(value)
    if name == "rung" and value in tuple(Rung):
        return rung_label(value)
    return str(_VALUES.get(name, {}).get(value, value))
