"""The code of a SEPA transfer, read back by another library as a phone does."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from eventsys.files import qr
from eventsys.payments.rules.epc import payload
from eventsys.payments.rules.reference import reference

GIVEN = {
    "holder": "Asociación Mundial de Ciudades",
    "iban": "ES9121000418450200051332",
    "bic": "CAIXESBBXXX",
    "amount": 25_050,
    "currency": "EUR",
    "reference": reference(12),
}


def test_a_phone_reads_what_the_guideline_asks_for():
    text = payload(**GIVEN)
    image = Image.open(io.BytesIO(qr.png(text, "M", scale=5)))
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)[0]
    # EPC069-12, table 2, line by line.
    assert found.text.split("\n") == [
        "BCD", "002", "1", "SCT", "CAIXESBBXXX", "Asociación Mundial de Ciudades", "ES9121000418450200051332",
        "EUR250.50", "", reference(12),
    ]  # fmt: skip
    assert found.ec_level == "M"
    # At most version 13 (69 modules) and 331 bytes.
    assert len(qr.matrix(text, "M")) <= 69
    assert len(text.encode()) <= 331


def test_the_longest_one_is_within_the_limits():
    text = payload(**{**GIVEN, "holder": "ñ" * 200, "amount": 99_999_999_999})
    assert text.split("\n")[5] == "ñ" * 70
    assert "EUR999999999.99" in text
    assert len(text.encode()) <= 331
    assert len(qr.matrix(text, "M")) <= 69


def test_a_name_stays_on_its_line():
    text = payload(**{**GIVEN, "holder": "A\nB\tC\u200bD"})
    assert text.split("\n")[5] == "A B C D"


def test_the_bank_code_may_be_missing():
    assert payload(**{**GIVEN, "bic": ""}).split("\n")[4] == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"currency": "USD"},
        {"amount": 0},
        {"amount": 100_000_000_000},
        {"iban": "ES9121000418450200051333"},
        {"iban": "AE070331234567890123456"},
        {"iban": ""},
        {"holder": " "},
        {"reference": "RF6800000013"},
    ],
)
def test_there_is_none_where_sepa_does_not_reach(changed):
    assert payload(**{**GIVEN, **changed}) is None
