"""The people at the other end: browsers that register, phones that scan. A process of its own."""

from __future__ import annotations

import http.client
import json
import re
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

HIDDEN = re.compile(rb"<input[^>]*type=\"hidden\"[^>]*>")
NAME = re.compile(rb'name="([^"]+)"')
VALUE = re.compile(rb'value="([^"]*)"')
TIMEOUT = 60


class Browser:
    """One person with cookies and a connection that stays open."""

    def __init__(self, port: int) -> None:
        self.port, self.cookie = port, ""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, bytes, str]:
        """Send one request; gives status, body and where it leads."""
        sent = {"Cookie": self.cookie, "Accept-Encoding": "identity", **headers}
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        try:
            self.connection.request(method, path, body, sent)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # The server closed a connection that had been idle: a browser opens another one, too.
            self.connection.close()
            self.connection.request(method, path, body, sent)
            answer = self.connection.getresponse()
        data = answer.read()
        if answer.getheader("Set-Cookie"):
            self.cookie = str(answer.getheader("Set-Cookie")).split(";")[0]
        return answer.status, data, answer.getheader("Location") or ""


def register(browser: Browser, slug: str, number: str) -> float:
    """Go from the form to the own page; gives the seconds of the submit."""
    browser.cookie = ""
    status, page, _ = browser.ask("GET", f"/en/events/{slug}/register")
    fields = {}
    for field in HIDDEN.findall(page):
        name, value = NAME.search(field), VALUE.search(field)
        if name:
            fields[name[1].decode()] = value[1].decode() if value else ""
    fields.update(
        first_name="Ana", last_name=f"Number {number}", email=f"bench{number}@example.org", gender="woman",
        country="ES", city="Barcelona", organisation="Ajuntament", job_title="Head of mobility",
        category="delegate", consent="y",
    )  # fmt: skip
    start = time.perf_counter()
    status, _, target = browser.ask("POST", f"/en/events/{slug}/register", urlencode(fields))
    took = time.perf_counter() - start
    if status != http.client.SEE_OTHER or "/registrations/" not in target:
        raise RuntimeError(f"the submit answered {status}")
    status, _, _ = browser.ask("GET", target)
    if status != http.client.OK:
        raise RuntimeError(f"the own page answered {status}")
    return took


def scan(browser: Browser, token: str, codes: list[str]) -> float:
    """Send codes as one request; gives its seconds."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    scans = [
        {"id": str(uuid.uuid4()), "code": code, "point": "entrance", "direction": "in", "at": at}
        for code in codes
    ]
    body = json.dumps({"scans": scans})
    start = time.perf_counter()
    status, data, _ = browser.ask(
        "POST",
        "/api/v1/check-ins",
        body,
        Authorization=f"Bearer {token}",
        **{"Content-Type": "application/json"},
    )
    took = time.perf_counter() - start
    if status != http.client.OK or len(json.loads(data)["verdicts"]) != len(codes):
        raise RuntimeError(f"check-in answered {status}: {data[:200]!r}")
    return took


def run(job: dict) -> dict:
    """Do a job with a number of clients at once; gives seconds, count and the times of each."""
    work: list = list(job["work"])
    lock, times, errors = threading.Lock(), [], []

    def client(_: int) -> None:
        browser = Browser(job["port"])
        while True:
            with lock:
                if not work:
                    return
                item = work.pop()
            try:
                took = (
                    register(browser, job["slug"], item)
                    if job["kind"] == "register"
                    else scan(browser, job["token"], item)
                )
                with lock:
                    times.append(took)
            except Exception as error:  # noqa: BLE001 (counted and shown)
                with lock:
                    errors.append(repr(error))
                browser = Browser(job["port"])

    start = time.perf_counter()
    with ThreadPoolExecutor(job["clients"]) as pool:
        list(pool.map(client, range(job["clients"])))
    return {
        "seconds": time.perf_counter() - start,
        "times": sorted(times),
        "errors": errors[:5],
        "failed": len(errors),
    }


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
