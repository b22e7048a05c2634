"""Points, rewards and coupons at the counter, without Qt: what is offered, taken, refused and why."""

from dataclasses import replace

import pytest

from station.card import CardTier
from station.errors import ErrorCode, StationError
from station.leases import LeasePart
from station.pack import CardCap, Pack
from station.product import Scope
from station.promotion import Cost, CouponTerm, Minimum, Promotion, When
from station.redemption import RedemptionRules
from station.rewards import AmountOff, PercentOff, Reward
from station.text import Text
from tests.fakes import NOON, pack
from tests.ui.purses import Purses
from tests.ui.test_checkout import Station
from tests.ui.till import GOLD_CARD, MILK, RICE, Till, tap
from ui.format import Format
from ui.presenters.using import Using
from ui.text import Words
from ui.views_using import UsingView

NBSP = "\u00a0"
TEA = Promotion("tea", Text("چای", "Tea"), Reward(amount=AmountOff(50_000)), stage=2, cost=Cost(120))
LARGE = Promotion("large", Text("بزرگ", "Large"), Reward(percent=PercentOff("20")), stage=2,
                  when=When(minimum=Minimum(500_000)), cost=Cost(100))
FISH = Promotion("fish", Text("ماهی", "Fish"), Reward(percent=PercentOff("20"), scope=Scope(tags=("fish",))), stage=2,
                 cost=Cost(10))
YALDA = Promotion("yalda", Text("یلدا", "Yalda"), Reward(percent=PercentOff("10")),
                  when=When(coupon=CouponTerm(("YALDA",))))
RULES = RedemptionRules(100, 50_000)


class Used(Station):
    """A till with the dialog open on a milk of 38 500 toman; the member has 500 points."""

    def __init__(self, purses: Purses | None = None, rules: Pack | None = None, *, member: bool = True,
                 goods: tuple[str, ...] = (MILK.barcode,), language: str = "en") -> None:
        held = rules or replace(pack(promotions=(TEA, LARGE, FISH, YALDA)), redemption=RULES)
        super().__init__(Till(rules=held, spending=purses.spending() if purses else None), language)
        if member:
            self.checkout.tapped(tap(GOLD_CARD))
        for each in goods:
            self.checkout.scanned(each)
        self.shown: list[UsingView] = []
        self.using = Using(self.till.desk, self.checkout, Words(language), Format(language), self)
        self.using.start()

    def show_using(self, view: UsingView) -> None:
        self.shown.append(view)

    @property
    def now(self) -> UsingView:
        return self.shown[-1]

    def said(self) -> dict[str, tuple[str, bool, bool]]:
        return {each.promotion: (each.said, each.can, each.taken) for each in self.now.rewards}


def test_the_most_that_points_pay_is_the_engines_and_is_offered() -> None:
    made = Used(Purses({"m1": 450}))
    points = made.now.points
    assert points.source == f"450{NBSP}points can be spent: head office says so now."
    assert points.rules == f"100{NBSP}points are worth 5,000{NBSP}toman, in whole blocks."
    assert points.most == f"At most 400{NBSP}points pay 20,000{NBSP}toman of this purchase."
    assert (points.amount, points.used) == ("400", "")
    made.using.pay("")
    assert made.now.points.used == f"400{NBSP}points pay 20,000{NBSP}toman now."
    assert made.view.totals.total == f"18,500{NBSP}toman"
    made.using.pay_nothing()
    assert (made.now.points.used, made.view.totals.total) == ("", f"38,500{NBSP}toman")


def test_fewer_points_are_taken_in_whole_blocks_and_the_screen_says_so() -> None:
    made = Used(Purses({"m1": 450}))
    made.using.pay("۲۵۰")
    assert made.now.news == f"200{NBSP}points pay: only whole blocks, and no more than the rules allow."
    assert made.now.points.used == f"200{NBSP}points pay 10,000{NBSP}toman now."


