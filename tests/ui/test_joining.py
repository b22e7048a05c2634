"""Temptation at the counter and on paper: hints, the joining gain, offers of a means of payment."""

from dataclasses import replace

import pytest

from station.basket import Basket
from station.pack import Pack
from station.pricing import price
from station.promotion import Minimum, Promotion, When
from station.redemption import RedemptionRules
from station.rewards import PercentOff, Reward
from station.sale import Sale, points_of
from station.tender import Tender, TenderKind
from station.text import Text
from tests.fakes import NOON, member, pack, product, promotion
from tests.ui.test_checkout import Station
from tests.ui.till import GOLD_CARD, MILK, RICE, Till, tap
from ui.format import Format
from ui.presenters.receipt import Issue, receipt_view
from ui.text import Words
from ui.views_report import ReceiptView, Row

NBSP = "\u00a0"
SILVER = promotion("silver-3", "3", tiers=("silver",))
CASH = Promotion("cash", Text("تخفیف نقدی", "Cash discount"), Reward(percent=PercentOff("2")), 2,
                 when=When(payments=(TenderKind.CASH,)))
LARGE = Promotion("large", Text("خرید بزرگ", "Large basket"), Reward(percent=PercentOff("5")),
                  when=When(minimum=Minimum(500_000)))
OFFER = "Pay all of it on the bank terminal and you get “Bank discount”."
BANK = Promotion("bank", Text("تخفیف بانکی", "Bank discount"), Reward(percent=PercentOff("2")), 2,
                 when=When(payments=(TenderKind.DEBIT,)))


def counter(*promotions: Promotion, language: str = "en") -> Station:
    """A till under a pack of these promotions; a member earns a point for every full 10 000 rial."""
    return Station(Till(rules=pack(1, promotions)), language)


def test_a_customer_without_a_card_sees_what_joining_would_have_brought() -> None:
    station = counter(SILVER)
    station.checkout.scanned(MILK.barcode)
    # 3 % of 385 000: 11 550 rial; the rest, 373 450, earns 37 points
    assert station.view.totals.joining == (
        f"As a member you would have saved 1,155{NBSP}toman and earned 37{NBSP}points.")
    station.checkout.tapped(tap(GOLD_CARD))
    assert station.view.totals.joining == ""


def test_an_empty_basket_tempts_nobody() -> None:
    station = counter(SILVER, LARGE)
    station.checkout.scanned(MILK.barcode)
    station.checkout.remove()
    assert station.view.totals.joining == ""
    assert station.view.totals.tempts == ()


def test_the_counter_says_what_is_near_in_the_unit_of_the_basket() -> None:
    station = counter(LARGE, language="fa")
    station.checkout.scanned(MILK.barcode)
    assert station.view.totals.tempts == (f"با ۱۱٬۵۰۰{NBSP}تومان خرید بیشتر، «خرید بزرگ» را می‌گیرید.",)
    odd = Station(Till(goods=(product(4, 385_001),), rules=pack(1, (LARGE,))))
    odd.checkout.scanned(product(4).barcode)
    assert odd.view.totals.tempts == (f"Spend 114,999{NBSP}rial more and you get “Large basket”.",)


def test_the_payment_says_what_another_means_would_bring_and_gives_it() -> None:
    station = counter(BANK)
    station.checkout.scanned(RICE.barcode)
    station.checkout.begin_pay()
    assert station.view.pay is not None
    assert (station.view.pay.offers, station.view.pay.total) == ((OFFER,), f"1,450,000{NBSP}toman")
    station.checkout.speak(Words("fa"), Format("fa"))
    assert station.view.pay.offers == ("همهٔ مبلغ را با کارتخوان بانک بپردازید تا «تخفیف بانکی» را بگیرید.",)
    station.checkout.pay_bank("", "7")
    # 2 % off 14 500 000
    assert station.till.journal.sales()[0].tenders == (Tender(TenderKind.DEBIT, 14_210_000, "7"),)


def test_what_cash_brings_is_given_as_long_as_cash_is_what_is_taken() -> None:
    station = counter(CASH)
    station.checkout.scanned(RICE.barcode)
    station.checkout.begin_pay()
    assert station.view.pay is not None
    assert (station.view.pay.offers, station.view.pay.total) == ((), f"1,421,000{NBSP}toman")
    station.checkout.paying.choose(TenderKind.DEBIT)
    assert station.view.pay is not None
    assert station.view.pay.total == f"1,450,000{NBSP}toman"
    assert station.view.pay.offers == ("Pay all of it in cash and you get “Cash discount”.",)


