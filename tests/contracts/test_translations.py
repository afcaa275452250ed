"""Everything a person reads is there in three languages, and nothing visible escapes translation."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest
from jinja2 import nodes

from eventsys.core.i18n import typeset
from eventsys.core.render import environment
from eventsys.web.office.audit_labels import ACTIONS
from tests.contracts import code
from tools.translations import TRANSLATED, collect, path_of, read

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"</?[a-z][^>]*>")
TRANSLATIONS = {"_", "gettext", "ngettext", "pgettext", "plural_form", "lazy"}

collected = cache(collect)
catalogue = cache(read)


def forms(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (str(text),)


def pairs(language: str) -> list[tuple[Message, Message | None]]:
    """Pair every sentence of the product with its translation."""
    found = catalogue(language)
    return [
        (message, found.get(message.id, message.context)) for message in collected() if message.id
    ]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_by_a_person(language):
    left = [
        forms(message.id)[0]
        for message, translation in pairs(language)
        if translation is None or translation.fuzzy or not all(forms(translation.string))
    ]
    assert left == [], f"{len(left)} sentences; `make translations` collects them"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_of_a_sentence_that_nobody_says(language):
    said: Catalog = collected()
    assert [m.id for m in catalogue(language) if m.id and said.get(m.id, m.context) is None] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_and_tags_survive_translation(language):
    broken = []
    for message, translation in pairs(language):
        if translation is None or not all(forms(translation.string)):
            continue
        ids, strings = forms(message.id), forms(translation.string)
        allowed = {name for text in ids for name in PLACEHOLDER.findall(text)}
        for text in strings:
            # A form for one may spell its number out; all other placeholders are needed everywhere.
            needed = set(PLACEHOLDER.findall(ids[-1])) - ({"n"} if len(strings) > 1 else set())
            found = set(PLACEHOLDER.findall(text))
            if not needed <= found <= allowed or Counter(TAG.findall(text)) != Counter(
                TAG.findall(ids[-1])
            ):
                broken.append((ids[0], text))
    assert broken == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_spaces_and_ends_survive_translation(language):
    broken = []
    for message, translation in pairs(language):
        for text in forms(translation.string) if translation is not None else ():
            source = forms(message.id)[-1]
            if source == ":":
                continue  # French sets a space before it
            edges = [bool(re.match(r"\s", t)) for t in (source, source[::-1])]
            if text and [bool(re.match(r"\s", t)) for t in (text, text[::-1])] != edges:
                broken.append((source, text))
    assert broken == []


def test_french_marks_keep_to_the_line_of_their_word():
    loose = [
        text
        for message in catalogue("fr")
        for text in forms(message.string)
        if message.id and typeset(text, "fr") != text
    ]
    assert loose == [], "`make translations` writes the spaces"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_plural_has_the_forms_of_its_language(language):
    assert path_of(language).exists()
    wanted = catalogue(language).num_plurals
    short = [
        m.id
        for m in catalogue(language)
        if isinstance(m.id, tuple | list) and len(forms(m.string)) != wanted
    ]
    assert short == []


# ------------------------------------------------------------------------------- nothing escapes
# Whole sentences that people never read: programming errors, logs, and words for machines.
SPOKEN_TO_NOBODY = {"log", "logger"}
# How commands report their progress: in English, like their help.
REPORTS = {"say"}
# A sentence has at least this many words, and at least one of three letters.
WORDS = 3
SENTENCE = re.compile(r"^[A-ZÀ-Ý¿¡“]?[\w’'-]+[,:;]?( [\w’'“”(%-][\w’'()%“”-]*[,:;.?!…]?)+$")
# Commands (what imports click), settings and the description of the API speak English, to
# administrators and programmers.
ENGLISH = {
    "eventsys/core/settings.py",
    "eventsys/core/setting_rules.py",
    "eventsys/web/api/openapi.py",
    "eventsys/worker/command.py",
    # What the organiser of the demo entered, in three languages.
    "eventsys/cli/demo/events.py",
    "eventsys/cli/demo/money.py",
}
# Names of things that are kept as data; they are translated where they are shown.
DATA = re.compile(r"^(Noto Sans .*|Latin America and the Caribbean|[A-Z ]+|SELECT .*)$")
SPEAKING_KEYWORDS = {"label", "message", "description", "title", "text", "placeholder"}
SPEAKERS = {
    "flash",
    "ValidationError",
    "Filled",
    "AtMost",
    "Length",
    "Regexp",
    "DataRequired",
    "InputRequired",
    "Email",
}


def sentences_in_python() -> list[str]:
    """Find constants in the product that look like a sentence and are not handed to a translation."""
    found: list[str] = []
    for path in code.python_files():
        if code.short(path) in ENGLISH or "\nimport click\n" in path.read_text(encoding="utf-8"):
            continue
        quiet = _quiet(code.tree(path))
        found += [
            f"{code.short(path)}:{node.lineno} {node.value[:60]!r}"
            for node in ast.walk(code.tree(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if id(node) not in quiet and _is_sentence(node.value)
        ]
    return found


def _is_sentence(text: str) -> bool:
    if DATA.match(text):
        return False
    return len(text.split()) >= WORDS and bool(SENTENCE.match(text.strip())) and text[0].isupper()


def _quiet(module: ast.Module) -> set[int]:
    """Collect constants that are translated, documentation, or spoken to nobody."""
    quiet: set[int] = set()
    for node in ast.walk(module):
        silent: list[ast.AST] = []
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        ):
            silent = [node.body[0]]
        elif isinstance(node, ast.Call) and (
            code.called(node) in TRANSLATIONS | REPORTS or _logs(node)
        ):
            silent = [node]
        elif (
            isinstance(node, ast.Raise) and node.exc is not None and _is_programming_error(node.exc)
        ):
            silent = [node.exc]
        quiet |= {id(child) for item in silent for child in ast.walk(item)}
    return quiet


def _logs(node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Attribute)
        and getattr(node.func.value, "id", "") in SPOKEN_TO_NOBODY
    )


def _is_programming_error(node: ast.expr) -> bool:
    name = code.called(node) if isinstance(node, ast.Call) else getattr(node, "id", "")
    return name.endswith("Error") and name != "ValidationError"


def spoken_constants() -> list[str]:
    """Find plain constants where a person will read them: labels, messages, flashes; one word is enough."""
    found = []
    for path in code.python_files("eventsys/web"):
        for call in (node for node in ast.walk(code.tree(path)) if isinstance(node, ast.Call)):
            name = code.called(call)
            spoken: list[ast.expr] = [
                k.value
                for k in call.keywords
                if k.arg in SPEAKING_KEYWORDS and name.endswith(("Field", "Error"))
            ]
            if name in SPEAKERS or name.endswith("Field"):
                spoken += call.args[:1]
            found += [
                f"{code.short(path)}:{node.lineno} {node.value!r}"
                for node in spoken
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.search(r"[^\W\d_]{2}", node.value)
            ]
    return found


def test_no_sentence_in_python_escapes_translation():
    assert sentences_in_python() == []


def test_no_label_or_message_escapes_translation():
    assert spoken_constants() == []


def test_what_is_translated_is_written_out():
    """A variable or an f-string in a translation call is collected by nobody."""
    hidden = [
        f"{code.short(path)}:{call.lineno} {ast.unparse(call)[:70]}"
        for path in code.python_files()
        if path.name != "i18n.py"
        for call in code.calls(code.tree(path), *TRANSLATIONS)
        for argument in call.args[:1]
        if not isinstance(argument, ast.Constant)
        and (code.short(path), ast.unparse(argument)) not in HANDED_ON
    ]
    assert hidden == []


# The bridges between our catalogues and the libraries that ask for sentences.
HANDED_ON = {
    ("eventsys/web/shared/forms.py", "string"),
    ("eventsys/web/shared/forms.py", "singular"),
    ("eventsys/core/render.py", "one"),
}


def test_every_line_of_the_log_has_words():
    """The log names what was done by ``area.verb``; people read words."""
    wordless = [
        f"{code.short(path)}:{call.lineno} {call.args[0].value}"
        for path in code.python_files()
        for call in code.calls(code.tree(path), "record")
        if call.args and isinstance(call.args[0], ast.Constant)
        if call.args[0].value not in ACTIONS
    ]
    assert wordless == []


# What stands in templates in all three languages alike.
NAMES = re.compile(
    r"\b(eventsys|GeoNames|CSV|XLSX|PDF|QR|PNG|SVG|JSON|API|iCal|ics|CC BY|UTC|USB|WhatsApp|Stripe|Natural Earth|A4|A6|UTF-8)\b"
)
SPOKEN_ATTRIBUTES = re.compile(
    r"\s(?:alt|title|placeholder|aria-label|content|label)=\"([^\"<>]*)\""
)
MACHINE = re.compile(
    r"<meta\b[^>]*>|<(script|style|code|kbd)\b.*?</\1>|<!--.*?-->|<svg\b.*?</svg>", re.DOTALL
)
HOLE = "\0"
# Blocks that fill an attribute.
UNSPOKEN = {"body_class", "home_url"}


def _visible(name: str) -> list[str]:
    """List what a template says outside translation calls: text between tags, and spoken attributes."""
    template = environment().parse((code.TEMPLATES / name).read_text(encoding="utf-8"), name)
    pieces = []
    machine = {
        id(output)
        for block in template.find_all(nodes.Block)
        if block.name in UNSPOKEN
        for output in block.find_all(nodes.Output)
    }
    for node in template.find_all(nodes.Output):
        if id(node) in machine:
            continue
        pieces += [
            part.data if isinstance(part, nodes.TemplateData) else HOLE for part in node.nodes
        ]
    source = "".join(pieces)
    if name.endswith(".txt"):
        return source.split(HOLE)
    source = MACHINE.sub(" ", source)
    attributes = SPOKEN_ATTRIBUTES.findall(source)
    return [
        *re.split(r"<[^>]*>|\0", source),
        *(part for text in attributes for part in text.split(HOLE)),
    ]


@pytest.mark.parametrize(
    "name",
    sorted(
        code.short(p).removeprefix("templates/")
        for p in code.TEMPLATES.rglob("*.*")
        if p.suffix in {".html", ".txt"}
    ),
)
def test_no_text_of_a_template_escapes_translation(name):
    said = [NAMES.sub("", re.sub(r"&\w+;", " ", text)).strip() for text in _visible(name)]
    assert [text for text in said if re.search(r"[^\W\d_]{2}", text)] == []
