"""Steps: the one order in which head office posts.

A step is one transaction of posting. Its number comes from a counter row that stays locked until
the commit, so numbers are in commit order, whoever posts. The log of steps is what makes the ledgers
rebuildable: lots are allocated in posting order, so the same entries in another order are other lots.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.backends.utils import CursorWrapper

from headoffice.feeds.versions import take

POSTING = "posting"
ORDER_BITS = 20


class StepKind(StrEnum):
    """What a step did: projected a stretch of a journal, posted one entry out of quarantine, or head office's own."""

    PROJECTED = "PROJECTED"
    REPLAYED = "REPLAYED"
    OWN = "OWN"


@dataclass(slots=True)
class Step:
    """Step ``number`` at ``at_us`` (UTC). ``order`` gives every posting and lot in it a place of its own."""

    number: int
    at_us: int
    given: int = 0

    def order(self) -> int:
        """Return the next place in the order of posting, over all steps."""
        self.given += 1
        return self.number << ORDER_BITS | self.given


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries ``first`` to ``last`` of one journal; all empty for what is head office's own."""

    station: str = ""
    incarnation: str = ""
    first: int = 0
    last: int = 0


OWN = Stretch()


def begin(cursor: CursorWrapper, at_us: int) -> Step:
    """Return the next step, inside the caller's transaction; other posters wait until it ends."""
    return Step(take(cursor, POSTING, 1)[0], at_us)


def log(cursor: CursorWrapper, step: Step, kind: StepKind, stretch: Stretch = OWN) -> None:
    """Write down what ``step`` did."""
    cursor.execute(
        "INSERT INTO ledger_step (station, step, kind, incarnation, first, last, at_us)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [stretch.station, step.number, kind.value, stretch.incarnation, stretch.first, stretch.last, step.at_us])
