"""Templates parse, name only what exists, and carry no script, style or unused import."""

from __future__ import annotations

import re
from functools import cache

import pytest
from jinja2 import nodes

from eventsys.core.render import environment
from tests.contracts import code

NAMES = sorted(code.short(path).removeprefix("templates/") for path in code.TEMPLATES.rglob("*.*"))
JINJA = [name for name in NAMES if name.endswith((".html", ".txt"))]
# Mail programs know no style sheet: there, and only there, style stands in the text.
PAGES = [name for name in JINJA if name.endswith(".html") and not name.startswith("mail/")]
INLINE = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)"),
    "a style element": re.compile(r"<style\b"),
    "a style attribute": re.compile(r"\sstyle=[\"']"),
    "an event handler": re.compile(r"\son[a-z]+=[\"']"),
    "a foreign address": re.compile(r"(src|srcset)=[\"']https?:"),
    "a javascript: link": re.compile(r"javascript:", re.IGNORECASE),
}


@cache
def parsed(name: str) -> nodes.Template:
    return environment().parse((code.TEMPLATES / name).read_text(encoding="utf-8"), name)


def constants(name: str, kind: type[nodes.Node]) -> list[str]:
    """List the templates that a template names in some kind of statement."""
    found = (node.template for node in parsed(name).find_all(kind))
    return [node.value for node in found if isinstance(node, nodes.Const)]


@pytest.mark.parametrize("name", JINJA)
def test_a_template_compiles_and_names_only_templates_that_exist(name):
    environment().compile(parsed(name), name)
    named = [
        target
        for kind in (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
        for target in constants(name, kind)
    ]
    assert [target for target in named if target not in NAMES] == []


@pytest.mark.parametrize("name", JINJA)
def test_a_template_uses_what_it_imports(name):
    template = parsed(name)
    used = {node.name for node in template.find_all(nodes.Name) if node.ctx == "load"}
    imported = {
        alias[1] if isinstance(alias, tuple) else alias
        for node in template.find_all(nodes.FromImport)
        for alias in node.names
    } | {node.target for node in template.find_all(nodes.Import)}
    assert imported - used == set()


@pytest.mark.parametrize("name", JINJA)
def test_a_template_imports_only_macros_that_exist(name):
    missing = []
    for node in parsed(name).find_all(nodes.FromImport):
        if isinstance(node.template, nodes.Const):
            there = {macro.name for macro in parsed(node.template.value).find_all(nodes.Macro)}
            there |= {
                n.name for n in parsed(node.template.value).find_all(nodes.Name) if n.ctx == "store"
            }
            wanted = {alias[0] if isinstance(alias, tuple) else alias for alias in node.names}
            missing += sorted(wanted - there)
    assert missing == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_carries_nothing_that_the_policy_forbids(name):
    source = (code.TEMPLATES / name).read_text(encoding="utf-8")
    assert [what for what, pattern in INLINE.items() if pattern.search(source)] == []


def test_every_static_file_that_a_template_names_exists():
    named = {
        (name, call.args[0].value)
        for name in JINJA
        for call in parsed(name).find_all(nodes.Call)
        if getattr(call.node, "name", "") == "asset" and isinstance(call.args[0], nodes.Const)
    }
    assert [pair for pair in sorted(named) if not (code.ROOT / "static" / pair[1]).is_file()] == []


def test_every_template_is_used():
    sources = [path.read_text(encoding="utf-8") for path in code.python_files()]
    sources += [(code.TEMPLATES / name).read_text(encoding="utf-8") for name in NAMES]
    everything = "\n".join(sources)
    unused = [name for name in JINJA if not name.startswith("mail/") and name not in everything]
    assert unused == []


def test_every_template_that_the_code_names_exists():
    named = {
        text
        for path in code.python_files()
        for text in re.findall(
            r"\"([\w-]+/[\w/-]+\.(?:html|txt))\"", path.read_text(encoding="utf-8")
        )
    }
    assert sorted(name for name in named if name not in NAMES) == []
