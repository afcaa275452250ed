from __future__ import annotations

from typing import Any

import pytest

from eventsys.badges.rules import face
from eventsys.events.rules.colour import READABLE, contrast

HEADING = face.Heading("World Congress", "12–15 June 2023 · Brussels", "#0a5a7a")
PAYLOAD = "HTTPS://EVENTS.EXAMPLE.ORG/B/" + "A" * 26


def person(**more: Any) -> face.Person:
    facts: dict[str, Any] = {
        "first_name": "Núria",
        "last_name": "Puig",
        "job_title": "Mayor",
        "organisation": "Ajuntament de Barcelona",
        "city": "Barcelona",
        "country": "Spain",
        "country_code": "ES",
        "language": "en",
        "photo_consent": None,
    }
    return face.Person(**(facts | more))


def made(colour: str = "#0b57a4", **more: Any) -> dict[str, Any]:
    return face.badge(
        person(**more),
        HEADING,
        face.Band("Delegate", colour),
        payload=PAYLOAD,
        short_code="7K3QZX9M",
    )


def texts(pieces: list[dict[str, Any]]) -> list[str]:
    return [piece["text"] for piece in pieces]


@pytest.mark.parametrize(
    ("first", "last", "lines"),
    [
        ("Núria", "Puig", ["Núria", "Puig"]),
        ("Sukarno", "", ["Sukarno"]),
        ("", "Sukarno", ["Sukarno"]),
        ("小明", "王", ["王小明"]),
        ("さくら", "鈴木", ["鈴木さくら"]),
        ("민준", "김", ["김민준"]),
        ("Min-jun", "김", ["Min-jun", "김"]),
        (" Ana ", " Li ", ["Ana", "Li"]),
    ],
)
def test_name_is_written_as_its_bearer_does(first: str, last: str, lines: list[str]) -> None:
    assert face.name_lines(person(first_name=first, last_name=last)) == lines


def test_given_name_is_the_larger() -> None:
    given, family = made()["names"]
    assert given["size"] > family["size"] * 1.2


def test_badge_leads_with_the_persons_place_and_leaves_out_what_is_not_known() -> None:
    assert texts(made()["facts"]) == ["Ajuntament de Barcelona", "Mayor", "Barcelona", "Spain"]
    assert texts(made(job_title="", organisation=" ", city="", country="")["facts"]) == []


@pytest.mark.parametrize(
    "colour",
    [
        "#0b57a4",
        "#ffd24a",
        "#ffffff",
        "#000000",
        "#7f7f7f",
        "#8a8a8a",
        "#6b6b6b",
        "#ff0000",
        "#00ff00",
        "",
        "red",
    ],
)
def test_category_can_be_read_on_any_colour(colour: str) -> None:
    badge = made(colour)
    assert contrast(badge["ink"], badge["colour"]) >= READABLE


def test_badge_of_a_name_from_the_right_is_mirrored() -> None:
    assert made(first_name="محمد", last_name="الفاسي")["rtl"]
    assert not made(first_name="Mohamed", last_name="الفاسي")["rtl"]


def test_only_a_refusal_of_photographs_is_marked() -> None:
    assert made(photo_consent=False)["no_photo"]
    assert not made(photo_consent=True)["no_photo"]
    assert not made(photo_consent=None)["no_photo"]


def test_short_code_is_read_in_groups() -> None:
    assert made()["digits"] == "7K3Q-ZX9M"


def test_code_is_large_and_has_its_white_border() -> None:
    place = face.boxes()
    x, y, side, _ = (part / face.MILLIMETRE for part in place["code"])
    module = side / made()["modules"]
    assert module * (made()["modules"] - 8) >= 30
    assert module >= 1
    assert x + side <= face.WIDTH
    assert y + side <= place["digits"][1] / face.MILLIMETRE + 4 * module


def test_boxes_do_not_overlap() -> None:
    places = face.boxes()
    quiet = 4 * places["code"][2] / 37
    x, y, w, h = places["code"]
    places["code"] = [x + quiet, y + quiet, w - 2 * quiet, h - 2 * quiet]
    names = list(places)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            ax, ay, aw, ah = places[one]
            bx, by, bw, bh = places[other]
            apart = (
                ax + aw <= bx + 0.1
                or bx + bw <= ax + 0.1
                or ay + ah <= by + 0.1
                or by + bh <= ay + 0.1
            )
            assert apart, (one, other)
