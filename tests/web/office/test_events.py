"""Events in the office: from nothing to published."""

from __future__ import annotations

import pytest

from eventsys.core.db import db
from eventsys.events.queries import get_event, list_categories
from tests.factories.events import make_event

NEW = {
    "kind": "congress",
    "title_en": "World Congress",
    "title_es": "Congreso Mundial",
    "format": "in_person",
    "starts_at": "2027-06-12T09:00",
    "ends_at": "2027-06-15T18:00",
    "timezone": "Europe/Brussels",
    "country": "BE",
    "city": "Bruxelles",
    "capacity": "1 400",
}


def create(staff, **changes):
    return staff.submit(staff.get("/office/events/new"), {**NEW, **changes})


def test_an_empty_office_says_how_to_begin(staff):
    page = staff.get("/office/")
    assert page.h1 == "Welcome, Eva"
    assert page.link("Create the first event").endswith("/office/events/new")
    assert page.link("Import your members").endswith("/office/members/import")


def test_an_event_is_created_from_a_kind_and_published(staff, new_client):
    page = staff.follow(create(staff))
    assert page.url == "/en/office/events/world-congress-2027"
    assert "Draft" in page.main
    assert "12–15 June 2027 · Brussels, Belgium" in page.main
    assert "Français" in page.main  # what is missing is named by language
    assert new_client().get("/events/world-congress-2027").status == 404
    page = staff.follow(staff.submit(page, action="/publish"))
    assert "“World Congress” is published." in page.main
    assert new_client().get("/events/world-congress-2027").status == 200
    with staff.app.app_context():
        event = get_event("world-congress-2027")
        assert (event.capacity, event.city_id) == (1400, 2800866)
        assert event.starts_at.isoformat() == "2027-06-12T07:00:00+00:00"
        assert len(list_categories(event.id)) == 8


def test_a_second_click_makes_no_second_event(staff):
    create(staff)
    again = create(staff)
    assert again.status == 422
    assert "world-congress-2027" in again.text_by_id("slug-error")
    assert len(staff.get("/office/events").rows()) == 2


def test_an_empty_form_names_every_field_that_is_needed(staff):
    page = staff.submit(staff.get("/office/events/new"))
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.text_by_id("error-summary").count("Enter") == 3
    assert page.text_by_id("title_en-error") == "Error: Enter a title in at least one language"


def test_what_was_typed_is_kept_when_something_is_wrong(staff):
    page = create(staff, ends_at="2027-06-01T09:00", title_fr="Congrès “mondial” <b>")
    assert page.status == 422
    assert page.text_by_id("ends_at-error") == "Error: The end cannot be before the start"
    assert page.filled()["title_fr"] == "Congrès “mondial” <b>"
    assert page.filled()["starts_at"] == "2027-06-12T09:00"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"city": "Springfield", "country": "US"}, "city"),
        ({"city": "Zzyzxq"}, "city"),
        ({"country": "XX"}, "country"),
        ({"kind": "party"}, "kind"),
        ({"format": "telepathic"}, "format"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"starts_at": "yesterday"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59"}, "starts_at"),
        ({"starts_at": "2027-03-28T02:30"}, "starts_at"),
        ({"capacity": "many"}, "capacity"),
        ({"capacity": "-5"}, "capacity"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "9" * 500}, "capacity"),
        ({"slug": "Not An Address"}, "slug"),
        ({"slug": "a/../b"}, "slug"),
        ({"title_en": "x" * 201}, "title_en"),
        ({"title_en": "   ", "title_es": ""}, "title_en"),
        ({"title_en": "北京", "title_es": ""}, "slug"),
    ],
)
def test_a_wrong_field_is_named_next_to_it(staff, changes, field):
    page = create(staff, **changes)
    assert page.status == 422
    assert page.text_by_id(f"{field}-error").startswith("Error: ")
    assert len(staff.get("/office/events").texts("tr")) == 0


def test_a_city_with_a_common_name_is_chosen_from_a_list(staff):
    page = create(staff, city="Springfield", country="US")
    choices = [node.get("value") for node in page.all("input") if node.get("name") == "city_which"]
    assert len(choices) > 2
    done = staff.submit(page, {"city_which": choices[1]})
    assert done.status == 303
    with staff.app.app_context():
        assert str(get_event("world-congress-2027").city_id) == choices[1]


def test_a_hidden_city_that_no_longer_fits_the_text_is_not_believed(staff):
    create(staff, city="Antwerp", city_id="2800866")
    with staff.app.app_context():
        assert get_event("world-congress-2027").city_id == 2803138


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE event; --",
        "🎉 Congrès 🎉",
        "مؤتمر المدن",
        "{{ 7*7 }} %(n)s %s",
        "\u202eevil\u0000\u0007",
    ],
)
def test_any_text_is_shown_as_text(staff, title):
    staff.lint = "{{" not in title  # which the lint takes for a template that was not filled
    page = staff.follow(create(staff, title_en=title, slug="any-text"))
    assert page.status == 200
    assert "<script>alert" not in page.html
    assert "49" not in page.h1
    assert staff.get("/office/").status == 200
    assert staff.get("/office/events/any-text/settings").status == 200


