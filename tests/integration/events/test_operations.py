"""Create, change, publish and copy events."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from eventsys.audit.models import AuditEntry
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.events.errors import (
    CategoryAsked,
    CategoryInUse,
    ChangedMeanwhile,
    CodeTaken,
    InvalidEvent,
    LastCategory,
    NotReady,
    PlacesGiven,
    QuestionAnswered,
    SlugTaken,
)
from eventsys.events.models import Event
from eventsys.events.operations import categories, questions
from eventsys.events.operations.copy import copy_event
from eventsys.events.operations.create import create_event
from eventsys.events.operations.edit import edit_event
from eventsys.events.operations.places import take_place
from eventsys.events.operations.publish import publish_event, unpublish_event
from eventsys.events.queries import (
    category_draft_of,
    draft_of,
    get_category,
    get_event,
    get_question,
    list_categories,
    list_questions,
    question_draft_of,
)
from eventsys.events.rules.draft import EventDraft
from eventsys.events.rules.parts import CategoryDraft, Option, QuestionDraft
from eventsys.jobs.models import Job
from tests.factories.registrations import register

STAFF = Actor("staff", 1, "Eva")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DRAFT = EventDraft(
    slug="congress",
    kind="congress",
    format="in_person",
    title={"en": "Congress", "fr": "Congrès"},
    starts_at=NOW + timedelta(days=30),
    ends_at=NOW + timedelta(days=33),
    timezone="Europe/Brussels",
)


@pytest.fixture
def event(session):
    made = create_event(DRAFT, actor=STAFF, now=NOW)
    session.commit()
    return made


def actions():
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_an_event_starts_with_the_categories_of_its_kind(event):
    names = [category.code for category in list_categories(event.id)]
    assert names[:3] == ["delegate", "speaker", "observer"]
    assert event.published_at is None
    assert actions() == ["events.create"]


def test_an_address_is_given_once(event, session):
    with pytest.raises(SlugTaken):
        create_event(DRAFT, actor=STAFF, now=NOW)
    session.commit()
    assert len(session.scalars(select(Event)).all()) == 1


def test_a_wrong_event_is_not_stored(session):
    with pytest.raises(InvalidEvent) as refused:
        create_event(replace(DRAFT, kind="party", title={}), actor=STAFF, now=NOW)
    assert [name for name, _, _ in refused.value.problems] == ["title", "kind"]
    assert session.scalars(select(Event)).all() == []


def test_categories_given_with_an_event_are_checked(session):
    wrong = [CategoryDraft(code="vip", name={}), CategoryDraft(code="vip", name={"en": "VIP"})]
    with pytest.raises(InvalidEvent) as refused:
        create_event(DRAFT, actor=STAFF, now=NOW, categories=wrong)
    assert [name for name, _, _ in refused.value.problems] == [
        "categories[0].name",
        "categories[1].code",
    ]


def test_a_change_says_what_was_before(event):
    assert edit_event(event.id, replace(DRAFT, capacity=5), actor=STAFF, now=NOW) == ["capacity"]
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.facts == {"capacity": {"from": None, "to": 5}}


def test_saving_the_same_changes_nothing_and_writes_no_line(event):
    before = event.updated_at
    assert edit_event(event.id, draft_of(event), actor=STAFF, now=NOW + timedelta(hours=1)) == []
    assert event.updated_at == before
    assert actions() == ["events.create"]


def test_the_capacity_never_goes_below_the_places_given(event, session):
    delegate = get_category(event.id, "delegate")
    for _ in range(3):
        assert take_place(event.id, delegate.id)
    session.commit()
    with pytest.raises(PlacesGiven) as refused:
        edit_event(event.id, replace(DRAFT, capacity=2), actor=STAFF, now=NOW)
    assert refused.value.facts == {"taken": 3}
    edit_event(event.id, replace(DRAFT, capacity=3), actor=STAFF, now=NOW)
    session.commit()
    assert get_event("congress").capacity == 3


def test_more_places_call_the_waiting_list(event, session):
    edit_event(event.id, replace(DRAFT, capacity=10), actor=STAFF, now=NOW)
    [job] = session.scalars(select(Job)).all()
    assert (job.name, job.arguments) == ("registration.promote", {"event_id": event.id})


def test_an_address_that_is_taken_is_refused_on_a_change_too(event):
    create_event(replace(DRAFT, slug="other"), actor=STAFF, now=NOW)
    with pytest.raises(SlugTaken):
        edit_event(event.id, replace(DRAFT, slug="other"), actor=STAFF, now=NOW)
    assert get_event("congress").id == event.id


def test_an_address_that_is_public_stays(event):
    publish_event(event.id, actor=STAFF, now=NOW)
    with pytest.raises(InvalidEvent) as refused:
        edit_event(event.id, replace(DRAFT, slug="other"), actor=STAFF, now=NOW)
    assert refused.value.problems == (("slug", "slug_stays", {}),)
    unpublish_event(event.id, actor=STAFF, now=NOW)
    edit_event(event.id, replace(DRAFT, slug="other"), actor=STAFF, now=NOW)
    assert get_event("other").id == event.id


def test_who_saves_second_is_told(event):
    seen = event.updated_at
    edit_event(
        event.id, replace(DRAFT, capacity=5), actor=STAFF, now=NOW + timedelta(minutes=1), seen=seen
    )
    with pytest.raises(ChangedMeanwhile):
        edit_event(event.id, replace(DRAFT, capacity=9), actor=STAFF, now=NOW, seen=seen)
    assert event.capacity == 5


def test_an_event_is_shown_and_taken_back_and_each_once(event):
    for _ in range(2):
        publish_event(event.id, actor=STAFF, now=NOW)
    assert event.published_at == NOW
    for _ in range(2):
        unpublish_event(event.id, actor=STAFF, now=NOW)
    assert event.published_at is None
    assert actions() == ["events.create", "events.publish", "events.unpublish"]


def test_an_event_without_categories_is_not_shown(session):
    event = create_event(DRAFT, actor=STAFF, now=NOW, categories=())
    with pytest.raises(NotReady):
        publish_event(event.id, actor=STAFF, now=NOW)


def test_a_copy_has_texts_categories_and_questions_but_no_dates_and_no_people(event, session):
    full = replace(
        DRAFT, summary={"en": "Sum"}, hue="#0a5a7a", registration_closes_at=NOW + timedelta(days=20),
    )  # fmt: skip
    edit_event(event.id, full, actor=STAFF, now=NOW)
    questions.add_question(
        event.id,
        QuestionDraft(name="diet", kind="text", label={"en": "Diet"}),
        actor=STAFF,
        now=NOW,
    )
    take_place(event.id, get_category(event.id, "delegate").id)
    session.commit()
    basics = replace(
        DRAFT, slug="next", starts_at=NOW + timedelta(days=400), ends_at=NOW + timedelta(days=401)
    )
    made = copy_event(event.id, basics, actor=STAFF, now=NOW)
    assert (made.summary, made.hue) == ({"en": "Sum"}, "#0a5a7a")
    assert made.registration_closes_at is None
    assert made.published_at is None
    assert made.places_taken == 0
    assert [(row.code, row.places_taken) for row in list_categories(made.id)] == [
        (row.code, 0) for row in list_categories(event.id)
    ]
    assert [row.name for row in list_questions(made.id)] == ["diet"]


def test_categories_are_added_changed_and_ordered(event):
    categories.add_category(
        event.id, CategoryDraft(code="vip", name={"en": "VIP"}), actor=STAFF, now=NOW
    )
    draft = replace(category_draft_of(get_category(event.id, "vip")), quota=7)
    assert categories.edit_category(event.id, "vip", draft, actor=STAFF, now=NOW)
    assert not categories.edit_category(event.id, "vip", draft, actor=STAFF, now=NOW)
    before = [row.code for row in list_categories(event.id)]
    categories.move_category(event.id, "vip", "up", actor=STAFF, now=NOW)
    after = [row.code for row in list_categories(event.id)]
    assert after[-2:] == ["vip", before[-2]]
    categories.move_category(event.id, after[0], "up", actor=STAFF, now=NOW)
    assert [row.code for row in list_categories(event.id)] == after


def test_a_code_is_given_once_in_an_event(event):
    with pytest.raises(CodeTaken):
        categories.add_category(
            event.id, CategoryDraft(code="delegate", name={"en": "D"}), actor=STAFF, now=NOW
        )


def test_a_quota_never_goes_below_the_places_given(event, session):
    delegate = get_category(event.id, "delegate")
    take_place(event.id, delegate.id)
    take_place(event.id, delegate.id)
    session.commit()
    draft = replace(category_draft_of(delegate), quota=1)
    with pytest.raises(PlacesGiven):
        categories.edit_category(event.id, "delegate", draft, actor=STAFF, now=NOW)
    assert get_category(event.id, "delegate").quota is None


def test_a_category_goes_only_when_nobody_ever_had_it(event, session):
    questions.add_question(
        event.id,
        QuestionDraft(
            name="paper", kind="text", label={"en": "Paper"}, category_codes=("speaker", "press")
        ),
        actor=STAFF,
        now=NOW,
    )
    categories.remove_category(event.id, "press", actor=STAFF, now=NOW)
    assert get_question(event.id, "paper").category_codes == ["speaker"]
    publish_event(event.id, actor=STAFF, now=NOW)
    register(event, now=NOW)
    with pytest.raises(CategoryInUse):
        categories.remove_category(event.id, "delegate", actor=STAFF, now=NOW)
    assert get_category(event.id, "delegate").code == "delegate"


def test_a_category_that_a_question_is_asked_of_alone_stays(event):
    """Without it the question would be asked of everybody: nobody has decided that."""
    paper = QuestionDraft(name="paper", kind="text", label={"en": "P"}, category_codes=("press",))
    questions.add_question(event.id, paper, actor=STAFF, now=NOW)
    with pytest.raises(CategoryAsked):
        categories.remove_category(event.id, "press", actor=STAFF, now=NOW)
    questions.remove_question(event.id, "paper", actor=STAFF, now=NOW)
    categories.remove_category(event.id, "press", actor=STAFF, now=NOW)


def test_a_question_that_somebody_answered_stays(event):
    draft = QuestionDraft(name="diet", kind="text", label={"en": "Diet"})
    question_id = questions.add_question(event.id, draft, actor=STAFF, now=NOW).id
    publish_event(event.id, actor=STAFF, now=NOW)
    register(event, now=NOW, answers={question_id: "none"})
    with pytest.raises(QuestionAnswered):
        questions.remove_question(event.id, "diet", actor=STAFF, now=NOW)
    assert get_question(event.id, "diet").name == "diet"


def test_the_last_category_stays(session):
    only = [CategoryDraft(code="all", name={"en": "All"})]
    event = create_event(DRAFT, actor=STAFF, now=NOW, categories=only)
    with pytest.raises(LastCategory):
        categories.remove_category(event.id, "all", actor=STAFF, now=NOW)


def test_what_belongs_to_another_event_does_not_exist_here(event):
    other = create_event(replace(DRAFT, slug="other"), actor=STAFF, now=NOW)
    draft = CategoryDraft(code="vip", name={"en": "VIP"})
    categories.add_category(other.id, draft, actor=STAFF, now=NOW)
    for attempt in (
        lambda: categories.edit_category(event.id, "vip", draft, actor=STAFF, now=NOW),
        lambda: categories.remove_category(event.id, "vip", actor=STAFF, now=NOW),
        lambda: categories.move_category(event.id, "vip", "up", actor=STAFF, now=NOW),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_questions_are_added_changed_ordered_and_removed(event):
    for name in ("diet", "visa"):
        questions.add_question(
            event.id,
            QuestionDraft(name=name, kind="text", label={"en": name}),
            actor=STAFF,
            now=NOW,
        )
    options = (Option(value="a", label={"en": "A"}), Option(value="b", label={"fr": "B"}))
    draft = replace(
        question_draft_of(get_question(event.id, "diet")), kind="choice", options=options
    )
    assert questions.edit_question(event.id, "diet", draft, actor=STAFF, now=NOW)
    assert not questions.edit_question(event.id, "diet", draft, actor=STAFF, now=NOW)
    assert question_draft_of(get_question(event.id, "diet")).options == options
    questions.move_question(event.id, "visa", "up", actor=STAFF, now=NOW)
    assert [row.name for row in list_questions(event.id)] == ["visa", "diet"]
    questions.remove_question(event.id, "visa", actor=STAFF, now=NOW)
    assert [row.name for row in list_questions(event.id)] == ["diet"]


def test_a_question_of_a_kind_without_options_keeps_none(event):
    options = (Option(value="a", label={"en": "A"}), Option(value="b", label={"en": "B"}))
    draft = QuestionDraft(name="diet", kind="text", label={"en": "Diet"}, options=options)
    assert questions.add_question(event.id, draft, actor=STAFF, now=NOW).options == []
