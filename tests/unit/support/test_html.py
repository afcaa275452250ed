"""The page lint itself: a good page passes, each kind of mistake is named."""

from __future__ import annotations

import pytest

from tests.support import html

GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Register – eventsys</title></head><body><main>
<h1>Register</h1><form action="/x" method="post"><input type="hidden" name="csrf_token" value="1">
<label for="name">Name</label><input id="name" name="name"><button>Send</button></form></main></body></html>"""


def problems(page: str) -> list[str]:
    root, complaints = html.parse(page)
    return [*complaints, *html.lint(root)]


def test_a_good_page_has_no_problems():
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        (' lang="en"', "", "language"),
        ("<h1>Register</h1>", "<h1>Register</h1><h1>Register</h1>", "one h1"),
        ("<title>Register", "<title>Something", "does not contain the h1"),
        ('<label for="name">Name</label>', "", "has no label"),
        ('action="/x" ', 'action="" ', "empty action"),
        ('name="csrf_token"', 'name="other"', "no csrf_token"),
        ("<button>Send</button>", "<button></button>", "without a name"),
        ('id="name"', 'id="name" style="color: red"', "style attribute"),
        ('id="name"', 'id="name" onclick="go()"', "onclick"),
        ("</main>", "<script>go()</script></main>", "inline script"),
        ("</main>", "<style>p {}</style></main>", "style element"),
        ("</main>", '<p id="name">x</p></main>', "stands 2 times"),
        ("</main>", '<a href="#nowhere">x</a></main>', "leads nowhere"),
        ("</main>", "<h4>Deep</h4></main>", "comes after h1"),
        ("</main>", "<p>Hello %(name)s</p></main>", "left over"),
        ("</main>", "</div></main>", "line 3"),
        ("</main>", '<img src="/a.png"></main>', "no alt"),
    ],
)
def test_each_mistake_is_named(right, wrong, named):
    assert right in GOOD
    found = problems(GOOD.replace(right, wrong))
    assert any(named in problem for problem in found), found


def test_the_text_of_a_page_is_what_is_read():
    root, _ = html.parse("<p>One <b>two</b>\n three<script>x()</script></p>")
    assert html.text_of(root) == "One two three"
