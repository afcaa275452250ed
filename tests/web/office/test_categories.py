"""Categories and questions of an event in the office."""

from __future__ import annotations

import pytest

from eventsys.events.queries import (
    get_category,
    get_event,
    list_categories,
    list_questions,
    question_draft_of,
)
from tests.factories.events import make_event, make_question
from tests.factories.registrations import register


@pytest.fixture
def event(staff, session):
    return make_event("summit")


def codes(staff):
    with staff.app.app_context():
        return [row.code for row in list_categories(get_event("summit").id)]


def test_a_usual_category_is_added_with_its_names(staff, event):
    page = staff.get("/office/events/summit/categories")
    form = staff.get(page.link("Speaker"))
    assert form.filled()["name_fr"] == "Intervenant·e"
    assert staff.submit(form).status == 303
    assert codes(staff) == ["delegate", "press", "speaker"]


def test_a_category_of_ones_own_gets_its_code_from_its_name(staff, event):
    form = staff.get("/office/events/summit/categories/new")
    staff.submit(
        form,
        {
            "name_es": "Alcaldía electa",
            "colour": "5b4a9c",
            "quota": "1,200",
            "open_to_public": None,
        },
    )
    with staff.app.app_context():
        made = get_category(get_event("summit").id, "alcaldia_electa")
        assert (made.colour, made.quota, made.open_to_public, made.counted) == (
            "#5b4a9c",
            1200,
            False,
            True,
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"name_en": "x" * 81}, "name_en"),
        ({"colour": "#ffff00"}, "colour"),
        ({"colour": "url(evil)"}, "colour"),
        ({"quota": "some"}, "quota"),
        ({"quota": "0"}, "quota"),
        ({"code": "Has Spaces"}, "code"),
        ({"code": "press"}, "code"),
    ],
)
def test_a_wrong_category_is_named_next_to_the_field(staff, event, changes, field):
    page = staff.submit(
        staff.get("/office/events/summit/categories/new"), {"name_en": "VIP", **changes}
    )
    assert page.status == 422
    assert page.text_by_id(f"{field}-error").startswith("Error: ")
    assert codes(staff) == ["delegate", "press"]


def test_categories_are_moved_and_removed_by_buttons(staff, event):
    page = staff.get("/office/events/summit/categories")
    page = staff.follow(staff.submit(page, action="/press/move"))
    assert codes(staff) == ["press", "delegate"]
    page = staff.follow(staff.submit(page, action="/press/remove"))
    assert "is removed" in page.main
    assert codes(staff) == ["delegate"]
    staff.get("/office/events/summit/categories/new")
    refused = staff.post("/office/events/summit/categories/delegate/remove")
    assert "needs at least one" in staff.follow(refused).main


def test_a_category_that_somebody_has_stays(staff, event):
    register(event)
    staff.get("/office/events/summit/categories/new")
    page = staff.follow(staff.post("/office/events/summit/categories/delegate/remove"))
    assert "so it stays" in page.main


def test_a_category_of_another_event_is_not_here(staff, event):
    make_event("other", quotas={"vip": None})
    for method, path in (("get", ""), ("post", ""), ("post", "/move"), ("post", "/remove")):
        staff.get("/office/events/summit/categories/new")
        fields = ({"step": "up"},) if method == "post" else ()
        answer = getattr(staff, method)(f"/office/events/summit/categories/vip{path}", *fields)
        assert answer.status == 404


def test_a_quota_below_the_places_given_is_refused(staff, event):
    register(event)
    register(event, "b@example.org")
    form = staff.get("/office/events/summit/categories/delegate")
    page = staff.submit(form, {"quota": "1"})
    assert page.status == 422
    assert "2 places are given already" in page.text_by_id("quota-error")


@pytest.mark.parametrize(
    "kind", ["text", "long_text", "choice", "choices", "yes_no", "number", "date"]
)
def test_every_kind_of_question_is_added_and_previewed(staff, event, kind):
    form = staff.get("/office/events/summit/questions/new")
    fields = {
        "label_en": "Diet?",
        "label_es": "¿Dieta?",
        "kind": kind,
        "options_en": "Vegan\nHalal",
        "category_codes": ["press"],
    }
    page = staff.follow(staff.submit(form, fields))
    assert page.status == 200
    assert "Diet?" in page.text_by_id("main")
    with staff.app.app_context():
        [question] = list_questions(get_event("summit").id)
        assert (question.name, question.kind, question.category_codes) == ("diet", kind, ["press"])
        assert len(question.options) == (2 if kind in {"choice", "choices"} else 0)


def test_a_translation_of_options_keeps_the_stored_answers(staff, event):
    make_question(
        event,
        "diet",
        "choice",
        options=[
            {"value": "v", "label": {"en": "Vegan"}},
            {"value": "h", "label": {"en": "Halal"}},
        ],
    )
    form = staff.get("/office/events/summit/questions/diet")
    assert form.filled()["options_en"] == "Vegan\nHalal"
    staff.submit(form, {"options_en": "Halal\r\nVegan\r\nKosher", "options_es": "Halal\r\nVegana"})
    with staff.app.app_context():
        [question] = list_questions(get_event("summit").id)
        assert [option.value for option in question_draft_of(question).options] == [
            "h",
            "v",
            "kosher",
        ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"label_en": ""}, "label_en"),
        ({"kind": "riddle"}, "kind"),
        ({"kind": "choice", "options_en": "only one"}, "options_en"),
        ({"kind": "choice", "options_en": "\n".join(map(str, range(101)))}, "options_en"),
        ({"name": "email"}, "name"),
        ({"name": "diet"}, "name"),
        ({"category_codes": ["ghost"]}, "category_codes"),
    ],
)
def test_a_wrong_question_is_named_next_to_the_field(staff, event, changes, field):
    make_question(event, "diet")
    form = staff.get("/office/events/summit/questions/new")
    page = staff.submit(form, {"label_en": "Second", **changes})
    assert page.status == 422
    assert page.text_by_id(f"{field}-error").startswith("Error: ")


def test_questions_are_moved_and_removed_by_buttons(staff, event):
    make_question(event, "diet")
    make_question(event, "visa", position=1)
    page = staff.follow(
        staff.submit(staff.get("/office/events/summit/questions"), action="/visa/move")
    )
    assert [row[0] for row in page.rows()[1:]] == ["Visavisa", "Dietdiet"]
    page = staff.follow(staff.submit(page, action="/visa/remove"))
    assert "The question is removed." in page.main


def test_a_question_that_somebody_answered_stays(staff, event):
    question = make_question(event, "diet")
    register(event, answers={question.id: "vegan"})
    staff.get("/office/events/summit/questions")
    page = staff.follow(staff.post("/office/events/summit/questions/diet/remove"))
    assert "so it stays" in page.main


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_pages_are_good_in_every_language(staff, event, language):
    staff.language = language
    make_question(event, "diet", "choice", options=[{"value": "v", "label": {"en": "Vegan"}}])
    for path in (
        "categories",
        "categories/new",
        "categories/press",
        "questions",
        "questions/new",
        "questions/diet",
    ):
        assert staff.get(f"/office/events/summit/{path}").status == 200


def test_an_event_without_questions_says_so(staff, event):
    assert "No questions of your own" in staff.get("/office/events/summit/questions").main
