"""Coupons for a later visit at the counter, without Qt: told when they are given, listed, scanned, typed, refused in words."""

from dataclasses import replace

import pytest

from station.basket import Coupon
from station.coupons import CouponState, GivenCoupon, coupon_number, grouped
from station.errors import ErrorCode, StationError
from station.pack import Pack
from station.promotion import CouponTerm, Minimum, Promotion, When
from station.rewards import AmountOff, NextCoupon, PercentOff, Reward
from station.sale import Sale
from station.text import Text
from tests.fakes import NOON, pack
from tests.ui.test_checkout import Station, seconds_later
from tests.ui.test_codes import CARD_SOLD
from tests.ui.test_paying import PRINTED
from tests.ui.till import GOLD_CARD, MILK, Till, tap
from ui.format import Format
from ui.presenters.customer import CustomerSide
from ui.presenters.receipt import Issue, receipt_view
from ui.presenters.using import Using
from ui.text import Words
from ui.views import Tone
from ui.views_customer import CustomerView
from ui.views_report import CouponSlip
from ui.views_using import CouponView, UsingView

NBSP, LRM = "\u00a0", "\u200e"
LAST, OVER = "2026-12-22", "2026-11-21"
GIVES = Promotion("gives", Text("هدیهٔ خرید", "Thank-you coupon"), Reward(coupon=NextCoupon("ten", 30)))
TEN = Promotion("ten", Text("ده درصد خرید بعدی", "Next visit"), Reward(percent=PercentOff("10")),
                when=When(coupon=CouponTerm(("YALDA",), issued=True)))
FIVE = Promotion("five", Text("پنج هزار", "Five"), Reward(amount=AmountOff(50_000)),
                 when=When(coupon=CouponTerm((), issued=True), minimum=Minimum(500_000)))
RULES = pack(promotions=(TEN, FIVE))
MINE, SMALL = GivenCoupon("s1/gives", "ten", LAST, "m1"), GivenCoupon("s2/gives", "five", LAST, "m1")
ANYBODYS = GivenCoupon("s3/gives", "ten", LAST)
NUMBER = coupon_number(MINE.code)
ELSEWHERE = (
    "This till does not know this coupon, and head office cannot be asked now. It can be used at the till that gave it, "
    "or once the connection is back. (E350)")


def shown(coupon: GivenCoupon) -> str:
    """The number of a coupon as the screen has it."""
    return f"{LRM}{grouped(coupon_number(coupon.code))}{LRM}"


class Counter(Station):
    """A till that knows coupons, with the dialog of F9 beside it; ``member`` shows the card first."""

    def __init__(self, *known: GivenCoupon, rules: Pack = RULES, member: bool = True, language: str = "en") -> None:
        super().__init__(Till(goods=(MILK, CARD_SOLD), rules=rules), language)
        self.till.members.given = list(known)
        if member:
            self.checkout.tapped(tap(GOLD_CARD))
        self.used: list[UsingView] = []
        self.using = Using(self.till.desk, self.checkout, Words(language), Format(language), self)
        self.using.start()

    def show_using(self, view: UsingView) -> None:
        self.used.append(view)

    @property
    def listed(self) -> tuple[CouponView, ...]:
        return self.used[-1].coupons

    @property
    def total(self) -> str:
        return self.view.totals.total


def test_a_members_coupon_is_listed_without_paper_and_used_with_one_press() -> None:
    made = Counter(MINE)
    made.checkout.scanned(MILK.barcode)
    made.using.follow()
    assert made.listed == (CouponView(MINE.code, "Next visit (10%)", f"Through 22 Dec 2026 · {shown(MINE)}", taken=False),)
    made.using.use_coupon(MINE.code)
    assert made.used[-1].news == "Coupon taken: Next visit"
    assert made.listed == (CouponView(MINE.code, "Next visit (10%)", "Counts on this purchase.", taken=True),)
    assert made.total == f"34,650{NBSP}toman"
    made.using.drop_coupon(MINE.code)
    assert [each.taken for each in made.listed] == [False]
    assert made.total == f"38,500{NBSP}toman"


def test_in_persian_the_last_day_is_of_its_calendar() -> None:
    made = Counter(MINE, language="fa")
    assert made.listed == (CouponView(MINE.code, "ده درصد خرید بعدی (۱۰\u200f٪)", f"تا ۱ دی ۱۴۰۵ · {shown(MINE)}", taken=False),)


