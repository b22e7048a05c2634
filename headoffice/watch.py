"""What those who watch head office are told: whether it can work, how far the projector is behind, what was counted."""

import os
from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F, Sum
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from headoffice.intake.models import Incarnation

MOST_BEHIND = 100_000
"""Entries: some seconds of the projector's work."""

SHARED = "PROMETHEUS_MULTIPROC_DIR"


def problems() -> list[str]:
    """Return why head office should be sent nobody just now; nothing when it is ready."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["the tables are older than the program: headoffice init"]
        late = behind()
    except DatabaseError:
        return ["the database does not answer"]
    return [f"the projector is {late} entries behind"] if late > MOST_BEHIND else []


def behind() -> int:
    """Return how many entries are stored that the projector has not come to."""
    waiting = Incarnation.objects.filter(projected__lt=F("acknowledged"))
    return int(waiting.aggregate(late=Sum(F("acknowledged") - F("projected")))["late"] or 0)


class _Lag(Collector):
    """The projector's lag, looked up when it is asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "headoffice_projector_behind_entries", "Entries stored that are not posted yet.", behind())


def exposition() -> bytes:
    """Return what all processes of this head office counted, in Prometheus' text form."""
    counted: Collector = REGISTRY
    if SHARED in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    return generate_latest(counted) + generate_latest(_Lag())
