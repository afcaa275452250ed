"""People at a real server, over HTTP, without a browser: they fill in the form and press the button."""

from __future__ import annotations

import re
import threading
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')


class Visitor:
    """One person with cookies; what happens to them is told, never raised."""

    def __init__(self, port: int, slug: str, email: str) -> None:
        self.port, self.slug, self.email = port, slug, email
        self.cookie = ""
        self.fields: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[HTTPResponse, str]:
        """Send one request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.getheader("Set-Cookie"):
            self.cookie = str(answer.getheader("Set-Cookie")).split(";")[0]
        return answer, text

    def open_form(self) -> None:
        """Open the form and fill it in."""
        _, text = self.ask("GET", f"/en/events/{self.slug}/register")
        for field in HIDDEN.findall(text):
            name, value = re.search(r'name="([^"]+)"', field), re.search(r'value="([^"]*)"', field)
            if name:
                self.fields[name[1]] = value[1] if value else ""
        self.fields.update(
            first_name="Ana", last_name="Ñandú", email=self.email, gender="woman", country="ES", city="Barcelona",
            organisation="Ajuntament", job_title="Adviser", category="delegate", consent="y",
        )  # fmt: skip

    def press(self) -> str:
        """Send the form and read the page that follows; gives ``confirmed``, ``waiting``, or what else happened."""
        try:
            answer, _ = self.ask("POST", f"/en/events/{self.slug}/register", urlencode(self.fields))
            if answer.status != 303:
                return f"status {answer.status}"
            page, text = self.ask("GET", str(answer.getheader("Location")))
        except (OSError, HTTPException) as error:
            return type(error).__name__
        if page.status != 200:
            return f"own page {page.status}"
        if "You are registered." in text:
            return "confirmed"
        return "waiting" if "You are on the waiting list." in text else "other"


def press_together(visitors: list[Visitor]) -> list[str]:
    """Let all stand before the button, and press it at one moment."""
    barrier = threading.Barrier(len(visitors))
    results: list[Any] = [None] * len(visitors)

    def one(number: int) -> None:
        visitors[number].open_form()
        barrier.wait(60)
        results[number] = visitors[number].press()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(visitors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
