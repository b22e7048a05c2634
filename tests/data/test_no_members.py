"""Without encryption: a member book that refuses to be asked, and a journal that takes nothing personal."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.no_members import NoMembers
from station.basket import HeldBasket
from station.bonus import Birth
from station.dates import Calendar
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.pricing import price
from station.sale import Sale
from station.shift import Reading
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER, NOON, bought, member, pack, product


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[JournalStore]:
    store = JournalStore(tmp_path / "journal-plain.db", None)
    store.found("12-1", "test", NOON)
    yield store
    store.close()


def sale(birth: Birth | None) -> Draft:
    """A sale that names a member by id, and what else is known of that member."""
    basket = bought(product(1, 38_500), member=replace(member(1), birth=birth).snapshot(), payments=(TenderKind.CASH,))
    priced = price(pack(), basket)
    return Draft(EntryKind.SALE, NOON, CASHIER, Sale(
        basket.basket_id, NOON.date, 1, basket, priced, (Tender(TenderKind.CASH, priced.total),), 0, None, ()))


def test_it_knows_nobody_and_says_why() -> None:
    book = NoMembers()
    for ask in (lambda: book.card("04A1B2C3"), lambda: book.search("09120000001")):
        with pytest.raises(StationError) as caught:
            ask()
        assert caught.value.code is ErrorCode.NO_PERSONAL_DATA
        assert caught.value.detail == {}
    assert (book.member("m1"), book.projected_through(), book.count()) == (None, None, 0)
    assert (list(book.coupons("m1", NOON.date)), list(book.coupons_called("C000000000010"))) == ([], [])
    book.close()


@pytest.mark.parametrize("draft", [
    sale(Birth(Calendar.JALALI, 12, 30)),
    Draft(EntryKind.READING, NOON, CASHIER, Reading(1, 1, 0, ()), personal=b'{"note":"of a person"}')])
def test_a_plain_journal_takes_nothing_personal(plain: JournalStore, draft: Draft) -> None:
    head = plain.head()
    with pytest.raises(StationError) as caught:
        plain.append(draft)
    assert caught.value.code is ErrorCode.NO_PERSONAL_DATA
    assert plain.head() == head


def test_an_id_says_nothing_of_anybody(plain: JournalStore) -> None:
    plain.append(Draft(EntryKind.READING, NOON, CASHIER, Reading(1, 1, 0, ())))
    plain.append(sale(None))
    assert plain.head().seq == 3


def test_a_basket_in_hand_is_kept_without_what_is_personal(plain: JournalStore, tmp_path: Path) -> None:
    who = replace(member(1), birth=Birth(Calendar.JALALI, 12, 30)).snapshot()
    basket = bought(product(1, 38_500), member=who)
    plain.keep_basket(HeldBasket(basket))
    kept = plain.open_basket()
    assert kept == HeldBasket(replace(basket, member=replace(who, birth=None)))
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert who.member_id.encode() in raw
    assert b"JALALI" not in raw


def test_a_basket_of_nobody_is_kept_as_it_is(plain: JournalStore) -> None:
    plain.keep_basket(HeldBasket(bought(product(1, 38_500))))
    assert plain.open_basket() == HeldBasket(bought(product(1, 38_500)))
    plain.keep_basket(None)
    assert plain.open_basket() is None
