"""What an organiser enters of the fees: the plan, one line, codes. Amounts and times as the event counts them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from wtforms import (
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import ValidationError

from eventsys.core.i18n import gettext, lazy, text_in
from eventsys.core.money import parse_amount, plain_amount
from eventsys.events.rules.draft import local_time
from eventsys.registration.rules.fee_setup import (
    CODE_KINDS,
    LABEL_LENGTH,
    NOTE_LENGTH,
    TEXT_LENGTH,
    CodeDraft,
    FeeDraft,
    PlanDraft,
)
from eventsys.registration.rules.income import GROUPS
from eventsys.web.office.fields import Moment, WholeNumber
from eventsys.web.office.money_words import CODE_KIND_WORDS, INCOME_WORDS, METHOD_WORDS
from eventsys.web.office.texts import read_texts, spread, texts
from eventsys.web.shared.forms import AtMost, Form, options, strip
from eventsys.web.shared.sentences import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wtforms import Field

    from eventsys.events.queries import Category
    from eventsys.registration.queries.fees import Fee, FeeCode, FeePlan

_RATE: Final = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,2})?")
_MEMBER: Final = {"yes": True, "no": False}


class PlacedForm(Form):
    """A form whose times are on the clock of the event."""

    zone: str = "UTC"

    def _moment(self, name: str) -> datetime | None:
        value = self[name].data
        placed = local_time(value, self.zone) if value else None
        return placed.astimezone(UTC) if placed else None

    def check_moments(self, *names: str) -> bool:
        """Tell whether the hours exist at the place of the event; say so beside those that do not."""
        good = True
        for name in names:
            field = self[name]
            if field.data and not field.errors and local_time(field.data, self.zone) is None:
                field.errors = [*field.errors, reason_sentence("no_such_time", {})]
                good = False
        return good


class PlanForm(PlacedForm):
    """How an event asks for money."""

    currency = StringField(lazy("Currency"), filters=[strip], validators=[AtMost(3)], default="EUR")
    tax_rate = StringField(lazy("Tax in per cent"), filters=[strip], validators=[AtMost(6)])
    tax_text_en, tax_text_es, tax_text_fr = texts(
        lazy("Why there is no tax, or what it is"), TEXT_LENGTH, rows=2
    )
    tax_kind = SelectField(
        lazy("What it is when there is none"), validate_choice=False, default="exempt"
    )
    methods = SelectMultipleField(
        lazy("Ways of paying"), validate_choice=False, default=["stripe", "bank"]
    )
    confirm_unpaid = RadioField(lazy("Until the fee is paid"), validate_choice=False, default="no")
    pay_hours = WholeNumber(lazy("Hours to pay"), default=72)
    invoice_days = WholeNumber(lazy("Days to pay an invoice"), default=30)
    refund_percent = WholeNumber(lazy("Per cent sent back to whoever cancels"), default=100)
    refund_until = Moment(lazy("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Give the choices their words."""
        super().__init__(*args, **kwargs)
        self.methods.choices = options((code, METHOD_WORDS[code]) for code in ("stripe", "bank"))
        self.tax_kind.choices = options(
            [
                ("exempt", gettext("Exempt from the tax")),
                ("outside", gettext("Outside the scope of the tax")),
                ("zero", gettext("Taxed at 0 per cent")),
            ]
        )
        self.confirm_unpaid.choices = options(
            [
                ("no", gettext("The place waits, and is free again when the time is over")),
                ("yes", gettext("The place is confirmed at once, and the fee stays due")),
            ]
        )
        for name in ("currency", "methods", "pay_hours", "invoice_days", "refund_percent"):
            self[name].flags.required = True

    def validate_tax_rate(self, field: Field) -> None:
        """Accept 21, 5.5 or 5,5; nothing is none."""
        if field.data and not _RATE.fullmatch(field.data):
            raise ValidationError(reason_sentence("bad_rate", {}))

    def draft(self) -> PlanDraft:
        """Give what was entered; to be asked only of a form that is valid."""
        rate = Decimal((self.tax_rate.data or "0").replace(",", "."))
        return PlanDraft(
            currency=(self.currency.data or "").upper(),
            tax_rate=int(rate * 100),
            tax_text=read_texts(self, "tax_text"),
            tax_kind=self.tax_kind.data or "",
            methods=tuple(self.methods.data or ()),
            pay_hours=self.pay_hours.data,
            confirm_unpaid=self.confirm_unpaid.data == "yes",
            invoice_days=self.invoice_days.data,
            refund_until=self._moment("refund_until"),
            refund_percent=self.refund_percent.data,
        )


def plan_data(plan: FeePlan, zone: str) -> dict[str, Any]:
    """Give the data of the form of a plan."""
    return {
        "currency": plan.currency,
        "tax_rate": plain_rate(plan.tax_rate) if plan.tax_rate else "",
        "tax_kind": plan.tax_kind,
        "methods": plan.methods,
        "confirm_unpaid": "yes" if plan.confirm_unpaid else "no",
        "pay_hours": plan.pay_hours,
        "invoice_days": plan.invoice_days,
        "refund_percent": plan.refund_percent,
        "refund_until": _placed(plan.refund_until, zone),
        **spread("tax_text", plan.tax_text),
    }


def plain_rate(rate: int) -> str:
    """Write a rate of tax for a form field: 2100 is ``21``, 550 is ``5.5``."""
    return f"{Decimal(rate).scaleb(-2).normalize():f}"


