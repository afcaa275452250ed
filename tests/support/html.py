"""What is wrong with a page: read by an HTML 5 parser, looked at with the eyes of a person who hears it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import html5lib
from html5lib.constants import E as MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = ET.Element

# Forms that html5lib, which is older, does not know yet.
_NOT_ERRORS = {"expected-doctype-but-got-chars"}
_UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
_REFERENCES = (
    "for",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
    "list",
    "form",
)
_SPACES = re.compile(r"\s+")
_LEFTOVER = re.compile(r"%\(\w+\)|\{\{|\{%|<built-in|\bUndefined\b|object at 0x")


def parse(html: str) -> tuple[Element, list[str]]:
    """Parse a page; gives its root and what the parser complained about."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    problems = [
        f"line {line}: {MESSAGES.get(code, code) % values}"
        for (line, _column), code, values in parser.errors
        if code not in _NOT_ERRORS
    ]
    return root, problems


def elements(root: Element, *names: str) -> Iterator[Element]:
    """Go through the elements with some names, in the order of the page."""
    return (
        node
        for node in root.iter()
        if isinstance(node.tag, str) and (not names or node.tag in names)
    )


def text_of(node: Element) -> str:
    """Give the text of an element as it is read, single-spaced; scripts are not read."""
    pieces: list[str] = []
    _collect(node, pieces)
    return _SPACES.sub(" ", "".join(pieces)).strip()


def _collect(node: Element, pieces: list[str]) -> None:
    if not isinstance(node.tag, str) or node.tag in {"script", "style", "template"}:
        return
    pieces.append(node.text or "")
    for child in node:
        _collect(child, pieces)
        pieces.append(child.tail or "")


def lint(root: Element) -> list[str]:
    """List what is wrong with a whole page."""
    return [
        *_head_and_headings(root),
        *_ids_and_references(root),
        *_labels(root),
        *_forms(root),
        *_inline(root),
        *_texts(root),
    ]


def _head_and_headings(root: Element) -> Iterator[str]:
    if not root.get("lang"):
        yield "the page does not say its language"
    titles = [text_of(node) for node in elements(root, "title") if node.tag == "title"][:1]
    headings = [text_of(node) for node in elements(root, "h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"a page has one h1, this one has {headings}"
    elif not titles or headings[0] not in titles[0]:
        yield f"the title {titles} does not contain the h1 {headings}"
    if len(list(elements(root, "main"))) != 1:
        yield "a page has one main"
    level = 0
    for node in elements(root, "h1", "h2", "h3", "h4", "h5", "h6"):
        now = int(node.tag[1])
        if not text_of(node):
            yield f"an empty {node.tag}"
        if now > level + 1 and level:
            yield f"{node.tag} “{text_of(node)}” comes after h{level}"
        level = now


def _ids_and_references(root: Element) -> Iterator[str]:
    ids = Counter(node.get("id") for node in elements(root) if node.get("id") is not None)
    for name, count in ids.items():
        if count > 1:
            yield f"the id {name!r} stands {count} times"
        if not name or _SPACES.search(name):
            yield f"the id {name!r} is empty or has spaces"
    for node in elements(root):
        for attribute in _REFERENCES:
            for name in (node.get(attribute) or "").split():
                if name not in ids:
                    yield f"{node.tag} {attribute}={name!r} names nothing on the page"
        target = node.get("href", "") if node.tag == "a" else ""
        if target.startswith("#") and target != "#" and target[1:] not in ids:
            yield f"the link {target!r} leads nowhere"


def _labels(root: Element) -> Iterator[str]:
    labelled = {node.get("for") for node in elements(root, "label")}
    inside = {id(child) for label in elements(root, "label") for child in label.iter()}
    for node in elements(root, "input", "select", "textarea"):
        if node.tag == "input" and node.get("type", "text") in _UNLABELLED:
            continue
        named = node.get("aria-label") or node.get("aria-labelledby")
        if not (named or id(node) in inside or (node.get("id") and node.get("id") in labelled)):
            yield f"{node.tag} {node.get('name')!r} has no label"
    for node in elements(root, "button", "a", "summary"):
        images = [image for image in node.iter() if image.tag in {"img", "svg", "title"}]
        spoken = (
            text_of(node) or node.get("aria-label") or any(_alternative(image) for image in images)
        )
        if not spoken and (node.tag != "a" or node.get("href") is not None):
            yield f"a {node.tag} without a name: {ET.tostring(node, encoding='unicode')[:120]}"
    for node in elements(root, "img"):
        if node.get("alt") is None:
            yield f"the image {node.get('src')!r} has no alt"
    for node in elements(root, "input"):
        if node.get("type") in {"submit", "button"} and not node.get("value"):
            yield "a button without words"


def _alternative(image: Element) -> str | None:
    return image.get("alt") or image.get("aria-label") or image.text


def _forms(root: Element) -> Iterator[str]:
    for form in elements(root, "form"):
        method = form.get("method", "get").lower()
        if form.get("action") == "":
            yield "a form with an empty action"  # leave it out to post to the page itself
        names = {node.get("name") for node in elements(form, "input")}
        if method == "post" and "csrf_token" not in names:
            yield f"the form to {form.get('action')} has no csrf_token"
        if method == "get" and "csrf_token" in names:
            yield f"the form to {form.get('action')} shows its csrf_token in the address"
        files = any(node.get("type") == "file" for node in elements(form, "input"))
        if files and form.get("enctype") != "multipart/form-data":
            yield f"the form to {form.get('action')} loses its file: enctype is missing"


def _inline(root: Element) -> Iterator[str]:
    for node in elements(root):
        name = node.tag.rpartition("}")[2]
        if name == "style":
            yield "a style element: the policy forbids it"
        if (
            name == "script"
            and not node.get("src")
            and node.get("type") not in {"application/ld+json", "application/json"}
        ):
            yield "an inline script: the policy forbids it"
        for attribute in node.attrib:
            if attribute == "style":
                yield f"a style attribute on {name}: the policy forbids it"
            if isinstance(attribute, str) and attribute.startswith("on"):
                yield f"{attribute} on {name}: the policy forbids it"
        if node.get("href", "").lower().startswith("javascript:"):
            yield "a javascript: link"


def _texts(root: Element) -> Iterator[str]:
    for node in elements(root):
        for text in (
            node.text,
            node.tail,
            node.get("title"),
            node.get("aria-label"),
            node.get("placeholder"),
        ):
            if (
                text
                and node.tag not in {"script", "textarea", "pre", "code"}
                and _LEFTOVER.search(text)
            ):
                yield f"left over in {node.tag}: {text.strip()[:80]!r}"


def links(root: Element) -> Iterator[tuple[str, str]]:
    """List what the page points to: element name and address."""
    for node in elements(root, "a", "link", "script", "img", "form", "source", "use"):
        for attribute in ("href", "src", "action"):
            if node.get(attribute):
                yield node.tag, str(node.get(attribute))