def test_one_that_gives_nothing_yet_says_why_and_stays_taken() -> None:
    made = Counter(SMALL)
    made.checkout.scanned(MILK.barcode)
    made.using.use_coupon(SMALL.code)
    why = f"Spend 11,500{NBSP}toman more and you get “Five”."
    assert made.used[-1].news == f"Coupon noted. {why}"
    assert made.listed == (CouponView(SMALL.code, "Five", why, taken=True),)


def test_what_is_over_used_or_of_no_rule_is_not_listed() -> None:
    rows = (replace(MINE, last_day=OVER), replace(MINE, code="b", state=CouponState.USED), replace(MINE, code="c", promotion="gone"),
            replace(MINE, code="d", member_id="m2"), ANYBODYS)
    made = Counter(*rows)
    assert made.listed == ()
    assert made.view.member is not None
    assert made.view.member.messages == ()


@pytest.mark.parametrize(("known", "said"), [((MINE,), "1 coupon to use (F9)"), ((MINE, SMALL), "2 coupons to use (F9)")])
def test_the_members_pane_tells_of_coupons_until_they_are_in_the_basket(known: tuple[GivenCoupon, ...], said: str) -> None:
    made = Counter(*known)
    assert made.view.member is not None
    assert list(made.view.member.messages) == [said]
    for each in known:
        made.using.use_coupon(each.code)
    assert list(made.view.member.messages) == []


@pytest.mark.parametrize("text", [NUMBER, grouped(NUMBER), NUMBER.lower()])
def test_the_bar_code_of_the_paper_is_scanned_like_goods(text: str) -> None:
    made = Counter(MINE)
    made.checkout.scanned(MILK.barcode)
    made.checkout.scanned(text)
    assert (made.screen.news, made.total) == ("Coupon taken: Next visit", f"34,650{NBSP}toman")
    seconds_later(made.till, 1)
    made.checkout.undo()
    assert made.total == f"38,500{NBSP}toman"


