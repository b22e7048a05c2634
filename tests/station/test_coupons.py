"""Coupons for a later visit: their printed number, what sales and returns do to them, and who may use one when."""

import itertools
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.basket import Coupon
from station.card import Medium, Tap
from station.counter import Counter
from station.coupons import (
    CouponDeed,
    CouponNote,
    CouponState,
    GivenCoupon,
    _check_digit,
    coupon_number,
    grouped,
    notes_of,
    open_on,
    read_coupon,
    read_typed_coupon,
    standing,
    usable,
)
from station.errors import ErrorCode, StationError
from station.ids import uuid7
from station.journal import Position
from station.pack import Pack
from station.promotion import CouponTerm
from station.returning import Returning
from station.rewards import AmountOff, NextCoupon
from station.sale import Sale, SaleReturn
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER, NOON, club, deal, moment, product
from tests.station.test_counter import GOLD_TAP, Shop, refused

GIVES = deal("gives", NextCoupon("five", 30))
FIVE = deal("five", AmountOff(5_000), coupon=CouponTerm(("FIVE",), issued=True))
RULES = club(GIVES, FIVE)
LAST = "2026-12-22"  # 30 days after 22 November
MINE = GivenCoupon("s1/gives", "five", LAST, "m1")
ANYBODYS = GivenCoupon("s2/gives", "five", LAST)
GIVEN, USED, ENDED = CouponDeed


def note(deed: CouponDeed, code: str = "s1/gives", member: str = "m1") -> CouponNote:
    return CouponNote(deed, code, member) if deed is ENDED else CouponNote(deed, code, member, "five", LAST)


@pytest.mark.parametrize(("digits", "check"), [
    ("0794", "5"),  # ISO 7064, the example of MOD 11,10
    ("3339200596", "1"), ("6943515153", "0")])  # OIB numbers of Croatia, which end so
def test_the_check_digit_is_that_of_the_standard(digits: str, check: str) -> None:
    assert _check_digit(digits) == check


def test_a_number_is_short_always_the_same_and_another_for_another_coupon() -> None:
    ids = [uuid7(1, bytes([i]) * 10) for i in range(200)]
    numbers = {coupon_number(f"{each}/gives") for each in ids}
    assert len(numbers) == 200
    assert coupon_number(MINE.code) == coupon_number(MINE.code)
    assert all(len(each) == 13 and each[0] == "C" and each[1:].isdecimal() for each in numbers)


def test_a_number_is_read_as_it_is_scanned_and_as_people_write_it() -> None:
    number = coupon_number(MINE.code)
    for text in (number, number.lower(), grouped(number), f" {number} "):
        assert read_coupon(text) == number
    digits = number[1:]
    for text in (digits, f"{digits[:4]} {digits[4:8]} {digits[8:]}", f"ز{digits}", grouped(number), f"\u200e{grouped(number)}\u200e"):
        assert read_typed_coupon(text) == number
    assert read_coupon(digits) is None  # it may be an article number of 12 digits
    for text in ("", "C", "YALDA", digits[:-1], f"{digits}0", f"D{digits}"):
        assert read_typed_coupon(text) is None


@given(st.integers(0, 10**11 - 1), st.integers(0, 11), st.integers(1, 9))
def test_a_wrong_digit_makes_it_no_number(body: int, place: int, by: int) -> None:
    digits = f"{body:011}"
    number = digits + _check_digit(digits)
    wrong = f"{number[:place]}{(int(number[place]) + by) % 10}{number[place + 1:]}"
    assert read_coupon(f"C{number}") == f"C{number}"
    assert read_coupon(f"C{wrong}") is None


def test_what_became_of_a_coupon_follows_from_what_was_done() -> None:
    def state(*deeds: CouponDeed, fed: bool = False, counted: bool = False) -> list[CouponState]:
        found = standing(map(note, deeds), (MINE,) if fed else (), frozenset((MINE.code,)) if counted else frozenset())
        return [each.state for each in found]

    assert state(GIVEN) == state(fed=True) == state(GIVEN, fed=True, counted=True) == [CouponState.OPEN]
    assert state(GIVEN, USED) == state(GIVEN, ENDED, USED) == state(USED, fed=True) == [CouponState.USED]
    assert state(GIVEN, ENDED) == [CouponState.ENDED]
    assert state(GIVEN, counted=True) == [CouponState.USED]  # the book had it, and has it no more: used elsewhere
    assert state(USED) == [CouponState.USED]  # given elsewhere, used here
    assert state(ENDED) == state() == []
    nobodys = standing([note(GIVEN, ANYBODYS.code, "")], (), frozenset((ANYBODYS.code,)))
    assert nobodys == (ANYBODYS,)  # no book tells of it


