"""The participants of an event: list, export, one person, everything staff can do to one."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.core.i18n import LANGUAGES, in_language
from eventsys.events.models import Event
from eventsys.files.sheets import read_table
from eventsys.mail.models import Message
from eventsys.registration.models import Answer, Registration
from eventsys.registration.rules.importing import FIELDS, match_columns
from eventsys.registration.rules.importing.words import read_gender, read_status
from eventsys.web.office.participants_export import headings
from eventsys.web.shared.labels import GENDERS, STATUSES
from tests.factories.events import make_event, make_question
from tests.factories.registrations import register
from tests.factories.tables import import_table, registered, table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client, Page

LIST = "/office/events/summit/participants"


def of(person: Registration, action: str = "") -> str:
    return f"{LIST}/{person.id}{action}"


@pytest.fixture
def ana(session: Session) -> Registration:
    register(make_event())
    return registered()


def names(shown: Page) -> list[str]:
    return [row[0] for row in shown.rows() if "@" in row[0]]


# ------------------------------------------------------------------------------------------- list
@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_list_shows_nobody_one_or_some(staff: Client, session: Session, count: int) -> None:
    event = make_event()
    for number in range(count):
        register(event, f"p{number}@example.org")
    shown = staff.get(LIST)
    assert shown.status == 200
    assert len(names(shown)) == count
    assert ("Nobody is registered yet" in shown.main) == (count == 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_and_person_read_well_in_each_language(
    staff: Client, ana: Registration, language: str
) -> None:
    staff.language = language
    assert staff.get(LIST).status == 200
    assert staff.get(of(ana)).h1 == "Ana Ñandú"


def test_search_filters_and_order_stand_in_the_address(staff: Client, session: Session) -> None:
    people = [
        {"email": f"p{n}@example.org", "last_name": f"Núñez {n}", "country": "PE" if n else "ES"}
        for n in range(3)
    ]
    import_table(make_event(), table(*people))
    assert len(names(staff.get(f"{LIST}?q=nunez"))) == 3
    found = staff.get(f"{LIST}?q=nunez&country=PE&sort=-name")
    assert [name.partition("@")[0][-2:] for name in names(found)] == ["p2", "p1"]
    assert "Nobody matches" in staff.get(f"{LIST}?status=waiting").main
    assert found.by_id("filter-country").find("option[@selected]").get("value") == "PE"


@pytest.mark.parametrize(
    "query",
    [
        "?page=99",
        "?page=x",
        "?status=%00",
        "?category=nope",
        "?city=abc",
        "?q=%F0%9F%98%80",
        "?sort=;",
        "?country=<b>",
    ],
)
def test_an_address_that_means_nothing_still_gives_a_page(
    staff: Client, ana: Registration, query: str
) -> None:
    assert staff.get(f"{LIST}{query}").status == 200


def test_pages_are_linked(staff: Client, session: Session) -> None:
    import_table(make_event(), table(*({"email": f"p{n}@example.org"} for n in range(60))))
    first = staff.get(LIST)
    second = staff.get(first.link("Next"))
    assert (len(names(first)), len(names(second))) == (50, 10)
    assert "51–60 of 60" in second.main


def test_the_list_costs_few_statements_whatever_its_length(
    staff: Client, session: Session, count_queries: Any
) -> None:
    import_table(make_event(), table(*({"email": f"p{n}@example.org"} for n in range(60))))
    with count_queries() as queries:
        staff.get(f"{LIST}?q=example")
    assert len(queries) <= 14


# ----------------------------------------------------------------------------------------- export
def exported(staff: Client, **fields: str) -> Page:
    staff.get(LIST)
    return staff.post(f"{LIST}/export", {"form": "csv", **fields})


def test_the_export_holds_who_is_listed_and_is_logged(staff: Client, session: Session) -> None:
    people = [
        {"email": "a@example.org", "first_name": "=1+1"},
        {"email": "b@example.org", "country": "PE"},
    ]
    import_table(make_event(), table(*people))
    sent = exported(staff, country="ES")
    assert sent.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(sent.body.decode("utf-8-sig"))))
    assert [(row["First name"], row["Country"], row["City"]) for row in rows] == [
        ("'=1+1", "Spain", "Barcelona")
    ]
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "registration.export")
    ).one()
    assert entry.facts == {"form": "csv", "filters": {"country": "ES"}}


def test_the_workbook_holds_the_same(staff: Client, ana: Registration) -> None:
    sent = exported(staff, form="xlsx")
    rows = list(read_table(sent.body).rows)
    assert [row.values["Email"] for row in rows] == ["ana@example.org"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_export_can_be_imported_in_each_language_and_changes_nothing(
    staff: Client, session: Session, language: str
) -> None:
    event = make_event()
    import_table(
        event,
        table(
            {"checked_in_at": "2023-06-12T09:00", "job_title": "-1"},
            {"email": "b@example.org", "gender": ""},
        ),
    )
    staff.language = language
    survey, done = import_table(event, exported(staff).body)
    assert survey.rejected == []
    assert (done.created, done.updated, done.unchanged) == (0, 0, 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_words_are_understood_by_the_import(language: str) -> None:
    with in_language(language):
        assert set(match_columns(headings()).values()) == set(FIELDS)
        assert {read_gender(str(word)) for word in GENDERS.values()} == set(GENDERS)
        assert [read_status(str(word)) for word in STATUSES.values()] == list(STATUSES)


def test_an_unknown_form_of_export_is_refused(staff: Client, ana: Registration) -> None:
    assert exported(staff, form="exe").status == 400


# ----------------------------------------------------------------------------------------- person
def test_the_page_of_a_person_shows_everything_known(staff: Client, session: Session) -> None:
    event = make_event()
    question = make_question(event, "diet", label={"en": "Diet"})
    register(event, answers={question.id: "none"})
    shown = staff.get(of(registered()))
    for text in (
        "ana@example.org",
        "Head of mobility",
        "Ajuntament",
        "Barcelona",
        "Diet",
        "none",
        "Registered",
    ):
        assert text in shown.main
    assert staff.get(shown.link("Confirmation")).status == 200


def test_a_person_of_another_event_does_not_exist_here(staff: Client, ana: Registration) -> None:
    make_event("other")
    for action in ("", "/edit", "/cancel", "/new-badge", "/badge.pdf"):
        assert staff.get(f"/office/events/other/participants/{ana.id}{action}").status == 404
    for action in ("/cancel", "/new-badge", "/confirm", "/confirmation", "/note"):
        staff.get(LIST)
        assert staff.post(f"/office/events/other/participants/{ana.id}{action}").status == 404
    assert registered().status == "confirmed"
    assert staff.get(f"{LIST}/999999").status == 404


@pytest.mark.parametrize(
    ("role", "reads", "edits"),
    [("manager", 200, 200), ("check-in", 200, 403), ("viewer", 403, 403)],
)
def test_roles_read_and_edit_as_they_may(
    page: Client, ana: Registration, role: str, reads: int, edits: int
) -> None:
    page.sign_in(role, event_id=ana.event_id)
    assert page.get(LIST).status == reads
    assert page.get(of(ana)).status == reads
    assert page.get(of(ana, "/edit")).status == edits
    page.get("/events/summit/register")  # any page with a token
    assert page.post(f"{LIST}/export", {"form": "csv"}).status == (
        200 if role == "manager" else 403
    )


def test_strangers_are_asked_to_sign_in(page: Client, ana: Registration) -> None:
    for path in (LIST, of(ana), of(ana, "/edit")):
        assert page.get(path).status == 302


# ------------------------------------------------------------------------------------------- edit
def test_what_is_known_is_changed_kept_in_the_log_and_told_by_mail(
    staff: Client, ana: Registration
) -> None:
    form = staff.get(of(ana, "/edit"))
    done = staff.submit(
        form, {"last_name": "Ortiz", "category": "press", "country": "PE", "city": "Lima"}
    )
    assert done.status == 303
    now = registered()
    assert (now.last_name, now.country, now.city_id) == ("Ortiz", "PE", 3936456)
    assert "registration/changed" in db.session.scalars(select(Message.template)).all()
    assert "Saved" in staff.follow(done).main


def test_nothing_changed_is_said_and_nothing_is_sent(staff: Client, ana: Registration) -> None:
    shown = staff.follow(staff.submit(staff.get(of(ana, "/edit"))))
    assert "Nothing was changed." in shown.main
    assert db.session.scalars(select(Message.template)).all() == ["registration/confirmed"]


def test_a_city_that_is_not_found_goes_to_the_review(staff: Client, ana: Registration) -> None:
    staff.submit(staff.get(of(ana, "/edit")), {"city": "Villaconejos de Arriba"})
    assert (registered().city_status, registered().city_id) == ("unknown", None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first_name": " "}, "Enter the given names"),
        ({"email": "nonsense"}, "Enter an email address"),
        ({"country": ""}, "Choose a country"),
        ({"country": "XX"}, "Choose a country"),
        ({"category": "nope"}, "Choose a category"),
        ({"gender": "klingon"}, "Choose one of the answers"),
        ({"member": "Nobody"}, "No organisation has this name"),
        ({"member": "b" * 90_000}, "Use at most 200 characters"),
        ({"last_name": "x" * 151}, "Use at most 150 characters"),
    ],
)
def test_a_wrong_field_is_said_with_everything_kept(
    staff: Client, ana: Registration, fields: dict[str, str], sentence: str
) -> None:
    refused = staff.submit(staff.get(of(ana, "/edit")), {"job_title": "Mayor", **fields})
    assert refused.status == 422
    assert sentence in refused.main
    assert 'value="Mayor"' in refused.html
    assert registered().job_title == "Head of mobility"


def test_an_address_of_somebody_else_is_refused(staff: Client, ana: Registration) -> None:
    register(db.session.get_one(Event, ana.event_id), "eva@example.org")
    assert staff.submit(staff.get(of(ana, "/edit")), {"email": "EVA@example.org"}).status == 409


# -------------------------------------------------------------------------------------------- add
def test_somebody_is_added_in_the_office_even_when_the_form_is_closed(
    staff: Client, session: Session
) -> None:
    make_event(registration_closes_at=datetime(2020, 1, 1, tzinfo=UTC))
    form = staff.get(f"{LIST}/add")
    fields = {"first_name": "Eva", "email": "eva@example.org", "country": "ES", "city": "Vic"}
    done = staff.submit(form, fields)
    assert done.status == 303
    eva = registered("eva@example.org")
    assert (eva.status, eva.source, eva.gender) == ("confirmed", "office", None)
    again = staff.submit(staff.get(f"{LIST}/add"), fields)
    assert again.status == 409
    assert again.link("Open the registration").endswith(f"/{eva.id}")


def test_when_the_event_is_full_whoever_is_added_waits_or_is_refused(
    staff: Client, session: Session
) -> None:
    event = make_event(capacity=1)
    register(event)
    fields = {"first_name": "Eva", "email": "eva@example.org", "country": "ES"}
    staff.submit(staff.get(f"{LIST}/add"), fields)
    eva = registered("eva@example.org")
    assert eva.status == "waiting"
    confirm = staff.submit(staff.get(of(eva)), action="/confirm")
    assert confirm.status == 409
    assert "All places are taken. Raise the number" in confirm.main
    assert "Ana" not in confirm.h1
    db.session.get_one(Event, event.id).capacity = 2
    db.session.commit()
    assert staff.submit(staff.get(of(eva)), action=f"{eva.id}/confirm").status == 303
    assert registered("eva@example.org").status == "confirmed"


# ---------------------------------------------------------------------------------------- actions
def test_a_registration_is_cancelled_after_a_question(staff: Client, ana: Registration) -> None:
    ask = staff.get(staff.get(of(ana)).link("Cancel the registration"))
    done = staff.submit(ask, {"reason": "By telephone"})
    assert done.status == 303
    assert registered().status == "cancelled"
    assert "By telephone" in staff.follow(done).main
    again = staff.follow(staff.post(of(ana, "/cancel")))
    assert "It had ended before." in again.main
    assert staff.get(of(ana, "/edit")).status == 422


def test_the_badge_gets_a_new_code_after_a_question(staff: Client, ana: Registration) -> None:
    old = ana.badge_digest
    ask = staff.get(staff.get(of(ana)).link("New badge code"))
    assert staff.submit(ask).status == 303
    assert staff.submit(ask).status == 303  # the second click
    assert registered().badge_digest != old
    assert registered().badge_generation == 1


def test_the_confirmation_is_sent_again(staff: Client, ana: Registration) -> None:
    assert staff.submit(staff.get(of(ana)), action="/confirmation").status == 303
    assert db.session.scalars(select(Message.template)).all() == ["registration/confirmed"] * 2


def test_answers_are_read_in_the_words_of_the_form(
    new_client: Any, ana: Registration, session: Session
) -> None:
    event = db.session.get_one(Event, ana.event_id)
    options = [
        {"value": "step_free", "label": {"en": "Step-free access", "fr": "Accès sans marche"}},
        {"value": "sign", "label": {"en": "Sign language", "fr": "Langue des signes"}},
    ]
    answers = {"needs": ("choices", ["step_free", "sign"]), "old": ("choice", "gone")}
    answers |= {"visa": ("yes_no", False), "nights": ("number", 3)}
    for name, (kind, value) in answers.items():
        question = make_question(event, name, kind, options=options if "choice" in kind else [])
        db.session.add(Answer(registration_id=ana.id, question_id=question.id, value=value))
    db.session.commit()
    client = new_client(language="fr")
    client.sign_in("secretariat")
    shown = client.get(of(ana)).main
    for text in ("Accès sans marche, Langue des signes", "Old gone", "Visa Non", "Nights 3"):
        assert text in shown


def test_the_badge_can_be_printed(staff: Client, ana: Registration) -> None:
    sent = staff.get(of(ana, "/badge.pdf"))
    assert sent.body.startswith(b"%PDF")
    staff.submit(staff.get(of(ana, "/cancel")))
    assert staff.get(of(ana, "/badge.pdf")).status == 422


def test_a_note_is_kept_and_one_that_is_too_long_is_said(staff: Client, ana: Registration) -> None:
    staff.submit(staff.get(of(ana)), {"note": "Comes late <b>"}, action="/note")
    assert "Comes late &lt;b&gt;" in staff.get(of(ana)).html
    refused = staff.submit(staff.get(of(ana)), {"note": "x" * 5001}, action="/note")
    assert refused.status == 422
    assert registered().note == "Comes late <b>"


def test_several_are_amended_at_once(staff: Client, session: Session) -> None:
    event = make_event()
    for number in range(3):
        register(event, f"p{number}@example.org")
    ids = [
        str(row.id) for row in db.session.scalars(select(Registration).order_by(Registration.id))
    ]
    done = staff.submit(
        staff.get(LIST), {"chosen": ids[:2], "action": "category:press"}, action="/many"
    )
    assert "Done for 2 persons." in staff.follow(done).main
    categories = [
        row.category_id
        for row in db.session.scalars(select(Registration).order_by(Registration.id))
    ]
    assert categories[0] == categories[1] != categories[2]
    nothing = staff.submit(staff.get(LIST), {"action": "confirmation"}, action="/many")
    assert "Tick at least one person" in staff.follow(nothing).main


def test_each_page_of_a_person_needs_its_csrf_token(staff: Client, ana: Registration) -> None:
    for action in ("/cancel", "/new-badge", "/confirm", "/confirmation", "/note", "/edit"):
        assert staff.post(of(ana, action), {}, csrf=False).status in {400, 422}
    assert registered().status == "confirmed"
