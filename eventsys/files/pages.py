"""Pages of PDFs put together: the only file that knows pikepdf."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterable


def join(documents: Iterable[bytes], *, title: str, language: str) -> bytes:
    """Put the pages of several PDFs into one, in order; title and language are those of the whole."""
    whole = pikepdf.new()
    sources = []
    for document in documents:
        source = pikepdf.open(io.BytesIO(document))
        whole.pages.extend(source.pages)
        sources.append(source)
    whole.Root.Lang = pikepdf.String(language)
    whole.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    with whole.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = [language]
    target = io.BytesIO()
    whole.save(target, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for source in sources:
        source.close()
    return target.getvalue()
