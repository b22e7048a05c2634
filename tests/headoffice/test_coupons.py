"""Coupons at head office: given at one station, used at another, told in feed and book, asked for, and flagged where used twice."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from data.members import MemberStore
from data.own_cards import LaidOver
from headoffice import demo
from headoffice.api import coupons as api
from headoffice.api.pace import Pace
from headoffice.audit.models import Difference
from headoffice.coupons import notes
from headoffice.coupons.models import Note
from headoffice.feeds import snapshot
from headoffice.projector.rebuild import rebuild
from headoffice.register.packs import publish
from headoffice.stations.models import Station
from station.basket import Coupon
from station.counter import Counter
from station.coupons import CouponState, GivenCoupon, coupon_number
from station.errors import ErrorCode
from station.journal import EntryKind
from station.promotion import CouponTerm
from station.returning import Returning
from station.rewards import AmountOff, NextCoupon
from station.sale import ReturnCause, ReturnedLine, Sale, SaleReturn
from station.tender import Tender, TenderKind
from sync.coupons import OnlineCoupons
from sync.wire import ProblemCode
from sync.wire_coupons import COUPONS_PATH, CouponAsked, CouponsCalled
from tests.fakes import CASHIER, NOON, deal
from tests.headoffice import test_at_the_counter
from tests.headoffice.shop import Till, member
from tests.headoffice.shop import sale as honest
from tests.headoffice.test_at_the_counter import VISITS, WHO
from tests.station.test_counter import refused

RULES = replace(VISITS, promotions=(
    deal("gives", NextCoupon("five", 30)), deal("five", AmountOff(5_000), coupon=CouponTerm((), issued=True))))
LAST = "2026-12-22"  # 30 days after 22 November
OTHER = member(1).member_id
OPEN, USED, ENDED = CouponState


@dataclass
class Line:
    """The question about a coupon, over the test client."""

    till: Till

    def coupons_called(self, asked: CouponAsked) -> CouponsCalled:
        return self.till.ask("GET", COUPONS_PATH, query={"number": asked.number}).read(CouponsCalled)

    def close(self) -> None:
        """Nothing is open."""


class Shop(test_at_the_counter.Shop):
    """A counter on the station's real files, as the program wires it."""

    def __init__(self, folder: Path, till: Till, station: str) -> None:
        super().__init__(folder, till, station)
        self.packs.held = RULES
        first = int(station[-1]) << 64  # no two stations draw the same
        numbers = iter(range(first, first + 1000))
        self.book = LaidOver(self.members, self.journal)
        self.world = replace(self.world, members=self.book, coupons=OnlineCoupons(Line(till), float),
                             random=lambda count: next(numbers).to_bytes(count))
        self.counter = Counter(self.counter.place, self.world)
        self.returning = Returning(self.world)

    def exchange(self) -> None:
        """Send all there is, and take what came down."""
        self.upload(self.journal.head().seq)
        self.pull()

    def buy(self, *coupons: GivenCoupon, who: str = WHO) -> Sale:
        """Sell a milk, to a member unless that is "", who shows ``coupons``."""
        if who:
            self.counter.identify(who)
        self.counter.scan(demo.barcode(1))
        for each in coupons:
            self.counter.use_coupon(coupon_number(each.code))
        priced = self.counter.priced()
        assert priced is not None
        return self.counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER).sale

    def open(self, who: str = WHO) -> list[str]:
        """The codes of what the member may use here."""
        return [each.code for each in self.book.coupons(who, NOON.date) if each.state is OPEN]


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The coupons' clock stands at the moment of the sales; each test begins with a full purse and leaves no book behind."""
    monkeypatch.setattr(notes, "now_us", lambda: NOON.utc_us)
    monkeypatch.setattr(api, "NUMBERS", Pace(30, 0.5))
    yield
    shutil.rmtree(settings.HOME / snapshot.FOLDER, ignore_errors=True)


@pytest.fixture
def shops(office: Path, tmp_path: Path) -> Iterator[tuple[Shop, Shop]]:
    """Two stations of one shop, with the member book."""
    assert office.exists()
    publish(RULES, 0)
    made = []
    for station in ("12-1", "12-2"):
        till = Till()
        till.journal.station = station
        Station.objects.create(id=station, shop="12", public_key=till.public, paired_us=0)
        made.append(Shop(tmp_path / station, till, station))
        made[-1].pull()
    yield made[0], made[1]
    for each in made:
        each.journal.close()
        each.members.close()


def given_by(sale: Sale, who: str = WHO) -> GivenCoupon:
    [issued] = sale.priced.coupons
    return GivenCoupon(issued.code, issued.promotion, issued.last_day, who)


def differences() -> list[tuple[str, int, str, str]]:
    return list(Difference.objects.order_by("station", "seq").values_list("station", "seq", "breach", "detail"))