class FeeForm(PlacedForm):
    """One line of the fees."""

    currency: str = "EUR"

    label_en, label_es, label_fr = texts(lazy("What it says"), LABEL_LENGTH)
    amount = StringField(lazy("Amount"), filters=[strip], validators=[AtMost(20)])
    category = SelectField(lazy("Category"), validate_choice=False)
    member = SelectField(lazy("Member"), validate_choice=False)
    income_group = SelectField(lazy("Countries, by income"), validate_choice=False)
    starts_at = Moment(lazy("From"))
    until = Moment(lazy("Until"))

    def draft(self, categories: Sequence[Category]) -> FeeDraft:
        """Give what was entered; to be asked only of a form that is valid."""
        return FeeDraft(
            label=read_texts(self, "label"),
            amount=parse_amount(self.amount.data or "", self.currency),
            category_id=_category_id(self.category.data, categories),
            member=_MEMBER.get(self.member.data or ""),
            income_group=self.income_group.data or None,
            starts_at=self._moment("starts_at"),
            until=self._moment("until"),
        )


def fee_form(
    currency: str,
    zone: str,
    categories: Sequence[Category],
    fee: Fee | None = None,
    **more: Any,  # noqa: ANN401 (handed to WTForms)
) -> FeeForm:
    """Make the form of a line with the choices of the event."""
    form = FeeForm(data=_fee_data(fee, currency, zone, categories), **more) if fee else FeeForm()
    form.currency, form.zone = currency, zone
    form.category.choices = category_choices(categories)
    form.member.choices = options(
        [
            ("", gettext("Member or not")),
            ("yes", gettext("Only representatives of members")),
            ("no", gettext("Only others")),
        ]
    )
    form.income_group.choices = options(
        [("", gettext("All countries")), *((code, INCOME_WORDS[code]) for code in GROUPS)]
    )
    form.amount.flags.required = True
    return form


def _fee_data(fee: Fee, currency: str, zone: str, categories: Sequence[Category]) -> dict[str, Any]:
    codes = {row.id: row.code for row in categories}
    return {
        **spread("label", fee.label),
        "amount": plain_amount(fee.amount, currency),
        "category": codes.get(fee.category_id or 0, ""),
        "member": {True: "yes", False: "no"}.get(fee.member, "") if fee.member is not None else "",
        "income_group": fee.income_group or "",
        "starts_at": _placed(fee.starts_at, zone),
        "until": _placed(fee.until, zone),
    }


class CodeForm(PlacedForm):
    """A code, or many of one kind."""

    currency: str = "EUR"

    kind = RadioField(lazy("What it does"), validate_choice=False, default="free")
    value = StringField(lazy("How much"), filters=[strip], validators=[AtMost(20)])
    category = SelectField(lazy("Category"), validate_choice=False)
    most = WholeNumber(lazy("How many people can use it"), default=1)
    valid_until = Moment(lazy("Valid until"))
    note = StringField(lazy("Note"), filters=[strip], validators=[AtMost(NOTE_LENGTH)])

    def draft(self, categories: Sequence[Category]) -> CodeDraft:
        """Give what was entered; to be asked only of a form that is valid."""
        kind, typed = self.kind.data or "", self.value.data or ""
        value = None
        if kind == "percent":
            value = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else None
        elif kind == "amount":
            value = parse_amount(typed, self.currency)
        return CodeDraft(
            kind=kind,
            value=value,
            category_id=_category_id(self.category.data, categories),
            most=self.most.data,
            valid_until=self._moment("valid_until"),
            note=self.note.data or "",
        )


class NewCodeForm(CodeForm):
    """Codes that are not there yet."""

    code = StringField(lazy("Code"), filters=[strip], validators=[AtMost(40)])
    number = WholeNumber(lazy("How many codes"), default=1)


def code_form(
    kind: type[CodeForm],
    currency: str,
    zone: str,
    categories: Sequence[Category],
    code: FeeCode | None = None,
) -> Any:  # noqa: ANN401 (of the kind that was asked for)
    """Make the form of a code with the choices of the event."""
    form = kind(data=_code_data(code, currency, zone, categories)) if code else kind()
    form.currency, form.zone = currency, zone
    form.kind.choices = options((name, CODE_KIND_WORDS[name]) for name in CODE_KINDS)
    form.category.choices = category_choices(categories)
    form.kind.flags.required = True
    return form


def _code_data(
    code: FeeCode, currency: str, zone: str, categories: Sequence[Category]
) -> dict[str, Any]:
    codes = {row.id: row.code for row in categories}
    shown = {"percent": str(code.value), "amount": plain_amount(code.value, currency)}
    return {
        "kind": code.kind,
        "value": shown.get(code.kind, ""),
        "category": codes.get(code.category_id or 0, ""),
        "most": code.most,
        "valid_until": _placed(code.valid_until, zone),
        "note": code.note,
    }


def category_choices(categories: Sequence[Category]) -> list[Any]:
    """Give the choices of a category that may not matter."""
    named = [(row.code, text_in(row.name)) for row in categories]
    return options([("", gettext("All categories")), *named])


def _category_id(code: str | None, categories: Sequence[Category]) -> int | None:
    return next((row.id for row in categories if row.code == code), None)


def _placed(moment: datetime | None, zone: str) -> datetime | None:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if moment else None
