"""Currencies without decimals, and with three: what we count in, what Stripe counts in, what a card can be charged."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.core.money import in_steps, payable_step
from eventsys.payments.rules.stripe_objects import from_stripe, to_stripe
from eventsys.registration.rules.fee_setup import (
    CodeDraft,
    FeeDraft,
    code_problems,
    fee_problems,
)
from eventsys.registration.rules.price import (
    CodeRow,
    FeeRow,
    Payer,
    kept_after_cancelling,
    quote,
)

THREE = ("KWD", "BHD", "JOD", "OMR", "TND")


@pytest.mark.parametrize(
    ("currency", "ours", "stripes"),
    [
        ("EUR", 12_550, 12_550),
        # No decimals on either side.
        *((currency, 5_000, 5_000) for currency in ("JPY", "KRW", "XOF", "XAF", "CLP", "PYG", "VND")),
        # None with us; Stripe counts hundredths, which must be whole: docs.stripe.com/currencies, special cases.
        ("ISK", 5_000, 500_000),
        ("UGX", 5_000, 500_000),
        *((currency, 12_550, 12_550) for currency in THREE),
    ],
)  # fmt: skip
def test_what_stripe_is_asked_for(currency, ours, stripes):
    assert to_stripe(ours, currency) == stripes
    assert from_stripe(stripes, currency) == ours


@pytest.mark.parametrize("currency", THREE)
def test_the_last_of_three_decimals_is_nought(currency):
    """Stripe refuses the others: https://docs.stripe.com/currencies, three-decimal currencies."""
    assert payable_step(currency) == 10
    draft = {"label": {"en": "Fee"}}
    assert fee_problems(FeeDraft(**draft, amount=25_550), currency) == []
    odd = fee_problems(FeeDraft(**draft, amount=25_555), currency)
    assert odd == [("amount", "odd_amount", {"currency": currency})]
    odd = code_problems(CodeDraft(kind="amount", value=5), currency)
    assert odd == [("value", "odd_amount", {"currency": currency})]


@pytest.mark.parametrize("currency", ["EUR", "JPY", "XOF", "ISK"])
def test_others_take_every_amount(currency):
    assert payable_step(currency) == 1
    assert fee_problems(FeeDraft(label={"en": "Fee"}, amount=255), currency) == []


def test_a_share_comes_to_an_amount_that_can_be_charged():
    fees, payer = [FeeRow(25_550)], Payer(1, member=False, income_group=None, at=datetime.now(UTC))
    code = CodeRow(1, "TEN", "percent", 10)
    assert quote(fees, payer, code, step=10).total == 22_990
    assert quote(fees, payer, code).total == 22_995
    assert kept_after_cancelling(25_550, 50, in_time=True, step=10) == 12_770
    assert kept_after_cancelling(25_550, 100, in_time=True, step=10) == 0


@pytest.mark.parametrize(("amount", "expected"), [(0, 0), (4, 0), (5, 10), (14, 10), (15, 20)])
def test_the_nearest_step(amount, expected):
    assert in_steps(amount, 10) == expected
    assert in_steps(amount, 1) == amount
