"""Several tenders on one sale, wallets and gift cards: the payment without Qt."""

from dataclasses import replace

import pytest

from station.card_hash import KEY_BYTES, CardHasher
from station.errors import ErrorCode, StationError
from station.leases import LeasePart
from station.stored_value import gift_card_of, wallet_of
from station.tender import Tender, TenderKind
from tests.fakes import NOON, pack, product, promotion
from tests.ui.purses import Purses
from tests.ui.test_checkout import Station, seconds_later
from tests.ui.till import BREAD, GOLD_CARD, MILK, Till, tap
from ui.format import Format, Unit
from ui.presenters.checkout import Checkout
from ui.presenters.desk import no_gift_card
from ui.presenters.receipt import Issue, receipt_view
from ui.text import Words
from ui.views import PayView, TakenView
from ui.views_report import Row

NBSP = "\u00a0"
PRINTED = "GC-7Q2M-4410"
GIFT = gift_card_of(CardHasher(bytes(KEY_BYTES)), PRINTED)
HOUR_US = 3_600_000_000


def paying(purses: Purses | None = None, *, member: bool = False, language: str = "en") -> Station:
    """A till whose basket is a milk of 38 500 toman, the payment open; no rule gives anything."""
    station = Station(Till(rules=pack(promotions=()), spending=purses.spending() if purses else None), language)
    if member:
        station.checkout.tapped(tap(GOLD_CARD))
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    return station


def pay(station: Station) -> PayView:
    assert station.view.pay is not None
    return station.view.pay


def tenders(station: Station) -> tuple[Tender, ...]:
    [sale] = station.till.journal.sales()
    return sale.tenders


def test_tenders_are_listed_with_what_remains_until_the_total_is_reached() -> None:
    station = paying()
    assert (pay(station).taken, pay(station).rest) == ((), "")
    station.checkout.pay_cash("10000")
    station.checkout.pay_bank("8000", "000123")
    view = pay(station)
    assert view.taken == (TakenView("Cash", f"10,000{NBSP}toman"),
                          TakenView("Bank terminal, trace 000123", f"8,000{NBSP}toman"))
    assert view.rest == f"20,500{NBSP}toman"
    assert [each.amount for each in view.cash] == [205_000, 300_000, 500_000, 1_000_000]
    assert station.till.journal.sales() == []
    station.checkout.pay_cash("")
    station.checkout.pay_cash("")
    assert tenders(station) == (Tender(TenderKind.CASH, 100_000), Tender(TenderKind.DEBIT, 80_000, "000123"),
                                Tender(TenderKind.CASH, 205_000))


def test_a_tender_is_taken_out_again() -> None:
    station = paying()
    station.checkout.pay_cash("10000")
    station.checkout.pay_bank("8000", "5")
    station.checkout.paying.take_back(0)
    assert [each.label for each in pay(station).taken] == ["Bank terminal, trace 5"]
    station.checkout.paying.take_back(7)
    assert pay(station).rest == f"30,500{NBSP}toman"


def test_what_was_taken_counts_when_the_payment_is_left_and_opened_again() -> None:
    station = paying()
    station.checkout.pay_cash("10000")
    station.checkout.cancel_pay()
    assert station.view.pay is None
    assert station.screen.news == f"10,000{NBSP}toman is taken already and counts when this is paid."
    station.checkout.begin_pay()
    assert [each.label for each in pay(station).taken] == ["Cash"]


def test_what_was_taken_for_one_basket_does_not_pay_for_the_next() -> None:
    station = paying()
    station.checkout.pay_cash("10000")
    station.checkout.cancel_pay()
    station.checkout.abandon()
    seconds_later(station.till, 1)
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    assert pay(station).taken == ()


def test_a_dropped_basket_says_what_goes_back_to_the_customer() -> None:
    station = paying()
    station.checkout.pay_cash("10000")
    station.checkout.cancel_pay()
    station.checkout.abandon()
    assert station.screen.news == f"The basket was dropped. 10,000{NBSP}toman that was taken goes back to the customer."
    station.checkout.undo()
    station.checkout.begin_pay()
    assert [each.amount for each in pay(station).taken] == [f"10,000{NBSP}toman"]


