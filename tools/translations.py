"""``make translations``: collect all sentences of code and templates into the catalogues.

What is new stands there empty, what nobody says any more is dropped, nothing is guessed: a test fails
until a person has filled in the rest.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from eventsys.core.i18n import FOLDER, LANGUAGES, SOURCE, typeset

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
METHODS: Final = [
    ("eventsys/**.py", "python"),
    ("templates/**.html", "jinja2.ext:babel_extract"),
    ("templates/**.txt", "jinja2.ext:babel_extract"),
]
# As eventsys/core/render.py sets the environment up: the sentences must come out the same.
JINJA: Final = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
    "silent": "false",
}
OPTIONS: Final = {"templates/**.html": JINJA, "templates/**.txt": JINJA}
KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "lazy": None,
    "ngettext": (1, 2),
    "plural_form": (1, 2),
    "pgettext": ((1, "c"), 2),
}
NOISE: Final = tuple(
    f'"{name}:'.encode()
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
TRANSLATED: Final = tuple(language for language in LANGUAGES if language != SOURCE)


def collect() -> Catalog:
    """Collect every sentence of code and templates, with the files that say it."""
    catalogue = Catalog(project="eventsys", charset="utf-8", fuzzy=False)
    for folder in ("eventsys", "templates"):
        methods = [
            (pattern.removeprefix(f"{folder}/"), how)
            for pattern, how in METHODS
            if pattern.startswith(folder)
        ]
        options = {
            pattern.removeprefix(f"{folder}/"): values for pattern, values in OPTIONS.items()
        }
        found = extract_from_dir(ROOT / folder, methods, options, KEYWORDS)
        for file, _line, message, _comments, context in sorted(
            found, key=lambda item: (item[0], item[1])
        ):
            catalogue.add(
                message, locations=[(f"{folder}/{Path(file).as_posix()}", 0)], context=context
            )
    return catalogue


def path_of(language: str) -> Path:
    """Give the file of a catalogue."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Read the catalogue of a language; an absent one is empty."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="eventsys", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def untranslated(catalogue: Catalog) -> Iterator[str]:
    """Go through the sentences that are empty or only guessed."""
    for message in catalogue:
        if not message.id:
            continue
        string = message.string or ""
        if message.fuzzy or not all([string] if isinstance(string, str) else string):
            yield message.id if isinstance(message.id, str) else message.id[0]


def written(catalogue: Catalog) -> bytes:
    """Write a catalogue without what changes by itself (dates, lines, tools): a diff shows words only."""
    catalogue.header_comment = f"# The sentences of eventsys: {catalogue.locale_identifier}."
    out = io.BytesIO()
    write_po(out, catalogue, width=0, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(NOISE))


def set_spaces(catalogue: Catalog, language: str) -> None:
    """Write the spaces of a language: whoever translates types plain ones."""
    for message in catalogue:
        if message.id and isinstance(message.string, str):
            message.string = typeset(message.string, language)
        elif message.id and message.string:
            message.string = tuple(typeset(form, language) for form in message.string)


def main() -> None:
    """Bring every catalogue up to date and say how much is left to translate."""
    template = collect()
    for language in TRANSLATED:
        catalogue = read(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.fuzzy = False
        set_spaces(catalogue, language)
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue))
        left = sum(1 for _ in untranslated(catalogue))
        sys.stderr.write(f"{language}: {len(catalogue)} sentences, {left} to translate\n")


if __name__ == "__main__":
    main()
