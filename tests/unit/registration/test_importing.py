"""What columns and cells of a table of registrations mean, and what is not guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from eventsys.registration.rules.importing import (
    FIELDS,
    Found,
    ImportRow,
    Lookups,
    Place,
    category_words,
    changes,
    match_columns,
    merge_rows,
    missing_fields,
    new_code,
    new_values,
    read_row,
)
from eventsys.registration.rules.importing.times import read_moment
from eventsys.registration.rules.importing.words import read_gender, read_language, read_status

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BRUSSELS = ZoneInfo("Europe/Brussels")
CELLS = {"first_name": "Ana", "email": "ana@example.org", "country": "ES"}
LOOKUPS = Lookups(
    zone=BRUSSELS,
    now=NOW,
    country={"ES": "ES", "España": "ES"}.get,
    category={"delegate": "delegate"}.get,
)


def read(**cells: str) -> ImportRow:
    row, problems = read_row(2, {**CELLS, **cells}, LOOKUPS)
    assert problems == []
    return row


def problem(**cells: str) -> tuple[str, str]:
    _row, problems = read_row(7, {**CELLS, **cells}, LOOKUPS)
    assert len(problems) == 1
    assert problems[0].line == 7
    return problems[0].field, problems[0].reason


# ---------------------------------------------------------------------------------------- columns
@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Nombre", "first_name"), ("APELLIDOS", "last_name"), ("Correo electrónico", "email"), ("Género", "gender"),
        ("Ciudad", "city"), ("País", "country"), ("Prénom", "first_name"), ("Nom", "last_name"),
        ("Adresse e-mail", "email"), ("Ville", "city"), ("Pays", "country"), ("E-Mail Address", "email"),
        ("Checked in at", "checked_in_at"), ("Heure d’arrivée", "checked_in_at"), ("Organización", "organisation"),
        ("job_title", "job_title"), ("Fonction", "job_title"), ("Fecha de inscripción", "registered_at"),
    ],
)  # fmt: skip
def test_headings_in_three_languages_are_recognised(heading: str, field: str) -> None:
    assert match_columns([heading]) == {heading: field}


def test_every_field_is_recognised_by_its_own_name() -> None:
    assert match_columns(FIELDS) == {name: name for name in FIELDS}


def test_of_two_columns_for_one_field_the_exact_name_wins_and_else_the_first() -> None:
    assert match_columns(["Ciudad", "city"]) == {"city": "city"}
    assert match_columns(["Ville", "Ciudad"]) == {"Ville": "city"}


def test_a_table_without_name_address_or_country_says_what_is_missing() -> None:
    assert missing_fields({"Correo": "email"}) == ["first_name", "country"]


# ------------------------------------------------------------------------------------------ words
@pytest.mark.parametrize(
    ("word", "gender"),
    [
        ("Mujer", "woman"), ("FEMME", "woman"), ("f", "woman"), ("Hombre", "man"), ("masculin", "man"), ("h", "man"),
        ("No binario", "non-binary"), ("Autre", "non-binary"), ("Prefiero no decirlo", "prefer not to say"),
        ("", ""), ("-", ""), ("klingon", None), ("m", None),
    ],
)  # fmt: skip
def test_genders_are_words_of_three_languages_and_nothing_else(
    word: str, gender: str | None
) -> None:
    assert read_gender(word) == gender


@pytest.mark.parametrize(
    ("letters", "gender"), [("fm", "man"), ("hm", "woman"), ("fhm", None), ("m", None)]
)
def test_the_letter_m_depends_on_the_other_letters_of_its_column(
    letters: str, gender: str | None
) -> None:
    assert read_gender("M", frozenset(letters)) == gender


def test_statuses_and_languages_are_read_in_three_languages() -> None:
    assert [read_status(word) for word in ("Canceled", "Confirmada", "Liste d’attente", "perhaps")] == [
        "cancelled", "confirmed", "waiting", None,
    ]  # fmt: skip
    assert [read_language(word) for word in ("es-MX", "Français", "EN", "Deutsch")] == [
        "es",
        "fr",
        "en",
        None,
    ]


# ------------------------------------------------------------------------------------------ times
@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2023-06-12T12:28", "2023-06-12T10:28:00+00:00"),
        ("2023-06-12 12:28:30", "2023-06-12T10:28:30+00:00"),
        ("2023-06-12T12:28Z", "2023-06-12T12:28:00+00:00"),
        ("2023-01-12T12:28", "2023-01-12T11:28:00+00:00"),
        ("12/06/2023", "2023-06-11T22:00:00+00:00"),
        ("5.6.2023 9:05", "2023-06-05T07:05:00+00:00"),
    ],
)
def test_times_without_an_offset_are_on_the_clock_of_the_event(text: str, utc: str) -> None:
    moment = read_moment(text, BRUSSELS)
    assert moment is not None
    assert moment.isoformat() == utc


@pytest.mark.parametrize(
    "text",
    ["yesterday", "31/02/2023", "2023-13-01", "06/31/2023", "0001-01-01", "9999-12-31", "12"],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    assert read_moment(text, BRUSSELS) is None


# ------------------------------------------------------------------------------------------- rows
def test_a_row_is_read_with_its_text_cleaned() -> None:
    row = read(
        first_name="  Ana\u200b María ",
        email="Ana Pérez <ANA@Example.org>",
        gender="Mujer",
        country="España",
    )
    assert (row.first_name, row.email, row.email_key) == (
        "Ana María",
        "ANA@Example.org",
        "ana@example.org",
    )
    assert (row.gender, row.country, row.status, row.registered_at) == ("woman", "ES", "", None)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"email": ""}, ("email", "missing")),
        ({"email": "not-an-address"}, ("email", "not_an_address")),
        ({"email": "a@b..org"}, ("email", "not_an_address")),
        ({"email": "a b@example.org"}, ("email", "not_an_address")),
        ({"first_name": " "}, ("first_name", "missing")),
        ({"first_name": "x" * 151}, ("first_name", "too_long")),
        ({"country": ""}, ("country", "missing")),
        ({"country": "Atlantis"}, ("country", "unknown_country")),
        ({"gender": "klingon"}, ("gender", "unknown_gender")),
        ({"status": "perhaps"}, ("status", "unknown_status")),
        ({"category": "astronaut"}, ("category", "unknown_category")),
        ({"registered_at": "yesterday"}, ("registered_at", "not_a_time")),
        ({"registered_at": "2027-01-01"}, ("registered_at", "in_the_future")),
        ({"checked_in_at": "31/02/2023"}, ("checked_in_at", "not_a_time")),
        (
            {"status": "cancelled", "checked_in_at": "2023-06-12"},
            ("checked_in_at", "not_confirmed"),
        ),
    ],
)
def test_each_problem_names_line_field_and_reason(
    cells: dict[str, str], expected: tuple[str, str]
) -> None:
    assert problem(**cells) == expected


def test_several_problems_of_a_row_are_all_named() -> None:
    _row, problems = read_row(3, {"email": "x", "country": "?"}, LOOKUPS, surplus=True)
    assert [(item.field, item.reason) for item in problems] == [
        ("row", "too_many_cells"), ("email", "not_an_address"), ("first_name", "missing"), ("country", "unknown_country"),
    ]  # fmt: skip


def test_a_single_name_is_enough_and_an_unknown_language_is_no_problem() -> None:
    row = read(last_name="", language="Deutsch")
    assert (row.last_name, row.language) == ("", "")


def test_the_digest_tells_rows_apart_but_not_their_lines() -> None:
    first, _ = read_row(2, CELLS, LOOKUPS)
    again, _ = read_row(9, CELLS, LOOKUPS)
    other, _ = read_row(2, {**CELLS, "city": "Vic"}, LOOKUPS)
    assert first.digest == again.digest != other.digest


# ----------------------------------------------------------------------------------------- merged
def test_rows_of_one_person_are_one_in_whatever_order_they_stand() -> None:
    early = read(registered_at="2023-04-19T10:24", checked_in_at="2023-06-12T09:07", city="Glasgow")
    late = read(registered_at="2023-06-10T10:00", email="ANA@EXAMPLE.ORG", job_title="Mayor")
    for rows in ([early, late], [late, early]):
        merged = merge_rows(rows)
        assert merged.registered_at == early.registered_at
        assert merged.checked_in_at == early.checked_in_at
        assert (merged.email, merged.city, merged.job_title) == (
            "ana@example.org",
            "Glasgow",
            "Mayor",
        )


def test_the_latest_word_on_the_status_counts_unless_somebody_came() -> None:
    first = read(registered_at="2023-04-01", status="confirmed")
    last = read(registered_at="2023-05-01", status="cancelled")
    assert merge_rows([last, first]).status == "cancelled"
    came = read(registered_at="2023-04-01", status="confirmed", checked_in_at="2023-06-12")
    assert merge_rows([came, last]).status == "confirmed"


# ------------------------------------------------------------------------------------- categories
def test_categories_are_found_by_code_by_the_organisers_names_and_by_usual_words() -> None:
    words = category_words([("guest", {"es": "Ponente", "fr": "Invité·e"}), ("delegate", {})])
    assert words["ponente"] == "guest"  # what the organiser called it goes first
    assert words["delegado"] == "delegate"
    assert words["press"] == words["prensa"] == "press"  # a standard one, which the import can add


def test_a_new_category_gets_a_code_from_its_name_when_it_has_latin_letters() -> None:
    assert new_code("Élu·e local·e") == "elu-e-local-e"
    assert new_code("代表") is None


# ---------------------------------------------------------------------------------------- changes
def before(**more: object) -> dict[str, object]:
    values = new_values(
        read(city="Vic", status="confirmed"), Found(Place(5, "resolved"), 1, None), now=NOW
    )
    return {**values, "import_digest": None, **more}


def test_a_row_without_status_is_of_somebody_who_is_registered() -> None:
    values = new_values(read(), Found(Place(None, "none"), 1, None), now=NOW)
    assert (values["status"], values["holds_place"], values["registered_at"]) == (
        "confirmed",
        True,
        NOW,
    )


def test_the_same_row_changes_nothing_even_after_others_changed_the_registration() -> None:
    row = read(city="Vic", status="confirmed")
    known = before(
        import_digest=row.digest, status="cancelled", job_title="Mayor", city_typed="Vic"
    )
    assert changes(known, row, Found(Place(5, "resolved"), 1, None), now=NOW) == {}


def test_empty_cells_erase_nothing() -> None:
    known = before(job_title="Mayor", gender="woman")
    assert changes(known, read(), Found(Place(None, "none"), 1, None), now=NOW) == {}


def test_a_new_status_brings_its_columns_along() -> None:
    changed = changes(
        before(),
        read(city="Vic", status="cancelled"),
        Found(Place(5, "resolved"), 1, None),
        now=NOW,
    )
    assert changed == {
        "status": "cancelled", "holds_place": False, "confirmed_at": None, "waiting_since": None, "ended_at": NOW,
    }  # fmt: skip


def test_what_could_not_be_resolved_then_is_filled_in_later() -> None:
    row = read(city="Vic", status="confirmed")
    known = before(import_digest=row.digest, city_typed="Vic", city_id=None, city_status="unknown")
    changed = changes(known, row, Found(Place(5, "resolved"), 1, 9), now=NOW)
    assert changed == {"organisation_id": 9, "city_id": 5, "city_status": "resolved"}


def test_an_earlier_arrival_replaces_a_later_one_and_never_the_other_way() -> None:
    found = Found(Place(5, "resolved"), 1, None)
    known = before(attended_at=datetime(2023, 6, 12, 8, tzinfo=UTC))
    earlier = read(city="Vic", checked_in_at="2023-06-12T07:00Z")
    assert changes(known, earlier, found, now=NOW) == {
        "attended_at": datetime(2023, 6, 12, 7, tzinfo=UTC)
    }
    assert changes(known, read(city="Vic", checked_in_at="2023-06-12T09:00Z"), found, now=NOW) == {}
