"""The colours of the style sheets, light and dark, against WCAG 2.2: 4.5 for text, 3 for borders and marks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parent.parent.parent / "static" / "css"
TEXT, MARK = 4.5, 3.0

# What stands on what. Hints appear on quiet panels as well, tags and banners on their own tint.
PAIRS = [
    *[
        (ink, paper, TEXT)
        for ink in ("ink", "ink2", "hint", "action", "action-hover", "bad")
        for paper in ("paper", "wash")
    ],
    ("accent", "paper", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-action", "action", TEXT),
    ("on-action", "action-hover", TEXT),
    ("ink2", "tag-tint", TEXT),
    *[(f"{kind}", f"{kind}-tint", TEXT) for kind in ("ok", "warn", "bad", "info")],
    *[
        (ink, f"{kind}-tint", TEXT)
        for ink in ("ink", "action")
        for kind in ("ok", "warn", "bad", "info")
    ],
    *[("edge", paper, MARK) for paper in ("paper", "wash")],
    ("focus", "focus-edge", MARK),
    ("roof", "brand", MARK),
]
MARKS_OF_CHARTS = [("tone1", "paper", MARK), ("tone3", "paper", MARK)]


def tokens(scheme: str) -> dict[str, str]:
    """Read the tokens as the cascade gives them: dark ones replace light ones."""
    found: dict[str, str] = {}
    for file in ("main.css", "charts.css"):
        css = (CSS / file).read_text(encoding="utf-8")
        light, _, rest = css.partition("@media (prefers-color-scheme: dark)")
        dark = rest[: rest.index("}\n  }")]
        for part in (light, dark) if scheme == "dark" else (light,):
            found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", part))
    return found


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * letter for letter in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper", "least"), [*PAIRS, *MARKS_OF_CHARTS])
def test_colours_can_be_told_apart(scheme, ink, paper, least):
    found = tokens(scheme)
    assert contrast(found[ink], found[paper]) >= least, (ink, paper, found[ink], found[paper])


def test_black_on_white_is_twenty_one() -> None:
    assert round(contrast("#000", "#ffffff"), 1) == 21.0


@pytest.mark.parametrize("file", sorted(CSS.glob("*.css")), ids=lambda file: file.name)
def test_colours_are_named_once(file):
    """A colour outside the tokens would not follow the dark scheme."""
    rules = re.sub(r"--[\w-]+:[^;]+;", "", file.read_text(encoding="utf-8"))
    # White and the dark edge stand on colours that do not change with the scheme: QR, hero, its button.
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rules)) <= {
        "#fff",
        "#17212b",
        "#000",
        "#222",
        "#333",
        "#999",
    }
