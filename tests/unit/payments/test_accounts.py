"""Which bank account a payer is told, what is wrong with one, and what papers say that are older than the accounts."""

from __future__ import annotations

import pytest

from eventsys.payments.rules.accounts import (
    AccountDraft,
    AccountFacts,
    Reach,
    account_of,
    accounts_for,
    gaps,
    is_bank_code,
    printed_code,
    problems_of,
)

IBAN = "ES9121000418450200051332"


def account(number: int, currency: str = "", reach: str = "all", *countries: str) -> AccountFacts:
    return AccountFacts(
        id=number, holder="", iban=IBAN, number="", code_kind="", code="", bic="", bank_name="", bank_address="",
        intermediary="", currency=currency, reach=reach, countries=countries, note={},
    )  # fmt: skip


ANY = account(1)
EURO = account(2, "EUR")
EURO_SEPA = account(3, "EUR", "sepa")
EURO_OUTSIDE = account(4, "EUR", "outside")
EURO_KENYA = account(5, "EUR", "listed", "KE", "TZ")
DOLLAR = account(6, "USD")
ALL = (ANY, EURO, EURO_SEPA, EURO_OUTSIDE, EURO_KENYA, DOLLAR)


@pytest.mark.parametrize(
    ("known", "currency", "country", "told"),
    [
        (ALL, "EUR", "KE", EURO_KENYA),  # few countries before many
        (ALL, "EUR", "BR", EURO_OUTSIDE),
        (ALL, "EUR", "ES", EURO_SEPA),
        (ALL, "EUR", "GP", EURO_SEPA),  # Guadeloupe: its IBANs begin with FR
        (ALL, "EUR", "GB", EURO_SEPA),  # in SEPA without being in the Union
        (ALL, "USD", "ES", DOLLAR),  # its own currency before all
        (ALL, "JPY", "JP", ANY),
        ((DOLLAR, EURO), "EUR", "US", EURO),  # the currency of the fee, not of the country
        ((DOLLAR, EURO_SEPA), "EUR", "BR", None),
        ((DOLLAR,), "EUR", "ES", None),
        ((), "EUR", "ES", None),
        ((EURO_KENYA, EURO_SEPA, EURO), "EUR", None, EURO),  # nobody knows the country
        ((EURO_KENYA, EURO_SEPA), "EUR", None, EURO_SEPA),
        ((EURO_KENYA,), "EUR", "", EURO_KENYA),
    ],
)
def test_each_payer_is_told_the_account_that_says_most_of_them(known, currency, country, told):
    assert next(iter(accounts_for(known, currency, country)), None) == told


def test_of_two_that_fit_equally_the_higher_one_counts():
    higher, lower = account(8, "EUR", "sepa"), account(7, "EUR", "sepa")
    assert accounts_for([higher, lower], "EUR", "FR") == [higher, lower]


@pytest.mark.parametrize(
    ("known", "missing"),
    [
        ([], [Reach.ALL]),
        ([DOLLAR], [Reach.ALL]),
        ([EURO], []),
        ([ANY], []),
        ([EURO_SEPA], [Reach.OUTSIDE]),
        ([EURO_OUTSIDE], [Reach.SEPA]),
        ([EURO_SEPA, EURO_OUTSIDE], []),
        ([EURO_KENYA], [Reach.SEPA, Reach.OUTSIDE]),
    ],
)
def test_the_office_is_told_whom_no_account_is_for(known, missing):
    assert gaps(known, "EUR") == missing


GOOD = {"iban": IBAN}


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"iban": ""}, "iban", "missing_account"),
        ({"iban": "ES9121000418450200051323"}, "iban", "bad_iban"),
        ({"bic": "CAIX"}, "bic", "bad_bic"),
        ({"iban": "", "number": "123"}, "bic", "missing_bank"),
        ({"iban": "", "number": "12<3", "bic": "CITIUS33"}, "number", "bad_number"),
        ({"code": "021000021"}, "code_kind", "missing_code_kind"),
        ({"code_kind": "aba"}, "code", "missing_code"),
        ({"code_kind": "aba", "code": "021000022"}, "code", "bad_bank_code"),
        ({"code_kind": "nonsense", "code": "1"}, "code", "bad_bank_code"),
        ({"currency": "EUROS"}, "currency", "unknown_currency"),
        ({"reach": "moon"}, "reach", "unknown"),
        ({"reach": "listed"}, "countries", "missing_countries"),
        ({"reach": "listed", "unknown": ("Atlantis",)}, "countries", "unknown_country"),
        ({"holder": "x" * 201}, "holder", "too_long"),
        ({"note": {"fr": "x" * 601}}, "note_fr", "too_long"),
    ],
)
def test_what_is_wrong_with_an_account(more, field, reason):
    found = problems_of(AccountDraft(**GOOD | more))
    assert (field, reason) in [(name, why) for name, why, _ in found]


@pytest.mark.parametrize(
    "draft",
    [
        AccountDraft(**GOOD),
        AccountDraft(number="12345-6", code_kind="other", code="0001"),
        AccountDraft(number="000123456789", code_kind="aba", code="021000021", currency="USD"),
        AccountDraft(number="12345678", bic="CITIUS33", reach="listed", countries=("US",)),
    ],
)
def test_what_is_right(draft):
    assert problems_of(draft) == []


@pytest.mark.parametrize(
    ("kind", "text", "printed"),
    [
        ("aba", "021000021", "021000021"),
        ("sort", "200000", "20-00-00"),
        ("bsb", "062000", "062-000"),
        ("ifsc", "HDFC0000123", "HDFC0000123"),
        ("transit", "00012003", "00012003"),
        ("cnaps", "102100099996", "102100099996"),
    ],
)
def test_the_codes_of_banks(kind, text, printed):
    assert is_bank_code(kind, text)
    assert not is_bank_code(kind, text[:-1])
    assert not is_bank_code("", text)
    assert printed_code(kind, text) == printed


@pytest.mark.parametrize("place", range(9))
def test_a_slip_in_a_routing_number_is_found(place):
    text = "021000021"
    slip = str((int(text[place]) + 1) % 10)
    assert not is_bank_code("aba", text[:place] + slip + text[place + 1 :])


OLD = {
    "by_bank": True,
    "issuer": {"name": "Association", "account_holder": "", "iban": IBAN, "bic": "CAIXESBB", "bank_name": "CaixaBank",
               "transfer_note": "Costs are yours."},
}  # fmt: skip


def test_a_paper_from_before_keeps_the_account_that_it_told():
    told = account_of(OLD)
    assert told is not None
    assert (told["holder"], told["iban"], told["note"]) == ("Association", IBAN, "Costs are yours.")
    assert told["number"] == told["code"] == told["intermediary"] == ""
    assert account_of({**OLD, "issuer": {**OLD["issuer"], "iban": ""}}) is None
    assert account_of({**OLD, "by_bank": False}) is None
    assert account_of({**OLD, "account": None}) is None
