"""A library that is loaded when it is first used: by one thread, while the others wait for it."""

from __future__ import annotations

import sys
import threading

import pytest

from eventsys.core.lazy import lazy_import


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A library that takes its time to load."""
    text = "import time\ntime.sleep(0.05)\nANSWER = 42\n"
    (tmp_path / "slow_library.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield "slow_library"
    sys.modules.pop("slow_library", None)


def test_nothing_is_loaded_before_it_is_used(library):
    made = lazy_import(library)
    assert library not in sys.modules
    assert made.ANSWER == 42
    assert library in sys.modules


def test_many_who_use_it_first_at_one_moment_all_get_it(library):
    made, found, together = lazy_import(library), [], threading.Barrier(8)

    def use():
        together.wait()
        found.append(getattr(made, "ANSWER", None))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [42] * 8


def test_one_that_is_missing_fails_at_once():
    with pytest.raises(ModuleNotFoundError):
        lazy_import("no_such_library")