def test_a_coupon_given_at_one_station_is_used_at_another_and_gone_at_the_first(shops: tuple[Shop, Shop]) -> None:
    here, there = shops
    coupon = given_by(here.buy())
    assert coupon == GivenCoupon(coupon.code, "five", LAST, WHO)
    here.exchange()
    assert (here.open(), there.open()) == ([coupon.code], [])
    there.pull()
    assert there.open() == [coupon.code]
    there.counter.identify(WHO)
    in_hand = there.counter.in_hand
    assert in_hand is not None
    assert in_hand.coupons_left == (coupon,)
    used = there.buy(coupon)
    assert "five" in used.priced.applied
    there.exchange()
    here.pull()
    second = given_by(used)
    assert here.open() == there.open() == [second.code]
    with refused(ErrorCode.COUPON_USED):
        here.buy(coupon)
    assert differences() == []
    assert rebuild().differing == ()


def test_used_at_two_stations_within_the_feeds_delay_both_sales_stand_and_the_later_is_flagged(shops: tuple[Shop, Shop]) -> None:
    here, there = shops
    coupon = given_by(here.buy())
    here.exchange()
    there.pull()
    here.buy(coupon)
    there.buy(coupon)
    here.exchange()
    there.exchange()
    seq, at = here.journal.head().seq, here.journal.head().incarnation
    assert differences() == [("12-2", there.journal.head().seq, "COUPON", f"entry {seq} of 12-1/{at} used it")]
    assert rebuild().differing == ()


def test_a_sale_that_was_voided_gives_the_coupon_back_at_every_station(shops: tuple[Shop, Shop]) -> None:
    here, there = shops
    coupon = given_by(here.buy())
    here.buy(coupon)
    here.exchange()
    there.pull()
    assert coupon.code not in there.open()
    here.returning.book(here.returning.preview_void(), CASHIER)
    assert here.open() == [coupon.code]
    here.exchange()
    there.pull()
    assert here.open() == there.open() == [coupon.code]
    there.buy(coupon)
    there.exchange()
    assert differences() == []
    assert rebuild().differing == ()


def test_a_coupon_of_goods_that_came_back_ends_everywhere_and_a_late_use_is_flagged(shops: tuple[Shop, Shop]) -> None:
    here, there = shops
    coupon = given_by(here.buy())
    here.exchange()
    there.pull()
    place = here.journal.last_sale()
    assert place is not None
    here.returning.take_back(place, (ReturnedLine(1, 1000),), CASHIER)
    assert here.open() == []
    there.clock.forward(1)
    there.buy(coupon)  # offline: it was not told yet
    here.exchange()
    there.exchange()
    [(station, _, breach, detail)] = differences()
    assert (station, breach) == ("12-2", "COUPON")
    assert detail == f"entry {here.journal.head().seq} of 12-1/{here.journal.head().incarnation} took its sale back"
    assert coupon.code not in there.open()


def test_goods_that_come_back_after_their_coupon_was_used_flag_nothing(shops: tuple[Shop, Shop]) -> None:
    here, there = shops
    coupon = given_by(here.buy())
    place = here.journal.last_sale()
    assert place is not None
    here.exchange()
    there.pull()
    there.buy(coupon)
    there.exchange()
    here.clock.forward(1)
    here.returning.take_back(place, (ReturnedLine(1, 1000),), CASHIER)
    here.exchange()
    assert differences() == []


def test_one_given_to_nobody_is_asked_for_at_another_station_and_used_once(shops: tuple[Shop, Shop]) -> None:
    here, there = shops
    coupon = given_by(here.buy(who=""), "")
    with refused(ErrorCode.COUPON_UNKNOWN):  # head office was not told of it yet
        there.buy(coupon, who="")
    there.counter.abandon()
    here.exchange()
    assert "five" in there.buy(coupon, who="").priced.applied
    with refused(ErrorCode.COUPON_USED):  # known at once, before head office knows
        there.buy(coupon, who="")
    there.exchange()
    assert notes.called(coupon_number(coupon.code)) == (replace(coupon, state=USED),)
    assert differences() == []


def test_head_office_tells_what_became_of_a_coupon(shops: tuple[Shop, Shop]) -> None:
    here, _ = shops
    first = given_by(here.buy())
    here.buy(first)
    here.exchange()
    answer = Line(here.till).coupons_called(CouponAsked(number=coupon_number(first.code)))
    [told] = answer.coupons
    assert (told.code, told.promotion, told.last_day, told.member_id, told.state) == (first.code, "five", LAST, WHO, USED)
    here.returning.book(here.returning.preview_void(), CASHIER)
    here.exchange()
    assert [each.state for each in notes.called(coupon_number(first.code))] == [OPEN]
    assert Line(here.till).coupons_called(CouponAsked(number="C000000000000")).coupons == ()


def test_numbers_are_asked_for_at_a_pace_and_only_in_their_form(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "NUMBERS", Pace(2, 0.0001))
    assert till.ask("GET", COUPONS_PATH, query={"number": "YALDA"}).problem() == (400, ProblemCode.INVALID)
    assert till.ask("GET", COUPONS_PATH, query={"number": "C000000000000"}).status == 200
    assert till.ask("GET", COUPONS_PATH, query={"number": "C000000000000"}).problem() == (429, ProblemCode.BUSY)


