"""Importing tables of registrations: the congress exactly, and everything that goes wrong with tables."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from eventsys.audit.models import AuditEntry
from eventsys.cli import demo
from eventsys.core.db import db
from eventsys.events.models import Category, Event
from eventsys.files.errors import SheetError
from eventsys.files.sheets import Sheet, xlsx_stream
from eventsys.mail.models import Message
from eventsys.members.models import Organisation
from eventsys.members.operations.import_members import import_members
from eventsys.people.models import Person
from eventsys.places.operations.add_alias import add_alias
from eventsys.registration.errors import ColumnsMissing, TooManyRows
from eventsys.registration.models import Registration
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.queries import importing
from tests.factories.events import STAFF, facts_of, make_event
from tests.factories.registrations import register
from tests.factories.tables import ANA, import_table, registered, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

DATA = Path(__file__).parent.parent.parent / "data" / "congress"
CONGRESS = Path(demo.__file__).parent / "registrations.csv"
CODES = ("delegate", "speaker", "observer", "press", "staff")


def congress() -> Event:
    return make_event(
        "congress", kind="congress", quotas=dict.fromkeys(CODES), timezone="Europe/Brussels",
        starts_at=datetime(2023, 6, 12, 6, tzinfo=UTC), ends_at=datetime(2023, 6, 15, 16, tzinfo=UTC),
    )  # fmt: skip


def figures() -> dict[str, Any]:
    """Count straight from the rows, by another way than the product's figures."""
    rows = db.session.execute(select(Registration, Category.code).join(Category)).all()
    confirmed = [row for row, _ in rows if row.status == "confirmed"]
    came = [
        (row, code)
        for row, code in rows
        if row.status == "confirmed" and row.attended_at is not None
    ]
    speakers = [row for row, code in came if code == "speaker"]
    return {
        "registrations": len(rows),
        "cancelled": sum(row.status == "cancelled" for row, _ in rows),
        "confirmed": len(confirmed),
        "attended": len(came),
        "no_shows": len(confirmed) - len(came),
        "cities": len({row.city_id for row, _ in came} - {None}),
        "countries": len({row.country for row, _ in came}),
        "gender": Counter(row.gender or "not stated" for row, _ in came),
        "by_country": Counter(row.country for row, _ in came),
        "by_city": Counter(str(row.city_id) for row, _ in came if row.city_id),
        "member_representatives": sum(row.organisation_id is not None for row, _ in came),
        "members_present": len({row.organisation_id for row, _ in came} - {None}),
        "speakers": len(speakers),
        "speakers_by_gender": Counter(row.gender or "not stated" for row in speakers),
    }


@pytest.mark.slow
def test_the_congress_gives_exactly_the_true_figures_and_again_changes_nothing(
    session: Session,
) -> None:
    import_members((DATA / "members.csv").read_bytes(), actor=STAFF, now=datetime.now(UTC))
    event = congress()
    content = CONGRESS.read_bytes()
    survey, done = import_table(event, content)
    truth = json.loads((DATA / "truth.json").read_text())
    assert (survey.rows, len(survey.duplicates), len(survey.rejected)) == (
        truth["rows"], truth["duplicates"], truth["rejected"],
    )  # fmt: skip
    assert (done.created, done.updated, done.unchanged) == (truth["registrations"], 0, 0)
    assert len(done.attended) == truth["attended"]
    counted = figures()
    assert counted == {name: truth[name] for name in counted}
    assert session.scalar(select(Event.places_taken)) == truth["confirmed"]
    assert session.scalar(select(func.count()).select_from(Message)) == 0

    again, second = import_table(event, content)
    assert (second.created, second.updated, second.unchanged) == (0, 0, truth["registrations"])
    assert second.attended == []
    assert again.registrations == truth["registrations"]
    assert figures() == counted


def test_rejected_rows_are_named_and_the_others_are_stored(session: Session) -> None:
    survey, done = import_table(
        make_event(),
        table(
            {},
            {"email": "no-address"},
            {"email": "b@example.org", "country": "Atlantis", "gender": "x y z"},
        ),
    )
    assert [(item.line, item.field, item.reason, item.value) for item in survey.rejected] == [
        (3, "email", "not_an_address", "no-address"), (4, "gender", "unknown_gender", "x y z"),
    ]  # fmt: skip
    assert [(item.line, item.field) for item in survey.more_problems] == [(4, "country")]
    assert done.created == 1


