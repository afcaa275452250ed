"""The desk's page, its worker, and what a badge opens in a stranger's phone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.factories.checkin import badge, make_guest
from tests.factories.events import make_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_the_desk_is_one_page_with_all_languages_in_it(page: Client, language: str) -> None:
    page.language = language
    shown = page.get("/desk")
    assert shown.status == 200
    texts = json.loads(
        next(node.text for node in shown.all("script") if node.get("id") == "desk-texts")
    )
    assert set(texts) == {"en", "es", "fr"}
    assert set(texts["en"]) == set(texts["es"]) == set(texts["fr"])
    assert all(text.strip() for words in texts.values() for text in words.values())


def test_placeholders_are_the_same_in_all_languages(page: Client) -> None:
    shown = page.get("/desk")
    texts = json.loads(
        next(node.text for node in shown.all("script") if node.get("id") == "desk-texts")
    )
    for key, text in texts["en"].items():
        for language in ("es", "fr"):
            assert sorted(part.partition(")s")[0] for part in text.split("%(")[1:]) == sorted(
                part.partition(")s")[0] for part in texts[language][key].split("%(")[1:]
            ), (language, key)


def test_only_the_worker_may_compile_wasm(page: Client) -> None:
    assert "wasm-unsafe-eval" not in page.get("/desk").headers["Content-Security-Policy"]
    worker = page.get("/desk/decoder.js")
    assert "'wasm-unsafe-eval'" in worker.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in worker.headers["Content-Security-Policy"]
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"
    assert "immutable" in page.get("/desk/decoder.js?v=1").headers["Cache-Control"]


def test_the_camera_is_permitted_to_ourselves_only(page: Client) -> None:
    assert "camera=(self)" in page.get("/desk").headers["Permissions-Policy"]


def test_a_badge_tells_a_stranger_nothing_whether_it_exists_or_not(
    page: Client, session: Session
) -> None:
    guest = make_guest(make_event(), first_name="Zebulon")
    path = badge(guest).removeprefix("HTTPS://HOST")
    real, lower, invented = page.get(path), page.get(path.lower()), page.get("/b/" + "A" * 26)
    assert [answer.status for answer in (real, lower, invented)] == [200, 200, 200]
    assert "Zebulon" not in real.html
    assert real.main == lower.main == invented.main


def test_a_badge_leads_permitted_staff_to_the_person(staff: Client, session: Session) -> None:
    event = make_event()
    guest = make_guest(event)
    answer = staff.get(badge(guest).removeprefix("HTTPS://HOST"))
    assert answer.status == 302
    assert answer.location.endswith(f"/events/{event.slug}/participants/{guest.id}")


def test_a_badge_leads_staff_of_another_event_nowhere(page: Client, session: Session) -> None:
    event, other = make_event(), make_event("other")
    guest = make_guest(event, first_name="Zebulon")
    page.sign_in("manager", event_id=other.id)
    answer = page.get(badge(guest).removeprefix("HTTPS://HOST"))
    assert answer.status == 200
    assert "Zebulon" not in answer.html
