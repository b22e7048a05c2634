"""Years of sales: the day's report, the rebuild, the check and the size of a journal, beside bare SQLite."""

import os
from dataclasses import replace
from pathlib import Path

import msgspec

from data.database import driver
from data.journal import JournalStore
from data.verify import rebuild, verify
from station.clock import Moment
from station.dates import add_days
from station.journal import Draft, EntryKind
from station.report import day_figures, day_report
from station.sale import Sale
from station.shift import CountReason, Shift, ShiftClosed
from tests.benchmarks.figure import Figure, in_turn, milliseconds
from tests.data.test_journal import sale
from tests.fakes import CASHIER, NOON

KEY = bytes(range(32))
FIRST = "2025-11-22"
DAYS, SALES = (365, 200) if os.environ.get("CARD_STATION_FULL") else (60, 100)
RUNS = 20
DAY_US = 86_400_000_000


def measure(folder: Path) -> list[Figure]:
    """Write the days, a shift each, and ask of them what a shop asks."""
    journal = JournalStore(folder / "journal.db", KEY)
    journal.found("12-1", "bench", NOON)
    _write(journal)
    size = (folder / "journal.db").stat().st_size
    raws = [stored.raw for stored in journal.entries(0, DAYS * (SALES + 2) + 1)]
    day, first, last = add_days(FIRST, DAYS - 1), add_days(FIRST, DAYS - 14), add_days(FIRST, DAYS - 1)
    bare = _bare(folder / "bare.db", raws)
    today, fortnight, figures, scan = in_turn(
        RUNS, lambda: day_report(day, journal.facts(day, day)), lambda: journal.facts(first, last),
        lambda: day_figures(each for number in range(1, DAYS + 1) for each in journal.totals(number)),
        lambda: bare.execute("SELECT count(*), sum(total) FROM sale WHERE day = ?", (day,)).fetchone())
    reading = milliseconds(lambda: [msgspec.json.decode(raw) for raw in raws])
    checked, rebuilt = milliseconds(lambda: list(verify(journal))), milliseconds(lambda: rebuild(journal))
    journal.close()
    bare.close()
    name = f"{DAYS} days of {SALES} sales"
    return [
        Figure(f"report of a day, {name}", today, "ms", "bare SUM over the same day", scan),
        Figure(f"14 days' bars, {name}", fortnight, "ms", "bare SUM over one day", scan),
        Figure(f"figures of all days, {name}", figures, "ms", "bare SUM over one day", scan),
        Figure("journal verified, an entry", checked * 1000 / len(raws), "µs", "its JSON read", reading * 1000 / len(raws)),
        Figure("derived tables rebuilt, an entry", rebuilt * 1000 / len(raws), "µs", "its JSON read", reading * 1000 / len(raws)),
        Figure("journal file, a sale", size / (DAYS * SALES), "bytes", "its stored bytes", sum(map(len, raws)) / len(raws)),
    ]


def _write(journal: JournalStore) -> None:
    """Write the days in one transaction each: what is measured is reading."""
    for number in range(1, DAYS + 1):
        day = add_days(FIRST, number - 1)
        at = Moment(NOON.utc_us - (DAYS - number) * DAY_US, NOON.offset, day)
        with journal.database.writing():
            journal._write(Draft(EntryKind.SHIFT_OPENED, at, CASHIER, Shift(number, "sara", day, 0)))
            for place in range(SALES):
                draft = sale(number * SALES + place)
                assert isinstance(draft.body, Sale)
                journal._write(replace(draft, at=at, body=replace(draft.body, shift=number, business_date=day)))
            journal._write(Draft(EntryKind.SHIFT_CLOSED, at, CASHIER, ShiftClosed(
                number, number, None, 0, CountReason.NOT_COUNTED, journal.totals(number))))


def _bare(path: Path, raws: list[bytes]) -> "driver.Connection":
    connection = driver.connect(str(path), isolation_level=None)
    connection.execute("CREATE TABLE sale (day TEXT, total INTEGER)")
    connection.execute("CREATE INDEX sale_by_day ON sale (day)")
    connection.executemany("INSERT INTO sale VALUES (?, ?)", [
        (each["body"]["business_date"], each["body"]["priced"]["total"])
        for each in map(msgspec.json.decode, raws) if each["kind"] == "SALE"])
    return connection
