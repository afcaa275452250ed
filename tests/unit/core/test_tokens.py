"""Links and codes: unguessable, revocable, readable aloud."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from eventsys.core.tokens import (
    CROCKFORD,
    badge_url,
    derive,
    derive_key,
    find_short_code,
    find_spare_code,
    find_token,
    new_spare_code,
    short_code,
)

SECRET = "a secret of the server that nobody knows"


def test_a_token_is_the_same_each_time_and_has_26_characters():
    token = derive(SECRET, "badge", "k1", 0)
    assert token == derive(SECRET, "badge", "k1", 0)
    assert re.fullmatch(r"[A-Z2-7]{26}", token)


def test_another_generation_purpose_key_or_secret_is_another_token():
    tokens = {
        derive(SECRET, "badge", "k1", 0),
        derive(SECRET, "badge", "k1", 1),
        derive(SECRET, "link", "k1", 0),
        derive(SECRET, "badge", "k2", 0),
        derive(SECRET + "x", "badge", "k1", 0),
    }
    assert len(tokens) == 5


def test_the_address_in_the_code_stays_in_the_alphanumeric_mode():
    url = badge_url("https://reg.example.org", derive(SECRET, "badge", "k1", 0))
    assert re.fullmatch(r"[0-9A-Z $%*+\-./:]+", url)


def test_a_scanned_address_gives_its_token_in_any_case():
    token = derive(SECRET, "badge", "k1", 0)
    assert find_token(badge_url("https://reg.example.org", token).lower()) == token
    assert find_token(f"  {token.lower()} ") == token
    assert find_token("https://reg.example.org/B/") is None
    assert find_token("hello") is None


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=26, max_size=26))
def test_a_short_code_is_read_back_as_people_type_it(token):
    code = short_code(token)
    assert len(code) == 8
    typed = f"{code[:4].lower()}-{code[4:]}".replace("0", "o").replace("1", "l")
    assert find_short_code(typed) == code


@given(
    st.text(alphabet=CROCKFORD, min_size=8, max_size=8),
    st.integers(0, 6),
    st.sampled_from(CROCKFORD),
)
def test_one_wrong_character_is_noticed(token, place, letter):
    code = short_code(token)
    wrong = code[:place] + letter + code[place + 1 :]
    if wrong != code:
        assert find_short_code(wrong) is None


def test_a_shared_key_is_160_bits_and_its_own_for_each_secret_purpose_and_row():
    made = derive_key("s" * 32, "second-factor", "1:a")
    assert re.fullmatch("[A-Z2-7]{32}", made)
    assert made == derive_key("s" * 32, "second-factor", "1:a")
    others = {
        derive_key("t" * 32, "second-factor", "1:a"),
        derive_key("s" * 32, "link", "1:a"),
        derive_key("s" * 32, "second-factor", "2:a"),
    }
    assert len(others | {made}) == 4


def test_a_spare_code_is_read_however_it_is_typed():
    code = new_spare_code()
    assert re.fullmatch("([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
    assert find_spare_code(f" {code.lower()} ") == code.replace("-", "")
    assert find_spare_code("o1IL 0000 0000 0000") == "0111000000000000"
    for wrong in ("", "1234", code + "0", "0000-0000-0000-000?", "０" * 16):
        assert find_spare_code(wrong) is None