def test_one_step_back_from_another_means_is_cash() -> None:
    station = paying()
    station.checkout.paying.choose(TenderKind.DEBIT)
    assert station.checkout.paying.back()
    assert pay(station).means == "CASH"
    assert not station.checkout.paying.back()


@pytest.mark.parametrize("trace", ["", " ", "12a", "1234567890123", "-5"])
def test_a_payment_on_the_bank_terminal_names_its_trace_number(trace: str) -> None:
    station = paying()
    station.checkout.pay_bank("", trace)
    assert "E341" in pay(station).problem
    assert station.till.journal.sales() == []


def test_one_trace_number_is_one_payment() -> None:
    station = paying()
    station.checkout.pay_bank("10000", "123456")
    station.checkout.pay_bank("", "۱۲۳۴۵۶")
    assert "E341" in pay(station).problem
    assert len(pay(station).taken) == 1


def test_only_cash_is_more_than_what_remains() -> None:
    station = paying()
    station.checkout.pay_bank("38501", "1")
    assert pay(station).problem == "Only cash may be more than what remains to be paid. (E342)"
    station.checkout.pay_bank("38500", "1")
    assert tenders(station) == (Tender(TenderKind.DEBIT, 385_000, "1"),)


def test_the_amount_for_the_bank_terminal_begins_with_what_remains() -> None:
    station = paying()
    assert pay(station).amount == ""
    station.checkout.pay_cash("10000")
    station.checkout.paying.choose(TenderKind.DEBIT)
    assert (pay(station).means, pay(station).amount) == ("DEBIT", "28,500")


def test_an_amount_that_is_no_whole_toman_is_left_to_the_default() -> None:
    till = Till(goods=(product(4, 1_001),), rules=pack(promotions=()))
    station = Station(till)
    station.checkout.scanned(product(4).barcode)
    station.checkout.begin_pay()
    station.checkout.paying.choose(TenderKind.DEBIT)
    assert pay(station).amount == ""
    station.checkout.pay_bank("", "1")
    assert tenders(station) == (Tender(TenderKind.DEBIT, 1_001, "1"),)


def test_rial_and_toman_are_never_mixed() -> None:
    station = paying(Purses({GIFT: 100_005}))
    station.checkout.pay_cash("10000")
    station.checkout.paying.choose(TenderKind.GIFT_CARD)
    station.checkout.scanned(PRINTED)
    assert (pay(station).total, pay(station).rest) == (f"385,000{NBSP}rial", f"285,000{NBSP}rial")
    assert pay(station).source.startswith(f"100,005{NBSP}rial can be spent")
    station.checkout.paying.take_value("")
    view = pay(station)
    assert (view.total, view.rest) == (f"385,000{NBSP}rial", f"184,995{NBSP}rial")
    assert [each.amount for each in view.taken] == [f"100,000{NBSP}rial", f"100,005{NBSP}rial"]


def test_the_members_wallet_pays_what_head_office_lets_go_and_cash_the_rest() -> None:
    purses = Purses({wallet_of("m1"): 200_000})
    station = paying(purses, member=True)
    assert purses.asked == []
    station.checkout.paying.choose(TenderKind.WALLET)
    view = pay(station)
    assert (view.amount, view.account) == ("20,000", "مهرداد کاظمی‌نژاد")
    assert view.source == f"20,000{NBSP}toman can be spent: head office says so now."
    station.checkout.paying.take_value("")
    assert pay(station).source == f"0{NBSP}toman can be spent: head office says so now."
    station.checkout.pay_cash("")
    assert tenders(station) == (
        Tender(TenderKind.WALLET, 200_000, account="m1"), Tender(TenderKind.CASH, 185_000))
    [hold] = purses.held
    assert (hold.account, hold.amount) == ("m1", 200_000)