def test_addresses_are_equal_in_any_case_and_rows_of_one_person_are_put_together(
    session: Session,
) -> None:
    late = {"email": "ANA@EXAMPLE.ORG", "registered_at": "2023-05-01T10:00", "job_title": "Mayor"}
    came = {"registered_at": "2023-04-01T10:00", "checked_in_at": "2023-06-12T09:00"}
    survey, done = import_table(make_event(), table(late, came, {"email": "Eva@example.org"}))
    assert survey.duplicates == [(3, 2)]
    assert done.created == 2
    ana = registered()
    assert (ana.email, ana.job_title) == ("ana@example.org", "Mayor")
    assert ana.attended_at == datetime(2023, 6, 12, 7, tzinfo=UTC)  # Madrid
    assert ana.registered_at == datetime(2023, 4, 1, 8, tzinfo=UTC)


def test_a_corrected_row_changes_only_what_it_says(session: Session) -> None:
    event = make_event()
    import_table(event, table({}, {"email": "b@example.org"}))
    _survey, done = import_table(
        event,
        table({"last_name": "Ortiz", "gender": "", "city": "Madrid"}, {"email": "b@example.org"}),
    )
    assert (done.created, done.updated, done.unchanged) == (0, 1, 1)
    ana = registered()
    assert (ana.last_name, ana.gender, ana.city_id) == ("Ortiz", "woman", 3117735)
    assert "ortiz" in ana.search_text
    assert ana.sort_name == "ortiz ana"
    lines = session.scalars(
        select(AuditEntry.facts).where(
            AuditEntry.subject_id == ana.id, AuditEntry.subject_kind == "registration"
        )
    ).all()
    assert {"fields": ["city_id", "city_status", "city_typed", "last_name"]} in lines


def test_what_was_done_since_stands_when_the_same_table_comes_again(session: Session) -> None:
    event = make_event()
    content = table({})
    import_table(event, content)
    cancel(registered().id, window=None, actor=STAFF, now=datetime.now(UTC))
    session.commit()
    _survey, done = import_table(event, content)
    assert (done.created, done.updated, done.unchanged) == (0, 0, 1)
    assert registered().status == "cancelled"
    assert session.scalar(select(Event.places_taken)) == 0


def test_people_who_registered_themselves_are_found_by_their_address(session: Session) -> None:
    event = make_event()
    outcome = register(event, "ana@example.org")
    _survey, done = import_table(
        event, table({"email": "Ana@Example.org", "job_title": "Mayor", "city": ""})
    )
    assert (done.created, done.updated) == (0, 1)
    ana = registered()
    assert (ana.id, ana.job_title, ana.city_typed, ana.source) == (
        outcome.registration_id,
        "Mayor",
        "Barcelona",
        "web",
    )


def test_one_person_at_two_events_is_one_person(session: Session) -> None:
    import_table(make_event("one"), table({}))
    import_table(make_event("two"), table({"email": "ANA@example.org"}))
    assert session.scalar(select(func.count()).select_from(Person)) == 1
    assert session.scalar(select(func.count()).select_from(Registration)) == 2


def test_links_and_badges_of_imported_people_are_theirs_alone(session: Session) -> None:
    import_table(make_event(), table({}, {"email": "b@example.org"}))
    rows = session.scalars(select(Registration)).all()
    for name in ("key", "link_digest", "badge_digest"):
        assert len({getattr(row, name) for row in rows}) == 2


def test_places_are_counted_and_a_capacity_that_was_too_low_is_raised_to_the_truth(
    session: Session,
) -> None:
    event = make_event(capacity=1, quotas={"delegate": 1, "press": None})
    people = [{"email": f"p{number}@example.org"} for number in range(3)]
    import_table(event, table(*people, {"email": "x@example.org", "status": "cancelled"}))
    assert session.execute(select(Event.places_taken, Event.capacity)).one() == (3, 3)
    delegates = select(Category.places_taken, Category.quota).where(Category.code == "delegate")
    assert session.execute(delegates).one() == (3, 3)


