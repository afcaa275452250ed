from __future__ import annotations

import hashlib
import json
import unicodedata

import pytest

from eventsys.files import glyphs

MANIFEST = json.loads((glyphs.FOLDER / "manifest.json").read_text())
NAMES = {
    "latin": "Łukasz Đặng Thị Hồng Ŷngve Şükrü Əli ñ ß Þór",
    "greek": "Αλέξανδρος Παπαδόπουλος",
    "cyrillic": "Наталья Ґонґадзе Љубица Өмірзақ",
    "arabic": "محمد عبد الرحمن لُطْفِي",
    "persian": "پریسا گلشیری‌پور",
    "hebrew": "יעל כהן־לוי שָׁלוֹם",
    "devanagari": "ज्योत्स्ना क्षीरसागर",
    "thai": "น้ำผึ้ง กำลังดี",
    "simplified": "欧阳震华 喆 玥 堃 珺 翀 䶮",
    "traditional": "歐陽靜怡 臺北 龔 鍾",
    "japanese": "髙橋 﨑 佐々木さくら ヴァレリー",
    "korean": "김민준 뷁 서울특별시",
    "bengali": "রবীন্দ্রনাথ ঠাকুর",
    "tamil": "சுந்தர் ராமசாமி",
    "ethiopic": "አበበ ቢቂላ",
    "georgian": "გიორგი ბერიძე",
    "armenian": "Հայկ Հովհաննիսյան",
    "khmer": "សុខ សុភ័ក្ត្រ",
    "lao": "ວຽງຈັນ",
    "myanmar": "အောင်ဆန်းစုကြည်",
    "sinhala": "ශ්‍රී ලංකා",
    "telugu": "తెలుగు",
    "kannada": "ಕರ್ನಾಟಕ",
    "malayalam": "മലയാളം",
    "gujarati": "ગુજરાતી",
    "gurmukhi": "ਪੰਜਾਬੀ",
    "oriya": "ଓଡ଼ିଆ",
    "tifinagh": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
}


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_font_is_the_one_of_the_manifest_and_its_licence_is_there(entry: dict[str, str]) -> None:
    data = (glyphs.FOLDER / entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert entry["licence"] == "OFL-1.1"
    assert "SIL Open Font License" in (glyphs.FOLDER / entry["licence_file"]).read_text()
    assert entry["package"].startswith("@expo-google-fonts/")
    assert entry["version"].count(".") == 2


def test_folder_holds_nothing_else_and_stays_small() -> None:
    listed = {entry[name] for entry in MANIFEST for name in ("file", "licence_file")}
    found = {path.name: path.stat().st_size for path in glyphs.FOLDER.iterdir()}
    assert set(found) == listed | {"manifest.json", "coverage.txt"}
    assert sum(found.values()) < 16_000_000


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_name_can_be_set(name: str) -> None:
    assert glyphs.missing_glyphs(name) == []
    covered = set().union(
        *(
            set(filter(lambda x, f=family: glyphs.covers(f, x), name))
            for family in glyphs.font_stack(name)
        )
    )
    assert set(unicodedata.normalize("NFC", name)) <= covered


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Ana 🙂 Li🙂", ["🙂"]),
        ("བོད", ["བ", "ོ", "ད"]),
        ("𒀀", ["𒀀"]),
        ("", []),
        ("a\u200db\ufe0f", []),
    ],
)
def test_characters_without_a_font_are_named_once(text: str, missing: list[str]) -> None:
    assert glyphs.missing_glyphs(text) == missing


@pytest.mark.parametrize(
    ("text", "country", "stack"),
    [
        ("Núria", "ES", ("Public Sans",)),
        ("Наталья", "UA", ("Noto Sans",)),
        ("محمد", "MA", ("Noto Sans Arabic",)),
        ("王小明", "CN", ("Noto Sans SC",)),
        ("王小明", None, ("Noto Sans SC",)),
        ("王小明", "HK", ("Noto Sans TC",)),
        ("王小明", "JP", ("Noto Sans JP",)),
        ("さくら", "CN", ("Noto Sans JP",)),
        ("김민준", "US", ("Noto Sans KR",)),
        ("Metro 王", "TW", ("Noto Sans", "Noto Sans TC")),
        ("🙂", None, ("Noto Sans",)),
    ],
)
def test_fonts_follow_letters_and_country(
    text: str, country: str | None, stack: tuple[str, ...]
) -> None:
    assert glyphs.font_stack(text, country) == stack
