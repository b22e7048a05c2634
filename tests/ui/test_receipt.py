"""The receipt as a model: every amount beside its rule, and nothing that identifies a member."""

from dataclasses import replace

import pytest

from station.basket import Basket
from station.card import Medium
from station.pack import Pack
from station.pricing import price
from station.product import Product
from station.sale import Sale, points_of
from station.tender import Tender, TenderKind, change_due
from station.text import Text
from tests.fakes import NOON, member, pack, product, promotion
from ui.format import Format
from ui.presenters.receipt import Issue, receipt_view
from ui.text import Words
from ui.views_report import ReceiptLine, ReceiptView, Row

ISSUE = Issue("s1-000007-A3F9", NOON, "Vanak", "Sara", "مهرداد کاظمی‌نژاد", 600)
CLUB = pack(7, (promotion("gold", "10", tiers=("gold",)), promotion("week", "2.5", stage=2)))
NBSP, MINUS = "\u00a0", "\u2212"
MILK = product(1, 200_000, name=Text("شیر", "Milk"))
APPLES = product(2, 400_000, name=Text("سیب", "Apples"), weighed=True)


def sale(
    *goods: tuple[Product, int], paid: tuple[Tender, ...] = (), rules: Pack = CLUB, known: bool = True,
) -> Sale:
    """Return a sale priced by the engine; cash pays what ``paid`` leaves open."""
    basket = Basket("b1", "shop", rules.number, NOON, member=member().snapshot() if known else None)
    for good, quantity in goods:
        basket = basket.with_product(good, quantity)
    priced = price(rules, basket)
    open_amount = priced.total - sum(tender.amount for tender in paid)
    tenders = paid if open_amount <= 0 else (*paid, Tender(TenderKind.CASH, open_amount))
    points = points_of("b1", "m1", priced) if known else ()
    return Sale("b1", NOON.date, 3, basket, priced, tenders, change_due(priced.total, tenders),
                Medium.NFC_UID if known else None, points)


def view(of: Sale, language: str = "en", issue: Issue = ISSUE, rules: Pack = CLUB) -> ReceiptView:
    return receipt_view(of, issue, rules, Words(language), Format(language))


def test_lines_and_sums_lead_to_the_total() -> None:
    shown = view(sale((MILK, 2000), (APPLES, 1250)))
    assert shown.lines == (
        ReceiptLine("Milk", "2 × 20,000", "40,000"), ReceiptLine("Apples", "1.250 × 40,000", "50,000"))
    assert shown.sums == (
        Row("Subtotal", "90,000"), Row("Good (10%)", f"{MINUS}9,000"), Row("Good (2.5%)", f"{MINUS}2,025"))
    assert shown.total == Row("Total", f"78,975{NBSP}toman")
    assert shown.unit == "Amounts in toman"
    assert shown.footer[0] == "Priced by rule pack 7"


def test_every_promotion_is_one_row_with_the_sum_of_its_discounts() -> None:
    of = sale((MILK, 1000), (APPLES, 500), (APPLES, 250))
    taken = [discount.amount for discount in of.priced.discounts if discount.rule == "gold"]
    assert len(taken) == 3
    assert view(of).sums[1].value == f"{MINUS}{sum(taken) // 10:,}"


def test_one_odd_rial_puts_the_whole_receipt_in_rials() -> None:
    shown = view(sale((product(1, 100_020), 1000)))
    assert (shown.unit, shown.lines[0].amount) == ("Amounts in rial", "100,020")
    assert shown.total.value == f"87,768{NBSP}rial"


def test_contained_tax_is_listed_by_rate_and_does_not_change_the_unit() -> None:
    taxed = product(1, 110_000, tax_percent="10")
    shown = view(sale((taxed, 1000), (product(2, 50_000), 1000), rules=pack(7, ())), rules=pack(7, ()))
    assert shown.taxes == (Row("Tax of 10% contained", "1,000"),)
    odd = view(sale((product(1, 100_000, tax_percent="10"), 1000), rules=pack(7, ())), rules=pack(7, ()))
    assert (odd.unit, odd.taxes[0].value) == ("Amounts in toman", "909.1")


def test_tax_the_shelf_price_left_out_has_its_own_row() -> None:
    bare = product(1, 100_000, tax_percent="10", tax_included=False)
    shown = view(sale((bare, 2000), rules=pack(7, ())), rules=pack(7, ()))
    assert shown.lines[0].amount == "20,000"
    assert shown.sums == (Row("Tax not in the shelf price", "2,000"), Row("Subtotal", "22,000"))


def test_payments_and_change() -> None:
    paid = (Tender(TenderKind.DEBIT, 100_000, "123456"), Tender(TenderKind.CASH, 100_000))
    assert view(sale((MILK, 1000), paid=paid)).paid == (
        Row("Bank terminal, trace 123456", "10,000"), Row("Cash", "10,000"), Row("Change", "2,450"))
    exact = view(sale((MILK, 1000), paid=(Tender(TenderKind.DEBIT, 175_500),)))
    assert exact.paid == (Row("Bank terminal", "17,550"),)


def test_member_is_a_first_name_with_points_by_rule_and_balance() -> None:
    shown = view(sale((MILK, 1000)))
    assert shown.member == (
        Row("Member", "مهرداد · Gold"), Row("Points earned: Good", "17"), Row("Points balance", "600"))
    everything = repr(shown)
    assert "کاظمی" not in everything
    assert member().phone not in everything


def test_a_stranger_has_no_member_part() -> None:
    stranger = replace(ISSUE, member_name="", points_after=None)
    assert view(sale((MILK, 1000), known=False), issue=stranger).member == ()


def test_a_reprint_is_marked_in_both_languages() -> None:
    again = replace(ISSUE, copy=True)
    assert view(sale((MILK, 1000))).copy == ""
    assert view(sale((MILK, 1000)), issue=again).copy == "COPY"
    assert view(sale((MILK, 1000)), "fa", again).copy == "نسخهٔ دوم"


def test_persian_receipt() -> None:
    shown = view(sale((MILK, 2000)), "fa")
    assert shown.rtl
    assert shown.head == (
        Row("رسید", "\u200es1-000007-A3F9"), Row("تاریخ", "یکشنبه ۱ آذر ۱۴۰۵، ۱۴:۰۵"), Row("صندوقدار", "Sara"))
    assert shown.lines == (ReceiptLine("شیر", "۲ × ۲۰٬۰۰۰", "۴۰٬۰۰۰"),)
    assert shown.total == Row("مبلغ قابل پرداخت", f"۳۵٬۱۰۰{NBSP}تومان")


def test_a_receipt_by_another_pack_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="pack 7"):
        view(sale((MILK, 1000)), rules=pack(8))