def test_open_coupons_come_in_the_book_and_those_that_are_over_do_not(
        shops: tuple[Shop, Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    here, _ = shops
    coupon = given_by(here.buy())
    here.buy(who="")
    here.exchange()

    def in_book() -> tuple[list[GivenCoupon], list[GivenCoupon]]:
        book = snapshot.make(snapshot.Extent(), NOON.utc_us)
        path = settings.HOME / snapshot.FOLDER / f"{book.digest}.db"
        with closing(MemberStore(path, book.key, settings.KEYS.card)) as kept:
            return list(kept.coupons(WHO, "")), list(kept.coupons_called(coupon_number(coupon.code)))

    assert in_book() == ([coupon], [coupon])
    day_us = 86_400_000_000
    for days, there in ((31, True), (32, False)):  # until the last day is over everywhere on earth
        monkeypatch.setattr(notes, "now_us", lambda days=days: NOON.utc_us + days * day_us)
        assert [len(each) for each in in_book()] == [int(there)] * 2
        assert bool(notes.open_of([WHO])) is there


def test_a_rebuild_makes_the_notes_again_and_puts_whom_they_are_about_on_top_of_the_feed(shops: tuple[Shop, Shop]) -> None:
    here, _ = shops
    here.buy()
    here.buy(who="")
    here.exchange()
    before = list(Note.objects.order_by("code").values_list())
    assert not here.till.members(here.members.cursor()).changes
    assert rebuild().differing == ()
    assert list(Note.objects.order_by("code").values_list()) == before
    assert [each.member_id for each in here.till.members(here.members.cursor()).changes] == [WHO]


def forged(*shown: Coupon, who: int = 0) -> Sale:
    """A sale that says that it used coupons, as a station that was tampered with could."""
    made = honest(member(who))
    return replace(made, basket=replace(made.basket, coupons=shown), priced=replace(made.priced, applied=("five", "ten")))


@pytest.mark.parametrize(("shown", "who", "words"), [
    (lambda _: Coupon("made/up", "five", LAST), 0, "no sale gave this coupon"),
    (lambda code: Coupon(code, "five", "2027-12-22"), 0, f"given for five through {LAST}"),
    (lambda code: Coupon(code, "ten", LAST), 0, f"given for five through {LAST}"),
    (lambda code: Coupon(code, "five", LAST), 1, "given to another member"),
    (lambda code: Coupon(code, "five", LAST), 0, "")])
def test_what_a_basket_says_of_a_coupon_is_compared(
        shops: tuple[Shop, Shop], shown: Callable[[str], Coupon], who: int, words: str) -> None:
    here, there = shops
    code = here.buy().priced.coupons[0].code
    here.exchange()
    there.exchange()
    seq = there.till.journal.append(forged(shown(code), who=who))
    assert there.till.put(seq, seq).status == 200
    found = [detail for _, _, breach, detail in differences() if breach == "COUPON"]
    assert found == ([words] if words else [])


def test_several_wrong_coupons_of_a_sale_are_one_difference(shops: tuple[Shop, Shop]) -> None:
    here, _ = shops
    here.exchange()
    seq = here.till.journal.append(forged(Coupon("a", "five"), Coupon("b", "ten")))
    assert here.till.put(seq, seq).status == 200
    [detail] = [detail for _, _, breach, detail in differences() if breach == "COUPON"]
    assert detail == "no sale gave this coupon; no sale gave this coupon"


@pytest.mark.parametrize("at_once", [True, False])
def test_within_one_journal_only_a_void_before_gives_a_coupon_back(shops: tuple[Shop, Shop], *, at_once: bool) -> None:
    """Used, used again, and only then the first is voided: the second was wrong, in one batch or in three."""
    here, _ = shops
    code = here.buy().priced.coupons[0].code
    here.exchange()
    first, again = forged(Coupon(code, "five", LAST)), forged(Coupon(code, "five", LAST))
    journal = here.till.journal
    start = len(journal.raws) + 1
    journal.append(first)
    journal.append(again)
    back = SaleReturn(
        str(uuid4()), first.sale_id, journal.incarnation, start, NOON.date, 1, WHO, (ReturnedLine(1, 2000),), 0, (), (), (), (),
        ReturnCause.VOID)
    journal.append(back, kind=EntryKind.RETURN, actor=CASHIER)
    journal.append(forged(Coupon(code, "five", LAST)))
    batches: list[tuple[Any, Any]] = [(start, start + 3)] if at_once else [(seq, seq) for seq in range(start, start + 4)]
    for first_seq, last_seq in batches:
        assert here.till.put(first_seq, last_seq).status == 200
    used = {seq: detail for _, seq, breach, detail in differences() if breach == "COUPON"}
    assert used == {
        start + 1: f"entry {start} of 12-1/{journal.incarnation} used it",
        start + 3: f"entry {start + 1} of 12-1/{journal.incarnation} used it"}
