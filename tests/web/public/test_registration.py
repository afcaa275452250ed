"""Registration as a person without JavaScript does it: form, submit, own page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from eventsys.core.db import db, transaction_mode
from eventsys.events.models import Event
from eventsys.mail.models import Message
from eventsys.registration.models import Answer, Registration
from tests.factories.events import make_event, make_question

ANA = {
    "first_name": "Ana",
    "last_name": "Ñandú",
    "email": "ana@example.org",
    "gender": "woman",
    "country": "ES",
    "city": "Barcelona",
    "organisation": "Ajuntament",
    "job_title": "Head of mobility",
    "category": "delegate",
    "consent": "y",
}
FORM = "/events/summit/register"
YEAR = timedelta(days=365)


def send(page, **changes):
    """Open the form and send what Ana fills in, with changes."""
    return page.submit(page.get(FORM), {**ANA, **changes})


def count():
    db.session.rollback()
    return db.session.query(Registration).count()


def test_three_requests_lead_to_the_own_page(page, session):
    make_event()
    answer = send(page)
    assert answer.status == 303
    own = page.get(answer.location)
    assert own.status == 200
    assert "You are registered." in own.main
    assert "Ana Ñandú" in own.main
    assert "<svg" in own.html


def test_who_comes_by_a_link_is_given_the_link_and_no_code_for_a_door(page, session):
    event = make_event(kind="webinar", format="online", country=None, city_id=None, venue={})
    own = page.follow(send(page))
    assert "The address will stand here before it begins." in own.main
    event.online_url = "https://meet.example.org/room"
    db.session.commit()
    own = page.get(own.url)
    assert 'class="button" href="https://meet.example.org/room"' in own.html
    for what in ("entrance", "badge", "pass-code"):
        assert what not in own.main + own.html.partition("<main")[2]


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "Your registration"), ("es", "Su inscripción"), ("fr", "Votre inscription")],
)
def test_the_journey_is_in_each_language_and_so_are_its_mails(
    new_client, session, language, heading
):
    make_event()
    browser = new_client(language)
    own = browser.follow(send(browser))
    assert own.h1 == heading
    assert db.session.query(Message).one().language == language


def test_an_address_without_a_language_leads_to_the_wished_one(app, session):
    make_event()
    plain = app.test_client()
    answer = plain.get(FORM, headers={"Accept-Language": "fr-CA,fr;q=0.9"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/fr/events/summit/register")
    assert plain.post(FORM).status_code == 307


def test_the_second_try_with_an_address_tells_a_stranger_nothing(page, session):
    make_event()
    send(page)
    answer = send(page, first_name="Nosy", email="ANA@example.org")
    assert answer.location == "/en/events/summit/register/sent"
    sent = page.get(answer.location)
    assert "Ñandú" not in sent.html
    assert count() == 1


def test_a_second_click_of_the_same_form_leads_to_the_same_page(page, session):
    make_event()
    form = page.get(FORM)
    first, second = page.submit(form, ANA), page.submit(form, ANA)
    assert first.location == second.location
    assert count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("first_name", "", "Enter your given names"),
        ("first_name", "   ", "Enter your given names"),
        ("first_name", "x" * 5000, "Use at most 150 characters"),
        ("email", "", "Enter your email address"),
        ("email", "not-an-address", "Enter your email address, like name@example.org"),
        ("email", "a@b@c.org", "Enter your email address, like name@example.org"),
        ("email", "x" * 300 + "@example.org", "Use at most 254 characters"),
        ("gender", None, "Choose how your gender should be counted"),
        ("gender", "klingon", "Choose one of the answers"),
        ("country", "", "Choose your country or territory"),
        ("country", "Atlantis", "Choose your country or territory"),
        ("city", "", "Enter the city that you come from or represent"),
        ("category", "king", "Choose how you take part"),
        ("category", None, "Choose how you take part"),
        ("consent", None, "Tick the box to let us use your data"),
        ("job_title", "y" * 201, "Use at most 200 characters"),
    ],
)
def test_a_mistake_is_said_next_to_the_field_and_nothing_is_lost(
    page, session, field, value, sentence
):
    make_event()
    answer = send(page, **{field: value})
    assert answer.status == 422
    assert answer.title.startswith("Error:")
    assert sentence in answer.text_by_id(f"{field}-error")
    kept = answer.filled()
    for name in ("first_name", "last_name", "email", "city"):
        if name != field:
            assert kept[name] == ANA[name]
    assert count() == 0


@pytest.mark.parametrize(
    "name",
    [
        "O’Brien; DROP TABLE registration;--",
        "<script>alert(1)</script>",
        "${1234*8765} &amp; {1}",
        "محمد عبد الرحمن",
        "\u202eevil\u202c",
        "👩🏽‍🚀 Ada",
        "=1+1",
        "a\u0000b",
        "Krung Thep Mahanakhon",
    ],
)
def test_any_name_is_kept_and_shown_as_text(page, session, name):
    make_event()
    own = page.follow(send(page, first_name=name))
    assert own.status == 200
    assert "<script>alert" not in own.html
    assert str(1234 * 8765) not in own.html
    assert count() == 1


def test_bytes_that_are_no_text_are_a_clear_page_and_no_crash(page, session):
    make_event()
    form = page.get(FORM)
    token = form.filled()["csrf_token"]
    body = b"first_name=%ff%fe&csrf_token=" + token.encode()
    answer = page.post(FORM, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status == 422


def test_a_stale_page_keeps_what_was_typed(page, session):
    make_event()
    form = page.get(FORM)
    answer = page.submit(form, {**ANA, "csrf_token": "stale"})
    assert answer.status == 422
    assert answer.filled()["first_name"] == "Ana"
    assert "Your answers are still here" in answer.main
    assert page.submit(answer, {"consent": "y"}).status == 303


def test_a_body_that_is_too_large_is_said(page, session):
    make_event()
    page.get(FORM)
    answer = page.post(FORM, {"first_name": "x" * 3_000_000})
    assert answer.status == 413


def test_a_country_may_be_written_as_a_name(page, session):
    make_event()
    send(page, country="Alemania", city="Múnich")
    row = db.session.query(Registration).one()
    assert (row.country, row.city_id) == ("DE", 2867714)


def test_several_cities_of_one_name_are_asked_back(page, session):
    make_event()
    asked = send(page, country="US", city="Springfield")
    assert asked.status == 422
    assert "Which city do you mean?" in asked.main
    labels = asked.texts("label")
    assert any("Illinois" in label for label in labels)
    chosen = next(
        node
        for node in asked.all("input")
        if node.get("name") == "city_id" and node.get("value") == "4250542"
    )
    answer = page.submit(asked, {"city_id": chosen.get("value"), "consent": "y"})
    assert answer.status == 303
    assert db.session.query(Registration).one().city_id == 4250542


def test_none_of_these_keeps_the_text_for_review(page, session):
    make_event()
    asked = send(page, country="US", city="Springfield")
    assert page.submit(asked, {"city_id": "0", "consent": "y"}).status == 303
    row = db.session.query(Registration).one()
    assert (row.city_id, row.city_typed, row.city_status) == (None, "Springfield", "ambiguous")


def test_an_unknown_city_is_kept_and_nobody_is_held_up(page, session):
    make_event()
    assert send(page, city="Qwertyuiopolis").status == 303
    row = db.session.query(Registration).one()
    assert (row.city_id, row.city_typed, row.city_status) == (None, "Qwertyuiopolis", "unknown")


def test_a_city_of_another_country_cannot_be_smuggled_in(page, session):
    make_event()
    send(page, city="Barcelona", city_id="2988507")
    assert db.session.query(Registration).one().city_id == 3128760


@pytest.mark.parametrize("forged", ["9" * 19, "9" * 5000, "-1", "\u00b2"])
def test_a_forged_city_is_no_error_and_the_typed_one_counts(page, session, forged):
    make_event()
    assert send(page, city="Barcelona", city_id=forged).status == 303
    assert db.session.query(Registration).one().city_id == 3128760


def test_when_it_is_full_the_form_says_so_before_and_the_page_after(page, session):
    make_event(capacity=1)
    send(page)
    form = page.get(FORM)
    assert "All places are taken." in form.main
    own = page.follow(page.submit(form, {**ANA, "email": "bea@example.org"}))
    assert "You are on the waiting list." in own.main
    assert "You are number 1 in line" in own.main
    assert "badge.pdf" not in own.html


def test_full_without_a_waiting_list_offers_no_form(page, session):
    make_event(capacity=1, waiting_list=False)
    form = page.get(FORM)
    page.submit(form, ANA)
    assert "All places are taken, and there is no waiting list." in page.get(FORM).main
    late = page.submit(form, {**ANA, "email": "bea@example.org"})
    assert late.status == 409
    assert "The last place was taken just now" in late.main
    assert late.filled()["first_name"] == "Ana"


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"registration_opens_at": timedelta(days=1)}, "Registration is not open yet."),
        ({"registration_closes_at": timedelta(days=-1)}, "Registration has closed."),
        ({"starts_at": timedelta(days=-3), "ends_at": timedelta(days=-2)}, "This event is over."),
    ],
)
def test_outside_the_window_the_page_says_why(page, session, dates, sentence):
    moment = datetime.now(UTC)
    make_event(**{name: moment + delta for name, delta in dates.items()})
    shown = page.get(FORM).main
    assert sentence in shown
    assert "nothing of it was stored" not in shown


def test_a_form_that_comes_too_late_is_said_to_be_lost_and_whom_to_ask(page, session):
    event = make_event(contact_email="help@example.org")
    form = page.get(FORM)
    event.registration_closes_at = datetime.now(UTC)
    db.session.commit()
    late = page.submit(form, ANA)
    assert late.status == 422
    assert "Registration has closed." in late.main
    assert (
        "Your form came too late: nothing of it was stored. Questions? Write to help@" in late.main
    )
    assert count() == 0


def test_an_unpublished_event_does_not_exist(page, session):
    make_event(published_at=None)
    for path in ("/events/summit", FORM, "/events/summit/calendar.ics"):
        assert page.get(path).status == 404
    assert "Metropolitan Summit" not in page.get("/").main


def test_a_long_form_is_shown_again_before_it_is_sent(page, session):
    event = make_event()
    for number in range(6):
        make_question(event, f"q{number}", label={"en": f"Question {number}"}, position=number)
    answers = {f"q{number}": f"answer {number}" for number in range(6)}
    check = send(page, **answers)
    assert check.status == 200
    assert check.h1 == "Check your answers"
    assert "answer 3" in check.main
    assert count() == 0
    assert page.submit(check, {"step": "edit"}).filled()["q3"] == "answer 3"
    assert page.submit(check, {"step": "send"}).status == 303
    assert db.session.query(Answer).count() == 6


def test_the_events_own_questions_of_every_kind(page, session):
    event = make_event()
    options = [
        {"value": "en", "label": {"en": "English"}},
        {"value": "fr", "label": {"en": "French"}},
    ]
    make_question(event, "why", "long_text", required=True)
    make_question(event, "listen", "choice", options=options, required=True)
    make_question(event, "needs", "choices", options=options)
    make_question(event, "arrival", "date")
    make_question(event, "nights", "number", category_codes=["press"], required=True)
    refused = send(page, consent=[])
    assert "Answer the question “Why”" in refused.text_by_id("why-error")
    assert "Answer the question “Listen”" in refused.text_by_id("listen-error")
    summary = refused.text_by_id("error-summary")
    assert summary.index("“Why”") < summary.index("“Listen”") < summary.index("Tick the box")
    good = {"why": "مرحبا\nb", "listen": "fr", "needs": ["en", "fr"], "arrival": "2027-01-20"}
    assert send(page, **{**good, "listen": "de"}).status == 422
    assert send(page, **{**good, "arrival": "tomorrow"}).status == 422
    assert send(page, **good).status == 303
    values = [row.value for row in db.session.query(Answer).order_by(Answer.question_id)]
    assert values == ["مرحبا\nb", "fr", ["en", "fr"], "2027-01-20"]


def test_a_foreign_or_wrong_link_is_a_kind_404(page, session):
    make_event()
    own = send(page).location
    wrong = own[:-1] + ("A" if own[-1] != "A" else "B")
    for path in (
        wrong,
        f"{wrong}/change",
        f"{wrong}/cancel",
        f"{wrong}/calendar.ics",
        "/registrations/x",
    ):
        answer = page.get(path)
        assert answer.status == 404
        assert "No registration has this link" in answer.main


def test_answers_can_be_changed_and_the_change_is_mailed(page, session):
    make_event()
    own = page.follow(send(page))
    form = page.get(page.follow(own).link("Change"))
    assert form.filled()["city"] == "Barcelona"
    changed = page.follow(
        page.submit(form, {"city": "Valencia", "city_id": "", "category": "press"})
    )
    assert "Your changes are kept." in changed.main
    assert "Valencia" in changed.main
    templates = [row.template for row in db.session.query(Message).order_by(Message.id)]
    assert templates == ["registration/confirmed", "registration/changed"]


def test_cancelling_asks_once_and_a_second_click_changes_nothing(page, session):
    make_event(capacity=1)
    own = page.follow(send(page))
    question = page.get(own.link("Cancel my registration"))
    assert count() == 1
    first = page.follow(page.submit(question))
    assert "This registration is cancelled." in first.main
    assert first.html.count('class="banner') == 1
    assert page.get(first.link("Register again")).status == 200
    assert "Keep the link" not in first.main
    assert page.follow(page.submit(question)).status == 200
    assert page.follow(send(page, email="bea@example.org")).main.count("You are registered.") == 1


def test_who_waits_leaves_the_list_and_gives_up_no_place(page, session):
    make_event(capacity=1)
    send(page, email="bea@example.org")
    own = page.follow(send(page))
    question = page.get(own.link("Cancel my registration"))
    assert "You leave the waiting list of Metropolitan Summit." in question.main
    assert "your badge" not in question.main


def test_after_the_deadline_nothing_can_be_changed_by_link(page, session):
    make_event(change_until=datetime(2020, 1, 1, tzinfo=UTC))
    own = page.follow(send(page))
    assert "Cancel my registration" not in own.main
    assert "The deadline for changes has passed" in page.follow(page.get(f"{own.url}/change")).main
    assert page.post(f"{own.url}/cancel").status == 422


def test_the_own_page_is_kept_by_no_cache_and_leaks_no_link(page, session):
    make_event()
    own = page.follow(send(page))
    assert own.headers["Cache-Control"] == "no-store"
    assert own.headers["Referrer-Policy"] == "no-referrer"


def test_the_whole_journey_takes_few_statements(page, session, count_queries):
    make_event()
    with count_queries() as counted:
        page.follow(send(page))
    assert len(counted) <= 17


@pytest.mark.parametrize(
    ("capacity", "sentence"),
    [(1, "You were registered."), (0, "You were on the waiting list; no place became free.")],
)
def test_after_the_event_the_own_page_promises_nothing_any_more(page, session, capacity, sentence):
    event = make_event(capacity=capacity)
    own = send(page).location
    event.starts_at, event.ends_at = event.starts_at - YEAR, event.ends_at - YEAR
    db.session.commit()
    shown = page.get(own).main
    assert f"This event is over. {sentence}" in shown
    assert "look forward" not in shown
    assert "if one becomes free" not in shown


def test_a_form_that_cannot_be_read_waits_for_nobody_who_writes(page, session):
    make_event()
    form = page.get(FORM)
    db.session.rollback()
    with (
        ThreadPoolExecutor(1) as visitor,
        transaction_mode("write"),
        db.engine.connect() as somebody_else,
    ):
        somebody_else.execute(update(Event).values(places_taken=Event.places_taken))
        answer = visitor.submit(page.submit, form, {**ANA, "first_name": ""})
        try:
            assert answer.result(timeout=8).status == 422
        finally:
            somebody_else.rollback()
            somebody_else.close()
    assert send(page).status == 303
