"""The two small scripts over pages that work without them: cities that are suggested, lists that change in place."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from eventsys.web.shared.assets import asset
from tests.support.browser import axe

PLACES = [
    {"id": 993800, "label": "Johannesburg, South Africa", "note": "member", "country": "ZA"},
    {"id": 1732752, "label": "Johor Bahru, Malaysia"},
]
HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Try</title>
<link rel="icon" href="{icon}"><link rel="stylesheet" href="{css}"><script type="module" src="{script}"></script></head><body><main><h1>Try</h1>{body}</main></body></html>"""
CITY = """<form method="post"><label for="country">Country</label>
<select id="country" name="country"><option value="">Choose</option><option value="ZA">South Africa</option><option value="MY">Malaysia</option></select>
<div class="field"><label for="city">City</label>
<div class="combobox" data-module="{module}" data-combobox="/api/places" data-country="country" data-chosen="city_id"
 data-list="Suggestions" data-none="None found" data-one="1 found" data-many="{n} found" data-picked="{label} chosen">
<input class="control" id="city" name="city" type="text"><input type="hidden" id="city_id" name="city_id"></div></div>
<button type="submit">Send</button></form>"""


def page_of(body: str, script: str) -> str:
    return (
        HEAD.replace("{css}", asset("css/main.css"))
        .replace("{script}", asset(script))
        .replace("{icon}", asset("img/mark.svg"))
        .replace("{body}", body)
    )


@pytest.fixture
def show(browser_page):
    """Show a page that the test wrote, with the product's own style and script."""

    def open_page(body: str, script: str):
        browser_page.route(
            "**/try*",
            lambda route: route.fulfill(content_type="text/html", body=page_of(body, script)),
        )
        browser_page.goto("/try")
        return browser_page

    return open_page


@pytest.fixture
def city(show):
    """Give the page with a city field whose suggestions the test makes, and the list of questions asked."""
    asked: list[dict[str, list[str]]] = []
    page = show(CITY.replace("{module}", asset("js/combobox.js")), "js/enhance.js")

    def answer(route):
        query = parse_qs(urlsplit(route.request.url).query)
        asked.append(query)
        found = [
            place for place in PLACES if place["label"].lower().startswith(query["q"][0].lower())
        ]
        route.fulfill(content_type="application/json", body=json.dumps(found))

    page.route("**/api/places*", answer)
    page.asked = asked
    return page


def type_city(page, text):
    page.get_by_label("City").press_sequentially(text)
    page.get_by_role("listbox").wait_for()


def test_a_city_is_chosen_with_the_keyboard_alone(city):
    type_city(city, "joh")
    field = city.get_by_role("combobox", name="City")
    assert field.get_attribute("aria-expanded") == "true"
    assert city.get_by_role("status").inner_text() == "2 found"
    assert axe(city) == []
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == "city-list-1"
    field.press("ArrowDown")
    field.press("Enter")
    assert field.input_value() == "Johannesburg, South Africa"
    assert city.locator("#city_id").input_value() == "993800"
    assert city.get_by_label("Country").input_value() == "ZA"
    assert field.get_attribute("aria-expanded") == "false"
    assert city.evaluate("document.activeElement.id") == "city"


def test_one_question_is_asked_for_a_word_typed_at_once(city):
    type_city(city, "johan")
    assert [query["q"] for query in city.asked] == [["johan"]]
    assert city.asked[0]["lang"] == ["en"]


def test_the_script_of_the_city_comes_with_the_first_focus_and_not_with_the_page(city):
    assert city.get_by_label("City").get_attribute("role") is None
    with city.expect_response("**/combobox.js"):
        city.get_by_label("City").focus()


def test_typing_after_a_choice_forgets_the_choice(city):
    type_city(city, "joh")
    city.get_by_role("listbox").get_by_role("option").first.click()
    assert city.locator("#city_id").input_value() == "993800"
    city.get_by_label("City").press_sequentially("x")
    assert city.locator("#city_id").input_value() == ""


def test_another_country_forgets_the_city_of_the_first(city):
    type_city(city, "joh")
    city.get_by_role("listbox").get_by_role("option").first.click()
    city.get_by_label("Country").select_option("MY")
    assert city.locator("#city_id").input_value() == ""


def test_escape_closes_the_list_and_keeps_what_was_typed(city):
    type_city(city, "joh")
    city.get_by_label("City").press("Escape")
    assert city.get_by_role("listbox").count() == 0
    assert city.get_by_label("City").input_value() == "joh"


def test_a_city_nobody_knows_is_said_to_be_kept(city):
    city.get_by_label("City").press_sequentially("zzz")
    city.get_by_text("None found").wait_for(state="attached")
    assert city.get_by_label("City").get_attribute("aria-expanded") == "false"


