"""What a station sends: the incarnations of one real journal file, as ``station.ports.Uploads``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from data.branch import Branch
from data.journal import JournalStore
from station.clock import Moment
from station.journal import Cause
from station.version import VERSION
from tests.fakes import NOON

JournalT = TypeVar("JournalT", bound=JournalStore)


@dataclass
class JournalUploads(Generic[JournalT]):
    """As ``ui.wiring.Memory``, but of one file alone and by another clock."""

    journal: JournalT
    now: Callable[[], Moment] = lambda: NOON

    def branches(self) -> Sequence[Branch]:
        return self.journal.branches()

    def begin_anew(self) -> None:
        self.journal.begin_anew(Cause.FORKED, VERSION, self.now())

    def split(self, incarnation: str, base: int) -> None:
        self.journal.split(incarnation, base)

    def join(self, incarnation: str) -> None:
        self.journal.join(incarnation)
