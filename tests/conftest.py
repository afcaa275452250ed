"""Fixtures for all tests; each lives with its subject in ``tests/support``."""

from __future__ import annotations

import pytest

for module in ("browser", "database", "guards", "html", "page", "servers", "true_figures"):
    pytest.register_assert_rewrite(f"tests.support.{module}")

pytest_plugins = [
    "tests.support.browser",
    "tests.support.database",
    "tests.support.guards",
    "tests.support.page",
    "tests.support.servers",
    "tests.support.stripe.fixture",
]
