"""Coupons on real encrypted files: noted with the sale, over restarts, rebuilds and a new book; what the feed brings and takes."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.journal import JournalStore
from data.members import MemberStore
from data.own_cards import LaidOver
from data.verify import rebuild, verify
from station.basket import Basket, Coupon
from station.coupons import CouponDeed, CouponState, GivenCoupon, coupon_number
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Cause, Draft, EntryKind, Position
from station.pricing import price
from station.promotion import CouponTerm
from station.rewards import AmountOff, NextCoupon
from station.sale import ReturnCause, ReturnedLine, Sale, SaleReturn
from station.tender import Tender, TenderKind
from tests.data.conftest import CARD_KEY, KEY
from tests.fakes import CASHIER, NOON, club, deal, member, product

RULES = club(deal("gives", NextCoupon("five", 30)), deal("five", AmountOff(5_000), coupon=CouponTerm((), issued=True)))
LAST = "2026-12-22"  # 30 days after 22 November
DAY = NOON.date
ELSEWHERE = GivenCoupon("far/gives", "five", LAST, "m1")
OPEN, USED, ENDED = CouponState


@pytest.fixture
def book(members: MemberStore, journal: JournalStore) -> LaidOver:
    return LaidOver(members, journal)


def sell(journal: JournalStore, number: int, *shown: GivenCoupon, who: str | None = "m1") -> int:
    """Sell to a member, who is given a coupon and shows some; return the place."""
    basket = Basket(f"sale-{number}", "12", 1, NOON, payments=(TenderKind.CASH,), coupons=tuple(each.shown for each in shown))
    basket = basket.with_product(product(1, 38_500), 1000)
    if who:
        basket = replace(basket, member=replace(member(1).snapshot(), member_id=who))
    priced = price(RULES, basket)
    return journal.append(Draft(EntryKind.SALE, NOON, CASHIER, Sale(
        basket.basket_id, NOON.date, 1, basket, priced, (Tender(TenderKind.CASH, priced.total),), 0, None, ()))).place


def take_back(journal: JournalStore, number: int, cause: ReturnCause = ReturnCause.RETURNED, who: str | None = "m1") -> None:
    sale_id = f"sale-{number}"
    journal.append(Draft(EntryKind.RETURN, NOON, CASHIER, SaleReturn(
        f"back-{number}", sale_id, journal.head().incarnation, 1, DAY, 1, who, (ReturnedLine(1, 1000),), 0, (), (), (),
        (given(number).code,), cause)))


def given(number: int, member_id: str = "m1") -> GivenCoupon:
    return GivenCoupon(f"sale-{number}/gives", "five", LAST, member_id)


def fed(members: MemberStore, journal: JournalStore, *coupons: GivenCoupon) -> None:
    """Let head office count the whole journal, and tell which coupons are open then."""
    head = journal.head()
    record = MemberRecord(member(1), (), (), tuple(sorted(coupons, key=lambda each: each.code)))
    members.apply(MemberPage("next", Position(head.incarnation, head.seq), (record,), (), Stamp(5, 1), last=True))


def states(book: LaidOver, who: str = "m1") -> dict[str, CouponState]:
    return {each.code: each.state for each in book.coupons(who, DAY)}


def called(book: LaidOver, coupon: GivenCoupon) -> list[GivenCoupon]:
    return list(book.coupons_called(coupon_number(coupon.code)))


def test_a_coupon_is_known_at_once_and_used_once(journal: JournalStore, book: LaidOver) -> None:
    sell(journal, 1)
    assert list(book.coupons("m1", DAY)) == called(book, given(1)) == [given(1)]
    assert list(book.coupons("m2", DAY)) == []
    sell(journal, 2, given(1))
    assert states(book) == {given(1).code: USED, given(2).code: OPEN}
    assert [each.state for each in called(book, given(1))] == [USED]


def test_one_given_to_nobody_is_found_by_its_number_alone(journal: JournalStore, book: LaidOver, members: MemberStore) -> None:
    sell(journal, 1, who=None)
    fed(members, journal)
    assert called(book, given(1, "")) == [given(1, "")]
    sell(journal, 2, given(1, ""))
    assert states(book) == {given(1).code: USED, given(2).code: OPEN}
    assert called(book, given(1, "")) == [replace(given(1, ""), state=USED)]


def test_it_ends_with_its_sale_unless_it_was_used(journal: JournalStore, book: LaidOver) -> None:
    sell(journal, 1)
    sell(journal, 2, given(1))
    take_back(journal, 1)
    take_back(journal, 2)
    assert states(book) == {given(1).code: USED, given(2).code: ENDED}


def test_a_sale_that_was_voided_used_nothing(journal: JournalStore, book: LaidOver) -> None:
    sell(journal, 1)
    sell(journal, 2, given(1))
    take_back(journal, 2, ReturnCause.VOID)
    assert states(book) == {given(1).code: OPEN, given(2).code: ENDED}
    sell(journal, 3, given(1))
    assert states(book)[given(1).code] is USED


def test_a_void_that_the_book_does_not_count_yet_gives_the_coupon_back_at_once(
        journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    sell(journal, 1)
    sell(journal, 2, given(1))
    fed(members, journal, given(2))
    take_back(journal, 2, ReturnCause.VOID)
    assert states(book) == {given(1).code: OPEN, given(2).code: ENDED}


def test_what_is_over_is_not_listed_and_still_found(journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    sell(journal, 1)
    fed(members, journal, given(1), ELSEWHERE)
    assert list(book.coupons("m1", LAST)) == [ELSEWHERE, given(1)]
    assert list(book.coupons("m1", "2026-12-23")) == []
    assert called(book, given(1)) == [given(1)]
    assert called(book, ELSEWHERE) == [ELSEWHERE]


def test_the_book_brings_those_of_other_stations_and_takes_what_was_used_there(
        journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    sell(journal, 1)
    fed(members, journal, given(1), ELSEWHERE)
    assert states(book) == {given(1).code: OPEN, ELSEWHERE.code: OPEN}
    fed(members, journal)  # both were used at another station
    assert states(book) == {given(1).code: USED}
    assert called(book, ELSEWHERE) == []
    sell(journal, 2)  # the book does not count this one yet
    assert states(book)[given(2).code] is OPEN


def test_one_of_another_station_that_was_used_here_is_used_before_the_book_knows(
        journal: JournalStore, members: MemberStore, book: LaidOver) -> None:
    fed(members, journal, ELSEWHERE)
    sell(journal, 1, ELSEWHERE)
    assert states(book) == {ELSEWHERE.code: USED, given(1).code: OPEN}
    fed(members, journal, given(1))
    assert [each.state for each in called(book, ELSEWHERE)] == [USED]


def test_the_feed_writes_what_changed_and_forgets_with_the_member(journal: JournalStore, members: MemberStore) -> None:
    fed(members, journal, ELSEWHERE)
    fed(members, journal, ELSEWHERE)
    assert list(members.coupons("m1", "")) == [ELSEWHERE]
    head = journal.head()
    members.apply(MemberPage("next", Position(head.incarnation, head.seq), (), ("m1",), Stamp(5, 1), last=True))
    assert (list(members.coupons("m1", "")), list(members.coupons_called(coupon_number(ELSEWHERE.code)))) == ([], [])


def test_it_survives_a_restart_a_restore_and_a_rebuild(journal: JournalStore, members: MemberStore, tmp_path: Path) -> None:
    sell(journal, 1)
    sell(journal, 2, given(1))
    sell(journal, 3)
    take_back(journal, 3, ReturnCause.VOID)
    journal.begin_anew(Cause.RESTORED, "test", NOON)
    sell(journal, 4)
    before = states(LaidOver(members, journal))
    assert before == {given(1).code: USED, given(2).code: OPEN, given(3).code: ENDED, given(4).code: OPEN}
    assert list(verify(journal)) == []
    for table, count in (("own_coupon", 6), ("own_void", 1)):
        journal.database.execute(f"DELETE FROM {table}")  # noqa: S608 - our names
        assert f"table {table}: 0 rows, the journal makes {count}" in list(verify(journal))
        rebuild(journal)
    assert list(verify(journal)) == []
    journal.close()
    with closing(JournalStore(tmp_path / "journal.db", KEY)) as again:
        assert states(LaidOver(members, again)) == before


def test_a_forged_basket_that_names_a_coupon_twice_is_still_kept(journal: JournalStore, book: LaidOver) -> None:
    basket = Basket("sale-9", "12", 1, NOON, payments=(TenderKind.CASH,), coupons=(Coupon("x", "five"), Coupon("x", "five", LAST)))
    basket = basket.with_product(product(1, 38_500), 1000)
    priced = price(RULES, basket)
    journal.append(Draft(EntryKind.SALE, NOON, CASHIER, Sale(
        "sale-9", DAY, 1, basket, priced, (Tender(TenderKind.CASH, priced.total),), 0, None, ())))
    assert [each.state for each in book.coupons_called(coupon_number("x"))] == [USED]
    assert journal.database.rows("SELECT deed FROM own_coupon WHERE code = 'x'") == [(CouponDeed.USED,)]


class Turning(MemberStore):
    """A book to which the next page comes while it is asked for the first time."""

    page: MemberPage | None = None

    def coupons(self, member_id: str, day: str) -> Sequence[GivenCoupon]:
        held = super().coupons(member_id, day)
        page, self.page = self.page, None
        if page:
            self.apply(page)
        return held


def test_book_and_journal_are_of_one_page_of_the_feed(journal: JournalStore, tmp_path: Path) -> None:
    """The sale that gave it is counted by the page that comes meanwhile, and the coupon is on it: it is not taken for used."""
    sell(journal, 1)
    head = journal.head()
    with closing(Turning(tmp_path / "turning.db", KEY, CARD_KEY)) as members:
        members.page = MemberPage(
            "next", Position(head.incarnation, head.seq), (MemberRecord(member(1), (), (), (given(1),)),), (), Stamp(5, 1), last=True)
        assert states(LaidOver(members, journal)) == {given(1).code: OPEN}
