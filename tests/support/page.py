"""A browser without a screen: fetches pages of the application, fills in forms, and lints every page it sees."""

from __future__ import annotations

import contextvars
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import has_app_context
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from eventsys.accounts.operations.create import create_account
from eventsys.accounts.operations.sign_in import open_session
from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.web.shared.access import SESSION_KEY
from eventsys.web.shared.clock import now
from eventsys.web.shared.locale import PLAIN
from tests.support import html

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

LANGUAGES = ("en", "es", "fr")
Fields = dict[str, Any]


class Page:
    """What came back: a page that was linted, or any other answer."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response = response
        self.url = url
        self.status = response.status_code
        self.headers = response.headers
        self.body = response.data
        self.is_html = response.mimetype == "text/html" and not 300 <= self.status < 400
        self.root, self.problems = html.parse(response.text) if self.is_html else (None, [])

    @property
    def json(self) -> Any:
        """Give the answer of an API."""
        return self.response.get_json()

    @property
    def html(self) -> str:
        """Give the source of the page."""
        return self.response.text

    @property
    def text(self) -> str:
        """Give what is read on the page: the text of its body, single-spaced."""
        return html.text_of(self._find("body"))

    @property
    def main(self) -> str:
        """Give the text of the main part."""
        return html.text_of(self._find("main"))

    @property
    def h1(self) -> str:
        """Give the heading."""
        return html.text_of(self._find("h1"))

    @property
    def title(self) -> str:
        """Give the title of the window."""
        return html.text_of(self._find("title"))

    @property
    def location(self) -> str:
        """Give where a redirect leads, without the host."""
        parts = urlsplit(self.headers["Location"])
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _find(self, name: str) -> html.Element:
        return next(self.all(name))

    def all(self, *names: str) -> Any:
        """Go through the elements with these names."""
        if self.root is None:
            pytest.fail(
                f"{self.url} answered {self.status} {self.response.mimetype}, not a page: {self.body[:200]!r}"
            )
        return html.elements(self.root, *names)

    def by_id(self, name: str) -> html.Element:
        """Give the element with an id."""
        found = [node for node in self.all() if node.get("id") == name]
        if not found:
            pytest.fail(f"nothing on {self.url} has the id {name!r}")
        return found[0]

    def text_by_id(self, name: str) -> str:
        """Give the text of the element with an id."""
        return html.text_of(self.by_id(name))

    def texts(self, *names: str) -> list[str]:
        """List the texts of elements, such as ``page.texts("li")``."""
        return [html.text_of(node) for node in self.all(*names)]

    def rows(self) -> list[list[str]]:
        """List the rows of all tables of the page, cell by cell."""
        rows = (
            [html.text_of(cell) for cell in html.elements(row, "td", "th")]
            for row in self.all("tr")
        )
        return [row for row in rows if row]

    def link(self, text: str) -> str:
        """Give the address behind a link text."""
        found = [
            node.get("href")
            for node in self.all("a")
            if text in html.text_of(node) and node.get("href")
        ]
        if not found:
            pytest.fail(f"no link {text!r} on {self.url}; there are {self.texts('a')}")
        return str(found[0])

    def form(self, action: str | None = None) -> html.Element:
        """Give the form whose action contains a text; without one, the only or first form that posts."""
        forms = [
            form
            for form in self.all("form")
            if (action is None and form.get("method", "get").lower() == "post")
            or (action is not None and action in form.get("action", ""))
        ]
        if not forms:
            pytest.fail(
                f"no such form on {self.url}: {[f.get('action') for f in self.all('form')]}"
            )
        return forms[0]

    def filled(self, action: str | None = None) -> Fields:
        """Give what a form would send as it stands."""
        return fields_of(self.form(action))


def fields_of(form: html.Element) -> Fields:
    """Give names and values of a form as a browser would send them; several values become a list."""
    values: Fields = {}

    def add(name: str | None, value: str) -> None:
        if name:
            values[name] = [*_listed(values[name]), value] if name in values else value

    for node in html.elements(form, "input", "select", "textarea"):
        kind = node.get("type", "text")
        if node.get("disabled") is not None or kind in {
            "submit",
            "button",
            "image",
            "reset",
            "file",
        }:
            continue
        if node.tag == "select":
            options = list(html.elements(node, "option"))
            chosen = [o for o in options if o.get("selected") is not None]
            if not chosen and node.get("multiple") is None:
                chosen = options[:1]
            for option in chosen:
                add(node.get("name"), option.get("value", html.text_of(option)))
        elif node.tag == "textarea":
            add(node.get("name"), (node.text or "").removeprefix("\n"))
        elif kind not in {"checkbox", "radio"} or node.get("checked") is not None:
            add(node.get("name"), node.get("value", "on" if kind in {"checkbox", "radio"} else ""))
    return values


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Client:
    """Fetches pages in one language; cookies stay, as in a browser."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.app = app
        self.language = language
        self.lint = True
        self.last: Page | None = None
        self._client = app.test_client()

    def get(self, path: str, **more: Any) -> Page:
        """Fetch a page; a redirect is not followed."""
        return self._open("GET", path, **more)

    def follow(self, page: Page) -> Page:
        """Follow the redirects of an answer."""
        for _ in range(5):
            if not 300 <= page.status < 400:
                return page
            page = self.get(urljoin(page.url, page.location))
        raise AssertionError(f"redirects without end at {page.url}")

    def post(
        self, path: str, fields: Fields | None = None, *, csrf: bool = True, **more: Any
    ) -> Page:
        """Post fields; the CSRF token is taken from the last page that had one."""
        fields = dict(fields or {})
        if csrf and "csrf_token" not in fields and "json" not in more:
            fields["csrf_token"] = self.csrf_token()
        if "json" in more or "data" in more:
            return self._open("POST", path, **more)
        return self._open("POST", path, data=fields, **more)

    def submit(
        self, page: Page, fields: Fields | None = None, *, action: str | None = None, **more: Any
    ) -> Page:
        """Fill in a form of a page and send it: what is not named is sent as it stood; None takes a field out."""
        form = page.form(action)
        values = {**fields_of(form), **(fields or {})}
        values = {name: value for name, value in values.items() if value is not None}
        target = urljoin(page.url, form.get("action", ""))
        if form.get("method", "get").lower() == "post":
            return self._open("POST", target, data=values, **more)
        return self._open("GET", target, query_string=values, **more)

    def csrf_token(self) -> str:
        """Give a token of this browser's session: of its last page, else of one that has a form."""
        if not self._has_token(self.last):
            # Who is signed in is sent on from the sign-in: there the own account has a form.
            for path in ("/sign-in", "/office/account"):
                if self._has_token(self.get(path)):
                    break
        found = self.last.all("input") if self._has_token(self.last) and self.last else ()
        return next((node.get("value") for node in found if node.get("name") == "csrf_token"), "")

    @staticmethod
    def _has_token(page: Page | None) -> bool:
        return (
            page is not None
            and page.is_html
            and any(n.get("name") == "csrf_token" for n in page.all("input"))
        )

    def sign_in(
        self,
        role: str = "secretariat",
        *,
        event_id: int | None = None,
        email: str = "eva@example.org",
    ) -> int:
        """Become a member of staff with a role, for all events or for one; gives the account's id."""
        with self.app.app_context():
            account, _link = create_account(
                email,
                role,
                actor=Actor.system("test"),
                now=now(),
                name=email.partition("@")[0].title(),
                event_id=event_id,
            )
            token = open_session(account, now=now())
            account_id = account.id
            db.session.commit()
        with self._client.session_transaction() as cookie:
            cookie[SESSION_KEY] = token
        return account_id

    def cookies(self) -> dict[str, str]:
        """Give the cookies of this browser by name."""
        with self.app.test_request_context():
            return {cookie.key: cookie.value for cookie in self._client._cookies.values()}

    def _address(self, path: str) -> str:
        first = path.lstrip("/").partition("/")[0].partition("?")[0]
        if urlsplit(path).scheme or first in LANGUAGES or path.startswith(PLAIN) or path == "/api":
            return path
        return f"/{self.language}{path}"

    def _open(self, method: str, path: str, **more: Any) -> Page:
        address = self._address(path)
        if has_app_context():
            db.session.commit()  # what the test prepared becomes visible to the request
        # A request has a context of its own, as in production: language, kind of transaction, and
        # above all `g`, where who is signed in and the form's token are kept.
        # A streamed answer is read there as well.
        response = contextvars.Context().run(
            self._client.open, address, method=method, buffered=True, **more
        )
        page = Page(response, urlsplit(address)._replace(scheme="", netloc="").geturl())
        if page.is_html:
            self.last = page
            # A mail shown in a sandboxed frame is a document of its own kind.
            if self.lint and not page.headers.get("Content-Security-Policy", "").startswith(
                "sandbox"
            ):
                self._check(page)
        return page

    def _check(self, page: Page) -> None:
        assert page.root is not None
        problems = [
            *page.problems,
            *html.lint(page.root),
            *self._dead_links(page),
            *self._headers(page),
        ]
        if problems:
            pytest.fail(
                f"{page.url} ({page.status}) is not a good page:\n  "
                + "\n  ".join(dict.fromkeys(problems))
            )

    def _dead_links(self, page: Page) -> list[str]:
        assert page.root is not None
        dead = []
        for tag, address in html.links(page.root):
            if address.startswith("#"):
                continue  # stays on the page, whatever method fetched it
            parts = urlsplit(urljoin(f"http://localhost{page.url}", address))
            if parts.scheme not in {"http", "https"} or parts.netloc != "localhost":
                if tag in {"script", "img", "link"} and parts.scheme in {"http", "https"}:
                    dead.append(f"{tag} {address} comes from elsewhere")
                continue
            problem = self._leads(parts.path, "POST" if tag == "form" else "GET")
            if problem:
                dead.append(f"{tag} {address}: {problem}")
        return dead

    def _leads(self, path: str, method: str) -> str | None:
        first, slash, rest = path[1:].partition("/")
        bare = (slash + rest or "/") if first in LANGUAGES else path
        adapter = self.app.url_map.bind("localhost")
        try:
            adapter.match(bare, method=method)
        except MethodNotAllowed:
            return None if method == "POST" else "does not answer GET"
        except HTTPException as error:
            return None if error.code is not None and error.code < 400 else "no such page"
        return None

    @staticmethod
    def _headers(page: Page) -> list[str]:
        policy = page.headers.get("Content-Security-Policy", "")
        wrong = []
        if (
            "script-src 'self'" not in policy
            or "style-src 'self'" not in policy
            or "'unsafe" in policy
        ):
            wrong.append(f"the policy is {policy!r}")
        if page.headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append("X-Content-Type-Options is missing")
        return wrong


@pytest.fixture
def page(app: Flask) -> Client:
    """Give a client that lints every page it fetches, in English; ``page.language = "es"`` changes it."""
    return Client(app)


@pytest.fixture
def new_client(app: Flask) -> Any:
    """Give further clients, for further persons: ``new_client("fr")``."""
    return lambda language="en": Client(app, language)


@pytest.fixture
def staff(page: Client) -> Client:
    """Give a client of the secretariat, signed in."""
    page.sign_in()
    return page
