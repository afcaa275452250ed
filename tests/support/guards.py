"""What tests may not do: leave this machine, or reach a database from a unit test; and who was slow."""

from __future__ import annotations

import ipaddress
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent.parent
WARN_MILLISECONDS = 10
# Shared machines are slow in jumps; beyond this it is the test.
FAIL_MILLISECONDS = 500
SLOW = pytest.StashKey[float]()


class NetworkUsedError(Exception):
    """A test wanted to leave this machine."""


def _is_loopback(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket in the file system
    if address[0] in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return False


def _guard_sockets() -> None:
    for name in ("connect", "connect_ex"):
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, real: Any = real) -> Any:
            if not _is_loopback(address):
                raise NetworkUsedError(f"tests may not connect to {address}")
            return real(self, address)

        setattr(socket.socket, name, guarded)


def is_unit(path: Path) -> bool:
    """Tell whether a test file belongs to the fast ones."""
    return path.is_relative_to(TESTS / "unit")


def pytest_configure() -> None:
    _guard_sockets()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "engine" in names:
            item.add_marker("db")
            if is_unit(item.path):
                raise pytest.UsageError(f"{item.nodeid}: a unit test asks for a database")
        if "browser" in names:
            item.add_marker("browser")


@pytest.fixture(autouse=True)
def _no_database_in_unit_tests(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_unit(request.node.path):

        def refuse(*_: object, **__: object) -> None:
            pytest.fail("a unit test reached for the database")

        monkeypatch.setattr(sa.Engine, "connect", refuse)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    if not is_unit(item.path):
        return (yield)
    before = time.thread_time()
    result = yield
    spent = (time.thread_time() - before) * 1000
    many = getattr(
        getattr(item, "obj", None), "is_hypothesis_test", False
    ) or item.get_closest_marker("slow")
    if spent > WARN_MILLISECONDS and not many:
        item.user_properties.append(("slow unit test", spent))
        if spent > FAIL_MILLISECONDS:
            pytest.fail(
                f"a unit test took {spent:.0f} ms of processor time (allowed: {WARN_MILLISECONDS})"
            )
    return result


def pytest_terminal_summary(terminalreporter: Any) -> None:
    slow = [
        (value, report.nodeid)
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "slow unit test" and report.when == "call"
    ]
    if slow:
        terminalreporter.section(f"unit tests over {WARN_MILLISECONDS} ms of processor time")
        for value, nodeid in sorted(slow, reverse=True)[:15]:
            terminalreporter.line(f"{value:7.0f} ms  {nodeid}")
