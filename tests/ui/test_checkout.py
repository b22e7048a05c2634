"""The checkout presenter: what the cashier does and what is then shown, without Qt."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from station.card import Medium
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.in_hand import NO_CARD
from station.member import Member
from station.tender import TenderKind
from tests.fakes import NOON, MemoryMembers, member, pack, product
from tests.ui.till import BLOCKED_CARD, BREAD, GOLD_CARD, MILK, RICE, STRANGE_CARD, Till, tap
from ui.format import Format, Unit
from ui.presenters import payment
from ui.presenters.basket_view import describe_member
from ui.presenters.checkout import Checkout
from ui.text import Words
from ui.views import CheckoutView, Tone


class Screen:
    def __init__(self) -> None:
        self.views: list[CheckoutView] = []

    def render(self, view: CheckoutView) -> None:
        self.views.append(view)

    @property
    def view(self) -> CheckoutView:
        return self.views[-1]

    @property
    def news(self) -> str:
        return self.view.banner.text if self.view.banner else ""


class LockedMembers(MemoryMembers):
    def search(self, text: str) -> Sequence[Member]:
        raise StationError(ErrorCode.DATABASE_LOCKED, letters=len(text))


class Station:
    def __init__(self, till: Till, language: str = "en") -> None:
        self.till = till
        self.screen = Screen()
        self.checkout = Checkout(till.desk, Words(language), Format(language), self.screen)

    @property
    def view(self) -> CheckoutView:
        return self.screen.view

    def quantities(self) -> list[str]:
        return [line.quantity for line in self.view.lines]


@pytest.fixture
def station() -> Station:
    return Station(Till())


def seconds_later(till: Till, seconds: int) -> None:
    till.clock.moment = Moment(NOON.utc_us + seconds * 1_000_000, NOON.offset, NOON.date)


def test_a_tapped_member_and_goods_are_shown_with_their_sums(station: Station) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.checkout.scanned(MILK.barcode)
    station.checkout.scanned(f"2*{RICE.barcode}")
    view = station.view
    assert view.member is not None
    assert (view.member.name, view.member.phone) == (member(1).name, "0912\u00a0000\u00a00001")
    assert (view.member.tier.text, view.member.points) == ("Gold member", "500\u00a0points")
    assert view.member.gains == "Good 10%"
    assert [(line.name, line.quantity, line.price, line.amount) for line in view.lines] == [
        ("Milk", "1", "38,500", "38,500"), ("Rice", "2", "1,450,000", "2,900,000")]
    assert [(row.label, row.amount) for row in view.totals.rows] == [
        ("Subtotal", "2,938,500\u00a0toman"), ("Good", "\u2212293,850\u00a0toman"),
        ("Tax contained", "2,861\u00a0toman")]
    assert view.totals.total == "2,644,650\u00a0toman"
    assert view.totals.earns == "Earns 2,644\u00a0points"
    assert view.selected == view.lines[1].line


def test_a_single_rial_puts_the_whole_basket_in_rials() -> None:
    odd = product(4, 1_001)
    station = Station(Till(goods=(MILK, odd)))
    station.checkout.scanned(MILK.barcode)
    station.checkout.scanned(odd.barcode)
    assert [line.amount for line in station.view.lines] == ["385,000", "1,001"]
    assert station.view.unit == "rial"
    assert station.view.totals.total == "386,001\u00a0rial"


def test_tax_that_the_shelf_left_out_is_named_on_its_line(station: Station) -> None:
    station.checkout.scanned(BREAD.barcode)
    assert station.view.lines[0].name == "Bread, plus 10% tax"
    assert station.view.lines[0].amount == "16,500"


@pytest.mark.parametrize(("typed", "quantity"), [
    ("3*{}", "3"), ("۳*{}", "3"), ("٣ * {}", "3")])
def test_digits_and_a_star_are_the_quantity(station: Station, typed: str, quantity: str) -> None:
    station.checkout.scanned(typed.format(MILK.barcode))
    assert station.quantities() == [quantity]


def test_a_weight_may_be_typed_for_what_is_weighed() -> None:
    nuts = product(5, 890_000, weighed=True)
    station = Station(Till(goods=(nuts,)))
    station.checkout.scanned(f"0.25×{nuts.barcode}")
    assert station.quantities() == ["0.250"]


def test_a_quantity_typed_alone_waits_for_one_scan(station: Station) -> None:
    station.checkout.scanned("12*")
    assert station.view.times == "12 ×"
    station.checkout.scanned(MILK.barcode)
    station.checkout.scanned(RICE.barcode)
    assert station.view.times == ""
    assert station.quantities() == ["12", "1"]


def test_a_quantity_of_nothing_is_refused(station: Station) -> None:
    station.checkout.scanned(f"0*{MILK.barcode}")
    assert station.screen.news == "The quantity must be above 0 and at most 9999. (E305)"
    assert station.view.lines == ()


def test_an_unknown_code_leaves_the_basket_as_it_was(station: Station) -> None:
    station.checkout.scanned(MILK.barcode)
    before = station.view
    station.checkout.scanned("6269999999999")
    assert station.view.banner is not None
    assert station.view.banner.tone is Tone.ERROR
    assert "E301" in station.screen.news
    assert replace(station.view, banner=None) == replace(before, banner=None)


def test_a_card_number_in_the_scan_field_is_a_card(station: Station) -> None:
    station.checkout.scanned(GOLD_CARD)
    assert station.view.member is not None
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_cash("")
    assert station.till.journal.sales()[0].medium is Medium.BARCODE


@pytest.mark.parametrize(("number", "news"), [
    (STRANGE_CARD, "This card is not a card of the club. (E201)"),
    (BLOCKED_CARD, "This card is blocked. (E202)")])
def test_a_refused_card_says_why_and_keeps_the_member(station: Station, number: str, news: str) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.checkout.tapped(tap(number))
    assert station.screen.news == news
    assert station.view.member is not None


def test_plus_and_minus_change_the_selected_line_and_the_last_piece_removes_it(station: Station) -> None:
    station.checkout.scanned(MILK.barcode)
    station.checkout.scanned(RICE.barcode)
    station.checkout.select(station.view.lines[0].line)
    station.checkout.step(1)
    assert station.quantities() == ["2", "1"]
    station.checkout.step(-1)
    station.checkout.step(-1)
    assert [line.name for line in station.view.lines] == ["Rice"]
    assert station.view.selected == station.view.lines[0].line
    assert station.screen.news == "Removed: Milk"


def test_a_removed_line_comes_back_for_eight_seconds(station: Station) -> None:
    station.checkout.scanned(f"3*{MILK.barcode}")
    station.checkout.remove()
    assert station.view.banner is not None
    assert station.view.banner.undo
    seconds_later(station.till, 8)
    station.checkout.tick()
    station.checkout.undo()
    assert station.quantities() == ["3"]
    assert station.view.banner is None


def test_after_eight_seconds_the_undo_is_gone(station: Station) -> None:
    station.checkout.scanned(MILK.barcode)
    station.checkout.remove()
    seconds_later(station.till, 9)
    station.checkout.tick()
    assert station.view.banner is None
    station.checkout.undo()
    assert station.view.lines == ()


def test_undo_takes_back_a_scan_and_a_quantity(station: Station) -> None:
    station.checkout.scanned(MILK.barcode)
    station.checkout.scanned(MILK.barcode)
    station.checkout.undo()
    assert station.quantities() == ["1"]
    station.checkout.step(1)
    station.checkout.undo()
    assert station.quantities() == ["1"]
    station.checkout.scanned(RICE.barcode)
    station.checkout.undo()
    assert [line.name for line in station.view.lines] == ["Milk"]
    station.checkout.undo()
    assert len(station.view.lines) == 1


@pytest.mark.parametrize("typed", ["09120000002", "۰۹۱۲ ۰۰۰ ۰۰۰۲", "+989120000002", "0098 912 000 0002"])
def test_a_member_is_found_by_phone_in_any_digits(station: Station, typed: str) -> None:
    found = station.checkout.find(typed)
    assert [each.member_id for each in found] == ["m2"]
    station.checkout.identify("m2")
    assert station.view.member is not None
    assert station.view.member.tier.tone is Tone.NEUTRAL
    station.checkout.forget_member()
    assert station.view.member is None


@pytest.mark.parametrize("typed", ["0002", "مهرداد ۰۰۰۲", "كاظمي نژاد 0002"])
def test_a_member_is_found_by_the_last_digits_and_by_name(station: Station, typed: str) -> None:
    assert [each.member_id for each in station.checkout.find(typed)] == ["m2"]
    assert len(station.checkout.find("مهرداد")) > 1


def test_cash_with_change_settles_once_and_says_the_change(station: Station) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    pay = station.view.pay
    assert pay is not None
    assert pay.total == "34,650\u00a0toman"
    assert [(each.label, each.amount) for each in pay.cash] == [
        ("Exact cash", 346_500), ("40,000", 400_000), ("50,000", 500_000), ("100,000", 1_000_000)]
    assert station.checkout.paying.preview("۴۰٬۰۰۰") == "Change 5,350\u00a0toman"
    assert station.checkout.paying.preview("30000") == "4,650\u00a0toman remains to be paid"
    station.checkout.pay_cash("۴۰٬۰۰۰")
    station.checkout.pay_cash("۴۰٬۰۰۰")
    view = station.view
    assert view.banner is not None
    assert (view.banner.tone, view.banner.big) == (Tone.OK, "Change 5,350\u00a0toman")
    assert view.banner.text == "Done: 34,650\u00a0toman · receipt \u200eS1-000002-A3F9\u200e"
    assert (view.lines, view.member, view.pay) == ((), None, None)
    assert len(station.till.journal.sales()) == len(station.till.closed) == 1
    closed = station.till.closed[0]
    assert closed.member == member(1)
    assert (closed.settled.receipt, closed.settled.points_after) == ("S1-000002-A3F9", 534)


def test_cash_and_bank_terminal_share_a_sale(station: Station) -> None:
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_cash("10000")
    assert station.till.journal.sales() == []
    station.checkout.pay_bank("", "۱۲۳۴۵۶")
    tenders = station.till.journal.sales()[0].tenders
    assert [(each.kind, each.amount, each.trace) for each in tenders] == [
        (TenderKind.CASH, 100_000, ""), (TenderKind.DEBIT, 285_000, "123456")]


@pytest.mark.parametrize(("typed", "code"), [
    ("6260000000001", ErrorCode.TENDER_INVALID),
    ("626000000000", ErrorCode.TENDER_INVALID), ("ده", ErrorCode.TENDER_INVALID)])
def test_a_payment_that_cannot_be_keeps_the_basket(station: Station, typed: str, code: ErrorCode) -> None:
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_cash(typed)
    assert station.view.pay is not None
    assert f"E{code.value}" in station.view.pay.problem
    assert station.till.journal.sales() == []
    station.checkout.cancel_pay()
    assert station.view.pay is None
    assert station.quantities() == ["1"]


def test_a_full_disk_keeps_the_basket_open(station: Station) -> None:
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.till.journal.refuse = StationError(ErrorCode.DISK_FULL)
    station.checkout.pay_cash("")
    assert station.view.pay is not None
    assert station.view.pay.problem == "The disk is full. Nothing was recorded. (E401)"
    assert station.till.closed == []
    station.till.journal.refuse = None
    station.checkout.pay_cash("")
    assert len(station.till.closed) == 1


def test_an_absent_printer_does_not_undo_the_sale() -> None:
    station = Station(Till(printer_fault=StationError(ErrorCode.PRINTER_UNAVAILABLE)))
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_cash("40000")
    banner = station.view.banner
    assert banner is not None
    assert (banner.tone, banner.big, banner.again) == (Tone.WARN, "Change 1,500\u00a0toman", True)
    assert banner.fault == Words("en").error(StationError(ErrorCode.PRINTER_UNAVAILABLE))
    assert len(station.till.journal.sales()) == 1
    assert station.view.lines == ()


def test_nothing_is_paid_without_goods_or_without_opening_the_payment(station: Station) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.checkout.begin_pay()
    assert station.view.pay is None
    station.checkout.scanned(MILK.barcode)
    station.checkout.pay_cash("")
    assert station.till.journal.sales() == []


def test_the_language_changes_under_an_open_basket(station: Station) -> None:
    station.checkout.tapped(tap(GOLD_CARD))
    station.checkout.scanned(f"2*{MILK.barcode}")
    station.checkout.begin_pay()
    station.checkout.speak(Words("fa"), Format("fa"))
    view = station.view
    assert [(line.name, line.quantity, line.amount) for line in view.lines] == [("شیر", "۲", "۷۷٬۰۰۰")]
    assert view.member is not None
    assert view.member.tier.text == "عضو طلایی"
    assert view.pay is not None
    station.checkout.pay_cash("۷۰۰۰۰")
    station.checkout.speak(Words("en"), Format("en"))
    assert station.screen.news.startswith("Done: 69,300")


def test_dismissing_and_abandoning(station: Station) -> None:
    station.checkout.scanned("nothing")
    station.checkout.dismiss()
    assert station.view.banner is None
    station.checkout.scanned(MILK.barcode)
    station.checkout.abandon()
    assert station.view.lines == ()
    assert not station.view.can_pay


def test_a_database_that_fails_during_the_search_is_told(station: Station) -> None:
    station.checkout = Checkout(
        replace(station.till.desk, members=LockedMembers()), Words("en"), Format("en"), station.screen)
    assert station.checkout.find("0912") == ()
    assert "E403" in station.screen.news


@pytest.mark.parametrize(("total", "expected"), [
    (346_500, (400_000, 500_000, 1_000_000)), (500_000, (1_000_000, 2_000_000)),
    (18_657_000, (18_700_000, 19_000_000, 20_000_000)), (0, ())])
def test_quick_cash_is_the_next_full_notes(total: int, expected: tuple[int, ...]) -> None:
    assert payment.rounded_up(total) == expected


def test_cash_for_a_free_basket_needs_no_tender() -> None:
    assert payment.cash(0, 0) is None


def test_amounts_are_typed_in_the_unit_shown() -> None:
    assert payment.amount_typed("1,500", Unit.TOMAN) == 15_000
    assert payment.amount_typed("۱٬۵۰۰", Unit.RIAL) == 1_500


def test_a_disk_that_is_full_when_the_payment_is_left_is_told(station: Station) -> None:
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.till.journal.refuse = StationError(ErrorCode.DISK_FULL)
    station.checkout.cancel_pay()
    assert station.view.pay is None
    assert station.view.banner is not None
    assert "E401" in station.view.banner.text


@pytest.mark.parametrize(("language", "name", "phone"), [
    ("en", "Member without a name", "No phone number"), ("fa", "عضو بی‌نام", "بدون شمارهٔ همراه")])
def test_a_member_who_is_known_by_nothing_but_a_card_is_called_so(language: str, name: str, phone: str) -> None:
    view = describe_member(replace(member(1), name="", phone=""), pack(), NO_CARD, Words(language), Format(language))
    assert (view.name, view.phone) == (name, phone)
