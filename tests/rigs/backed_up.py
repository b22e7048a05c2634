"""A station with a journal of four entries, and a folder for its backups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data.backup import Backup, Maker, back_up, restore
from data.journal import JournalStore
from tests.data.conftest import KEY
from tests.data.test_journal import sale, shift
from tests.fakes import NOON

MAKER = Maker("12-1", "9.9", NOON)
SMALL = ("station.toml", "station.locked")


@dataclass
class Place:
    """The station's folder under ``root``, its journal open, and the folder for backups beside it."""

    root: Path

    def __post_init__(self) -> None:
        for folder in (self.home, self.into):
            folder.mkdir()
        for name in SMALL:
            (self.home / name).write_text(f"what {name} holds")
        self.journal = JournalStore(self.home / "journal.db", KEY)
        self.journal.found("12-1", "test", NOON)
        self.journal.append(shift())
        for number in (1, 2):
            self.journal.append(sale(number))

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def into(self) -> Path:
        return self.root / "backups"

    def beside(self, home: Path | None = None) -> Sequence[Path]:
        return [(home or self.home) / name for name in (*SMALL, "not-there")]

    def back_up(self, seconds: int = 0) -> Backup:
        """Back up so many seconds after noon."""
        at = replace(NOON, utc_us=NOON.utc_us + seconds * 1_000_000)
        return back_up(self.journal, KEY, self.beside(), self.into, replace(MAKER, at=at))

    def restore(self, backup: Path, home: str, key: bytes = KEY) -> Path:
        """Restore into the folder ``home``; return where the journal then is."""
        folder = self.root / home
        folder.mkdir(exist_ok=True)
        restore(backup, key, folder / "journal.db", self.beside(folder), MAKER)
        return folder / "journal.db"


def raws(journal: JournalStore) -> list[bytes]:
    return [each.raw for each in journal.entries(0, 10_000)]
