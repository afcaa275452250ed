"""Norma 43 of Spanish banks: what came, from whom, to which account; and files that only look like it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.payments.rules.bank import is_iban
from eventsys.payments.rules.movements import MOST_LINES, UnreadError
from eventsys.payments.rules.norma43 import looks_like_norma43, read_norma43
from eventsys.payments.rules.reference import find_references, reference

DATA = (Path(__file__).parents[2] / "data" / "bank" / "norma43.n43").read_bytes()


def header(account="210004180200051332", currency="978"):
    return f"11{account}261101261105200000000410000{currency}3ASOCIACION DE CIUDADES".ljust(80)


def movement(sign="2", amount=25_000, day="261103"):
    return f"22    0418{day}{day}04000{sign}{amount:014d}{1:010d}{0:012d}".ljust(80)


def text(content, code="01"):
    return f"23{code}{content}".ljust(80)


def made(*lines):
    return "\r\n".join([header(), *lines, "33", "88" + "9" * 18]).encode("latin-1")


def test_what_came_is_read_with_payer_account_and_reference():
    statement = read_norma43(DATA)
    assert [(m.booked_on, m.amount, m.currency, m.payer) for m in statement.movements] == [
        (date(2026, 11, 3), 25_000, "EUR", "Zoë Müller Ñandú"),
        (date(2026, 11, 4), 10_000, "EUR", "AJUNTAMENT DE BARCELONA"),
        (date(2026, 11, 5), 10_000, "EUR", "PEÑA, JOSE"),
    ]
    assert {m.account for m in statement.movements} == {"ES9121000418450200051332"}
    # One that runs over the end of a line.
    assert find_references(statement.movements[0].text) == [reference(12)]
    assert (statement.format, statement.outgoing, statement.troubles) == ("Norma 43", 1, [])


@pytest.mark.parametrize("encoding", ["latin-1", "cp850", "utf-8", "utf-8-sig"])
def test_letters_of_old_and_new_machines(encoding):
    lines = [text("Peña Müller"), *(text("", f"0{n}") for n in range(2, 6))]
    data = made(movement(), *lines).decode("latin-1").encode(encoding)
    assert looks_like_norma43(data)
    assert read_norma43(data).movements[0].payer == "Peña Müller"


def test_each_account_of_a_file_is_its_own():
    data = made(movement(), header("123412341234567890"), movement())
    accounts = [m.account for m in read_norma43(data).movements]
    assert accounts[0] == "ES9121000418450200051332"
    assert accounts[1] != accounts[0]
    assert all(map(is_iban, accounts))


@pytest.mark.parametrize(
    ("head", "line", "reason"),
    [
        (header(currency="999"), movement(), "bank_no_currency"),
        (header(), movement(day="261399"), "bank_no_date"),
        (header(), movement(amount=0), "bank_no_amount"),
        (header(), movement().replace("00000000025000", "000000000250,0"), "bank_no_amount"),
        (header(currency="392"), movement(amount=25_050), "bank_no_amount"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(head, line, reason):
    statement = read_norma43(f"{head}\r\n{line}\r\n".encode())
    assert [(trouble.line, trouble.reason) for trouble in statement.troubles] == [(2, reason)]
    assert statement.movements == []


def test_amounts_have_two_places_whatever_the_currency():
    (yen,) = read_norma43(
        f"{header(currency='392')}\n{movement(amount=25_000)}\n".encode()
    ).movements
    assert (yen.amount, yen.currency) == (250, "JPY")


def test_a_file_that_was_cut_gives_what_stands_in_it():
    cut = DATA[: DATA.index(b"CUMBRE")]
    assert len(read_norma43(cut).movements) == 1
    # A line whose blanks at the end were taken off.
    assert (
        len(read_norma43("\n".join([header().strip(), movement().strip()]).encode()).movements) == 1
    )


def test_more_lines_than_a_page_shows_are_refused():
    data = "\n".join([header(), *[movement()] * (MOST_LINES + 1)]).encode()
    with pytest.raises(UnreadError):
        read_norma43(data)


@given(st.binary(max_size=400))
def test_nothing_that_follows_a_header_breaks_the_reading(rest):
    statement = read_norma43(header().encode() + b"\r\n" + rest)
    assert all(m.amount > 0 and m.currency for m in statement.movements)


@pytest.mark.parametrize("data", [b"", b"1100,a,b\n", b"12" * 40, b"Date;Amount\n", b"<Document/>"])
def test_what_is_none(data):
    assert not looks_like_norma43(data)
