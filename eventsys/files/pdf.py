"""PDF documents: the only file that knows typst.

What people typed is handed over as data (JSON) and placed as text, never as markup: a name such as
``#panic()`` is printed as it stands. Templates are ours (``templates/documents/*.typ``); organisers never write
any. Only the shipped fonts are used, so a document looks the same on every machine.
"""

from __future__ import annotations

import json
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import typst

from eventsys.files.glyphs import FOLDER as FONTS

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATES: Final = Path(__file__).parent.parent.parent / "templates" / "documents"
Standard = Literal["ua-1", "a-2u", "a-3u"]
_lock = threading.Lock()


class PdfError(Exception):
    """A document could not be set: a programming error, or a standard that its content cannot meet."""


def render(template: str, data: Mapping[str, Any], *, standard: Standard | None = None) -> bytes:
    """Set one document and give the PDF.

    ``template`` is the name of a file in ``templates/documents`` without its ending; ``data`` is what it
    documents at its head. ``standard`` (PDF/UA-1, PDF/A-2u, PDF/A-3u) makes the engine check that standard and refuse
    otherwise: raises PdfError.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    with _lock:
        try:
            made = _compiler(template).compile(
                format="pdf",
                sys_inputs={"data": text},
                pdf_standards=[standard] if standard else [],
            )
        except typst.TypstError as error:
            raise PdfError(f"{template}: {error}") from error
    return cast("bytes", made)


def picture(template: str, data: Mapping[str, Any], *, pixels_per_inch: float = 144) -> bytes:
    """Set a document of one page and give it as PNG; raises PdfError."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    with _lock:
        try:
            made = _compiler(template).compile(
                format="png", ppi=pixels_per_inch, sys_inputs={"data": text}
            )
        except typst.TypstError as error:
            raise PdfError(f"{template}: {error}") from error
    return cast("bytes", made)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


@cache
def _compiler(template: str) -> typst.Compiler:
    path = TEMPLATES / f"{template}.typ"
    if not path.is_file():
        raise PdfError(f"there is no document template {template}")
    return typst.Compiler(str(path), root=str(TEMPLATES), font_paths=_fonts())
