"""A sale told at head office: every reason, what people gave, points, and every means of payment."""

import html
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils.translation import override

from headoffice import demo
from headoffice.console.explain import explain
from headoffice.intake.entries import Place
from headoffice.register.packs import publish
from station.basket import Basket
from station.hand import ByHand
from station.pack import HandLimit, Pack
from station.people import Actor, Role
from station.pricing import Engine
from station.promotion import Limits, Promotion
from station.rewards import Gift, Reward
from station.sale import Sale, points_of
from station.tender import Tender, TenderKind
from station.text import Text
from sync.documents import read_pack
from tests.fakes import NOON, pack, product
from tests.headoffice.shop import Till, member, sale
from tests.rigs.closed_sale import closed
from ui.cli_files import BasketFile, History, basket_of, load

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
RULES = read_pack((EXAMPLES / "pack.json").read_bytes())
MARKS = re.compile(r"<[^>]+>")


def example(rules: Pack = RULES) -> Sale:
    """The basket of the documentation's example, sold to the demo member 0 who has 2 400 points."""
    given = basket_of(load(EXAMPLES / "basket.json", BasketFile), rules, None, load(EXAMPLES / "history.json", History))
    who = replace(member(0), points=2_400)
    basket = replace(given, basket_id=str(uuid.uuid4()), member=who, payments=(TenderKind.CASH, TenderKind.WALLET))
    priced = Engine(rules).price(basket)
    tenders = (Tender(TenderKind.WALLET, 1_000, account="w1"), Tender(TenderKind.GIFT_CARD, 2_000, account="g1"),
               Tender(TenderKind.DEBIT, 3_000), Tender(TenderKind.CASH, priced.total - 6_000))
    return Sale(basket.basket_id, "2026-11-26", 1, basket, priced, tenders, 0, None,
                points_of(basket.basket_id, who.member_id, priced))


def told(till: Till, sold: Sale, language: str) -> list[str]:
    """Upload ``sold`` and return the rows of its page: words, base and amount of each."""
    seq = till.journal.append(sold)
    till.put(seq, seq)
    with override(language):
        page = explain(Place("12-1", till.journal.incarnation, seq))
    table = page[page.index("<tbody"):page.index("</tbody")]
    return [" | ".join(cells(row)) for row in table.split("<tr")[2:]]


def cells(row: str) -> Iterator[str]:
    for cell in row.split("<td")[1:]:
        yield html.unescape(MARKS.sub("", cell.partition(">")[2])).strip()


@pytest.fixture
def paired(till: Till) -> Till:
    """A station under the pack of the example, its first entry sent."""
    publish(RULES, 0)
    till.put(1, 1)
    return till


def test_what_was_given_by_hand_names_who_and_why(paired: Till) -> None:
    rows = told(paired, example(), "en")
    # 10 % of 1 210 000, and 20 000 off a shampoo of 780 000
    assert "By hand from sara, approved by reza (جعبهٔ آسیب‌دیده) on line 4 | 1,210,000 | -121,000" in rows
    assert "By hand from sara (برچسب قدیمی قفسه) on line 7 | 780,000 | -20,000" in rows


def test_what_was_given_by_hand_beyond_what_was_approved_is_told_as_not_given(till: Till) -> None:
    rules = replace(pack(2, ()), by_hand=(HandLimit(Role.MANAGER, "50"),))
    publish(rules, 0)
    till.put(1, 1)
    given = ByHand(Actor("sara", Role.CASHIER), "torn", 1, percent="50", approver=Actor("reza", Role.MANAGER), most=5_000)
    basket = Basket(str(uuid.uuid4()), "12", 2, NOON).with_product(product(1, 10_000), 3_000)
    sold = closed(rules, replace(basket, by_hand=(given,)))
    english, persian = told(till, sold, "en"), told(till, sold, "fa")
    assert "By hand from sara, approved by reza (torn) on line 1 | 30,000 | -5,000" in english
    assert "Not approved, for line 1: By hand from sara, approved by reza (torn) | – | 10,000" in english
    assert any(row.startswith("تأیید نشده، برای ردیف ۱: ") and row.endswith("۱۰٬۰۰۰") for row in persian)


def test_points_coupons_and_means_of_payment_are_told_in_both_languages(paired: Till) -> None:
    english, persian = told(paired, example(), "en"), told(paired, example(), "fa")
    for row in ("A chocolate for points on line 6, free pieces: 1 | 450,000 | -450,000",
                "Points spent: A chocolate for points | – | -400", "Paid with points | 500,000 | -1,000",
                "Coupon for 10% off the next purchase, through 2026-12-26 | – | –", "Unknown coupon: SUMMER | – | 0",
                "Wallet |  | 1,000", "Gift card |  | 2,000", "Bank terminal |  | 3,000"):
        assert row in english
    for row in ("شکلات در برابر امتیاز برای ردیف ۶، تعداد رایگان: ۱ | ۴۵۰٬۰۰۰ | -۴۵۰٬۰۰۰",
                "امتیاز خرج‌شده: شکلات در برابر امتیاز | – | -۴۰۰", "پرداخت با امتیاز | ۵۰۰٬۰۰۰ | -۱٬۰۰۰",
                "کوپن ۱۰٪ تخفیف خرید بعدی، تا ۱۴۰۵/۱۰/۰۵ | – | –", "کوپن ناشناس: SUMMER | – | ۰",
                "کیف پول |  | ۱٬۰۰۰", "کارت هدیه |  | ۲٬۰۰۰", "کارت‌خوان بانکی |  | ۳٬۰۰۰"):
        assert row in persian
    assert any(row.startswith("among them Double points on dairy, factor 2 | – | ") for row in english)
    assert any(row.startswith("از آن میان امتیاز دوبرابر لبنیات، ضریب ۲ | – | ") for row in persian)