def test_only_what_is_open_and_not_over_can_be_used_by_whom_it_is_for() -> None:
    used, ended = replace(MINE, state=CouponState.USED), replace(MINE, state=CouponState.ENDED)
    assert usable([MINE], "m1", LAST) == MINE
    assert usable([ANYBODYS], "m1", NOON.date) == usable([ANYBODYS], "", NOON.date) == ANYBODYS
    assert usable([used, MINE], "m1", LAST) == MINE  # two with one number
    for found, member, day, code in (
            ([], "m1", LAST, ErrorCode.COUPON_UNKNOWN), ([MINE], "m2", LAST, ErrorCode.COUPON_OF_ANOTHER),
            ([MINE], "", LAST, ErrorCode.COUPON_OF_ANOTHER), ([used], "m1", "2026-12-23", ErrorCode.COUPON_USED),
            ([ended], "m1", LAST, ErrorCode.COUPON_ENDED), ([MINE], "m1", "2026-12-23", ErrorCode.COUPON_OVER)):
        with pytest.RaisesExc(StationError, check=lambda fault, code=code: fault.code is code):  # type: ignore[misc]
            usable(found, member, day)
    later = replace(MINE, code="a", last_day="2026-12-30")
    assert open_on([later, used, ended, MINE], LAST) == (MINE, later)
    assert open_on([MINE, later], "2026-12-23") == (later,)


@dataclass
class Office:
    """Head office, which knows ``given`` or cannot be asked."""

    given: tuple[GivenCoupon, ...] = ()
    fault: StationError | None = None
    asked: list[str] = field(default_factory=list)

    def called(self, number: str) -> tuple[GivenCoupon, ...]:
        self.asked.append(number)
        if self.fault:
            raise self.fault
        return self.given


class Till(Shop):
    """The counter under rules that give a coupon with each purchase, of 5 000 off; head office may be asked."""

    def __init__(self, rules: Pack = RULES, office: Office | None = None) -> None:
        super().__init__()
        self.packs.held = rules
        numbers = itertools.count()
        self.world = replace(self.counter._world, coupons=office, random=lambda count: next(numbers).to_bytes(count))
        self.counter = Counter(self.counter.place, self.world)
        self.counter.open_shift(CASHIER, 0)

    def know(self) -> None:
        """Let the book tell what the journal says, as that over the station's files does."""
        notes = [each for draft in self.journal.drafts if isinstance(draft.body, Sale | SaleReturn) for each in notes_of(draft.body)]
        self.members.given = list(standing(notes, (), frozenset()))

    def sell(self) -> Sale:
        self.counter.scan(product(1).barcode)
        priced = self.counter.priced()
        assert priced is not None
        sold = self.counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER).sale
        self.know()
        return sold


def test_a_sale_gives_a_coupon_that_the_next_one_uses_up() -> None:
    till = Till()
    till.counter.tap(GOLD_TAP)
    first = till.sell()
    [given] = notes_of(first)
    assert (given.deed, given.member_id, given.promotion, given.last_day) == (GIVEN, "m1", "five", LAST)
    till.counter.tap(GOLD_TAP)
    in_hand = till.counter.in_hand
    assert in_hand is not None
    assert [each.code for each in in_hand.coupons_left] == [given.code]
    used = till.counter.use_coupon(coupon_number(given.code))
    assert used == till.counter.use_coupon(coupon_number(given.code))  # once more changes nothing
    in_hand = till.counter.in_hand
    assert in_hand is not None
    assert (in_hand.coupons_left, in_hand.basket.coupons) == ((), (Coupon(given.code, "five", LAST),))
    second = till.sell()
    assert second.priced.applied == ("five", "gives")
    assert second.priced.total == 33_500
    assert {each.code: each.deed for each in notes_of(second)} == {given.code: USED, f"{second.sale_id}/gives": GIVEN}
    till.counter.tap(GOLD_TAP)
    with refused(ErrorCode.COUPON_USED):
        till.counter.use_coupon(coupon_number(given.code))


def test_a_coupon_that_was_shown_and_gave_nothing_stays_open() -> None:
    till = Till(club(GIVES, deal("five", AmountOff(5_000), coupon=CouponTerm((), issued=True), tiers=("silver",))))
    till.counter.tap(GOLD_TAP)
    [given] = till.sell().priced.coupons
    till.counter.tap(GOLD_TAP)
    till.counter.use_coupon(coupon_number(given.code))
    assert [each.deed for each in notes_of(till.sell())] == [GIVEN]
    till.counter.tap(GOLD_TAP)
    assert till.counter.use_coupon(coupon_number(given.code)).state is CouponState.OPEN


def test_a_coupon_given_to_nobody_in_particular_is_whoevers_brings_it() -> None:
    till = Till()
    [given] = till.sell().priced.coupons
    till.counter.use_coupon(coupon_number(given.code))
    till.counter.tap(GOLD_TAP)  # the coupon was there before the member, and stays
    sold = till.sell()
    assert "five" in sold.priced.applied
    assert (sold.basket.member is not None, notes_of(sold)[-1].deed) == (True, USED)


