"""Prices and discounts by hand at the counter, without Qt: previewed, approved, given, told and taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from station.approval import Operation, OperationKind
from station.clock import Moment
from station.hand import ByHand
from station.pack import HandLimit
from station.people import Actor, Role
from tests.fakes import CASHIER, NOON, pack, promotion
from tests.ui.till import GOLD_CARD, MILK, RICE, Till, tap
from ui.format import Format, Unit
from ui.presenters.checkout import Checkout
from ui.presenters.hand import REASONS, Hand, HandForm, HandView, How
from ui.text import Words
from ui.views import CheckoutView

NBSP = "\u00a0"
MINUS = "\u2212"
OMID = Actor("omid", Role.SENIOR)
LIMITS = (HandLimit(Role.CASHIER, "5"), HandLimit(Role.SENIOR, "20"), HandLimit(Role.MANAGER, "50"))
DAMAGED = REASONS[0]


@dataclass
class Second:
    """The second person: what was asked, and the rest to be done after the answer."""

    operation: Operation | None = None
    what: str = ""
    then: Callable[[Actor | None], None] = lambda _approver: None

    def ask(self, operation: Operation, what: str, then: Callable[[Actor | None], None]) -> None:
        self.operation, self.what, self.then = operation, what, then


class Station:
    """A counter with milk (line 1) and rice (line 2) in the basket; gold members get ten per cent."""

    def __init__(self, language: str = "en") -> None:
        self.till = Till(rules=replace(
            pack(promotions=(promotion("gold-10", "10", tiers=("gold",)),)), by_hand=LIMITS))
        self.views: list[CheckoutView] = []
        self.second = Second()
        words, style = Words(language), Format(language)
        self.checkout = Checkout(self.till.desk, words, style, self)
        self.hand = Hand(self.checkout, self.till.desk, self.second.ask)
        self.hand.speak(words, style)
        for good in (MILK, RICE):
            self.checkout.scanned(good.barcode)

    def render(self, view: CheckoutView) -> None:
        self.views.append(view)

    @property
    def news(self) -> str:
        banner = self.views[-1].banner
        return banner.text if banner else ""

    @property
    def given(self) -> Sequence[ByHand]:
        basket = self.till.counter.basket
        return basket.by_hand if basket else ()

    def percent(self, text: str, line: int | None = 1, reason: str = DAMAGED) -> HandForm:
        return HandForm(line, How.PERCENT, text, reason)


@pytest.fixture
def station() -> Station:
    return Station()


def test_the_selected_line_is_meant_or_the_last_or_none(station: Station) -> None:
    assert station.hand.selected() == 2
    station.checkout.select(1)
    assert station.hand.selected() == 1
    station.checkout.abandon()
    assert station.hand.selected() is None


def test_the_new_total_is_told_while_it_is_typed_all_in_one_unit(station: Station) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    view = station.hand.view(station.percent("۵"))
    assert (view.target, view.before, view.off, view.after, view.needs, view.problem, view.ready) == (
        "Milk", f"13,396,500{NBSP}rial", f"{MINUS}19,250{NBSP}rial", f"13,379,175{NBSP}rial", "", "", True)
    whole = station.hand.view(station.percent("2", None))
    assert (whole.target, whole.off) == ("The whole basket", f"{MINUS}29,770{NBSP}toman")


def test_amounts_and_prices_are_in_the_unit_on_the_screen(station: Station) -> None:
    assert station.hand.unit == "toman"
    view = station.hand.view(HandForm(2, How.AMOUNT, "10٬000", DAMAGED))
    assert view.off == f"{MINUS}10,000{NBSP}toman"
    view = station.hand.view(HandForm(2, How.PRICE, "1,400,000", DAMAGED))
    assert view.off == f"{MINUS}50,000{NBSP}toman"
    station.hand.speak(Words("en"), Format("en", Unit.RIAL))
    assert station.hand.view(HandForm(2, How.AMOUNT, "10000", DAMAGED)).off == f"{MINUS}10,000{NBSP}rial"


def nothing_yet(view: HandView) -> bool:
    return (view.off, view.after, view.needs, view.problem, view.ready) == ("", "", "", "", False)


def test_nothing_typed_is_no_fault(station: Station) -> None:
    assert nothing_yet(station.hand.view(HandForm(1)))
    station.checkout.abandon()
    assert nothing_yet(station.hand.view(HandForm(None)))


@pytest.mark.parametrize("form", [
    HandForm(1, How.PERCENT, "101"), HandForm(1, How.PERCENT, "-5"), HandForm(1, How.PERCENT, "ten"),
    HandForm(1, How.AMOUNT, "0"), HandForm(1, How.AMOUNT, "1.5"), HandForm(None, How.PRICE, "100")])
def test_what_is_no_amount_says_so(station: Station, form: HandForm) -> None:
    view = station.hand.view(form)
    assert (view.problem, view.ready, view.after) == ("This is not an amount that can be given.", False, "")


def test_what_nobody_may_give_says_so_and_is_not_given(station: Station) -> None:
    form = station.percent("51")
    assert station.hand.view(form).problem == "Nobody may give this by hand."
    station.hand.give(form)
    assert not station.given
    assert station.second.operation is None


def test_without_a_reason_nothing_is_given(station: Station) -> None:
    form = station.percent("5", reason="")
    assert not station.hand.view(form).ready
    station.hand.give(form)
    assert not station.given


def test_nothing_off_is_nothing_to_give(station: Station) -> None:
    form = HandForm(1, How.PRICE, "38500", DAMAGED)
    assert not station.hand.view(form).ready
    station.hand.give(form)
    assert not station.given


def test_within_the_own_limit_it_is_given_at_once_with_its_reason_on_the_line(station: Station) -> None:
    station.hand.give(station.percent("5"))
    assert station.given == (ByHand(CASHIER, "Damaged", 1, percent="5"),)
    assert station.news == "Given by hand: Damaged"
    assert station.views[-1].lines[0].name == f"Milk · Damaged: {MINUS}1,925"
    assert station.views[-1].lines[1].name == "Rice"
    assert [row.label for row in station.views[-1].totals.rows][1] == "By hand: Damaged"


def test_on_the_whole_basket_it_stands_in_the_sums_alone(station: Station) -> None:
    station.hand.give(station.percent("5", None))
    assert [line.name for line in station.views[-1].lines] == ["Milk", "Rice"]
    assert station.views[-1].totals.rows[1].label == "By hand: Damaged"


def test_in_place_of_promotions(station: Station) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.hand.give(replace(station.percent("5", None), instead=True))
    priced = station.till.counter.priced()
    assert priced
    assert priced.total == 14_140_750  # 14 885 000 less 5 %, and no 10 % besides


def test_beyond_the_own_limit_somebody_has_to_agree(station: Station) -> None:
    form = station.percent("10")
    assert station.hand.view(form).needs == "A senior cashier or a manager has to agree."
    assert station.hand.view(station.percent("21")).needs == "A manager has to agree."
    station.hand.give(form)
    operation = station.second.operation
    assert operation
    assert (operation.kind, operation.asked_by, operation.amount, operation.needs) == (
        OperationKind.HAND_DISCOUNT, CASHIER, 38_500, Role.SENIOR)
    assert station.second.what == f"Milk: 3,850{NBSP}toman off, Damaged"
    assert not station.given
    station.second.then(OMID)
    assert station.given == (ByHand(CASHIER, "Damaged", 1, percent="10", approver=OMID, most=38_500),)


def test_what_was_agreed_to_stays_and_says_so_while_there_is_more_to_take_it_off(station: Station) -> None:
    station.hand.give(station.percent("10"))
    station.second.then(OMID)
    note = f"Milk · Damaged: {MINUS}3,850"
    assert (station.news, station.views[-1].lines[0].name) == ("Given by hand: Damaged", note)
    station.checkout.scanned(RICE.barcode)  # not what it was given on
    assert (station.news, station.views[-1].lines[0].name) == ("", note)
    station.checkout.scanned(MILK.barcode)
    assert station.news == f"No more was approved: the discount by hand stays at 3,850{NBSP}toman."
    assert station.views[-1].lines[0].name == "Milk · at most 3,850: Damaged"
    assert [row.label for row in station.views[-1].totals.rows][1] == "By hand: Damaged"
    assert station.hand.view(HandForm(1)).given[0].text == f"Milk: 3,850{NBSP}toman off, Damaged"
    station.checkout.step(-1)
    assert (station.news, station.views[-1].lines[0].name) == ("", note)
    station.checkout.undo()
    assert station.news == f"No more was approved: the discount by hand stays at 3,850{NBSP}toman."
    station.checkout.select(2)
    station.checkout.remove()
    assert station.news == "Removed: Rice"


def test_what_was_agreed_to_on_the_whole_basket_says_so_in_the_sums(station: Station) -> None:
    station.hand.give(station.percent("10", None))
    station.second.then(OMID)
    assert station.views[-1].totals.rows[1].label == "By hand: Damaged"
    station.checkout.scanned(MILK.barcode)
    # 10 % of 385 000 and 14 500 000
    assert station.news == f"No more was approved: the discount by hand stays at 148,850{NBSP}toman."
    row = station.views[-1].totals.rows[1]
    assert (row.label, row.amount) == ("Only this approved: Damaged", f"{MINUS}148,850{NBSP}toman")


def test_it_says_so_in_persian() -> None:
    station = Station("fa")
    station.hand.give(station.percent("10"))
    station.second.then(OMID)
    station.checkout.scanned(MILK.barcode)
    assert station.news == f"بیش از این تأیید نشده است: تخفیف دستی همان ۳٬۸۵۰{NBSP}تومان می‌ماند."
    assert station.views[-1].lines[0].name == "شیر · فقط ۳٬۸۵۰ تأیید شده: آسیب‌دیده"


def test_what_was_agreed_to_is_not_given_on_another_basket(station: Station) -> None:
    station.hand.give(station.percent("10"))
    station.checkout.select(1)
    station.checkout.step(1)  # two of them: twice the amount
    station.second.then(OMID)
    assert not station.given
    assert "E316" in station.news
    station.checkout.abandon()
    station.second.then(OMID)
    assert not station.given


def test_another_amount_is_another_operation(station: Station) -> None:
    asked = []
    for text, line in (("10", 1), ("11", 1), ("10", 2), ("10", None)):
        station.hand.give(station.percent(text, line))
        assert station.second.operation
        asked.append(station.second.operation.digest)
    assert len(set(asked)) == 4


def test_what_was_given_is_listed_and_taken_back(station: Station) -> None:
    station.hand.give(station.percent("5"))
    station.hand.give(HandForm(None, How.AMOUNT, "10000", REASONS[4]))
    rows = station.hand.view(HandForm(1)).given
    assert [(row.number, row.text) for row in rows] == [
        (1, f"Milk: 1,925{NBSP}toman off, Damaged"),
        (2, f"The whole basket: 10,000{NBSP}toman off, Making up for a fault of ours")]
    station.hand.take_back(1)
    assert [each.amount for each in station.given] == [100_000]
    assert station.news == "What was given by hand is taken back."
    station.checkout.undo()
    assert len(station.given) == 2


def test_giving_is_undone_for_eight_seconds(station: Station) -> None:
    station.hand.give(station.percent("5"))
    station.checkout.undo()
    assert not station.given
    station.hand.give(station.percent("5"))
    station.till.clock.moment = Moment(NOON.utc_us + 8_000_001, NOON.offset, NOON.date)
    station.checkout.undo()
    assert len(station.given) == 1


def test_a_line_that_is_removed_takes_what_was_given_on_it_with_it(station: Station) -> None:
    station.hand.give(station.percent("5"))
    station.checkout.select(1)
    station.checkout.remove()
    assert not station.given
    station.checkout.undo()
    assert len(station.given) == 1


def test_the_reason_is_told_in_persian_and_kept_in_english() -> None:
    station = Station("fa")
    station.hand.give(station.percent("5"))
    assert station.given[0].reason == "Damaged"
    assert "آسیب" in station.news
