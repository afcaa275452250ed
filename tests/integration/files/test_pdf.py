"""Documents as the engine sets them, read back from the PDF."""

from __future__ import annotations

import io
import json
from typing import Any

import pikepdf
import pypdfium2
import pytest
import typst

from eventsys.files import pages, pdf
from eventsys.files.fitting import prepare
from eventsys.files.glyphs import FOLDER, families

SAMPLES = (
    ("Puigdemont i Casamajó", "ES"),
    ("Ελευθέριος Βενιζέλος", "GR"),
    ("Київська міська рада", "UA"),
    ("محمد بن سلمان", "SA"),
    ("محمدرضا", "IR"),
    ("عيسى", "MA"),
    ("كهن-لوي", "MA"),
    ("יעל כהן-לוי", "IL"),
    ("ज्योत्स्ना क्षीरसागर", "IN"),
    ("รบี ศรีสุวรรณ", "TH"),
    ("王小明", "CN"),
    ("髙橋直樹", "JP"),
    ("민준", "KR"),
    ("রবীন্দ্রনাথ ঠাকুর", "BD"),
    ("ਪੰਜਾਬੀ ਭਾਸ਼ਾ", "IN"),
    ("తెలుగు భాష", "IN"),
    ("அஆஇ சுந்தர்", "IN"),
    ("മലയാളം", "IN"),
    ("အောင်ဆန်းစုကြည်", "MM"),
    ("សុខ សុភ័ក្ត្រ", "KH"),
    ("ශ්‍රී ලංකා", "LK"),
    ("WWW AVAVA", "ES"),
)


def report(**more: Any) -> dict[str, Any]:
    section = {
        "heading": "Ciudades",
        "text": ["Un párrafo.", {"text": "1.412 asistentes", "style": "quote"}],
        "figure_grid": [{"label": "Asistentes", "value": "1.412", "note": "87,8 %"}],
        "bars": [
            {"label": "الدار البيضاء", "value": 3, "text": "3"},
            {"label": "广州市", "value": 0, "text": "0", "muted": True},
        ],
        "table": {
            "columns": ["Ciudad", "n"],
            "rows": [[f"Łódź {n}", str(n)] for n in range(90)] + [["Total", "4.005"]],
            "total": True,
        },
        "svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>',
        "svg_alt": "Un triángulo",
        "note": "Letra pequeña.",
    }
    return {
        "language": "es",
        "title": "Informe #1 $x$ *y*",
        "meta": [["Lugar", "Bruselas"]],
        "sections": [section],
        "definitions": [{"term": "Asistente", "text": "Persona registrada."}],
        "footer": "Asociación",
        **more,
    }


@pytest.mark.parametrize(
    "text_country", SAMPLES, ids=lambda pair: pair[0] if isinstance(pair, tuple) else None
)
def test_widths_are_never_smaller_than_the_engine_sets_them(
    text_country: tuple[str, str], tmp_path: Any
) -> None:
    text = prepare(text_country[0], language="es", country=text_country[1], unbroken=True)
    source = tmp_path / "measure.typ"
    source.write_text(
        "#let d = json(bytes(sys.inputs.d))\n"
        "#context [#metadata(measure(text(font: d.fonts, lang: d.lang, weight: 800, size: 100pt, d.text)).width / 100pt)<width>]",
    )
    data = json.dumps({"fonts": text.fonts, "lang": text.language, "text": text.text})
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)]
    )
    width = json.loads(
        typst.query(
            str(source),
            "<width>",
            field="value",
            one=True,
            sys_inputs={"d": data},
            font_paths=fonts,
        )
    )
    assert width <= text.length <= width * 1.7


def test_report_is_tagged_numbered_and_verbatim() -> None:
    made = pdf.render("report", report(), standard="ua-1")
    document = pypdfium2.PdfDocument(made)
    assert len(document) >= 3
    texts = [page.get_textpage().get_text_bounded() for page in document]
    assert "Informe #1 $x$ *y*" in texts[0]
    for number, text in enumerate(texts, start=1):
        assert f"{number} / {len(document)}" in text
        assert "Asociación" in text
    table = [text for text in texts if "Łódź" in text]
    assert len(table) >= 2
    assert all("Ciudad" in text for text in table)
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "es"


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_smallest_report_can_be_set(language: str) -> None:
    made = pdf.render("report", {"language": language, "title": "T", "sections": []})
    assert len(pypdfium2.PdfDocument(made)) == 1


def test_only_the_shipped_fonts_are_used() -> None:
    with pikepdf.open(io.BytesIO(pdf.render("report", report()))) as opened:
        names = {
            str(item.BaseFont).split("+")[-1]
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
        }
    shipped = {family.replace(" ", "") for family in families()}
    assert names
    assert {name.split("-")[0] for name in names} <= shipped


def test_every_family_is_known_to_the_engine() -> None:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)]
    )
    assert set(fonts.families()) == set(families())


def test_standard_that_cannot_be_met_is_refused() -> None:
    with pytest.raises(pdf.PdfError):
        pdf.render("report", report(title="𒀀"), standard="ua-1")


def test_unknown_template_is_refused() -> None:
    with pytest.raises(pdf.PdfError):
        pdf.render("../../pyproject", {})


def test_pages_are_joined_in_order_with_title_and_language() -> None:
    parts = [
        pdf.render("report", {"language": "en", "title": f"Part {n}", "sections": []})
        for n in (1, 2)
    ]
    joined = pages.join(parts, title="Both", language="fr")
    document = pypdfium2.PdfDocument(joined)
    assert ["Part 1" in page.get_textpage().get_text_bounded() for page in document] == [
        True,
        False,
    ]
    assert document.get_metadata_dict()["Title"] == "Both"
    with pikepdf.open(io.BytesIO(joined)) as opened:
        assert str(opened.Root.Lang) == "fr"
