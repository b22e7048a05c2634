"""What must hold in a station's files, and in its logs, whatever was done at its counter."""

from collections import Counter as Count
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from data.derived import decode
from data.journal import JournalStore
from data.verify import verify
from station.journal import EntryKind
from station.sale import Sale, SaleReturn
from station.shift import ShiftClosed
from station.totals import Tally, Total, figure
from station.unknown_return import UnknownReturn
from tests.line import canaries


def faults_of(folder: Path, key: bytes) -> Iterator[str]:
    """Yield what is wrong with the books in ``folder``: checks of the program, and sums made here anew."""
    with closing(JournalStore(folder / "journal.db", key)) as journal:
        yield from verify(journal)
        yield from _sums(journal)


def _sums(journal: JournalStore) -> Iterator[str]:
    sold: Count[int] = Count()
    given_back: Count[int] = Count()
    baskets: Count[str] = Count()
    closed: dict[int, tuple[Total, ...]] = {}
    for stored in journal.entries(0, 1_000_000):
        match body := decode(stored.raw, stored.kind).body:
            case Sale():
                baskets[body.sale_id] += 1
                sold[body.shift] += body.priced.total
                if sum(each.amount for each in body.tenders) - body.change != body.priced.total:
                    yield f"sale {body.sale_id} was not paid to the rial"
            case SaleReturn() | UnknownReturn():
                given_back[body.shift] += body.money
            case ShiftClosed():
                closed[body.shift] = body.totals
            case _:
                pass
    yield from (f"sale {basket} was made {times} times" for basket, times in baskets.items() if times > 1)
    for shift in sorted({*sold, *given_back, *closed}):
        totals = closed.get(shift) or journal.totals(shift)
        if figure(totals, Tally.TOTAL) != sold[shift]:
            yield f"shift {shift}: receipts come to {sold[shift]}, its report says {figure(totals, Tally.TOTAL)}"
        if figure(totals, Tally.RETURNED) != given_back[shift]:
            yield f"shift {shift}: {given_back[shift]} went back, its report says {figure(totals, Tally.RETURNED)}"


def sales_in(folder: Path, key: bytes) -> int:
    """Return how many sales are in the books."""
    with closing(JournalStore(folder / "journal.db", key)) as journal:
        return sum(stored.kind == EntryKind.SALE for stored in journal.entries(0, 1_000_000))


def bank_cards(folder: Path, key: bytes, made: Iterable[str], log: str) -> list[str]:
    """Return where the middle of a bank card's number was left: in a file, inside a database, in the log."""
    search = canaries.Search(made)
    places = [("log", log.encode()), *canaries.contents(folder, key)]
    return [name for name, content in places if search.hits(content)]
