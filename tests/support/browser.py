"""A real Chromium: it may fetch nothing from elsewhere, and every error in its console fails the test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.support.page import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route

    from tests.support.servers import Site

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = Path(__file__).parent.parent.parent / "test-results"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--font-render-hinting=none",
)
LOCALES = {"en": "en-GB", "es": "es-ES", "fr": "fr-FR"}
FAILED = pytest.StashKey[bool]()


def chromium() -> str:
    """Give the path of the system's Chromium, or fail saying what is missing."""
    names = (
        os.environ.get("CHROMIUM", ""),
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
    )
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(
            "no Chromium: install it (apt-get install chromium) or name it with CHROMIUM=/path"
        )
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Give Playwright's driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Callable[..., Browser]:
    """Give a way to start further browsers, such as one with a fake camera: ``launch("--use-fake-…")``."""
    return lambda *arguments: playwright.chromium.launch(
        executable_path=chromium(), args=[*ARGUMENTS, *arguments]
    )


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """Give the one browser of this process."""
    started = launch()
    yield started
    started.close()


class Watch:
    """What went wrong in a browser's pages."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.expected: list[str] = []
        self.elsewhere: set[str] = set()

    def allow(self, url: str) -> None:
        """Say that pages may lead to another host, such as the payment page."""
        self.elsewhere.add(urlsplit(url).netloc)

    def expect(self, part: str) -> None:
        """Say that a message with this part is meant to appear, such as the status of a refusal."""
        self.expected.append(part)

    def note(self, problem: str) -> None:
        """Keep a problem, unless it was expected."""
        if not any(part in problem for part in self.expected):
            self.problems.append(problem)

    def guard(self, context: BrowserContext, url: str) -> None:
        """Watch a context: nothing from elsewhere, no error in the console, no violation of the policy."""
        home = urlsplit(url).netloc

        def judge(route: Route) -> None:
            parts = urlsplit(route.request.url)
            known = parts.netloc == home or parts.netloc in self.elsewhere
            if parts.scheme in {"http", "https", "ws", "wss"} and not known:
                self.note(f"a request to elsewhere: {route.request.url}")
                route.abort()
            else:
                route.continue_()

        context.route("**/*", judge)
        context.on(
            "console",
            lambda message: message.type == "error" and self.note(f"console: {message.text}"),
        )
        context.on("weberror", lambda error: self.note(f"script: {error.error}"))


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Give the watch over all pages of the test; what it saw fails the test at its end."""
    watching = Watch()
    yield watching
    assert watching.problems == []


@pytest.fixture
def new_context(
    browser: Browser, site: Site, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """Give a way to open further windows of further persons: ``new_context(language="fr", javascript=False)``."""
    opened: list[BrowserContext] = []

    def open_context(
        language: str = "en", *, javascript: bool = True, **more: Any
    ) -> BrowserContext:
        context = (more.pop("browser", None) or browser).new_context(
            base_url=site.url,
            locale=LOCALES.get(language, language),
            java_script_enabled=javascript,
            **more,
        )
        context.set_default_timeout(10_000)
        watch.guard(context, site.url)
        opened.append(context)
        return context

    yield open_context
    for number, context in enumerate(opened):
        if request.node.stash.get(FAILED, False):
            _take_pictures(context, f"{request.node.name}-{number}")
        context.close()


def _take_pictures(context: BrowserContext, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    safe = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
    for number, page in enumerate(context.pages):
        page.screenshot(path=PICTURES / f"{safe}-{number}.png", full_page=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def browser_page(new_context: Callable[..., BrowserContext]) -> Page:
    """Give a window of a laptop in English, without a page yet: ``browser_page.goto("/events/x")``."""
    return new_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def phone_page(new_context: Callable[..., BrowserContext]) -> Page:
    """Give a window of a small phone in English."""
    phone = {
        "viewport": {"width": 360, "height": 740},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    }
    return new_context(**phone).new_page()


@pytest.fixture
def sign_in_browser(app: Flask, site: Site) -> Callable[..., None]:
    """Give a way to sign a window in: ``sign_in_browser(page.context, "manager", event_id=1)``."""

    def sign_in(context: BrowserContext, role: str = "secretariat", **more: Any) -> None:
        client = Client(app)
        client.sign_in(role, **more)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": site.url}
                for name, value in client.cookies().items()
            ]
        )

    return sign_in


def axe(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """List what axe-core finds on a page: rule, elements, explanation. Nothing is the goal."""
    # A click that leads to a page returns before its style sheet has come: links are smaller until then.
    page.wait_for_load_state()
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        AXE_RULES,
    )
    return [
        f"{item['id']} ({item['impact']}): {item['help']}: {[node['target'] for node in item['nodes']][:5]}"
        for item in found["violations"]
        if item["id"] not in without
    ]