def test_rounding_for_cash_is_told_in_both_languages(till: Till) -> None:
    rules = replace(pack(2, ()), cash_step=1_000)
    publish(rules, 0)
    till.put(1, 1)
    for language, row in (("en", "Rounded down for cash on line 1 | 12,345 | -345"),
                          ("fa", "گرد شده برای پرداخت نقدی برای ردیف ۱ | ۱۲٬۳۴۵ | -۳۴۵")):
        basket = Basket(str(uuid.uuid4()), "12", 2, NOON, payments=(TenderKind.CASH,)).with_product(product(1, 12_345), 1_000)
        priced = Engine(rules).price(basket)
        sold = Sale(basket.basket_id, "2026-11-26", 1, basket, priced, (Tender(TenderKind.CASH, 12_000),), 0, None, ())
        assert row in told(till, sold, language)


# The demo member has no birthday here, and this is a first purchase.
REASONS = {
    "Summer flyer discount (switched off)", "Yalda night (not on this date)", "Early birds (not at this hour)",
    "Dairy days (not on this weekday)", "Opening of branch 7 (not in this shop)",
    "Platinum member discount (not for this tier)", "Safe card discount (card of level 1, level 3 needed)",
    "Student discount (not for this group of members)", "Birthday cake (not around the birthday)",
    "Wallet discount (not for this payment)", "10% off the next purchase (without its coupon)",
    "A pair of rice (1 of at least 2 pieces)", "A sweet or two (4 pieces, at most 2)",
    "Membership present (given 1 times before, at most 1)", "Sponsored by the factory (budget used up)",
    "Tea for points (not chosen for 900 points)", "Rice for points (2,000 points there, 5,000 needed)",
    "Autumn festival (Gold member discount was better)", "Mug sale (nothing left to discount)",
}


def test_every_reason_is_told_with_its_figures(paired: Till) -> None:
    rows = [row.removeprefix("Not given: ").removesuffix(" | – | 0") for row in told(paired, example(), "en")
            if row.startswith("Not given: ")]
    assert REASONS - set(rows) == set()
    assert any(re.fullmatch(r"Big basket \([\d,]+ of at least 9,500,000 rial\)", row) for row in rows)


def test_reasons_a_member_would_not_meet(paired: Till) -> None:
    sold, again = example(), example()
    basket = replace(sold.basket, redeem=0, chosen=()).with_member(None)
    stranger = replace(sold, basket=basket, priced=Engine(RULES).price(basket), points=())
    assert "Not given: Student discount (no member) | – | 0" in told(paired, stranger, "en")
    regular = replace(member(0), purchases=41)
    again = replace(again, basket=replace(again.basket, member=regular))
    assert "Not given: Welcome (purchase number 42, given on number 1) | – | 0" in told(paired, again, "en")


def test_in_persian_no_reason_is_left_in_english(paired: Till) -> None:
    rows = [row for row in told(paired, example(), "fa") if row.startswith("داده نشد: ")]
    assert len(rows) >= len(REASONS)
    assert [row for row in rows if re.search("[A-Za-z]", row)] == []


def test_a_budget_that_does_not_reach_tells_both_figures(till: Till) -> None:
    gift = Promotion("gift", Text("هدیه", "Gift"), Reward(gift=Gift()), limits=Limits(budget=10))
    rules = replace(demo.PACK, number=2, promotions=(gift,))
    publish(rules, 0)
    till.put(1, 1)
    sold = sale()
    basket = replace(sold.basket, pack=2)
    # a milk at 333 300 and 10 % tax on top is 366 630
    assert "Not given: Gift (10 rial left of the budget, 366,630 needed) | – | 0" in told(
        till, replace(sold, basket=basket, priced=Engine(rules).price(basket)), "en")


def without_pack_or_right() -> list[tuple[Sale, str]]:
    """Sales that the engine will not price, and what it says."""
    greedy, unknown, strange = example(), example(), example()
    by_hand = ByHand(Actor("sara", Role.CASHIER), "because", percent="90")
    luxury = tuple(replace(line, product=replace(line.product, taxes=("luxury",))) for line in strange.basket.lines)
    return [
        (replace(greedy, basket=replace(greedy.basket, by_hand=(by_hand,))), "E308 HAND_NOT_ALLOWED number=1"),
        (replace(unknown, basket=replace(unknown.basket, pack=9)), "nobody published this rule pack"),
        (replace(strange, basket=replace(strange.basket, lines=luxury)), "names the tax 'luxury'"),
    ]


@pytest.mark.parametrize("case", [0, 1, 2], ids=["by hand", "no pack", "no such tax"])
def test_a_sale_that_cannot_be_gone_over_again_says_so(paired: Till, case: int) -> None:
    sold, reason = without_pack_or_right()[case]
    [row] = [row for row in told(paired, sold, "en") if row.startswith("What was not given cannot be told: ")]
    assert reason in row
    assert row.endswith(" | – | –")


def test_two_breaches_of_one_kind_do_not_stop_the_upload(paired: Till) -> None:
    # other means than the basket says, and change nobody is due: both are breaches of the payment
    sold = replace(example(), change=700)
    assert "Change given |  | 700" in told(paired, sold, "en")


def test_an_honest_sale_of_the_demo_club_has_nothing_to_hide(till: Till) -> None:
    till.put(1, 1)
    rows = told(till, sale(member(1)), "en")
    assert "Not given: Silver member discount (not for this tier) | – | 0" in rows
    assert [row for row in rows if "cannot be told" in row] == []