def test_settings_are_changed_and_a_colour_that_misleads_is_refused(staff, session):
    make_event("summit")
    page = staff.get("/office/events/summit/settings")
    refused = staff.submit(page, {"hue": "#a8201a", "venue_es": "Palacio"})
    assert refused.status == 422
    assert "looks like" in refused.text_by_id("hue-error")
    saved = staff.follow(staff.submit(refused, {"hue": "#ABCDEF"}))
    assert "Saved." in saved.main
    assert "#abcdef" in saved.filled()["hue"]
    assert saved.filled()["venue_es"] == "Palacio"


def test_every_setting_survives_a_save_without_changes(staff, session):
    event = make_event(
        "summit",
        capacity=50,
        summary={"fr": "Résumé\nsecond"},
        hue="#0a5a7a",
        contact_email="a@b.example",
    )
    before = {column.key: getattr(event, column.key) for column in event.__mapper__.column_attrs}
    page = staff.get("/office/events/summit/settings")
    assert staff.submit(page).status == 303
    db.session.expire_all()
    after = {column.key: getattr(event, column.key) for column in event.__mapper__.column_attrs}
    # A clock time of the form has no seconds.
    for moments in (before, after):
        for name in ("starts_at", "ends_at"):
            moments[name] = moments[name].replace(second=0, microsecond=0)
        moments.pop("updated_at")
    assert after == before


def test_two_people_at_the_same_settings_do_not_overwrite_each_other(staff, session, new_client):
    make_event("summit")
    mine = staff.get("/office/events/summit/settings")
    leo = new_client()
    leo.sign_in(email="leo@example.org")
    leo.submit(leo.get("/office/events/summit/settings"), {"contact_email": "leo@example.org"})
    refused = staff.submit(mine, {"contact_email": "eva@example.org"})
    assert refused.status == 409
    assert "Somebody else changed this" in refused.text_by_id("error-summary")
    assert refused.filled()["contact_email"] == "eva@example.org"
    assert staff.submit(refused).status == 303


def test_the_capacity_is_refused_below_the_places_given(staff, session):
    event = make_event("summit", capacity=10)
    event.places_taken = 4
    session.commit()
    page = staff.submit(staff.get("/office/events/summit/settings"), {"capacity": "3"})
    assert page.status == 422
    assert (
        page.text_by_id("capacity-error")
        == "Error: 4 places are given already: enter that number or more"
    )


def test_taking_an_event_off_asks_first(staff, session):
    make_event("summit")
    ask = staff.get("/office/events/summit/unpublish")
    assert "Take “Metropolitan Summit” off" in ask.h1
    page = staff.follow(staff.submit(ask))
    assert "is a draft again" in page.main


def test_an_event_is_copied_as_a_template(staff, session):
    make_event("summit", summary={"en": "One sentence"})
    page = staff.get("/office/events/summit/copy")
    assert page.filled()["starts_at"] == ""
    done = staff.submit(
        page,
        {"starts_at": "2028-01-10T09:00", "ends_at": "2028-01-11T09:00", "slug": "summit-2028"},
    )
    assert done.location == "/en/office/events/summit-2028"
    with staff.app.app_context():
        assert get_event("summit-2028").summary == {"en": "One sentence"}


def test_the_list_is_filtered(staff, session):
    make_event("summit")
    make_event("webinar", kind="webinar", title={"en": "Care webinar"}, published_at=None)
    assert len(staff.get("/office/events").rows()) == 3
    assert [row[0] for row in staff.get("/office/events?state=draft").rows()][1:] == [
        "Care webinarWebinar · In person"
    ]
    assert "No event matches" in staff.get("/office/events?q=zzz").main
    assert staff.get("/office/events?q=%00%27%22<b>&state=x&year=y").status == 200


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_pages_are_good_in_every_language(staff, session, language):
    make_event("summit")
    staff.language = language
    for path in (
        "/",
        "/events",
        "/events/new",
        "/events/summit",
        "/events/summit/settings",
        "/events/summit/copy",
        "/events/summit/unpublish",
    ):
        assert staff.get(f"/office{path}").status == 200


def test_staff_of_one_event_see_that_event_and_no_other(page, session):
    mine = make_event("mine")
    make_event("other", title={"en": "Secret summit"})
    page.sign_in("manager", event_id=mine.id)
    assert "Secret summit" not in page.get("/office/").text
    assert "Secret summit" not in page.get("/office/events").text
    assert page.get("/office/events/mine/settings").status == 200
    for path in (
        "",
        "/settings",
        "/categories",
        "/questions",
        "/log",
        "/badges",
        "/counts.json",
        "/copy",
    ):
        assert page.get(f"/office/events/other{path}").status == 404
    assert page.get("/office/events/new").status == 403


def test_a_viewer_changes_nothing(page, session):
    event = make_event("summit")
    page.sign_in("viewer", event_id=event.id)
    overview = page.get("/office/events/summit")
    assert overview.status == 200
    assert "Settings" not in overview.text
    assert page.get("/office/events/summit/settings").status == 403
    page.get("/office/account")
    assert page.post("/office/events/summit/publish").status == 403


def test_a_form_without_its_token_changes_nothing(staff, session):
    make_event("summit", published_at=None)
    assert staff.post("/office/events/summit/publish", csrf=False).status == 400
    assert "Draft" in staff.get("/office/events/summit").main
