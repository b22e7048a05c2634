"""What a station's journal, read from its file, says of a day; sums made here anew from the entries."""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from data.derived import decode
from data.journal import JournalStore
from station.journal import EntryKind, Position, receipt_number
from station.sale import Sale, SaleReturn
from station.shift import CashMoved, Shift, ShiftClosed
from station.tender import TenderKind
from tests.rigs.monkey_books import faults_of
from ui.wiring import Home


@dataclass(frozen=True, slots=True)
class DayBooks:
    """``sold`` and ``returned`` in rial by receipt and return; ``cash`` is what must lie in the drawer."""

    faults: list[str]
    kinds: Counter[EntryKind]
    station: str
    date: str
    sold: dict[str, int]
    returned: int
    cash: int
    closed: ShiftClosed | None
    shift_is_open: bool
    waiting_prints: int


def day_books(folder: Path) -> DayBooks:
    """Read the journal of the station in ``folder``; nobody else has it open."""
    home = Home(folder)
    key = home.keys.held().key
    faults = list(faults_of(folder, key))
    kinds: Counter[EntryKind] = Counter()
    sold: dict[str, int] = {}
    returned, cash, date, station, closed = 0, 0, "", "", None
    with closing(JournalStore(home.journal, key)) as journal:
        incarnation = journal.head().incarnation
        for stored in journal.entries(0, 100_000):
            entry = decode(stored.raw, stored.kind)
            kinds[stored.kind] += 1
            station = entry.station
            match body := entry.body:
                case Sale():
                    sold[receipt_number(entry.station, Position(incarnation, entry.seq))] = body.priced.total
                    cash += sum(each.amount for each in body.tenders if each.kind is TenderKind.CASH) - body.change
                case SaleReturn():
                    returned += body.money
                    cash -= sum(each.amount for each in body.tenders if each.kind is TenderKind.CASH)
                case CashMoved():
                    cash += body.amount
                case Shift():
                    cash, date = cash + body.opening_float, body.business_date
                case ShiftClosed():
                    closed = body
                case _:
                    pass
        return DayBooks(faults, kinds, station, date, sold, returned, cash, closed, journal.shift() is not None,
                        len(journal.waiting_prints()))
