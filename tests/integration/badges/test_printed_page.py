"""What stands on the printed page, read back from the PDF itself."""

from __future__ import annotations

import unicodedata
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from eventsys.badges.rules import face
from eventsys.files import pdf

HEADING = face.Heading(
    "14.º Congreso Mundial de Metropolis: Ciudades que cuidan",
    "12–15 de junio de 2023 · Bruselas",
    "#0a5a7a",
)
PAYLOAD = "HTTPS://EVENTS.EXAMPLE.ORG/B/" + "ABCDEFGHIJKLMNOPQRSTUVWX23"
NAMES = {
    "catalan": ("Núria", "Puigdemont i Casamajó", "ES"),
    "spanish-78": (
        "María de los Ángeles Guadalupe",
        "Fernández-Villaverde y Rodríguez de la Borbolla",
        "MX",
    ),
    "german-35": ("Wolfeschlegelsteinhausenbergerdorff", "", "DE"),
    "german-both": ("Hubert", "Wolfeschlegelsteinhausenbergerdorff", "DE"),
    "thai-long": (
        "Krung Thep Mahanakhon Amon Rattanakosin",
        "Phanomyong na Bangxang Sukhothai",
        "TH",
    ),
    "polish": ("Łukasz", "Wójcik-Żółtowski", "PL"),
    "vietnamese": ("Đặng Thị Hồng", "Nhung", "VN"),
    "azeri": ("Əli", "Məmmədov", "AZ"),
    "cyrillic": ("Наталья", "Щербакова", "UA"),
    "kazakh": ("Өмірзақ", "Қасымұлы", "KZ"),
    "greek": ("Αλέξανδρος", "Παπαδόπουλος", "GR"),
    "arabic": ("محمد عبد الرحمن", "الفاسي", "MA"),
    "arabic-vowels": ("لُطْفِي", "الْحَكِيم", "EG"),
    "persian": ("پریسا", "گلشیری‌پور", "IR"),
    "hebrew": ("יעל", "כהן-לוי", "IL"),
    "chinese": ("小明", "王", "CN"),
    "traditional": ("靜怡", "歐陽", "TW"),
    "japanese": ("直樹", "髙橋", "JP"),
    "kana": ("さくら", "鈴木", "JP"),
    "korean": ("민준", "김", "KR"),
    "devanagari": ("ज्योत्स्ना", "क्षीरसागर", "IN"),
    "thai": ("กนกวรรณ", "ศรีสุวรรณ", "TH"),
    "bengali": ("রবীন্দ্রনাথ", "ঠাকুর", "BD"),
    "tamil": ("சுந்தர்", "ராமசாமி", "IN"),
    "ethiopic": ("አበበ", "ቢቂላ", "ET"),
    "georgian": ("გიორგი", "ბერიძე", "GE"),
    "markup": ("#panic()", '$x$ *b* \\ #read("/etc/passwd") <b>', "ES"),
}
# Scripts whose letters a PDF gives back as they were typed, one by one.
PLAIN = {
    name
    for name in NAMES
    if not name.startswith(("devanagari", "bengali", "tamil", "arabic", "persian", "thai"))
} | {"thai-long"}


def person(name: str, **more: Any) -> face.Person:
    first, last, country = NAMES[name]
    facts: dict[str, Any] = {
        "first_name": first,
        "last_name": last,
        "job_title": "Directora General de Relaciones Internacionales y Cooperación Descentralizada",
        "organisation": "Gobierno del Estado de Querétaro, Secretaría de Desarrollo Urbano y Obras Públicas",
        "city": "San Fernando del Valle de Catamarca",
        "country": "República Democrática del Congo",
        "country_code": country,
        "language": "es",
        "photo_consent": False,
    }
    return face.Person(**(facts | more))


def document(people: list[face.Person], layout: str = "a6") -> pypdfium2.PdfDocument:
    band = face.Band("Observación internacional", "#ffd24a")
    badges = [
        face.badge(one, HEADING, band, payload=PAYLOAD, short_code="7K3QZX9M") for one in people
    ]
    return pypdfium2.PdfDocument(
        pdf.render("badge", face.document(badges, layout=layout, title="Badges", language="es"))
    )


def letters(text: str) -> str:
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKC", text)
        if not letter.isspace() and unicodedata.category(letter) != "Cc"
    )


def glyphs_in(
    page: pypdfium2.PdfPage, box: str, *, mirrored: bool = False
) -> tuple[str, list[tuple[float, ...]]]:
    """Give the text whose middle lies in a box of the badge, and where each of its glyphs stands (from the top left)."""
    x, y, width, height = face.boxes()[box]
    if mirrored:
        x = face.WIDTH * face.MILLIMETRE - x - width
    found, places = "", []
    text = page.get_textpage()
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        top, bottom = page.get_height() - top, page.get_height() - bottom
        if (
            x <= (left + right) / 2 <= x + width
            and y <= (top + bottom) / 2 <= y + height
            and right > left
        ):
            found += text.get_text_range(index, 1)
            places.append((left - x, top - y, x + width - right, y + height - bottom))
    return letters(found), places


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_printed_inside_its_box(name: str) -> None:
    someone = person(name)
    mirrored = name in {"arabic", "arabic-vowels", "persian", "hebrew"}
    page = document([someone])[0]
    for box in ("names", "facts", "head", "band"):
        _, places = glyphs_in(page, box, mirrored=mirrored)
        assert places, box
        # A point of room for the side bearings; accents of capitals may reach above the line.
        assert min(min(place) for place in places) > -2.5, box
    facts, _ = glyphs_in(page, "facts", mirrored=mirrored)
    assert sorted(facts) == sorted(
        letters(someone.organisation + someone.job_title + someone.city + someone.country)
    )
    if name in PLAIN:
        names, _ = glyphs_in(page, "names", mirrored=mirrored)
        assert sorted(names) == sorted(letters(someone.first_name + someone.last_name))


def test_name_is_never_read_as_markup() -> None:
    text = document([person("markup")])[0].get_textpage().get_text_bounded()
    assert "#panic()" in text
    assert '#read("/etc/passwd")' in letters(text)


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("chinese", "NotoSansSC"),
        ("traditional", "NotoSansTC"),
        ("japanese", "NotoSansJP"),
        ("korean", "NotoSansKR"),
    ],
)
def test_han_characters_have_the_forms_of_the_country(name: str, font: str) -> None:
    someone = person(name, organisation="", job_title="")
    page = document([someone])[0]
    fonts = {
        item.get_font().get_base_name()
        for item in page.get_objects()
        if isinstance(item, pypdfium2.PdfTextObj)
    }
    assert any(font in used for used in fonts)
    assert not any(
        other in used
        for used in fonts
        for other in {"NotoSansSC", "NotoSansTC", "NotoSansJP", "NotoSansKR"} - {font}
    )


def test_code_of_each_badge_is_read_from_the_paper() -> None:
    printed = document([person("catalan"), person("arabic")])
    assert len(printed) == 2
    for page in printed:
        image = page.render(scale=150 / 72).to_pil()
        assert [code.text for code in zxingcpp.read_barcodes(image)] == [PAYLOAD]


def test_four_badges_stand_on_a_sheet_with_cut_marks() -> None:
    printed = document([person("catalan")] * 5, layout="a4")
    assert len(printed) == 2
    assert [round(side) for side in printed[0].get_size()] == [595, 842]
    codes = [len(zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())) for page in printed]
    assert codes == [4, 1]
    lines = [
        item
        for item in printed[1].get_objects()
        if not isinstance(item, pypdfium2.PdfTextObj | pypdfium2.PdfImage)
    ]
    assert len(lines) >= 6