def test_head_office_is_asked_once_for_a_member() -> None:
    purses = Purses({"m1": 450, "m2": 100})
    made = Used(purses)
    made.using.pay("100")
    made.using.follow()
    assert purses.asked == ["POINTS m1", "POINTS m1"]  # once by the dialog, once by the counter
    made.checkout.identify("m2")
    made.using.follow()
    assert made.now.points.source == f"100{NBSP}points can be spent: head office says so now."


@pytest.mark.parametrize(("typed", "error"), [("451", "E318"), ("x", "E304")])
def test_points_that_are_not_there_are_refused_and_nothing_changes(typed: str, error: str) -> None:
    made = Used(Purses({"m1": 450}))
    before = made.till.counter.basket
    made.using.pay(typed)
    assert error in made.now.problem
    assert made.till.counter.basket == before


def test_offline_points_pay_what_is_leased_here() -> None:
    lease = LeasePart("l1", "a", 250, NOON.utc_us + 86_400_000_000)
    made = Used(Purses(None, {"m1": lease}))
    assert made.now.points.source == (
        f"Offline: 250{NBSP}points can be spent here, set aside for this station until 23 Nov 2026 14:05.")
    assert made.now.points.amount == "200"
    made.using.pay("300")
    assert made.now.problem == (
        f"While head office cannot be reached, no more than 250{NBSP}points can be spent. (E317)")
    made.using.pay("")
    made.checkout.begin_pay()
    made.checkout.pay_cash("")
    assert [each.amount for each in made.till.journal.sales()[0].lease_uses] == [200]


def test_offline_without_a_lease_it_is_said_and_nothing_can_be_taken() -> None:
    made = Used(Purses(None))
    assert made.now.points.source.startswith("Head office cannot be reached and nothing is set aside")
    assert made.now.points.most == f"At least 100{NBSP}points are needed to pay; 0{NBSP}points can be spent."
    assert made.now.points.amount == ""
    made.using.take("tea")
    assert "E317" in made.now.problem
    assert made.said()["tea"][1:] == (True, False)


@pytest.mark.parametrize(("rules", "goods", "said"), [
    (None, (MILK.barcode,), "This club's rules take no points as payment."),
    (replace(RULES, minimum=600), (MILK.barcode,), f"At least 600{NBSP}points are needed to pay; 500{NBSP}points can be spent."),
    (replace(RULES, worth=400_000), (MILK.barcode,), "This purchase is too small to be paid with points."),
    (RULES, (), "There is nothing to be paid yet.")])
def test_why_points_pay_nothing(rules: RedemptionRules | None, goods: tuple[str, ...], said: str) -> None:
    made = Used(rules=replace(pack(promotions=()), redemption=rules), goods=goods)
    assert said in (made.now.points.most, made.now.points.rules)
    assert made.now.points.amount == ""


def test_the_rules_that_hold_are_told() -> None:
    held = replace(pack(promotions=()), redemption=RedemptionRules(100, 50_000, 200, "50"),
                   card_caps=(CardCap(CardTier.KEY_PAIR, 50, 1000),))
    made = Used(rules=held)
    assert made.now.points.rules == (
        f"100{NBSP}points are worth 5,000{NBSP}toman, in whole blocks. At least 200{NBSP}points at a time. "
        f"At most 50% of the purchase. This card is good for 50{NBSP}points a sale; a PIN or a code may raise that.")
    assert made.now.points.most == "This card is not trusted with that many points."


def test_rewards_are_listed_with_their_price_what_they_gave_or_why_not() -> None:
    made = Used(Purses({"m1": 500}))
    assert made.said() == {
        "tea": (f"You can have “Tea” for 120{NBSP}points.", True, False),
        "large": (f"Spend 11,500{NBSP}toman more and you get “Large”.", False, False),
        "fish": ("Not for the goods in this basket.", False, False)}
    made.using.take("tea")
    assert made.said()["tea"] == (f"Taken for 120{NBSP}points: 5,000{NBSP}toman less to pay.", True, True)
    made.using.take("tea")
    assert made.said()["tea"][0] == f"Taken for 240{NBSP}points: 10,000{NBSP}toman less to pay."
    made.using.give_back("tea")
    assert made.said()["tea"][2] is False
    assert made.view.totals.total == f"38,500{NBSP}toman"