def test_a_standard_category_is_added_and_an_unheard_of_one_is_rejected_unless_asked_for(
    session: Session,
) -> None:
    event = make_event()
    content = table({"category": "Ponente"}, {"email": "b@example.org", "category": "Élu local"})
    survey, done = import_table(event, content)
    assert [(item.line, item.reason) for item in survey.rejected] == [(3, "unknown_category")]
    assert done.created == 1
    speaker = session.scalars(select(Category).where(Category.code == "speaker")).one()
    assert (speaker.speaker, speaker.places_taken) == (True, 1)
    survey, done = import_table(event, content, create_categories=True)
    assert (survey.rejected, done.created, done.unchanged) == ([], 1, 1)
    added = session.scalars(select(Category).where(Category.code == "elu-local")).one()
    assert (added.name, added.open_to_public) == ({"en": "Élu local"}, False)


def test_members_are_linked_by_any_of_their_names_also_when_they_come_later(
    session: Session,
) -> None:
    event = make_event()
    content = table({"member": "Génève", "organisation": ""})
    survey, _done = import_table(event, content)
    assert [(item.field, item.reason, item.value) for item in survey.warnings] == [
        ("member", "unknown_member", "Génève")
    ]
    ana = registered()
    assert (ana.organisation, ana.organisation_id) == ("Génève", None)
    members = b"name,city,country,region,kind,since,name_fr\nGeneva,Geneva,CH,Europe,member,1990,Gen\xc3\xa8ve\n"
    import_members(members, actor=STAFF, now=datetime.now(UTC))
    session.commit()
    _survey, done = import_table(event, content)
    assert (done.updated, done.created) == (1, 0)
    assert registered().organisation_id is not None


def test_what_is_no_sure_city_is_kept_as_typed_for_review(session: Session) -> None:
    survey, _done = import_table(
        make_event(),
        table({"city": "Villaconejos de Arriba"}, {"email": "b@example.org", "city": "Springfield", "country": "US"},
              {"email": "c@example.org", "city": ""}),
    )  # fmt: skip
    assert [(item.line, item.reason) for item in survey.warnings] == [
        (2, "unknown_city"),
        (3, "ambiguous_city"),
    ]
    places = {
        row.email: (row.city_typed, row.city_id, row.city_status)
        for row in session.scalars(select(Registration))
    }
    assert places == {
        "ana@example.org": ("Villaconejos de Arriba", None, "unknown"),
        "b@example.org": ("Springfield", None, "ambiguous"),
        "c@example.org": ("", None, "none"),
    }


def test_a_text_decided_to_be_no_city_is_not_asked_again(session: Session) -> None:
    add_alias("Everywhere", "ES", None, actor=STAFF, now=datetime.now(UTC))
    session.commit()
    survey, _done = import_table(make_event(), table({"city": "everywhere"}))
    assert survey.warnings == []
    assert registered().city_status == "none"


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t"), ("utf-8", "|")],
)
def test_encodings_and_separators_are_found_out(
    session: Session, encoding: str, delimiter: str
) -> None:
    survey, done = import_table(make_event(), table({}, encoding=encoding, delimiter=delimiter))
    assert (survey.delimiter, done.created) == (delimiter, 1)
    assert registered().last_name == "Ñandú"


def test_a_workbook_is_imported_like_a_table(session: Session) -> None:
    row = {**ANA, "registered_at": datetime(2023, 3, 1, 10)}
    content = b"".join(xlsx_stream([Sheet("People", list(row), [list(row.values())])]))
    survey, done = import_table(make_event(), content)
    assert (survey.format, done.created) == ("workbook", 1)
    assert registered().registered_at == datetime(2023, 3, 1, 9, tzinfo=UTC)


def test_columns_can_be_matched_by_hand(session: Session) -> None:
    content = b"A;B;C\nAna;ana@example.org;Espa\xc3\xb1a\n"
    with pytest.raises(ColumnsMissing) as refused:
        import_table(make_event(), content)
    assert refused.value.facts["fields"] == ["first_name", "email", "country"]
    matching = {"A": "first_name", "B": "email", "C": "country"}
    _survey, done = import_table(make_event("other"), content, matching=matching)
    assert done.created == 1


def test_a_row_with_more_cells_than_columns_is_rejected_because_everything_may_have_moved(
    session: Session,
) -> None:
    survey, done = import_table(
        make_event(), b"first_name,email,country\nAna,ana@example.org,ES,extra\n"
    )
    assert [(item.field, item.reason) for item in survey.rejected] == [("row", "too_many_cells")]
    assert done.created == 0


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b'a,b\n"open,x\n'])
def test_what_is_no_table_is_refused_with_nothing_stored(session: Session, content: bytes) -> None:
    with pytest.raises((SheetError, ColumnsMissing)):
        import_table(make_event(), content)
    assert session.scalar(select(func.count()).select_from(Registration)) == 0