def test_more_than_the_wallet_holds_is_refused_before_it_is_listed() -> None:
    station = paying(Purses({wallet_of("m1"): 200_000}), member=True)
    station.checkout.paying.choose(TenderKind.WALLET)
    station.checkout.paying.take_value("20001")
    assert "E318" in pay(station).problem
    assert pay(station).taken == ()


def test_offline_the_wallet_pays_what_is_leased_and_says_until_when() -> None:
    purses = Purses(None, {"m1": LeasePart("l1", "a", 150_000, NOON.utc_us + HOUR_US)})
    station = paying(purses, member=True)
    station.checkout.paying.choose(TenderKind.WALLET)
    view = pay(station)
    assert view.source == f"Offline: 15,000{NBSP}toman can be spent here, set aside for this station until 15:05."
    assert view.amount == "15,000"
    station.checkout.paying.take_value("")
    station.checkout.pay_cash("")
    [sale] = station.till.journal.sales()
    assert [(each.lease_id, each.amount) for each in sale.lease_uses] == [("l1", 150_000)]


def test_offline_without_a_lease_nothing_is_spent_and_the_screen_says_why() -> None:
    station = paying(Purses(None), member=True)
    station.checkout.paying.choose(TenderKind.WALLET)
    assert pay(station).source == (
        "Head office cannot be reached and nothing is set aside for this station: "
        "nothing can be spent until the connection is back.")
    station.checkout.paying.take_value("1")
    assert "E317" in pay(station).problem


def test_a_wallet_is_a_members() -> None:
    station = paying(Purses())
    assert "WALLET" not in pay(station).can
    station.checkout.paying.choose(TenderKind.WALLET)
    assert (pay(station).means, pay(station).problem) == ("CASH", "Show the member's card first. (E344)")


def test_a_gift_card_is_scanned_while_it_is_chosen_and_pays() -> None:
    purses = Purses({GIFT: 100_000})
    station = paying(purses)
    station.checkout.paying.choose(TenderKind.GIFT_CARD)
    assert (pay(station).account, pay(station).amount) == ("", "")
    station.checkout.scanned(PRINTED)
    assert (pay(station).account, pay(station).amount) == ("Gift card", "10,000")
    station.checkout.paying.take_value("")
    assert pay(station).account == ""
    station.checkout.pay_bank("", "9")
    assert tenders(station) == (
        Tender(TenderKind.GIFT_CARD, 100_000, account=GIFT), Tender(TenderKind.DEBIT, 285_000, "9"))
    assert PRINTED not in repr(station.till.journal.sales())


def test_the_same_gift_card_twice_has_only_what_is_left_on_it() -> None:
    station = paying(Purses({GIFT: 100_000}))
    for _ in range(2):
        station.checkout.paying.choose(TenderKind.GIFT_CARD)
        station.checkout.scanned(PRINTED)
        station.checkout.paying.take_value("6000")
    assert "E318" in pay(station).problem
    assert len(pay(station).taken) == 1


@pytest.mark.parametrize("code", [GOLD_CARD, "12345"])
def test_what_is_no_gift_card_is_not_taken_for_one(code: str) -> None:
    station = paying(Purses())
    station.checkout.paying.choose(TenderKind.GIFT_CARD)
    station.checkout.scanned(code)
    assert "E343" in pay(station).problem


def test_goods_scanned_and_a_card_tapped_while_paying_count() -> None:
    station = Station(Till(rules=pack(promotions=(promotion("gold-10", "10", tiers=("gold",)),))))
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_cash("1000")
    station.checkout.scanned(BREAD.barcode)
    assert pay(station).total == f"55,000{NBSP}toman"
    station.checkout.tapped(tap(GOLD_CARD))
    assert station.view.member is not None
    assert (pay(station).total, pay(station).rest) == (f"49,500{NBSP}toman", f"48,500{NBSP}toman")
    station.checkout.scanned("6269999999999")
    assert "E301" in pay(station).problem
    station.checkout.tapped(tap(GOLD_CARD))
    assert pay(station).problem == ""


