"""Holding and recalling from the counter, without Qt: what is listed, said and taken back."""

from dataclasses import replace

import pytest

from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.parked import Parking
from tests.fakes import NOON, MemoryParked, moment
from tests.ui.till import GOLD_CARD, MILK, RICE, Till, tap
from ui.format import Format
from ui.presenters.checkout import Checkout
from ui.presenters.holding import Holding, HoldingView, ParkedRow
from ui.text import Words
from ui.views import CheckoutView

NBSP = "\u00a0"


class Station:
    """A counter with its list of held baskets."""

    def __init__(self, language: str = "en", till: Till | None = None) -> None:
        self.till = till or Till()
        self.views: list[CheckoutView] = []
        words, style = Words(language), Format(language)
        self.checkout = Checkout(self.till.desk, words, style, self)
        self.baskets = MemoryParked(self.till.journal)
        self.holding = Holding(
            self.checkout, self.till.desk, Parking(self.till.counter, self.baskets, self.till.clock))
        self.holding.speak(words, style)

    def render(self, view: CheckoutView) -> None:
        self.views.append(view)

    @property
    def news(self) -> str:
        banner = self.views[-1].banner
        return banner.text if banner else ""

    def rows(self) -> tuple[ParkedRow, ...]:
        view = self.holding.view()
        return view.rows if view else ()

    def hold(self, *barcodes: str) -> None:
        for barcode in barcodes:
            self.checkout.scanned(barcode)
        self.holding.hold()


@pytest.fixture
def station() -> Station:
    return Station()


def test_a_held_basket_leaves_the_screen_and_is_listed(station: Station) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.hold(MILK.barcode, RICE.barcode)
    assert station.views[-1].lines == ()
    assert station.views[-1].member is None
    assert station.news == f"The basket is held: 1,339,650{NBSP}toman."  # 1 488 500 less 10 %
    (row,) = station.rows()
    assert (row.time, row.who, row.items, row.total) == (
        "14:05", station.till.members.people["m1"].name, "Items: 2", f"1,339,650{NBSP}toman")


def test_a_basket_of_nobody_says_so(station: Station) -> None:
    station.hold(MILK.barcode)
    assert station.rows()[0].who == "Without a member"


def test_a_member_whom_the_book_lost_is_listed_as_nobody(station: Station) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.hold(MILK.barcode)
    del station.till.members.people["m1"]
    assert station.rows()[0].who == "Without a member"


def test_a_member_without_a_name_is_listed_so(station: Station) -> None:
    station.till.members.people["m1"] = replace(station.till.members.people["m1"], name="")
    station.checkout.tapped(tap(GOLD_CARD))
    station.hold(MILK.barcode)
    assert station.rows()[0].who == "Member without a name"


def test_one_of_another_day_is_listed_with_its_day(station: Station) -> None:
    station.hold(MILK.barcode)
    station.till.clock.moment = moment("2026-11-23", 8)
    assert station.rows()[0].time == "Sun 22 Nov 2026, 14:05"


def test_a_recalled_basket_is_on_the_screen(station: Station) -> None:
    station.hold(MILK.barcode)
    station.holding.recall(station.rows()[0].parked_id)
    assert [line.name for line in station.views[-1].lines] == ["Milk"]
    assert station.news == "The held basket is open again."
    assert station.holding.view() is None


def test_on_another_day_it_says_that_the_rules_are_others(station: Station) -> None:
    station.hold(MILK.barcode)
    station.till.clock.moment = moment("2026-11-23", 8)
    station.holding.recall(station.rows()[0].parked_id)
    assert station.news == "The held basket is open again, on today's rules. What was given by hand is gone."


def test_whoever_is_at_the_till_does_not_recall_the_own_membership(station: Station) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.hold(MILK.barcode)
    station.till.at_till.person = replace(station.till.at_till.person, member_id="m1")
    station.holding.recall(station.rows()[0].parked_id)
    assert "E227" in station.news
    assert station.views[-1].member is None
    assert [line.name for line in station.views[-1].lines] == ["Milk"]


def test_goods_in_the_open_basket_are_told_before_anything_is_chosen(station: Station) -> None:
    station.hold(MILK.barcode)
    station.checkout.scanned(RICE.barcode)
    view = station.holding.view()
    assert view
    assert view.problem == "Another basket is open. Hold it, or empty it, then recall this one. (E351)"
    station.holding.recall(view.rows[0].parked_id)
    assert station.news == view.problem
    assert [line.name for line in station.views[-1].lines] == ["Rice"]


def test_an_empty_basket_is_not_held(station: Station) -> None:
    station.holding.hold()
    assert station.news == "The basket is empty. (E302)"
    assert station.holding.view() is None


def test_holding_is_undone_for_eight_seconds(station: Station) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.hold(MILK.barcode)
    banner = station.views[-1].banner
    assert banner
    assert banner.undo
    station.checkout.undo()
    assert [line.name for line in station.views[-1].lines] == ["Milk"]
    assert station.views[-1].member is not None
    station.holding.hold()
    station.till.clock.moment = Moment(NOON.utc_us + 8_000_001, NOON.offset, NOON.date)
    station.checkout.undo()
    assert station.views[-1].lines == ()
    assert len(station.rows()) == 1


def test_what_was_taken_for_a_held_basket_goes_back_to_the_customer(station: Station) -> None:
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_cash("10000")
    station.checkout.cancel_pay()
    station.holding.hold()
    assert station.news == "The basket is held: 38,500\u00a0toman. 10,000\u00a0toman that was taken goes back to the customer."
    station.checkout.undo()
    station.checkout.begin_pay()
    shown = station.views[-1].pay
    assert shown
    assert [each.amount for each in shown.taken] == ["10,000\u00a0toman"]


def test_that_none_waits_is_said(station: Station) -> None:
    station.holding.nothing()
    assert station.news == "No basket is waiting."


def test_a_disk_that_cannot_be_written_leaves_the_basket_open(station: Station) -> None:
    station.checkout.scanned(MILK.barcode)
    station.till.journal.refuse = StationError(ErrorCode.DISK_FULL)
    station.holding.hold()
    assert "E401" in station.news
    assert [line.name for line in station.views[-1].lines] == ["Milk"]


def test_it_speaks_persian() -> None:
    station = Station("fa")
    station.hold(MILK.barcode)
    assert station.rows()[0].items == "۱ قلم کالا"
    assert isinstance(station.holding.view(), HoldingView)
