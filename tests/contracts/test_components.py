"""The macros that every page is made of: labels, hints, errors, and nothing a browser would judge by itself."""

from __future__ import annotations

import re

import pytest
from jinja2 import Environment, FileSystemLoader
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    Form,
    FormField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from eventsys.core.i18n import in_language
from eventsys.core.render import TEMPLATES, install
from tests.support.html import lint, parse

CHOICES = [SelectChoice("woman", "Woman"), SelectChoice("man", "Man")]
COUNTRIES = [SelectChoice("", "Choose"), SelectChoice("ZA", "South Africa")]
NEEDS = [SelectChoice("seat", "A seat"), SelectChoice("sign", "Signs")]
FILLED = InputRequired("Fill this in")


class Invoice(Form):
    """A form inside a form."""

    name = StringField("Invoice name", [FILLED])


class Sample(Form):
    """One field of each kind."""

    name = StringField("Given names", [FILLED, Length(2, 80)], render_kw={"autocomplete": "name"})
    email = EmailField("Email", [Optional(), Length(3, 254)])
    about = TextAreaField("About", [Optional()])
    gender = RadioField("Gender", [FILLED], choices=CHOICES, validate_choice=False)
    country = SelectField("Country", [Optional()], choices=COUNTRIES)
    needs = SelectMultipleField("Needs", [Optional()], choices=NEEDS)
    agree = BooleanField("I agree", [FILLED])
    invoice = FormField(Invoice)


@pytest.fixture(scope="module")
def components() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    install(made)
    made.globals.update(asset=lambda path: f"/static/{path}", csrf_token=lambda: "token")
    return made


@pytest.fixture
def show(components):
    """Render a line of template with macros of one file."""

    def render(file: str, macros: str, body: str, **values) -> str:
        source = f'{{% from "components/{file}.html" import {macros} %}}{body}'
        with in_language("en"):
            return components.from_string(source).render(**values)

    return render


def faults(html: str) -> list[str]:
    page = f"<!doctype html><html lang='en'><head><title>x</title></head><body><main><h1>x</h1>{html}</main></body></html>"
    root, errors = parse(page)
    return errors + [fault for fault in lint(root) if "csrf" not in fault.lower()]


def refused(**answers) -> Sample:
    form = Sample(MultiDict(answers))
    assert not form.validate()
    return form


@pytest.mark.parametrize("name", ["name", "email", "about", "gender", "country", "needs", "agree"])
@pytest.mark.parametrize(
    "form", [Sample(), Sample(MultiDict({"email": "x"}))], ids=["fresh", "sent"]
)
def test_each_kind_of_field_has_a_label_and_leaves_judging_to_the_server(show, form, name):
    form.validate()
    html = show("field", "field", "{{ field(f, hint='A hint') }}", f=form[name])
    assert faults(html) == []
    assert not re.search(r"\b(required|maxlength|minlength|pattern)\b", html)
    assert "A hint" in html


def test_an_error_stands_beside_its_field_and_is_announced_with_it(show):
    html = show("field", "field", "{{ field(f, hint='H') }}", f=refused()["name"])
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(r'id="name-error">.*Fill this in', html)


def test_a_group_of_radios_has_a_legend_and_its_error_belongs_to_the_group(show):
    html = show("field", "field", "{{ field(f, notes={'man': 'No fee'}) }}", f=refused()["gender"])
    assert re.search(r'<fieldset[^>]*aria-describedby="gender-error"', html)
    assert "<legend>Gender</legend>" in html
    assert 'aria-describedby="gender-1-note"' in html


def test_only_what_may_stay_empty_is_marked_in_words(show):
    form = Sample()
    marked = [
        name
        for name in ("name", "email", "about", "gender", "country", "needs", "agree")
        if "(optional)" in show("field", "field", "{{ field(f) }}", f=form[name])
    ]
    assert marked == ["email", "about", "country", "needs"]


def test_what_was_typed_comes_back_as_text_and_not_as_markup(show):
    form = refused(name="<script>alert(1)</script>")
    html = show("field", "field", "{{ field(f) }}", f=form["name"])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_texts_of_persons_choose_their_own_direction(show):
    assert 'dir="auto"' in show("field", "field", "{{ field(f) }}", f=Sample()["name"])
    assert 'dir="ltr"' in show("field", "field", "{{ field(f) }}", f=Sample()["email"])


def test_the_summary_links_to_every_wrong_field_also_in_parts_and_groups(show):
    form = refused(email="x")
    html = show("form", "error_summary", "{{ error_summary(f, ['No place left']) }}", f=form)
    assert re.findall(r'href="#([^"]+)"', html) == [
        "name",
        "email",
        "gender-0",
        "agree",
        "invoice-name",
    ]
    assert "No place left" in html


def test_the_summary_and_the_prefix_of_the_title_are_empty_while_nothing_is_wrong(show):
    body = "{{ title_prefix(f) }}{{ error_summary(f) }}"
    assert show("form", "error_summary, title_prefix", body, f=Sample()).strip() == ""
    assert show("form", "title_prefix", "{{ title_prefix(f) }}", f=refused()) == "Error: "


def test_a_form_carries_the_token_and_is_not_judged_by_the_browser(show):
    html = show("form", "form, submit", "{% call form() %}{{ submit('Send') }}{% endcall %}")
    assert '<form method="post" novalidate' in html
    assert '<input type="hidden" name="csrf_token" value="token">' in html


def test_each_cell_of_a_table_keeps_its_label_for_the_narrow_screen(show):
    columns = [{"label": "Name", "sort": "?by=name", "sorted": "ascending"}, {"label": "City"}]
    body = "{{ simple_table('People', columns, [['A', 'B']]) }}"
    html = show("table", "simple_table", body, columns=columns)
    assert faults(html) == []
    assert '<td data-label="City">B</td>' in html
    assert 'aria-sort="ascending"' in html


@pytest.mark.parametrize(
    ("number", "pages", "links"), [(1, 1, []), (1, 3, ["n"]), (2, 3, ["p", "n"]), (3, 3, ["p"])]
)
def test_the_pager_offers_only_pages_that_exist(show, number, pages, links):
    html = show("pager", "pager", "{{ pager(n, p, 'p', 'n', 1, 5, 5) }}", n=number, p=pages)
    assert re.findall(r'href="([^"]+)"', html) == links


def test_a_state_nobody_knows_is_shown_as_it_is(show):
    assert "moved" in show("status", "registration_status", "{{ registration_status('moved') }}")
    assert "Waiting list" in show(
        "status", "registration_status", "{{ registration_status('waiting') }}"
    )


def test_a_split_bar_puts_its_parts_one_after_the_other(show):
    html = show("bar", "split_bar", "{{ split_bar([0.25, 0, 0.75]) }}")
    assert re.findall(r'class="(tone-\d)" x="([\d.]+)%" width="([\d.]+)%"', html) == [
        ("tone-1", "0.00", "25.00"),
        ("tone-3", "25.00", "75.00"),
    ]


def test_the_city_is_a_plain_text_field_before_any_script_runs(show):
    class Place(Form):
        city = StringField("City", [FILLED])
        city_id = StringField("Id")

    html = show("combobox", "city_field", "{{ city_field(f.city, f.city_id) }}", f=Place())
    assert re.search(r'<input [^>]*name="city" [^>]*type="text"', html)
    assert "role=" not in html
