"""Alive, ready, counted: what those who watch head office are told, and who may ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from headoffice import watch
from headoffice.api.health import TOKEN_FILE
from headoffice.intake.models import Incarnation
from headoffice.watch import MOST_BEHIND
from tests.headoffice.shop import Till, sale


@pytest.fixture
def client(office: Path) -> Client:
    assert office.exists()
    return Client(SERVER_NAME="127.0.0.1")


@pytest.fixture
def token(office: Path) -> Iterator[str]:
    file = office / TOKEN_FILE
    file.write_text("only for the watchman\n", "utf-8")
    yield "only for the watchman"
    file.unlink()


def figures(client: Client) -> dict[tuple[str, ...], float]:
    """All counters and gauges of ours, by name and labels."""
    text = client.get("/metrics").content.decode()
    return {(sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text) for sample in family.samples
            if sample.name.startswith("headoffice_")}


def test_it_is_alive_without_a_database(client: Client) -> None:
    connection.close()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert connection.connection is None


def test_it_is_ready_when_the_projector_keeps_up(till: Till, client: Client) -> None:
    till.journal.append(sale())
    till.projects = False
    till.put(1, 2)
    assert watch.behind() == 2
    assert (client.get("/readyz").status_code, client.get("/readyz").content) == (200, b"ready")
    Incarnation.objects.update(acknowledged=MOST_BEHIND + 1)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the projector is 100001 entries behind")
    Incarnation.objects.update(projected=1)
    assert client.get("/readyz").status_code == 200


def test_it_is_not_ready_with_older_tables(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'intake'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the tables are older than the program: headoffice init")


def test_it_is_not_ready_when_the_database_does_not_answer_as_it_should(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_incarnation RENAME TO gone")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer")


def test_what_is_taken_is_counted(till: Till, client: Client) -> None:
    till.journal.append(sale())
    till.journal.append_raw(b"poison")
    till.projects = False
    before = figures(client)
    till.put(1, 3)
    till.put(1, 3)
    till.put(1, 2)
    assert till.hello(1).status == 409
    after = figures(client)
    grown = {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}
    assert {name: value for name, value in grown.items() if "created" not in name[0]} == {
        ("headoffice_entries_received_total",): 3,
        ("headoffice_entries_quarantined_total", "UNREADABLE"): 1,
        ("headoffice_batches_total", "fresh"): 1,
        ("headoffice_batches_total", "repeated"): 1,
        ("headoffice_batches_total", "known"): 1,
        ("headoffice_forks_total",): 1,
        ("headoffice_projector_behind_entries",): 3,
    }


def test_the_figures_are_for_this_computer_alone(client: Client) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    for stranger in ("192.0.2.7", "", "unix:"):
        assert client.get("/metrics", REMOTE_ADDR=stranger).status_code == 403
    for header in ("Forwarded", "X-Forwarded-For"):
        assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


def test_with_a_token_everybody_must_show_it(client: Client, token: str) -> None:
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 403
    right = {"Authorization": f"Bearer {token}"}
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7", headers=right).status_code == 200