def test_a_members_coupon_goes_with_the_member() -> None:
    till = Till()
    till.counter.tap(GOLD_TAP)
    [given] = till.sell().priced.coupons
    with refused(ErrorCode.COUPON_OF_ANOTHER):
        till.counter.use_coupon(coupon_number(given.code))
    assert till.counter.basket is None
    till.counter.identify("m2")
    with refused(ErrorCode.COUPON_OF_ANOTHER):
        till.counter.use_coupon(coupon_number(given.code))
    till.counter.identify("m1")
    till.counter.use_coupon(coupon_number(given.code))
    till.counter.forget_member()
    in_hand = till.counter.in_hand
    assert in_hand is not None
    assert (in_hand.basket.coupons, in_hand.coupons) == ((), ())


def test_a_second_coupon_for_the_same_offer_is_kept_for_another_visit() -> None:
    till = Till()
    till.counter.tap(GOLD_TAP)
    codes = [till.sell().priced.coupons[0].code]
    till.counter.tap(GOLD_TAP)
    codes.append(till.sell().priced.coupons[0].code)
    till.counter.tap(GOLD_TAP)
    till.counter.use_coupon(coupon_number(codes[0]))
    before = till.counter.basket
    with refused(ErrorCode.COUPON_TWICE):
        till.counter.use_coupon(coupon_number(codes[1]))
    assert till.counter.basket == before


def test_a_coupon_used_by_another_basket_meanwhile_is_refused_when_paying() -> None:
    till = Till()
    [given] = till.sell().priced.coupons
    till.counter.use_coupon(coupon_number(given.code))
    held = till.journal.open_basket()
    assert held is not None
    till.sell()
    till.counter.take_up(held)
    till.counter.scan(product(1).barcode)
    priced = till.counter.priced()
    assert priced is not None
    assert "five" in priced.applied
    sales = len(till.journal.sales())
    with refused(ErrorCode.COUPON_USED):
        till.counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER)
    assert len(till.journal.sales()) == sales
    assert till.counter.basket is not None


def test_it_can_be_used_through_its_last_day() -> None:
    till = Till()
    [given] = till.sell().priced.coupons
    clock = till.world.clock
    clock.moment = moment("2026-12-23")  # type: ignore[attr-defined]
    with pytest.raises(StationError) as over:
        till.counter.use_coupon(coupon_number(given.code))
    assert (over.value.code, over.value.detail) == (ErrorCode.COUPON_OVER, {"day": LAST})
    clock.moment = moment(LAST)  # type: ignore[attr-defined]
    till.counter.use_coupon(coupon_number(given.code))
    assert "five" in till.sell().priced.applied


def test_a_coupon_of_a_sale_that_came_back_ends_unless_it_was_used() -> None:
    till = Till()
    till.counter.tap(GOLD_TAP)
    first = till.sell()
    returning = Returning(till.world)
    place = till.journal.last_sale()
    assert place is not None
    back = returning.book(returning.preview_void(), CASHIER).back
    assert notes_of(back) == (CouponNote(ENDED, f"{first.sale_id}/gives", "m1"),)
    till.know()
    till.counter.tap(GOLD_TAP)
    with refused(ErrorCode.COUPON_ENDED):
        till.counter.use_coupon(coupon_number(f"{first.sale_id}/gives"))
    assert till.journal.returns_of(Position(till.journal.incarnation, place)) == [back]


def test_a_code_of_a_return_or_a_sale_is_noted_once_however_often_it_is_named() -> None:
    till = Till()
    sold = till.sell()
    twice = replace(sold, basket=replace(sold.basket, coupons=(Coupon("x", "gives"), Coupon("x", "gives", LAST))))
    assert [each.code for each in notes_of(twice)] == [f"{sold.sale_id}/gives", "x"]


def test_head_office_is_asked_for_a_coupon_that_is_not_known_here() -> None:
    office = Office((ANYBODYS,))
    till = Till(office=office)
    number = coupon_number(ANYBODYS.code)
    till.counter.use_coupon(number)
    assert "five" in till.sell().priced.applied
    assert office.asked == [number]
    with refused(ErrorCode.COUPON_USED):  # known here from now on, whatever head office says
        till.counter.use_coupon(number)
    assert office.asked == [number]


@pytest.mark.parametrize(("office", "code"), [
    (None, ErrorCode.COUPON_ELSEWHERE), (Office(fault=StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)), ErrorCode.COUPON_ELSEWHERE),
    (Office(), ErrorCode.COUPON_UNKNOWN), (Office((replace(ANYBODYS, state=CouponState.USED),)), ErrorCode.COUPON_USED)])
def test_a_strange_coupon_is_refused_where_head_office_knows_none_or_cannot_be_asked(office: Office | None, code: ErrorCode) -> None:
    till = Till(office=office)
    with refused(code):
        till.counter.use_coupon(coupon_number(ANYBODYS.code))
    assert till.counter.basket is None


def test_a_tap_that_proves_more_keeps_the_coupons() -> None:
    till = Till()
    till.counter.tap(GOLD_TAP)
    [given] = till.sell().priced.coupons
    till.counter.tap(GOLD_TAP)
    till.counter.tap(Tap("sim:1", Medium.NFC_UID, GOLD_TAP.number))
    in_hand = till.counter.in_hand
    assert in_hand is not None
    assert [each.code for each in in_hand.coupons] == [given.code]
