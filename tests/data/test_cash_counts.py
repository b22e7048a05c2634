"""The count that is not handed in yet, on a real file."""

from pathlib import Path

from data.cash_counts import CashCountStore
from data.journal import JournalStore
from station.cash_count import CashCount, Counting

HALF = Counting(7, CashCount(((100_000, 3),), 2_500), 1)


def test_a_count_outlives_the_program_and_belongs_to_its_shift(tmp_path: Path) -> None:
    journal = JournalStore(tmp_path / "journal.db", bytes(32))
    counts = CashCountStore(journal.database)
    assert counts.kept(7) == Counting(7)
    counts.keep(Counting(7))
    counts.keep(HALF)
    journal.close()
    journal = JournalStore(tmp_path / "journal.db", bytes(32))
    counts = CashCountStore(journal.database)
    assert counts.kept(7) == HALF
    assert counts.kept(8) == Counting(8)
    journal.close()
