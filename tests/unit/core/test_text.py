"""Text made comparable."""

from __future__ import annotations

import pytest

from eventsys.core.text import clean, email_key, fold


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Ñandú", "nandu"),
        ("  ŁÓDŹ ", "lodz"),
        ("Straße", "strasse"),
        ("KØBENHAVN", "kobenhavn"),
        ("İstanbul", "istanbul"),
        ("Ａｎａ", "ana"),
        ("Đặng  Thị", "dang thi"),
        ("محمد", "محمد"),
    ],
)
def test_search_does_not_see_case_and_accents(typed, key):
    assert fold(typed) == key


def test_invisible_characters_go_and_joiners_stay():
    assert clean(" a\u200bb\u0000\u202e\tc ") == "ab c"
    assert clean("گلشیری\u200cپور") == "گلشیری\u200cپور"


def test_an_address_is_the_same_in_any_case():
    assert email_key(" Ana@Example.ORG ") == email_key("ana@example.org")
