"""The whole line for tests: a head office process, a paired station, a counter offscreen."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sync.exchange import StationSync
from tests.rigs.fixtures import card, pcsc
from ui.demo.office import Office, Seed
from ui.demo.shop import DemoCard, cards
from ui.wiring import Home, Memory, Paired, open_memory, paired
from ui.wiring_lines import pair, sync_opener

__all__ = ["card", "pcsc"]
SEED = Seed(members=120, goods=20)


@dataclass
class Line:
    """Both ends: ``office`` runs, the station is paired, loaded and open."""

    office: Office
    home: Home
    who: Paired
    memory: Memory
    cards: list[DemoCard]

    def sync(self) -> StationSync:
        """Return a new connection of the station to this head office."""
        return sync_opener(self.home, self.who)()

    def exchange(self) -> int:
        """One full round with head office, as the sync thread makes it; returns the entries sent."""
        sync = self.sync()
        try:
            sent = 0
            while (result := sync.push()).unsent:
                sent += result.sent
            while sync.pull():
                pass
            return sent + result.sent
        finally:
            sync.close()

    def posted_json(self, *words: str) -> Any:
        """What a command of head office prints once all that was sent is in its books."""
        self.office.ask("work", "--once")
        return self.office.ask_json(*words)

    def card_of(self, tier: str) -> DemoCard:
        """The first active card of a tier."""
        return next(each for each in self.cards if each.tier == tier and each.status == "ACTIVE")


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[DemoCard]]:
    """A head office and a station paired with it and loaded, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("shop")
    office, home = Office(folder / "office"), Home(folder / "station")
    office.make(SEED)
    office.start()
    try:
        who = pair(home, office.url, office.ask("pair", "--shop", "12"))
        memory = open_memory(home, who.enrolment)
        found = cards(office, SEED.members)
        Line(office, home, who, memory, found).exchange()
        memory.close()
    finally:
        office.stop()
    return folder, found


@pytest.fixture
def line(tmp_path: Path, shop: tuple[Path, list[DemoCard]]) -> Iterator[Line]:
    folder, found = shop
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    office, home = Office(tmp_path / "office"), Home(tmp_path / "station")
    office.start()
    try:
        who = Paired(office.url, paired(home).enrolment)
        memory = open_memory(home, who.enrolment)
        yield Line(office, home, who, memory, found)
        memory.close()
    finally:
        office.stop()
