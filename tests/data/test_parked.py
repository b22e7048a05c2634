"""Parked baskets in ``journal.db``: one transaction each way, nothing personal in a plain file, left behind with an older copy."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.parked import ParkedStore
from data.verify import rebuild, verify
from data.witness import leave_behind
from station.basket import Basket, HeldBasket
from station.bonus import Birth
from station.card import Medium
from station.clock import Moment
from station.dates import Calendar
from station.journal import Cause
from station.parked import Parked
from tests.data.conftest import KEY
from tests.data.test_journal import sale, shift
from tests.fakes import CASHIER, NOON, bought, member, product


def parked(number: int, basket: Basket | None = None, at: Moment = NOON) -> Parked:
    held = HeldBasket(replace(basket or bought(product(1)), basket_id=f"basket-{number}"), Medium.NFC_UID)
    return Parked(held, at, CASHIER, 38_500)


@pytest.fixture
def store(journal: JournalStore) -> ParkedStore:
    return ParkedStore(journal.database)


def test_parking_takes_the_basket_out_of_the_hand(journal: JournalStore, store: ParkedStore) -> None:
    journal.keep_basket(parked(1).held)
    store.park(parked(1))
    assert journal.open_basket() is None
    assert store.parked() == [parked(1)]


def test_the_oldest_is_listed_first(store: ParkedStore) -> None:
    later = replace(NOON, utc_us=NOON.utc_us + 1)
    store.park(parked(1, at=later))
    store.park(parked(2))
    assert [each.parked_id for each in store.parked()] == ["basket-2", "basket-1"]


def test_what_is_recalled_is_in_hand_and_gone_from_the_list(journal: JournalStore, store: ParkedStore) -> None:
    store.park(parked(1))
    store.park(parked(2))
    assert store.unpark("basket-2") == parked(2)
    assert journal.open_basket() == parked(2).held
    assert store.parked() == [parked(1)]
    assert store.unpark("basket-2") is None
    assert store.unpark("never there") is None
    assert journal.open_basket() == parked(2).held


def test_of_two_programs_one_recalls_it(tmp_path: Path, store: ParkedStore) -> None:
    store.park(parked(1))
    with closing(JournalStore(tmp_path / "journal.db", KEY)) as other:
        assert ParkedStore(other.database).unpark("basket-1") == parked(1)
    assert store.unpark("basket-1") is None


def test_a_basket_of_the_same_id_is_not_parked_twice_and_the_hand_keeps_it(
        journal: JournalStore, store: ParkedStore) -> None:
    store.park(parked(1))
    journal.keep_basket(parked(1).held)
    with pytest.raises(Exception, match="UNIQUE"):
        store.park(parked(1))
    assert journal.open_basket() == parked(1).held


def test_sales_and_a_rebuild_leave_them(journal: JournalStore, store: ParkedStore) -> None:
    store.park(parked(1))
    journal.append(shift())
    journal.append(sale(1))
    rebuild(journal)
    assert store.parked() == [parked(1)]
    assert list(verify(journal)) == []


@pytest.mark.parametrize(("cause", "left"), [(Cause.FORKED, 1), (Cause.RESTORED, 0), (Cause.CLONED, 0)])
def test_those_of_an_older_copy_may_have_been_paid_since(
        journal: JournalStore, store: ParkedStore, cause: Cause, left: int) -> None:
    store.park(parked(1))
    leave_behind(journal, cause)
    assert len(store.parked()) == left


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[JournalStore]:
    with closing(JournalStore(tmp_path / "journal-plain.db", None)) as journal:
        journal.found("12-1", "test", NOON)
        yield journal


def test_a_plain_file_keeps_nothing_personal(plain: JournalStore, tmp_path: Path) -> None:
    who = replace(member(1), birth=Birth(Calendar.JALALI, 12, 30)).snapshot()
    store = ParkedStore(plain.database)
    store.park(parked(1, bought(product(1), member=who)))
    (kept,) = store.parked()
    assert kept.held.basket.member == replace(who, birth=None)
    assert b"JALALI" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
