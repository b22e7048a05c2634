"""A head office to load: embedded on SQLite, or gunicorn and the projector on a PostgreSQL of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from sync.client import HeadOffice, Link
from sync.ed25519 import public_key
from sync.keys import OfficeKey
from tests.load import processes
from tests.load.sales import Shop
from tests.load.stations import SHOP, identity, incarnation
from tests.rigs import postgres
from tests.rigs.served import ProductionOffice
from ui.demo.office import Office, Seed

LAG = "headoffice_projector_behind_entries "
DRAIN_S = 3600


@dataclass
class Loaded:
    """A head office that serves. ``pids`` are its processes, and apart from them those of projector and PostgreSQL."""

    office: Office
    pids: Callable[[], set[int]]
    projector_pids: Callable[[], set[int]] = set[int]
    database_pids: Callable[[], set[int]] = set[int]

    @property
    def ca(self) -> str:
        """The authority to trust, as PEM."""
        return (self.office.home / "ca.pem").read_text("utf-8")

    @property
    def key(self) -> bytes:
        """Its raw public key."""
        return public_key((self.office.home / "office.key").read_bytes())

    def pair(self, count: int) -> None:
        """Make ``count`` stations known."""
        subprocess.run([sys.executable, "-m", "tests.load.stations", str(self.office.home), str(count)], check=True)

    def shop(self) -> Shop:
        """What the first station is told to sell."""
        line = HeadOffice(
            Link(self.office.url, self.ca), identity(1), OfficeKey(self.key, lambda _key: None))
        try:
            return Shop.asked(line, SHOP, incarnation(1))
        finally:
            line.close()

    def behind(self) -> int:
        """How many entries are stored that the projector has not come to."""
        with requests.Session() as session:
            session.trust_env = False
            text = session.get(f"{self.office.url}/metrics", verify=str(self.office.home / "ca.pem"), timeout=60).text
        return int(float(next(line for line in text.splitlines() if line.startswith(LAG)).removeprefix(LAG)))

    def drained(self) -> float:
        """Wait until the projector has done everything; return how many seconds that took."""
        start = time.monotonic()
        while self.behind():
            if time.monotonic() - start > DRAIN_S:
                message = "the projector does not come to an end"
                raise RuntimeError(message)
            time.sleep(0.1)
        return time.monotonic() - start


@contextmanager
def embedded(folder: Path, members: int) -> Iterator[Loaded]:
    """Serve from one process on SQLite."""
    office = Office(folder / "sqlite")
    office.make(Seed(members, 200))
    with _started(office) as loaded:
        yield loaded


@contextmanager
def production(
    folder: Path, members: int, server: postgres.Server, workers: int, *, projects: bool = True,
) -> Iterator[Loaded]:
    """Serve from ``workers`` processes of gunicorn on a new database of ``server``."""
    office = ProductionOffice(folder / "postgresql", workers, projects=projects)
    office.ask("init", "--database", server.create("load"))
    office.ask("seed-demo", "--members", str(members), "--goods", "200")
    with _started(office) as loaded:
        yield loaded


@contextmanager
def _started(office: Office) -> Iterator[Loaded]:
    before = processes.descendants(os.getpid())
    office.start()
    try:
        started = processes.descendants(os.getpid()) - before
        projector = {pid for pid in started if processes.command(pid).endswith("headoffice.main work")}
        roots = {pid for pid in started - projector if not processes.command(pid).startswith("postgres")}

        def pids() -> set[int]:
            return roots.union(*map(processes.descendants, roots))

        yield Loaded(office, pids, lambda: projector, _of_database if isinstance(office, ProductionOffice) else set[int])
    finally:
        office.stop()


def _of_database() -> set[int]:
    return {pid for pid in processes.descendants(os.getpid()) if "postgres" in processes.command(pid)}
