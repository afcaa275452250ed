"""A camera for the browser: a short film of badges held in front of it, as Chromium's fake device plays it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFilter

from eventsys.files.qr import QUIET, matrix

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SIZE: Final = (1280, 720)
RATE: Final = 10
MODULE: Final = 7
WALL: Final = (70, 80, 90)


def code_picture(text: str, module: int = MODULE, *, inverted: bool = False) -> Image.Image:
    """Draw a QR code with its white border."""
    modules = matrix(text)
    side = (len(modules) + 2 * QUIET) * module
    light, dark = ("black", "white") if inverted else ("white", "black")
    picture = Image.new("RGB", (side, side), light)
    pen = ImageDraw.Draw(picture)
    for y, row in enumerate(modules):
        for x, filled in enumerate(row):
            if filled:
                left, top = (x + QUIET) * module, (y + QUIET) * module
                pen.rectangle((left, top, left + module - 1, top + module - 1), fill=dark)
    return picture


def _frame(text: str | None, step: float) -> bytes:
    picture = Image.new("RGB", SIZE, WALL)
    if text is not None and step > 0.15:
        # It slides in, tilted and out of focus, and becomes sharp.
        code = code_picture(text).rotate(6 - 4 * step, expand=True, fillcolor=(225, 225, 220))
        blurred = code.filter(ImageFilter.GaussianBlur(max(0.0, 3 - 6 * step)))
        picture.paste(blurred, (int(300 + 200 * step), 190))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def film(path: Path, shown: Iterable[str | None], seconds: float = 2.5) -> str:
    """Film texts one after the other, each for some seconds; None is an empty room. Gives the launch argument."""
    frames = int(seconds * RATE)
    with path.open("wb") as file:
        # Motion JPEG is nothing but pictures one after the other.
        for text in shown:
            for number in range(frames):
                file.write(_frame(text, number / frames))
    return f"--use-file-for-fake-video-capture={path}"


FAKE_CAMERA: Final = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