def test_a_late_answer_to_an_older_question_is_dropped(show):
    page = show(CITY.replace("{module}", asset("js/combobox.js")), "js/enhance.js")
    waiting = []

    def answer(route):
        query = parse_qs(urlsplit(route.request.url).query)["q"][0]
        if query == "joh":
            waiting.append(route)  # answered only after the newer question
        else:
            route.fulfill(content_type="application/json", body=json.dumps(PLACES[1:]))

    page.route("**/api/places*", answer)
    with page.expect_request("**/api/places*"):
        page.get_by_label("City").press_sequentially("joh")
    type_city(page, "or")
    page.wait_for_timeout(200)
    assert page.get_by_role("listbox").get_by_role("option").all_inner_texts() == [
        "Johor Bahru, Malaysia"
    ]
    assert len(waiting) == 1


def test_half_written_characters_are_not_looked_up(city):
    city.get_by_label("City").focus()
    city.locator("#city[role=combobox]").wait_for()
    city.evaluate(
        "() => { const f = document.getElementById('city'); f.value = 'xx';"
        " f.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true })); }"
    )
    city.wait_for_timeout(300)
    assert city.asked == []


LIST = """<form method="get" action="/try" data-swap="list"><label for="q">Name</label><input id="q" name="q"><button type="submit">Filter</button></form>
<div id="list" data-results><p role="status">COUNT</p><table><caption>People</caption><thead><tr><th scope="col"><a href="/try?by=name" data-swap>Name</a></th></tr></thead>
<tbody><tr><td>ROW</td></tr></tbody></table></div>"""


@pytest.fixture
def people(browser_page):
    def answer(route):
        query = urlsplit(route.request.url).query or "nothing"
        body = LIST.replace("ROW", f"for {query}").replace("COUNT", f"found by {query}")
        route.fulfill(content_type="text/html", body=page_of(body, "js/enhance.js"))

    browser_page.route("**/try*", answer)
    browser_page.goto("/try")
    browser_page.evaluate("window.stayed = true")
    return browser_page


def test_sorting_changes_the_list_in_place_and_keeps_the_focus(people):
    people.get_by_role("link", name="Name").focus()
    people.keyboard.press("Enter")
    people.get_by_role("cell", name="for by=name").wait_for()
    assert people.url.endswith("/try?by=name")
    assert people.evaluate("window.stayed")
    assert people.evaluate("document.activeElement.textContent") == "Name"
    assert people.get_by_role("status").inner_text() == "found by by=name"


def test_a_filter_can_be_shared_by_its_address_and_back_undoes_it(people):
    people.get_by_label("Name").fill("Ana")
    people.keyboard.press("Enter")
    people.get_by_role("cell", name="for q=Ana").wait_for()
    assert people.url.endswith("/try?q=Ana")
    people.go_back()
    people.get_by_role("cell", name="for nothing").wait_for()


FORM = """<div id="error-summary" tabindex="-1" data-focus>There is a problem</div>
<form method="post" action="/try" data-once><button type="submit" name="step" value="send">Send</button></form>"""


def test_a_double_press_sends_once_and_the_focus_goes_to_the_errors(browser_page):
    posts = []

    def answer(route):
        if route.request.method == "POST":
            posts.append(route.request.post_data)
            route.fulfill(
                status=204
            )  # the browser stays on the page, as while a slow answer is on its way
        else:
            route.fulfill(content_type="text/html", body=page_of(FORM, "js/enhance.js"))

    browser_page.route("**/try", answer)
    browser_page.goto("/try")
    assert browser_page.evaluate("document.activeElement.id") == "error-summary"
    browser_page.get_by_role("button").dblclick()
    browser_page.wait_for_timeout(300)
    assert posts == ["step=send"]
    browser_page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    browser_page.get_by_role("button").click()
    browser_page.wait_for_timeout(300)
    assert len(posts) == 2


LIVE = """<dl data-live="/try/counts"><dt>Registered</dt><dd data-count="registered">1</dd></dl>
<p data-live-mark data-live="Live" data-late="Not live since">Live</p>"""


def test_counts_follow_while_somebody_looks_and_an_unchanged_answer_is_not_read_again(browser_page):
    tags = []

    def answer(route):
        tag = route.request.headers.get("if-none-match")
        tags.append(tag)
        if tag:
            route.fulfill(status=304)
        else:
            route.fulfill(
                content_type="application/json",
                headers={"ETag": '"1"'},
                body='{"registered": 1412}',
            )

    browser_page.route(
        "**/try",
        lambda route: route.fulfill(content_type="text/html", body=page_of(LIVE, "js/enhance.js")),
    )
    browser_page.route("**/try/counts", answer)
    browser_page.clock.install()
    browser_page.goto("/try")
    for _ in range(2):
        with browser_page.expect_response("**/try/counts"):
            browser_page.clock.run_for(5_100)
        browser_page.wait_for_timeout(100)
    assert browser_page.get_by_role("definition").inner_text() == "1,412"
    assert tags[0] is None
    assert tags[1] == '"1"'


def test_who_goes_back_finds_the_city_still_there(city):
    city.fill("#city", "Johannesburg")
    city.wait_for_selector("[role=combobox]")
    with city.expect_navigation():
        # Not the button: the list of cities may open over it meanwhile.
        city.press("#city", "Enter")
    city.go_back()
    assert city.input_value("#city") == "Johannesburg"
