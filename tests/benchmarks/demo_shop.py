"""A demo shop for measuring: head office runs, the station is paired and has taken its news."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ui.demo.office import Office, Seed
from ui.wiring import Home, Paired
from ui.wiring_lines import pair, sync_opener


@dataclass(frozen=True)
class DemoShop:
    """Head office, the station's folder and who it is."""

    office: Office
    home: Home
    who: Paired


@contextmanager
def demo_shop(folder: Path, members: int, goods: int) -> Iterator[DemoShop]:
    """Make it in ``folder``; head office is stopped at the end."""
    office = Office(folder / "office")
    office.make(Seed(members, goods))
    office.start()
    try:
        home = Home(folder / "station")
        who = pair(home, office.url, office.ask("pair", "--shop", "12"))
        sync = sync_opener(home, who)()
        while sync.pull():
            pass
        sync.close()
        yield DemoShop(office, home, who)
    finally:
        office.stop()