def test_a_wallet_does_not_pay_for_another_member() -> None:
    station = paying(Purses({wallet_of("m1"): 100_000}), member=True)
    station.checkout.paying.choose(TenderKind.WALLET)
    station.checkout.paying.take_value("")
    station.checkout.pay_cash("1000")
    station.checkout.identify("m2")
    assert [each.label for each in pay(station).taken] == ["Cash"]
    assert pay(station).means == "CASH"


def test_a_basket_that_became_cheaper_than_what_was_taken_asks_for_it_back() -> None:
    station = Station(Till(rules=pack(promotions=(promotion("gold-90", "90", tiers=("gold",)),))))
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_bank("30000", "1")
    station.checkout.tapped(tap(GOLD_CARD))
    station.checkout.pay_cash("")
    assert "E342" in pay(station).problem
    assert station.till.journal.sales() == []
    station.checkout.paying.take_back(0)
    station.checkout.pay_cash("")
    assert tenders(station) == (Tender(TenderKind.CASH, 38_500),)


def test_an_empty_basket_closes_the_payment() -> None:
    station = paying()
    station.checkout.remove()
    assert station.view.pay is None


def test_what_head_office_refuses_at_the_end_stays_listed() -> None:
    purses = Purses({wallet_of("m1"): 200_000})
    station = paying(purses, member=True)
    station.checkout.paying.choose(TenderKind.WALLET)
    station.checkout.paying.take_value("")
    purses.balances = {wallet_of("m1"): 50_000}
    station.checkout.pay_cash("")
    assert "E318" in pay(station).problem
    assert [each.label for each in pay(station).taken] == ["Wallet"]
    assert station.till.journal.sales() == []


def test_money_is_typed_in_the_unit_of_the_screen() -> None:
    station = paying()
    station.checkout.speak(Words("fa"), Format("fa", Unit.RIAL))
    station.checkout.pay_cash("۱۰۰٬۰۰۰")
    assert pay(station).rest == f"۲۸۵٬۰۰۰{NBSP}ریال"


def test_a_till_without_the_clubs_key_knows_no_gift_cards() -> None:
    till = Till(rules=pack(promotions=()))
    station = Station(till)
    desk = replace(till.desk, gift_card=no_gift_card)
    station.checkout = Checkout(desk, Words("en"), Format("en"), station.screen)
    station.checkout.scanned(MILK.barcode)
    station.checkout.begin_pay()
    station.checkout.paying.choose(TenderKind.GIFT_CARD)
    station.checkout.scanned(PRINTED)
    assert "E343" in pay(station).problem


def test_a_refused_write_at_each_step_is_told() -> None:
    station = paying()
    station.till.journal.refuse = StationError(ErrorCode.DISK_FULL)
    station.checkout.pay_cash("1000")
    assert "E401" in pay(station).problem


def test_cash_is_rounded_as_the_rules_say_and_the_receipt_names_it() -> None:
    rules = replace(pack(promotions=()), cash_step=10_000)
    station = Station(Till(rules=rules))
    station.checkout.scanned(MILK.barcode)
    assert station.view.totals.total == f"38,500{NBSP}toman"
    station.checkout.begin_pay()
    assert pay(station).total == f"38,000{NBSP}toman"
    assert [(row.label, row.amount) for row in station.view.totals.rows[1:2]] == [
        ("Rounded down for cash", f"\u2212500{NBSP}toman")]
    station.checkout.pay_cash("30000")
    station.checkout.paying.choose(TenderKind.DEBIT)
    assert (pay(station).total, pay(station).amount) == (f"38,500{NBSP}toman", "8,500")
    station.checkout.paying.choose(TenderKind.CASH)
    station.checkout.pay_cash("")
    assert tenders(station) == (Tender(TenderKind.CASH, 300_000), Tender(TenderKind.CASH, 80_000))
    [closed] = station.till.closed
    issue = Issue("s", NOON, "Vanak", "Sara")
    paper = receipt_view(closed.settled.sale, issue, rules, Words("en"), Format("en"))
    assert paper.sums[-1] == Row("Rounded down for cash", "\u2212500")
