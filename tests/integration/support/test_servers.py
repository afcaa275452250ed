"""The servers that other tests stand on."""

from __future__ import annotations

import smtplib
import socket
from urllib.request import urlopen

import pytest

from tests.support.guards import NetworkUsedError


def test_the_server_runs_on_the_database_of_the_test(server, app):
    with urlopen(f"{server.url}/readyz") as answer:
        assert answer.status == 200


def test_a_killed_server_starts_again(server):
    server.kill()
    with pytest.raises(OSError, match="refused"):
        urlopen(f"{server.url}/healthz")
    server.start()
    with urlopen(f"{server.url}/healthz") as answer:
        assert answer.status == 200


def test_the_mail_sink_keeps_what_it_is_given_and_refuses_when_told(smtp):
    host, port = smtp.url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as client:
        client.sendmail(
            "a@example.org",
            ["b@example.org"],
            "To: b@example.org\r\nSubject: Señor\r\n\r\nHello".encode(),
        )
        smtp.answer = "451 Later"
        with pytest.raises(smtplib.SMTPDataError):
            client.sendmail("a@example.org", ["b@example.org"], b"Subject: x\r\n\r\nHello")
    assert len(smtp.to("b@example.org")) == 1


def test_nothing_leaves_this_machine():
    with socket.socket() as probe, pytest.raises(NetworkUsedError):
        probe.connect(("192.0.2.1", 80))
