"""What is answered while the database is away: the right status, a kind page, nothing of the inside."""

from __future__ import annotations

import pytest

from eventsys.core.settings import read_settings
from eventsys.factory import create_app
from tests.support.servers import free_port


@pytest.fixture
def away(tmp_path):
    settings = {
        "EVENTSYS_DATA_DIR": str(tmp_path),
        "EVENTSYS_SECRET_KEY": "k" * 40,
        "EVENTSYS_DATABASE_URL": f"postgresql://nobody:pass-phrase@127.0.0.1:{free_port()}/nowhere",
    }
    return create_app(read_settings(settings)).test_client()


def test_a_database_that_is_away_is_no_error_of_the_program(away):
    answer = away.get("/fr/")
    assert answer.status_code == 503
    assert "Patientez quelques secondes" in answer.text
    assert "pass-phrase" not in answer.text
    assert "psycopg" not in answer.text


def test_whoever_watches_is_told(away):
    assert away.get("/healthz").status_code == 200
    assert away.get("/readyz").status_code == 503
    asked = away.get("/api/v1/counters", headers={"Authorization": "Bearer " + "A" * 26})
    assert (asked.status_code, asked.json["status"]) == (503, 503)