@pytest.mark.parametrize("text", [
    NUMBER[1:], f"{NUMBER[1:5]} {NUMBER[5:9]} {NUMBER[9:]}", NUMBER[1:].translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")), NUMBER])
def test_the_number_is_typed_in_its_field_with_or_without_its_letter(text: str) -> None:
    made = Counter(MINE)
    made.checkout.scanned(MILK.barcode)
    made.using.coupon(text)
    assert (made.used[-1].news, made.used[-1].problem) == ("Coupon taken: Next visit", "")


def test_a_paper_of_a_customer_without_membership_counts_before_and_after_the_card() -> None:
    made = Counter(ANYBODYS, member=False)
    made.checkout.scanned(coupon_number(ANYBODYS.code))
    assert made.view.banner is not None
    assert made.view.banner.tone is Tone.NEUTRAL
    made.checkout.scanned(MILK.barcode)
    made.checkout.tapped(tap(GOLD_CARD))
    assert made.total == f"34,650{NBSP}toman"


@pytest.mark.parametrize(("known", "words"), [
    ((replace(MINE, state=CouponState.USED),), "This coupon was used already: it counts once. (E346)"),
    ((replace(MINE, last_day=OVER),), "This coupon could be used through 21 Nov 2026. It is over. (E347)"),
    ((replace(MINE, member_id="m2"),), "This coupon is a member's own. Show the card of the member it was given to. (E348)"),
    ((replace(MINE, state=CouponState.ENDED),), "This coupon ended: the purchase it was given for was brought back. (E349)"),
    ((), ELSEWHERE), ((replace(MINE, promotion="gone"),), "No rule of the club knows this coupon. (E345)")])
def test_each_refusal_has_its_sentence_and_changes_nothing(known: tuple[GivenCoupon, ...], words: str) -> None:
    made = Counter(*known)
    made.checkout.scanned(MILK.barcode)
    before = made.till.counter.basket
    made.checkout.scanned(NUMBER)
    assert (made.screen.news, made.till.counter.basket) == (words, before)
    made.using.coupon(NUMBER)
    assert (made.used[-1].problem, made.till.counter.basket) == (words, before)


def test_a_refusal_before_anything_else_leaves_no_basket() -> None:
    made = Counter(MINE, member=False)
    made.checkout.scanned(NUMBER)
    assert "(E348)" in made.screen.news
    assert (made.till.counter.basket, made.till.journal.open_basket()) == (None, None)
    made = Counter(replace(ANYBODYS, promotion="gone"), member=False)
    made.checkout.scanned(coupon_number(ANYBODYS.code))
    assert "(E345)" in made.screen.news
    assert (made.till.counter.basket, made.till.journal.open_basket()) == (None, None)


def test_in_persian_the_day_of_a_refusal_is_of_its_calendar() -> None:
    made = Counter(replace(MINE, last_day=OVER), language="fa")
    made.checkout.scanned(NUMBER)
    assert made.screen.news == "مهلت این کوپن تا ۳۰ آبان ۱۴۰۵ بود و گذشته است. (E347)"
    assert Words("en").error(StationError(ErrorCode.COUPON_OVER)) == "The day of this coupon is over. (E347)"


def test_a_second_coupon_for_the_same_offer_is_kept() -> None:
    made = Counter(MINE, ANYBODYS)
    made.using.use_coupon(MINE.code)
    made.using.coupon(coupon_number(ANYBODYS.code))
    assert made.used[-1].problem == "A coupon for the same offer is in the basket already. Keep this one for another visit. (E355)"


def test_a_common_code_of_the_same_rule_still_works_and_a_mistyped_number_is_no_coupon() -> None:
    made = Counter(MINE)
    made.checkout.scanned(MILK.barcode)
    made.checkout.scanned("YALDA")
    assert made.screen.news == "Coupon taken: Next visit"
    wrong = f"{NUMBER[:-1]}{(int(NUMBER[-1]) + 1) % 10}"
    made.checkout.scanned(wrong)
    assert "(E301)" in made.screen.news
    made.using.coupon(wrong)
    assert "(E345)" in made.used[-1].problem


def test_a_coupon_is_no_gift_card_that_is_sold() -> None:
    made = Counter(MINE)
    made.checkout.scanned(CARD_SOLD.barcode)
    made.checkout.scanned(NUMBER)
    assert "(E343)" in made.screen.news
    made.checkout.scanned(PRINTED)
    assert made.screen.news == ""


class Customer:
    """The screen beside the counter."""

    def show_customer(self, view: CustomerView) -> None:
        self.view = view


def sold(made: Counter) -> Sale:
    made.checkout.scanned(MILK.barcode)
    made.checkout.begin_pay()
    made.checkout.pay_cash("")
    return made.till.journal.sales()[-1]


@pytest.mark.parametrize(("language", "words"), [
    ("en", "Coupon for the next visit, through 22 Dec 2026: Next visit (10%)"),
    ("fa", "کوپن خرید بعدی، تا ۱ دی ۱۴۰۵: ده درصد خرید بعدی (۱۰\u200f٪)")])
def test_the_done_sale_and_the_customers_screen_tell_of_the_coupon(language: str, words: str) -> None:
    made = Counter(rules=pack(promotions=(GIVES, TEN)), language=language)
    sold(made)
    assert made.view.banner is not None
    assert made.view.banner.more.endswith(f" · {words}")
    screen = Customer()
    CustomerSide(Text("ونک", "Vanak"), made.till.clock, Words(language), Format(language), screen).closed(made.till.closed[-1])
    assert screen.view.text.split("\n")[-1] == words


@pytest.mark.parametrize(("member", "how"), [
    (True, "It is kept with your membership: your card is enough."), (False, "Bring this paper.")])
def test_the_receipt_has_the_coupon_for_people_and_for_scanners(how: str, *, member: bool) -> None:
    rules = pack(promotions=(GIVES, TEN))
    sale = sold(Counter(rules=rules, member=member))
    view = receipt_view(sale, Issue("S1-000002-A3F9", NOON, "Vanak", "Sara"), rules, Words("en"), Format("en"))
    number = coupon_number(f"{sale.sale_id}/gives")
    assert view.coupons == (CouponSlip(
        "A coupon for your next visit", "Next visit (10%)", "Once, through 22 Dec 2026", how, f"{LRM}{grouped(number)}{LRM}", number),)
    assert (len(number), number[0]) == (13, "C")


def test_a_receipt_of_a_sale_that_gave_none_has_none() -> None:
    sale = sold(Counter())
    assert sale.basket.coupons == ()
    assert receipt_view(sale, Issue("S1-000002-A3F9", NOON, "Vanak", "Sara"), RULES, Words("en"), Format("en")).coupons == ()


def test_the_sale_names_the_coupon_it_used() -> None:
    made = Counter(MINE)
    made.using.use_coupon(MINE.code)
    assert sold(made).basket.coupons == (Coupon(MINE.code, "ten", LAST),)
