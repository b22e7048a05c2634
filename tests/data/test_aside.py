"""What head office put aside, kept at the station until it is mended, and whether somebody looked at it."""

from pathlib import Path

from data.aside import AsideStore
from data.journal import JournalStore
from station.put_aside import AsideCode, AsideCount, PutAside
from tests.data.conftest import KEY

HERE, THERE = "a" * 32, "b" * 32
SHORT = PutAside(HERE, 7, "member 12: unknown", AsideCode.NOT_POSTED)
OTHER = PutAside(THERE, 2, "kind 'X' is not known", AsideCode.VERSION)


def test_nothing_stands_aside_at_first(journal: JournalStore) -> None:
    store = AsideStore(journal.database)
    assert (list(store.listed()), store.count()) == ([], AsideCount())
    store.saw()
    store.note([])


def test_what_is_told_is_kept_over_a_restart(tmp_path: Path, journal: JournalStore) -> None:
    AsideStore(journal.database).replace([OTHER, SHORT])
    journal.close()
    again = JournalStore(tmp_path / "journal.db", KEY)
    store = AsideStore(again.database)
    assert (list(store.listed()), store.count()) == ([SHORT, OTHER], AsideCount(2, 2))
    again.close()


def test_a_receipt_tells_first_and_the_list_tells_more(journal: JournalStore) -> None:
    store = AsideStore(journal.database)
    store.note([PutAside(HERE, 7, "member 12: unknown")])
    store.note([PutAside(HERE, 7, "said again")])
    assert list(store.listed()) == [PutAside(HERE, 7, "member 12: unknown", AsideCode.SAID)]
    store.replace([SHORT])
    assert list(store.listed()) == [SHORT]


def test_what_was_looked_at_stays_so_and_what_is_new_is_not(journal: JournalStore) -> None:
    store = AsideStore(journal.database)
    store.replace([SHORT])
    store.saw()
    assert store.count() == AsideCount(1, 0)
    store.replace([SHORT, OTHER])
    assert store.count() == AsideCount(2, 1)
    store.replace([OTHER])
    assert store.count() == AsideCount(1, 1)


def test_one_that_was_posted_goes_and_one_that_stays_says_why(journal: JournalStore) -> None:
    store = AsideStore(journal.database)
    store.replace([SHORT, OTHER])
    store.settled(HERE, 7, "")
    store.settled(THERE, 2, "still not known")
    assert [(each.seq, each.reason) for each in store.listed()] == [(2, "still not known")]


def test_the_same_list_again_writes_nothing(journal: JournalStore) -> None:
    store = AsideStore(journal.database)
    store.replace([OTHER, SHORT])
    before = journal.database.row("PRAGMA data_version"), journal.database.row("SELECT total_changes()")
    store.replace([SHORT, OTHER])
    store.saw()
    store.saw()
    after = journal.database.row("SELECT total_changes()")
    assert before[1]
    assert after
    assert after[0] - before[1][0] == 2  # only what was looked at, once