def test_an_error_in_the_middle_leaves_nothing_half_done(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event()
    monkeypatch.setattr("eventsys.registration.operations.import_registrations.CHUNK", 1)
    content = table({}, {"email": "b@example.org"})
    with pytest.raises(RuntimeError):
        import_table(event, content, progress=_stop)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Registration)) == 0
    assert session.scalar(select(func.count()).select_from(Person)) == 0


def _stop(_phase: str, rows: int) -> None:
    if rows == 2:
        raise RuntimeError


def test_a_dry_run_counts_and_writes_nothing(
    session: Session, count_queries: Callable[[], Any]
) -> None:
    event = make_event()
    import_table(event, table({}))
    content = table({"last_name": "Ortiz"}, {"email": "b@example.org", "category": "speaker"})
    with count_queries() as queries:
        _survey, done = import_table(event, content, dry_run=True)
    assert (done.created, done.updated) == (1, 1)
    assert [
        text
        for text in queries.statements
        if not text.lstrip().upper().startswith(("SELECT", "BEGIN"))
    ] == []


def test_statements_do_not_grow_with_the_rows(
    session: Session, count_queries: Callable[[], Any]
) -> None:
    event = make_event()
    people = [{"email": f"p{number}@example.org"} for number in range(400)]
    with count_queries() as queries:
        _survey, done = import_table(event, table(*people))
    assert done.created == 400
    assert len(queries) <= 30


def test_markup_scripts_and_emoji_are_just_text(session: Session) -> None:
    name = "<script>alert(1)</script>'; DROP TABLE registration; -- 😀 علي"
    import_table(make_event(), table({"first_name": name, "organisation": "=HYPERLINK(1)\x07"}))
    ana = registered()
    assert ana.first_name == name
    assert ana.organisation == "=HYPERLINK(1)"


def test_too_many_rows_are_refused(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_ROWS", 2)
    with pytest.raises(TooManyRows):
        import_table(
            make_event(), table(*({"email": f"p{number}@example.org"} for number in range(3)))
        )


def test_progress_is_told_while_reading_and_while_writing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "EVERY", 1)
    told: list[tuple[str, int]] = []
    event = make_event()
    survey = importing.survey_file(
        facts_of(event), io.BytesIO(table({}, {"email": "b@example.org"})), now=datetime.now(UTC),
        progress=lambda phase, rows: told.append((phase, rows)),
    )  # fmt: skip
    assert survey.rows == 2
    assert told == [("reading", 1), ("reading", 2)]


def test_of_two_members_of_one_name_a_row_stands_for_that_of_its_country(session: Session) -> None:
    import_members(
        b"name,city,country,since\nHyderabad,Hyderabad,IN,1990\nHyderabad,Hyderabad,PK,1990\n",
        actor=STAFF,
        now=datetime.now(UTC),
    )
    survey, _done = import_table(
        make_event(),
        table(
            {
                "email": "in@example.org",
                "member": "Hyderabad",
                "city": "Hyderabad",
                "country": "India",
            },
            {
                "email": "pk@example.org",
                "member": "HYDERABAD",
                "city": "Hyderabad",
                "country": "PK",
            },
            {"email": "fr@example.org", "member": "Hyderabad", "country": "FR", "city": "Paris"},
        ),
    )
    stood_for = {
        email: session.scalar(select(Organisation.country).where(Organisation.id == number))
        for email, number in session.execute(
            select(Registration.email, Registration.organisation_id)
        )
    }
    assert stood_for == {"in@example.org": "IN", "pk@example.org": "PK", "fr@example.org": None}
    assert [(item.line, item.reason) for item in survey.warnings] == [(4, "unknown_member")]


def test_a_city_of_a_repeated_person_goes_with_its_country(session: Session) -> None:
    """The city that one row leaves out is not taken from a row of another country."""
    event = make_event()
    early, late = {"registered_at": "2023-04-01T10:00"}, {"registered_at": "2023-05-01T10:00"}
    import_table(
        event,
        table(
            {**early, "city": ""},
            {**late, "city": "Paris", "country": "FR"},
            {**early, "email": "b@example.org", "city": ""},
            {**late, "email": "B@example.org", "city": "Madrid"},
        ),
    )
    assert (registered().country, registered().city_typed) == ("ES", "")
    assert registered("b@example.org").city_id == 3117735
