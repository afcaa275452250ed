"""Files of several banks, and files that are none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eventsys.payments.rules.bank_csv import day_reader, decimal_mark, number_in, read_csv
from eventsys.payments.rules.camt import looks_like_xml, read_camt
from eventsys.payments.rules.movements import UnreadError, digests
from eventsys.payments.rules.reference import find_references, reference

FOLDER = Path(__file__).parents[2] / "data" / "bank"
OURS = reference(12)


def read(name):
    data = (FOLDER / name).read_bytes()
    return read_camt(data) if looks_like_xml(data) else read_csv(data, "EUR")


def lines(name):
    return [(m.booked_on, m.amount, m.currency, m.payer) for m in read(name).movements]


@pytest.mark.parametrize(
    ("name", "expected", "outgoing"),
    [
        (
            "sparkasse.csv",
            [
                (date(2026, 11, 3), 125_000, "EUR", "Stadt Köln"),
                (date(2026, 11, 4), 25_000, "EUR", "Müller, Zoë"),
            ],
            1,
        ),
        (
            "caja.csv",
            [(date(2026, 11, 2), 125_000, "EUR", ""), (date(2026, 11, 13), 25_000, "EUR", "")],
            1,
        ),
        (
            "banque.csv",
            [(date(2026, 11, 2), 125_000, "EUR", ""), (date(2026, 11, 14), 25_000, "EUR", "")],
            1,
        ),
        (
            "online.csv",
            [
                (date(2026, 11, 2), 125_000, "EUR", "City of Graz"),
                (date(2026, 11, 6), 30_000, "JPY", "Kanazawa City"),
            ],
            1,
        ),
        (
            "wire.csv",
            [(date(2026, 11, 2), 125_000, "EUR", ""), (date(2026, 11, 13), 25_000, "EUR", "")],
            1,
        ),
        (
            "camt053.xml",
            [
                (date(2026, 11, 5), 125_000, "EUR", "Ville de Genève"),
                (date(2026, 11, 5), 25_000, "EUR", "Zoë Müller"),
                (date(2026, 11, 5), 25_000, "EUR", "Ana Peña"),
            ],
            1,
        ),
        ("camt053-v2.xml", [(date(2026, 11, 4), 30_050, "CHF", "Gemeinde Wädenswil")], 0),
    ],
)
def test_what_came_in_is_read(name, expected, outgoing):
    statement = read(name)
    assert lines(name) == expected
    assert statement.outgoing == outgoing
    assert statement.troubles == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.*ml")) + sorted(FOLDER.glob("*.csv")))
def test_the_reference_is_found_in_every_file(path):
    assert find_references(read(path.name).movements[0].text) == [OURS]


def test_what_is_not_booked_yet_is_left_out():
    assert read("online.csv").pending == 1
    assert read("camt053.xml").pending == 1


def test_a_booking_of_several_transfers_is_read_one_by_one():
    first, second = read("camt053.xml").movements[1:]
    assert OURS in find_references(first.text)
    assert find_references(second.text) == []
    assert first.mark != second.mark


def test_the_same_file_again_gives_the_same_marks_and_equal_lines_are_two():
    movements = read("sparkasse.csv").movements
    assert digests(movements) == digests(read("sparkasse.csv").movements)
    twice = digests([movements[0], movements[0]])
    assert len(set(twice)) == 2
    assert twice[0] == digests(movements)[0]


def test_a_line_that_cannot_be_read_is_told_and_the_others_are_kept():
    data = "Date;Libellé;Montant\n02/11/2026;a;10,00\n31/02/2026;b;10,00\n03/11/2026;c;dix\n"
    statement = read_csv(data.encode(), "EUR")
    assert [m.amount for m in statement.movements] == [1_000]
    assert [(t.line, t.reason, t.value) for t in statement.troubles] == [
        (3, "bank_no_date", "31/02/2026"),
        (4, "bank_no_amount", "dix"),
    ]


def test_a_column_says_which_way_the_money_went():
    data = "Buchungstag;Betrag;Soll/Haben;Währung\n02.11.2026;10,00;S;EUR\n02.11.2026;11,00;H;EUR\n"
    statement = read_csv(data.encode("cp1252"), "EUR")
    assert ([m.amount for m in statement.movements], statement.outgoing) == ([1_100], 1)


def test_the_currency_of_the_heading_counts_before_the_one_that_is_asked_for():
    statement = read_csv(b"Date;Amount (CHF)\n2026-11-02;10.00\n", "EUR")
    assert statement.movements[0].currency == "CHF"


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1.250,00", "3"], ","),
        (["1,250.00"], "."),
        (["1.250", "12,5"], ","),
        (["1.250.000", "1.250"], ","),
        (["1'250.00"], "."),
        (["1250"], "."),
    ],
)
def test_the_decimal_mark_of_a_column(values, mark):
    assert decimal_mark(values, 2) == mark


def test_amounts_that_contradict_each_other_are_refused():
    with pytest.raises(UnreadError, match="two_decimal_marks"):
        read_csv(b"Date;Amount\n2026-11-02;10.00\n2026-11-02;10,00\n", "EUR")


@pytest.mark.parametrize(
    ("value", "mark", "currency", "expected"),
    [
        ("1.250,00 EUR", ",", "EUR", 125_000),
        ("1 250,00", ",", "EUR", 125_000),
        ("-3,50", ",", "EUR", -350),
        ("3,50-", ",", "EUR", -350),
        ("(3.50)", ".", "EUR", -350),
        ("+3.5", ".", "EUR", 350),
        ("30,000", ".", "JPY", 30_000),
        ("12.500", ".", "TND", 12_500),
        ("12.505", ".", "EUR", None),
        ("1,25,0.00", ".", "EUR", None),
        ("1.2.3", ".", "EUR", None),
        ("", ".", "EUR", None),
        ("ten", ".", "EUR", None),
        ("9" * 40, ".", "EUR", None),
    ],
)
def test_amounts(value, mark, currency, expected):
    assert number_in(value, mark, currency) == expected


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (["03.11.26"], "03.11.26", date(2026, 11, 3)),
        (["11/13/2026", "11/02/2026"], "11/02/2026", date(2026, 11, 2)),
        (["13/11/2026", "11/02/2026"], "11/02/2026", date(2026, 2, 11)),
        (["20261103"], "20261103", date(2026, 11, 3)),
        (["2026-11-03 10:00"], "2026-11-03 10:00", date(2026, 11, 3)),
        (["03.11.2026"], "total", None),
        (["00/00/0000"], "00/00/0000", None),
    ],
)
def test_days(column, value, expected):
    assert day_reader(column)(value) == expected


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>
<Document><BkToCstmrStmt><Stmt><Id>&lol3;</Id></Stmt></BkToCstmrStmt></Document>"""
FILES = b"""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<Document><BkToCstmrStmt>&x;</BkToCstmrStmt></Document>"""
REMOTE = b'<!DOCTYPE Document SYSTEM "http://example.org/x.dtd"><Document/>'


@pytest.mark.parametrize("data", [LAUGHS, FILES, REMOTE, LAUGHS.decode().encode("utf-16")])
def test_a_document_type_and_its_entities_are_refused(data):
    assert looks_like_xml(data)
    with pytest.raises(UnreadError, match="unsafe"):
        read_camt(data)


@pytest.mark.parametrize(
    "data",
    [
        b"<Document>",
        b"<html><body/></html>",
        b"<Document><Other/></Document>",
        b"<a>" * 5_000,
        b'<?xml version="1.0" encoding="no-such"?><Document/>',
        b"<",
    ],
)
def test_what_is_no_statement_is_refused(data):
    with pytest.raises(UnreadError, match="not_a_statement"):
        read_camt(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no_columns"),
        (b"a,b\n1,2\n", "no_columns"),
        (b"\x00\x01\x02binary", "not_a_statement"),
        (b"\xff\xfe\x00", "not_a_statement"),
        (b"Date;Amount\n" + b"2026-11-02;1\n" * 5_001, "too_many_lines"),
    ],
)
def test_a_table_that_is_none_is_refused(data, reason):
    with pytest.raises(UnreadError, match=reason):
        read_csv(data, "EUR")
