"""What stands on a document, in numbers: tax to the last unit, credit to the last invoice, accounts without slips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.core.money import tax_included
from eventsys.payments.rules.bank import is_bic, is_iban, printed_iban, squeeze
from eventsys.payments.rules.documents import (
    DocumentKind,
    Line,
    Standing,
    credits_for,
    fitted,
    number_text,
    series_of,
    taxed,
)

IBANS = (
    "ES9121000418450200051332",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "NO9386011117947",
    "MT84MALT011000012345MTLCAST001S",
    "BR1800360305000010009795493C1",
    "TN5910006035183598478831",
)


@pytest.mark.parametrize("iban", IBANS)
def test_an_iban_has_right_check_digits_and_length(iban):
    assert is_iban(iban)
    assert squeeze(printed_iban(iban).lower()) == iban
    assert not is_iban(iban[:-1])
    assert not is_iban(iban + "0")
    for place in range(4, len(iban)):
        if iban[place].isdigit():
            slip = str((int(iban[place]) + 1) % 10)
            assert not is_iban(iban[:place] + slip + iban[place + 1 :])


@pytest.mark.parametrize("text", ["", "ES", "XX9121000418450200051332", "es9121000418450200051332"])
def test_what_is_no_iban(text):
    assert not is_iban(text)


def test_a_bic_has_8_or_11_characters():
    assert is_bic("CAIXESBB")
    assert is_bic("CAIXESBBXXX")
    assert not any(map(is_bic, ("CAIXESB", "CAIXESBBXX", "CAIX12BB", "caixesbb", "")))


def test_each_kind_has_its_own_series():
    assert len({series_of("MET", kind) for kind in DocumentKind}) == len(DocumentKind)
    assert series_of("", DocumentKind.INVOICE) == "INV"
    assert all(len(series_of("ABCDEF", kind)) <= 10 for kind in DocumentKind)
    assert number_text("MET-INV", 2026, 12) == "MET-INV-2026-00012"


def test_what_is_missing_to_the_total_is_a_line_of_its_own():
    lines = (Line("Fee", 100), Line("Code", -30))
    assert fitted(lines, 70, "Rest") == lines
    assert fitted(lines, 90, "Rest") == (*lines, Line("Rest", 20))


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8), st.integers(0, 9999))
def test_lines_sum_to_total_and_tax_to_the_last_unit(amounts, rate):
    total = sum(amounts)
    tax = tax_included(total, rate)
    split = taxed([Line("x", amount) for amount in amounts], rate, tax)
    assert [line.amount for line in split] == amounts
    assert sum(line.tax for line in split) == tax
    assert sum(line.net for line in split) == total - tax


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6), st.data(), st.integers(0, 9999))
def test_credits_take_back_exactly_what_is_asked_for_and_no_more_than_stands(totals, data, rate):
    standing = [
        Standing(position, total, tax_included(total, rate))
        for position, total in enumerate(totals)
    ]
    asked = data.draw(st.integers(1, sum(totals)))
    tax = tax_included(asked, rate)
    made = credits_for(standing, asked, tax, rate)
    assert sum(credit.total for credit in made) == asked
    assert sum(credit.tax for credit in made) == tax
    assert len({credit.invoice_id for credit in made}) == len(made)
    for credit in made:
        assert 0 < credit.total <= standing[credit.invoice_id].total


def test_more_than_stands_is_never_taken_back():
    made = credits_for([Standing(1, 50, 0), Standing(2, 0, 0)], 80, 0, 0)
    assert [(credit.invoice_id, credit.total) for credit in made] == [(1, 50)]
    assert credits_for([], 80, 0, 0) == ()
