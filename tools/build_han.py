"""Write eventsys/places/rules/han.py: traditional and Japanese Han letters to simplified ones.

Run by hand when OpenCC's tables change: ``python tools/build_han.py`` (needs the development
dependency opencc-python-reimplemented, Apache-2.0).
"""

from __future__ import annotations

from pathlib import Path

from opencc import OpenCC

TARGET = Path(__file__).parent.parent / "eventsys" / "places" / "rules" / "han.py"
WIDTH = 44
# Letters of Japanese place names in their Japanese form, each followed by the simplified Chinese one.
JAPANESE = (
    "広广浜滨沢泽県县竜龙塩盐斎斋辺边桜樱関关鉄铁総总徳德気气仏佛駅驿黒黑亀龟瀬濑巻卷蔵藏豊丰図图円圆児儿変变応应"
    "恵惠渋涩発发栄荣厳严鶏鸡帰归歳岁両两郷乡隣邻暁晓舘馆薬药覚觉観观軽轻転转頼赖対对戦战"
)


def table() -> dict[str, str]:
    """Map each letter whose simplified form differs."""
    simplify = OpenCC("t2s")
    pairs = dict(zip(JAPANESE[::2], JAPANESE[1::2], strict=True))
    for code in range(0x4E00, 0xA000):
        plain = simplify.convert(chr(code))
        if plain != chr(code) and len(plain) == 1:
            pairs[chr(code)] = plain
    return pairs


def lines(text: str) -> str:
    """Write a long string as an implicit concatenation of short ones."""
    return "\n".join(f'    "{text[i : i + WIDTH]}"' for i in range(0, len(text), WIDTH))


def main() -> None:
    """Write the module."""
    pairs = table()
    TARGET.write_text(
        '"""Traditional and Japanese Han letters and their simplified forms, letter by letter.\n\n'
        "Made by tools/build_han.py from the tables of OpenCC (Apache-2.0).\n"
        '"""\n\nfrom __future__ import annotations\n\nfrom typing import Final\n\n'
        f"TRADITIONAL: Final = (\n{lines(''.join(pairs))}\n)\n"
        f"SIMPLIFIED: Final = (\n{lines(''.join(pairs.values()))}\n)\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