def test_a_reward_that_is_not_given_is_refused_with_its_reason() -> None:
    made = Used(Purses({"m1": 500}))
    made.using.take("large")
    assert made.now.problem == f"Spend 11,500{NBSP}toman more and you get “Large”."
    assert made.till.counter.basket is not None
    assert made.till.counter.basket.chosen == ()


def test_a_reward_that_gives_nothing_more_is_not_taken_again() -> None:
    made = Used(rules=pack(promotions=(LARGE,)), goods=(RICE.barcode,))
    made.using.take("large")
    made.using.take("large")
    assert made.now.problem == "It gives nothing more on this purchase."
    assert made.said()["large"][0].startswith(f"Taken for 100{NBSP}points")


def test_rewards_and_points_together_take_no_more_than_can_be_spent() -> None:
    made = Used(Purses({"m1": 200}))
    made.using.pay("100")
    made.using.take("tea")
    assert "E318" in made.now.problem
    assert made.said()["tea"][2] is False


def test_what_was_used_can_be_undone_at_the_counter() -> None:
    made = Used(Purses({"m1": 500}))
    made.using.take("tea")
    made.checkout.undo()
    assert made.view.totals.total == f"38,500{NBSP}toman"


def test_a_coupon_is_shown_by_its_code_and_taken_out_again() -> None:
    made = Used()
    made.using.coupon(" ")
    made.using.coupon("YALDA")
    assert made.now.news == "Coupon taken: Yalda"
    assert [(each.code, each.said) for each in made.now.coupons] == [("YALDA", "Yalda")]
    made.using.drop_coupon("YALDA")
    assert made.now.coupons == ()
    assert made.view.totals.total == f"38,500{NBSP}toman"


def test_a_coupon_nobody_knows_says_so() -> None:
    made = Used()
    made.using.coupon("NOWRUZ")
    assert made.now.problem == "No rule of the club knows this coupon. (E345)"
    assert made.now.coupons == ()


def test_a_coupon_that_waits_tells_for_what() -> None:
    rules = pack(promotions=(replace(YALDA, when=replace(YALDA.when, minimum=Minimum(500_000))),))
    made = Used(rules=rules)
    made.using.coupon("YALDA")
    assert [each.said for each in made.now.coupons] == [f"Spend 11,500{NBSP}toman more and you get “Yalda”."]


def test_without_a_member_there_are_coupons_only() -> None:
    made = Used(member=False)
    assert (made.now.member, made.now.points.source) == ("", "Show the member's card first.")
    assert (made.now.rewards, made.now.wallet, made.now.can_pay) == ((), False, True)
    made.using.pay("100")
    assert "E344" in made.now.problem
    made.using.coupon("YALDA")
    assert made.now.coupons[0].said == "Yalda"
    made.checkout.abandon()
    made.using.follow()
    assert (made.now.coupons, made.now.can_pay) == ((), False)


def test_where_nothing_is_set_aside_the_account_is_what_the_book_says() -> None:
    assert Used().now.points.source == f"500{NBSP}points on the account."


def test_a_disk_that_is_full_is_told_in_the_dialog() -> None:
    made = Used()
    made.till.journal.refuse = StationError(ErrorCode.DISK_FULL)
    made.using.pay("100")
    assert "E401" in made.now.problem


def test_persian_says_the_same() -> None:
    made = Used(Purses({"m1": 450}), language="fa")
    assert made.now.points.most == f"حداکثر ۴۰۰{NBSP}امتیاز، ۲۰٬۰۰۰{NBSP}تومان از این خرید را می‌پردازد."
