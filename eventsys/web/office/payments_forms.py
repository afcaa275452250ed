"""What finance enters: a payment that came, a refund, a waiver, another fee, a decision."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField

from eventsys.core.i18n import gettext, lazy
from eventsys.core.money import parse_amount, payable_step
from eventsys.core.tokens import new_key
from eventsys.web.office.fields import Day
from eventsys.web.office.money_words import METHOD_WORDS
from eventsys.web.shared.forms import AtMost, Filled, Form, options, strip
from eventsys.web.shared.sentences import REFUSALS, reason_sentence

if TYPE_CHECKING:
    from datetime import date

REASON_LENGTH: Final = 300
_KEY: Final = re.compile(r"[0-9a-f]{32}")


class KeyedForm(Form):
    """A form with a random key of its own: sent twice, it acts once."""

    key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Make the key where there is none, or none that we made."""
        super().__init__(*args, **kwargs)
        if not _KEY.fullmatch(self.key.data or ""):
            self.key.data = new_key()


class ReasonForm(KeyedForm):
    """Why; it stands in the ledger for ever."""

    reason = StringField(
        lazy("Reason"),
        filters=[strip],
        validators=[Filled(lazy("Say why: it stands in the ledger")), AtMost(REASON_LENGTH)],
    )


class Told(Form):
    """Whether the person is told."""

    tell = BooleanField(lazy("Tell the person by mail, with the reason"), default=True)


class SeenForm(Form):
    """What was shown of the charge: whoever was slower than a colleague is asked to look again."""

    seen = HiddenField()


class WaiveForm(ReasonForm, Told):
    """Why a fee is let go."""


class AmountForm(ReasonForm):
    """An amount in the currency of the charge, and why."""

    # Only what came by bank or in cash may be any amount.
    any_amount: bool = False

    amount = StringField(lazy("Amount"), filters=[strip], validators=[AtMost(20)])

    def minor(self, currency: str, *, zero: bool = False) -> int | None:
        """Read the amount; say beside the field when it is none."""
        found = parse_amount(self.amount.data or "", currency)
        if found is None or (found == 0 and not zero):
            text = reason_sentence("bad_amount", {}) if zero else str(REFUSALS["wrong_amount"])
            self.amount.errors = [*self.amount.errors, text]
            return None
        if not self.any_amount and found % payable_step(currency):
            text = reason_sentence("odd_amount", {"currency": currency})
            self.amount.errors = [*self.amount.errors, text]
            return None
        return found


class ChangeForm(AmountForm, Told):
    """Another fee."""


class RefundForm(AmountForm, Told, SeenForm):
    """How much goes back, and what becomes of the fee."""

    fee = RadioField(lazy("What becomes of the fee"), validate_choice=False, default="less")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Give the choices their words."""
        super().__init__(*args, **kwargs)
        self.fee.choices = options(
            [
                ("less", gettext("It goes down by it: nothing more is to be paid")),
                ("owed", gettext("It stays: the person pays in another way")),
            ]
        )
        self.fee.flags.required = True


class RecordForm(AmountForm, SeenForm):
    """Money that came by bank or in cash."""

    any_amount = True

    reason = StringField(lazy("Note"), filters=[strip], validators=[AtMost(REASON_LENGTH)])
    method = RadioField(lazy("How it came"), default="bank")
    day = Day(lazy("Day on which it came"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Give the choices their words."""
        super().__init__(*args, **kwargs)
        self.method.choices = options((code, METHOD_WORDS[code]) for code in ("bank", "cash"))
        self.method.flags.required = True

    def received_at(self, zone: str, *, now: datetime) -> datetime | None:
        """Give the moment that stands for the day, never one that is still to come."""
        day: date | None = self.day.data
        if day is None:
            return None
        noon = datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)
        return min(noon, now)

    def check_day(self, today: date) -> bool:
        """Tell whether the day has come; say so beside the field when it has not."""
        if self.day.data is None or self.day.data <= today:
            return True
        self.day.errors = [*self.day.errors, gettext("This day has not come yet")]
        return False


class DecisionForm(Form):
    """What is decided of a case, and why."""

    choice = RadioField(lazy("Decision"), validate_choice=False)
    note = TextAreaField(
        lazy("Why"),
        filters=[strip],
        validators=[Filled(lazy("Say why: it stands in the ledger")), AtMost(REASON_LENGTH)],
    )