def test_going_back_from_the_payment_forgets_the_means() -> None:
    station = counter(CASH)
    station.checkout.scanned(RICE.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_cash("1000")
    station.checkout.cancel_pay()
    assert station.view.totals.total == f"1,450,000{NBSP}toman"
    station.checkout.begin_pay()
    assert station.view.pay is not None
    assert station.view.pay.total == f"1,421,000{NBSP}toman"


@pytest.mark.parametrize("typed", ["", "0", " ۰ "])
def test_no_cash_beside_the_bank_terminal_is_no_second_means(typed: str) -> None:
    station = counter(replace(CASH, when=When(payments=(TenderKind.DEBIT,))))
    station.checkout.scanned(RICE.barcode)
    station.checkout.begin_pay()
    station.checkout.pay_bank(typed, "1")
    assert station.till.journal.sales()[0].tenders == (Tender(TenderKind.DEBIT, 14_210_000, "1"),)


@pytest.mark.parametrize("promotion", [
    replace(CASH, when=replace(CASH.when, payments=(TenderKind.WALLET,))),
    replace(BANK, when=replace(BANK.when, minimum=Minimum(99_000_000))),
], ids=["a wallet, and nobody is a member", "something else stands against it"])
def test_no_means_is_offered_that_would_bring_nothing(promotion: Promotion) -> None:
    station = counter(promotion)
    station.checkout.scanned(RICE.barcode)
    station.checkout.begin_pay()
    assert station.view.pay is not None
    assert station.view.pay.offers == ()


def sold(rules: Pack, basket: Basket, *tenders: Tender) -> Sale:
    """Return ``basket`` with one milk at 20 000 toman as a sale under ``rules``; cash pays the rest."""
    basket = basket.with_product(product(1, 200_000, name=Text("شیر", "Milk")), 1000)
    priced = price(rules, basket)
    rest = priced.total - sum(each.amount for each in tenders)
    points = points_of("b1", basket.member.member_id, priced) if basket.member else ()
    paid = (*tenders, Tender(TenderKind.CASH, rest)) if rest else tenders
    return Sale("b1", NOON.date, 1, basket, priced, paid, 0, None, points)


def receipt(sale: Sale, rules: Pack, language: str = "en") -> ReceiptView:
    issue = Issue("s1-000007-A3F9", NOON, "Vanak", "Sara", "مهرداد" if sale.basket.member else "")
    return receipt_view(sale, issue, rules, Words(language), Format(language))


def test_the_receipt_of_a_customer_without_a_card_says_what_joining_would_have_brought() -> None:
    rules = pack(7, (SILVER,))
    shown = receipt(sold(rules, Basket("b1", "shop", 7, NOON)), rules)
    # 3 % of 200 000: 6 000 rial; 194 000 earn 19 points
    assert shown.footer[:2] == (
        f"As a member you would have saved 600{NBSP}toman and earned 19{NBSP}points.", "Priced by rule pack 7")
    persian = receipt(sold(rules, Basket("b1", "shop", 7, NOON)), rules, "fa")
    assert persian.footer[0] == f"با عضویت در باشگاه، در این خرید ۶۰۰{NBSP}تومان کمتر می‌پرداختید و ۱۹{NBSP}امتیاز می‌گرفتید."
    known = receipt(sold(rules, Basket("b1", "shop", 7, NOON, member=member().snapshot())), rules)
    assert known.footer[0] == "Priced by rule pack 7"


def test_a_club_that_gives_nothing_has_nothing_to_tempt_with() -> None:
    rules = replace(pack(7, ()), earning=())
    assert receipt(sold(rules, Basket("b1", "shop", 7, NOON)), rules).footer[0] == "Priced by rule pack 7"


def test_points_paid_stand_on_the_receipt_as_an_amount_and_as_points() -> None:
    rules = replace(pack(7, ()), redemption=RedemptionRules(100, 50_000))
    basket = Basket("b1", "shop", 7, NOON, member=member(points=250).snapshot(), redeem=300)
    shown = receipt(sold(rules, basket), rules)
    # two blocks of 100 points pay 100 000 rial; the other 100 000 earn 10 points
    assert shown.sums[-1] == Row("Paid with points", "\u221210,000")
    assert shown.member[1:] == (
        Row("Paid with points", "\u2212200"), Row("Points earned: Good", "10"))


def test_every_means_of_payment_has_its_name() -> None:
    rules = pack(7, ())
    paid = (Tender(TenderKind.WALLET, 50_000, account="w1"), Tender(TenderKind.GIFT_CARD, 60_000, account="g1"),
            Tender(TenderKind.DEBIT, 70_000))
    labels = [[row.label for row in receipt(sold(rules, Basket("b1", "shop", 7, NOON), *paid), rules, language).paid]
              for language in ("en", "fa")]
    assert labels == [
        ["Wallet", "Gift card", "Bank terminal", "Cash"], ["کیف پول", "کارت هدیه", "کارتخوان بانک", "نقد"]]
