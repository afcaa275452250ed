"""Whoever is refused is told why: every code of a refusal and of a wrong field has its own sentence."""

from __future__ import annotations

import ast
import importlib
from typing import TYPE_CHECKING

from eventsys.cli.events import _words
from eventsys.core.errors import DomainError
from eventsys.core.i18n import LANGUAGES, in_language
from eventsys.web.shared.sentences import REASONS, REFUSALS
from tests.contracts import code

if TYPE_CHECKING:
    from collections.abc import Iterator

# Said by the error page of their status, by the fields that they carry, or by a mail instead of a page.
OTHERWISE = {
    "refused", "not_found", "forbidden", "gone", "invalid_event", "invalid_fees", "invalid_issuer", "invalid_account", "invalid_member",
    "already_registered",
}  # fmt: skip


def _refusals(above: type[DomainError]) -> Iterator[type[DomainError]]:
    for refusal in above.__subclasses__():
        yield refusal
        yield from _refusals(refusal)


def _reasons() -> Iterator[str]:
    """Go through what areas say of a field: tuples such as ``("slug", "bad_slug", {…})``."""
    for path in code.python_files():
        for node in ast.walk(code.tree(path)):
            if isinstance(node, ast.Tuple) and len(node.elts) == 3:
                _field, reason, facts = node.elts
                if (
                    isinstance(facts, ast.Dict)
                    and isinstance(reason, ast.Constant)
                    and isinstance(reason.value, str)
                ):
                    yield reason.value


def test_every_refusal_has_its_sentence():
    for path in code.python_files():
        if path.name == "errors.py" and path.parent.name in {*code.areas(), "core", "files"}:
            importlib.import_module(".".join(path.relative_to(code.ROOT).with_suffix("").parts))
    codes = {refusal.code for refusal in _refusals(DomainError)}
    assert codes - set(REFUSALS) - OTHERWISE == set()
    assert len(codes) > 40


def test_everything_that_is_wrong_with_a_field_has_its_sentence():
    reasons = set(_reasons())
    # What only the file of the command can get wrong is said by the command.
    of_the_command = {code for code in reasons if _words(code, {}) != code.replace("_", " ")}
    assert reasons - set(REASONS) - of_the_command == set()
    assert len(reasons) > 25


def test_the_sentences_differ_from_language_to_language():
    said = {}
    for language in LANGUAGES:
        with in_language(language):
            said[language] = {key: str(text) for key, text in {**REFUSALS, **REASONS}.items()}
    assert {key for key in said["en"] if len({said[one][key] for one in LANGUAGES}) < 3} == set()
