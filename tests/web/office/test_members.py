"""Members in the office: list, change, import, download."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from eventsys.members.queries import find_organisation_id, list_further_cities, list_periods
from eventsys.web.office import members_import
from tests.factories.members import make_member

CONGRESS = Path("tests/data/congress/members.csv")


def upload(staff, data, name="members.csv"):
    form = staff.get("/office/members/import").filled()
    return staff.post("/office/members/import", data={**form, "file": (io.BytesIO(data), name)})


def test_without_members_the_page_says_how_to_begin(staff):
    assert "No members yet" in staff.get("/office/members").main


def test_a_table_is_shown_row_by_row_and_then_stored(staff):
    preview = upload(staff, CONGRESS.read_bytes())
    assert preview.status == 200
    assert "Nothing is stored yet." in preview.main
    assert len(preview.rows()) == 155
    assert "No members yet" in staff.get("/office/members").main
    done = staff.follow(staff.submit(preview))
    assert "154 organisations were added" in done.main
    assert "154 organisations" in done.text_by_id("members")
    again = upload(staff, CONGRESS.read_bytes())
    assert "There is nothing to store." in again.main
    assert again.texts("dd")[:4] == ["0", "0", "154", "0"]


def test_rows_that_are_left_out_are_shown_first_with_their_reason(staff):
    data = "name,city,country,since,Phone\nQuito,Quito,EC,1990,1\nLima,Lima,Atlantis,1990,2\nCuzco,Sprngfldz,PE,1990,3\n"
    page = upload(staff, data.encode())
    assert page.rows()[1][0] == "Lima"
    assert "“Atlantis” is not a country that we know" in page.rows()[1][-1]
    assert "We do not know the city “Sprngfldz”" in page.rows()[2][-1]
    assert "Phone" in page.main
    done = staff.follow(staff.submit(page))
    assert "2 organisations were added" in done.main
    assert "1 row was left out" in done.main
    assert "needs a look" in done.main


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 422),
        (b"\x00\x01\x02" * 100, 422),
        (b"PK\x03\x04 not a workbook", 422),
        (b"city,country\nQuito,EC\n", 422),
        (b'name,city\n"open', 422),
    ],
)
def test_what_is_no_table_is_refused_in_words(staff, data, status):
    page = upload(staff, data)
    assert page.status == status
    assert page.text_by_id("file-error").startswith("Error: ")


def test_a_file_that_is_too_large_is_refused_in_words(staff, monkeypatch):
    monkeypatch.setattr(members_import, "LARGEST", 20)
    page = upload(staff, b"name,since\nQuito,1990\n")
    assert page.status == 413
    assert "too large" in page.text_by_id("file-error")


def test_no_file_at_all_is_refused_in_words(staff):
    page = staff.submit(staff.get("/office/members/import"))
    assert page.status == 422
    assert page.text_by_id("file-error") == "Error: Choose a file"


@pytest.mark.parametrize(
    "table", ["", "nothing", "\ud83d".encode("utf-8", "replace").decode(), "name\n" + "x" * 500]
)
def test_a_second_step_with_anything_else_stores_nothing(staff, table):
    staff.get("/office/members/import")
    assert staff.post("/office/members/import/store", {"table": table}).status in {303, 422}
    assert find_any(staff) is None


def test_only_a_table_that_was_shown_is_stored(staff):
    staff.get("/office/members/import")
    for table in ("[" * 100_000, "{}", "3", '"name,since\\nQuito,never"'):
        staff.post("/office/members/import/store", {"table": table})
        staff.get("/office/members/import")
    assert "No members yet" in staff.get("/office/members").main


def find_any(staff):
    with staff.app.app_context():
        return find_organisation_id("x" * 500) or find_organisation_id("nothing")


def test_an_organisation_is_added_and_changed(staff):
    form = staff.get("/office/members/new")
    page = staff.follow(
        staff.submit(
            form,
            {
                "name": "City of Geneva",
                "country": "CH",
                "city": "Ginebra",
                "since": "1990-01-01",
                "region": "Europe",
            },
        )
    )
    assert page.h1 == "City of Geneva"
    assert page.filled()["city"] == "Geneva"
    page = staff.follow(staff.submit(page, {"names_es": "Ciudad de Ginebra", "nature": "canton"}))
    assert "Saved." in page.main
    assert page.filled()["names_es"] == "Ciudad de Ginebra"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "QUITO"}, "name"),
        ({"since": ""}, "since"),
        ({"since": "soon"}, "since"),
        ({"kind": "friend", "since": "1990-01-01"}, "kind"),
        ({"nature": "ghost"}, "nature"),
        ({"region": "Mars"}, "region"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"city": "Springfield", "country": "US"}, "city"),
        ({"country": "XX"}, "country"),
        ({"external_id": "x" * 81}, "external_id"),
        ({"names_fr": "x" * 201}, "names_fr"),
    ],
)
def test_a_wrong_field_is_named_next_to_it(staff, session, changes, field):
    make_member("Quito")
    page = staff.submit(
        staff.get("/office/members/new"), {"name": "Lima", "since": "1990-01-01", **changes}
    )
    assert page.status == 422
    assert page.text_by_id(f"{field}-error").startswith("Error: ")
    assert find_organisation_id("Lima") is None


@pytest.mark.parametrize(
    "name",
    ["<img src=x onerror=alert(1)>", "'; DROP TABLE organisation;--", "🏙️ 市 مدينة", "{{ 7*7 }}"],
)
def test_any_name_is_shown_as_text(staff, name):
    staff.lint = "{{" not in name  # which the lint takes for a template that was not filled
    page = staff.follow(
        staff.submit(staff.get("/office/members/new"), {"name": name, "since": "1990-01-01"})
    )
    assert page.h1 == name
    assert staff.get("/office/members").rows()[1][0].startswith(name)


def test_periods_are_entered_ended_and_removed(staff, session):
    made = make_member("Quito", ("1990-01-01", None))
    url = f"/office/members/{made.id}"
    staff.get(url)
    ended = staff.post(f"{url}/periods", {"since": "1990-01-01", "until": "2000-01-01"})
    assert "1 January 2000" in staff.follow(ended).main
    refused = staff.post(f"{url}/periods", {"since": "1995-01-01", "until": ""})
    assert refused.status == 422
    assert refused.text_by_id("since-error") == "Error: This overlaps another period of membership"
    for wrong in ({"since": ""}, {"since": "1990-01-01", "until": "never"}):
        assert staff.post(f"{url}/periods", wrong).status == 422
    staff.submit(staff.get(url), action="/periods/1990-01-01/remove")
    assert list_periods([made.id]) == {}
    for again in ("1990-01-01", "never"):
        staff.get(url)
        assert staff.post(f"{url}/periods/{again}/remove").status == 404


def test_further_cities_are_added_and_taken_away(staff, session):
    made = make_member("GRANPAL", ("1990-01-01", None))
    url = f"/office/members/{made.id}"
    page = staff.follow(
        staff.submit(
            staff.get(url), {"further-country": "BR", "further-city": "Canoas"}, action="/cities"
        )
    )
    [city] = list_further_cities(made.id)
    assert "Canoas, Brazil" in page.main
    staff.submit(page, action=f"/cities/{city}/remove")
    assert list_further_cities(made.id) == []
    refused = staff.submit(staff.get(url), {"further-city": "Zzyzxq"}, action="/cities")
    assert refused.status == 422
    empty = staff.submit(staff.get(url), {}, action="/cities")
    assert empty.text_by_id("further-city-error") == "Error: Enter a city"
    staff.get(url)
    assert staff.post(f"{url}/cities/999999999/remove").status == 404


def test_the_list_is_searched_filtered_and_paged(staff, session):
    for number in range(60):
        make_member(
            f"Member {number:02}", ("1990-01-01", None), region="Africa" if number % 2 else "Europe"
        )
    page = staff.get("/office/members?region=Africa")
    assert "30 organisations" in page.main
    first = staff.get("/office/members")
    assert "1–50 of 60" in first.main
    assert len(staff.get(first.link("Next")).rows()) == 11
    for page in ("0", "-1", "abc", "99999999999999999999", "2"):
        assert staff.get(f"/office/members?page={page}&words=%25_'<b>").status == 200


def test_the_list_takes_the_same_statements_for_one_row_and_for_many(staff, session, count_queries):
    make_member("One", ("1990-01-01", None))
    with count_queries() as few:
        staff.get("/office/members")
    for number in range(20):
        make_member(f"Member {number}", ("1990-01-01", None))
    with count_queries() as many:
        staff.get("/office/members")
    assert len(many) == len(few)


def test_the_download_runs_no_formula_and_comes_in_again(staff, session):
    make_member("=cmd|' /C calc'!A0", ("1990-01-01", None))
    make_member("Quito", ("1990-01-01", "2000-01-01"), country="EC")
    answer = staff.get("/office/members.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = answer.body.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("name,city,country,region,kind,since")
    assert lines[1].startswith("'=cmd")
    again = upload(staff, answer.body)
    assert again.texts("dd")[:4] == ["0", "0", "2", "0"]


@pytest.mark.parametrize(
    "path",
    ["/office/members/999", "/office/members/999/periods", "/office/members/99999999999999999999"],
)
def test_an_organisation_that_is_not_there_is_not_found(staff, path):
    staff.get("/office/members/new")
    answer = staff.post(path) if path.endswith("periods") else staff.get(path)
    assert answer.status == 404


def test_only_the_secretariat_sees_members(page):
    page.sign_in("manager", event_id=1)
    for path in ("/members", "/members.csv", "/members/new", "/members/import", "/members/1"):
        assert page.get(f"/office{path}").status == 403


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_pages_are_good_in_every_language(staff, session, language):
    made = make_member(
        "Quito", ("1990-01-01", "2000-01-01"), city_typed="Quitto", names={"fr": "Quito"}
    )
    make_member("A bank", kind="partner")
    staff.language = language
    for path in ("", "/new", "/import", f"/{made.id}"):
        assert staff.get(f"/office/members{path}").status == 200
