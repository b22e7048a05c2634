"""A long check tells how far it is, can be ended, and is not misled by what is sold meanwhile."""

from pathlib import Path

import pytest

from data import verify as module
from data.journal import JournalStore
from data.verify import verify
from tests.data.conftest import KEY
from tests.data.test_journal import sale, shift

PAGE, SALES = 5, 8


@pytest.fixture
def busy(journal: JournalStore, monkeypatch: pytest.MonkeyPatch) -> JournalStore:
    """Entries 1 OPENED, 2 a shift, and more sales than one page holds."""
    monkeypatch.setattr(module, "PAGE", PAGE)
    journal.append(shift())
    for number in range(1, SALES + 1):
        journal.append(sale(number))
    return journal


class EndedError(Exception):
    pass


def test_each_page_is_told(busy: JournalStore) -> None:
    told: list[tuple[int, int]] = []
    assert list(verify(busy, lambda *at: told.append(at))) == []
    assert told == [(0, SALES + 2), (PAGE, SALES + 2), (SALES + 2, SALES + 2)]


def test_whoever_is_told_can_end_it_and_the_journal_goes_on(busy: JournalStore) -> None:
    def end(done: int, _last: int) -> None:
        if done:
            raise EndedError

    with pytest.raises(EndedError):
        list(verify(busy, end))
    busy.append(sale(SALES + 1))
    assert list(verify(busy)) == []


def test_a_sale_of_the_counter_in_the_meantime_is_no_fault(busy: JournalStore, tmp_path: Path) -> None:
    busy.database.execute("UPDATE station SET printed = 99")
    checking = JournalStore(tmp_path / "journal.db", KEY)
    faults = verify(checking)
    assert "what was printed" in next(faults)
    busy.append(sale(SALES + 1))  # after the last entry was read, before the tables are
    assert list(faults) == []
    assert len(list(verify(checking))) == 1
    checking.close()


def test_without_wal_the_check_holds_nobody_up(tmp_path: Path) -> None:
    plain = JournalStore(tmp_path / "plain.db", None)
    with plain.database.reading():
        plain.database.execute("CREATE TABLE other (a)")
    assert plain.database.row("SELECT count(*) FROM other") == (0,)
    plain.close()
