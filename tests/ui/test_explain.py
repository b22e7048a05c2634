"""A priced basket told in words: small baskets line by line, and the rich example of the documentation."""

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

from station.basket import Basket, Chosen, Coupon
from station.hand import ByHand
from station.pack import HandLimit, Pack
from station.people import Actor, Role
from station.priced import RefusalCode
from station.pricing import Engine, gain_by_joining
from station.product import Scope
from station.promotion import Cost, CouponTerm, Promotion, When
from station.redemption import RedemptionRules
from station.rewards import (
    AmountOff,
    BonusPoints,
    BuyGet,
    Gift,
    Multiplier,
    NextCoupon,
    PercentOff,
    Reward,
)
from station.tender import TenderKind
from station.text import Text
from sync.documents import read_pack
from tests.fakes import CASHIER, NOON, member, pack, product
from ui.cli_price import Files, price_files
from ui.format import Format
from ui.presenters.explain import explain
from ui.text import Words

NBSP, RLM = "\u00a0", "\u200f"
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
MANAGER = Actor("reza", Role.MANAGER)
MILK = product(1, 400_000, name=Text("شیر", "Milk"), category="dairy")
BREAD = product(2, 150_000, name=Text("نان", "Bread"), tax_percent="10", tax_included=False)
APPLES = product(3, 480_000, name=Text("سیب", "Apples"), weighed=True)
TEA = product(4, 1_100_000, name=Text("چای", "Tea"), tax_percent="10")


def club(*promotions: Promotion, **facts: object) -> Pack:
    """Pack 7 without earning rules, unless told."""
    return replace(pack(7, promotions), **{"earning": (), **facts})  # type: ignore[arg-type] # fields by name


def basket(*goods: object, known: bool = True, **facts: object) -> Basket:
    made = Basket("b1", "shop", 7, NOON, member=member().snapshot() if known else None)
    for good, quantity in zip(goods[::2], goods[1::2], strict=True):
        made = made.with_product(good, quantity)  # type: ignore[arg-type] # a good, then its quantity
    return replace(made, **facts)  # type: ignore[arg-type] # fields by name


def told(rules: Pack, of: Basket, language: str = "en") -> list[str]:
    """The story after its two lines of heading."""
    engine = Engine(rules)
    return explain(rules, of, engine.quote(of), Words(language), Format(language), gain_by_joining(engine, of))[2:]


def named(name: str, reward: Reward, **facts: object) -> Promotion:
    return replace(Promotion(name, Text(f"طرح {name}", name.upper()), reward), **facts)  # type: ignore[arg-type]


def test_goods_total_and_tax_contained() -> None:
    # bread: 10 % of 300 000 on top; in 1 100 000 of tea 100 000 are tax: of 1 430 000 together 130 000
    of = basket(MILK, 3000, BREAD, 2000, APPLES, 1250, TEA, 1000)
    assert told(club(), of) == [
        "Goods before discounts:",
        "    line 1, Milk: 3 × 40,000 = 120,000",
        "    line 2, Bread: 2 × 15,000 = 30,000, with 3,000 tax: 33,000",
        "    line 3, Apples: 1.250 kg × 48,000 = 60,000",
        "    line 4, Tea: 1 × 110,000 = 110,000",
        f"    Subtotal: 323,000{NBSP}toman",
        f"To pay: 323,000{NBSP}toman",
        "    goods without tax: 180,000",
        "    goods at 10% tax: 143,000, in it 13,000 tax",
    ]
    assert told(club(), of, "fa") == [
        "کالاها پیش از تخفیف:",
        "    ردیف ۱، شیر: ۳ × ۴۰٬۰۰۰ می‌شود ۱۲۰٬۰۰۰",
        "    ردیف ۲، نان: ۲ × ۱۵٬۰۰۰ می‌شود ۳۰٬۰۰۰، با ۳٬۰۰۰ مالیات: ۳۳٬۰۰۰",
        "    ردیف ۳، سیب: ۱٫۲۵۰ کیلوگرم × ۴۸٬۰۰۰ می‌شود ۶۰٬۰۰۰",
        "    ردیف ۴، چای: ۱ × ۱۱۰٬۰۰۰ می‌شود ۱۱۰٬۰۰۰",
        f"    جمع: ۳۲۳٬۰۰۰{NBSP}تومان",
        f"قابل پرداخت: ۳۲۳٬۰۰۰{NBSP}تومان",
        "    کالاهای بدون مالیات: ۱۸۰٬۰۰۰",
        f"    کالاهای مشمول ۱۰{RLM}٪ مالیات: ۱۴۳٬۰۰۰ که ۱۳٬۰۰۰ آن مالیات است",
    ]


def test_the_heading_says_when_by_which_pack_in_which_unit_and_for_whom() -> None:
    def heading(of: Basket, language: str) -> list[str]:
        return explain(club(), of, Engine(club()).quote(of), Words(language), Format(language))[:2]

    assert heading(basket(MILK, 1000), "en") == [
        "Basket of Sun 22 Nov 2026, 14:05, priced by rule pack 7. Amounts in toman.",
        f"The customer is a Gold member with 500{NBSP}points to spend."]
    assert heading(basket(product(9, 100_001), 1000, known=False), "fa") == [
        "سبد یکشنبه ۱ آذر ۱۴۰۵، ۱۴:۰۵، بر پایهٔ قوانین شمارهٔ ۷. مبلغ‌ها به ریال است.", "مشتری عضو باشگاه نیست."]
    of = basket(MILK, 1000, member=replace(member().snapshot(), tier=""))
    assert heading(of, "en")[1] == f"The customer is a member with 500{NBSP}points to spend."


def test_discounts_by_stage_with_base_and_what_was_lost() -> None:
    rules = club(
        named("half", Reward(percent=PercentOff("50"))),
        named("most", Reward(percent=PercentOff("60"))),
        named("later", Reward(amount=AmountOff(10_000)), stage=2))
    # 60 % of 400 000 find only 200 000 left, so that the third has nothing to take
    assert told(rules, basket(MILK, 1000))[3:7] == [
        f"Stage 1, “HALF (50%)”: 20,000{NBSP}toman off",
        "    line 1, Milk: 20,000 of 40,000",
        f"Stage 1, “MOST (60%)”: 20,000{NBSP}toman off",
        "    line 1, Milk: 20,000 of 40,000",
    ]
    assert told(rules, basket(MILK, 1000))[7:9] == [
        f"“MOST” would have taken 4,000{NBSP}toman more off line 1, Milk, which held no more.", f"To pay: 0{NBSP}toman"]
    assert "    Nothing was left for “LATER”." in told(rules, basket(MILK, 1000))
    assert told(rules, basket(MILK, 1000), "fa")[7] == (
        f"«{RLM}طرح most{RLM}» ۴٬۰۰۰{NBSP}تومان دیگر هم کم می‌کرد، ولی در ردیف ۱، شیر، چیزی نمانده بود.")


def test_rounding_for_cash_is_told_with_what_each_line_bears() -> None:
    dear = replace(MILK, price=405_000), replace(TEA, price=1_105_000, tax_percent="0")
    bill = basket(dear[0], 1000, dear[1], 1000, known=False, payments=(TenderKind.CASH,))
    # 10 000 above the last full 50 000, spread 405 to 1 105
    assert told(club(cash_step=50_000), bill)[4:8] == [
        f"Rounded down for cash: 10,000{NBSP}rial", "    line 1, Milk: 2,682 of 405,000",
        "    line 2, Tea: 7,318 of 1,105,000", f"To pay: 1,500,000{NBSP}rial"]
    assert told(club(cash_step=50_000), bill, "fa")[4] == f"گرد شده برای پرداخت نقدی: ۱۰٬۰۰۰{NBSP}ریال"


def test_free_pieces_are_counted_and_one_more_is_not_called_nothing() -> None:
    rules = club(named("three", Reward(buy_get=BuyGet(2, 1), scope=Scope(categories=("dairy",)))))
    free = told(rules, basket(MILK, 3000))
    assert free[3:5] == [f"Stage 1, “THREE”: 40,000{NBSP}toman off", "    line 1, Milk: 1 piece free, 40,000"]
    nearly = told(rules, basket(MILK, 2000))
    assert nearly[-2:] == ["Within reach:", "    One more piece is free: “THREE”."]
    assert "Not given:" not in nearly


def test_what_was_given_where_nobody_signs_in_says_so() -> None:
    rules = club(by_hand=(HandLimit(Role.CASHIER, "5"), HandLimit(Role.MANAGER, "50")))
    of = basket(MILK, 1000, by_hand=(ByHand(Actor("sara", Role.ALONE), "torn box", line=1, percent="50"),))
    assert f"By hand from sara (nobody signs in there) for “torn box”, 50%: 20,000{NBSP}toman off" in told(rules, of)


def test_what_people_gave_names_them_their_reason_and_its_form() -> None:
    rules = club(by_hand=(HandLimit(Role.CASHIER, "5"), HandLimit(Role.MANAGER, "50")))
    given = (
        ByHand(CASHIER, "old label", line=1, amount=20_000),
        ByHand(CASHIER, "torn box", line=2, percent="10", approver=MANAGER),
        ByHand(MANAGER, "last one", line=3, price=400_000, instead=True))
    of = basket(MILK, 1000, TEA, 1000, APPLES, 1000, by_hand=given)
    assert told(rules, of)[5:11] == [
        f"By hand from cashier sara for “old label”: 2,000{NBSP}toman off",
        "    line 1, Milk: 2,000 of 40,000",
        f"By hand from cashier sara, approved by manager reza for “torn box”, 10%: 11,000{NBSP}toman off",
        "    line 2, Tea: 11,000 of 110,000",
        (f"By hand from manager reza for “last one”, in place of all promotions, price 40,000{NBSP}toman: "
         f"8,000{NBSP}toman off"),
        "    line 3, Apples: 8,000 of 48,000",
    ]
    assert told(rules, of, "fa")[7] == (
        f"تخفیف دستی صندوقدار {RLM}sara{RLM} با تأیید مدیر {RLM}reza{RLM} به دلیل «{RLM}torn box{RLM}»، ۱۰{RLM}٪: "
        f"۱۱٬۰۰۰{NBSP}تومان تخفیف")


def test_what_nobody_approved_is_told_as_not_given() -> None:
    rules = club(by_hand=(HandLimit(Role.CASHIER, "5"), HandLimit(Role.MANAGER, "50")))
    given = (ByHand(CASHIER, "torn box", line=1, percent="10", approver=MANAGER, most=110_000),)
    of = basket(TEA, 3000, by_hand=given)
    assert told(rules, of)[3:6] == [
        f"By hand from cashier sara, approved by manager reza for “torn box”, 10%: 11,000{NBSP}toman off",
        "    line 1, Tea: 11,000 of 330,000",
        f"By hand for “torn box”: 22,000{NBSP}toman more off line 1, Tea, was not approved and is not given.",
    ]
    assert told(rules, of, "fa")[5].startswith(f"تخفیف دستی به دلیل «{RLM}torn box{RLM}»: ۲۲٬۰۰۰{NBSP}تومان دیگر ")


def test_points_paid_spent_earned_and_multiplied() -> None:
    rules = club(
        named("gift", Reward(gift=Gift(), scope=Scope(products=("p2",))), cost=Cost(100)),
        named("half", Reward(multiplier=Multiplier("0.5"), scope=Scope(products=("p4",)))),
        named("more", Reward(multiplier=Multiplier("1.5"), scope=Scope(categories=("dairy",)))),
        named("bonus", Reward(bonus=BonusPoints(30))),
        named("next", Reward(coupon=NextCoupon("back", 30))),
        named("back", Reward(percent=PercentOff("5")), when=When(coupon=CouponTerm(issued=True))),
        earning=pack().earning, redemption=RedemptionRules(100, 40_000, largest_share="50"))
    of = basket(MILK, 1000, TEA, 1000, BREAD, 1000, redeem=300, chosen=(Chosen("gift"),))
    story = told(rules, of)
    # 1 500 000 less 120 000 paid with points (the bread is free) is 1 380 000: 138 points. Of it the milk is
    # 400 000 - 32 000 = 368 000 and the tea 1 100 000 - 88 000 = 1 012 000. Half for the tea: 36.8 + 50.6 =
    # 87.4, so 87, 51 fewer; then half as much again for the milk: 55.2 + 50.6 = 105.8, so 105, 18 more.
    assert f"Paid with 300{NBSP}points: 12,000{NBSP}toman" in story
    assert story[story.index(f"Spent on “GIFT”: 100{NBSP}points"):-2] == [
        f"Spent on “GIFT”: 100{NBSP}points",
        f"“Good”: 105{NBSP}points for 138,000{NBSP}toman",
        "    51 fewer by the factor 0.5 of “HALF”",
        "    18 of them by the factor 1.5 of “MORE”",
        f"“BONUS”: 30{NBSP}points",
        f"Points earned together: 135{NBSP}points",
        "“NEXT” gives a coupon for “BACK”, for later purchases through 22 Dec 2026.",
    ]
    assert f"    ۱۸ از آن به دلیل ضریب ۱٫۵ در «{RLM}طرح more{RLM}»" in told(rules, of, "fa")


def test_what_no_promotion_knows_and_what_was_not_tried_are_told() -> None:
    # 13 groups of one promotion each: 8 192 combinations are more than are tried
    many = club(*(named(f"g{i}", Reward(amount=AmountOff(1_000)), group=f"g{i}") for i in range(13)))
    story = told(many, basket(MILK, 1000, coupons=(Coupon("SUMMER"),)))
    assert "Not all combinations of promotions were tried: there are too many." in story
    assert story[-1] == "No promotion knows the coupon SUMMER."


def test_a_stranger_is_told_at_the_end_what_joining_would_have_brought() -> None:
    rules = club(named("silver", Reward(percent=PercentOff("3")), when=When(tiers=("silver",))))
    assert told(rules, basket(MILK, 1000, known=False))[-1] == f"As a member you would have saved 1,200{NBSP}toman."
    assert "«طرح" not in told(rules, basket(MILK, 1000))[-1]


def example(language: str = "") -> str:
    return price_files(Files(*(EXAMPLES / f"{name}.json" for name in ("pack", "basket", "member", "history"))), language)


def figure(text: str) -> int:
    """The last grouped figure of ``text`` before its unit."""
    return int(re.findall(r"[\d,]*\d", text.partition(" of ")[0])[-1].replace(",", ""))


def test_the_example_adds_up_line_by_line() -> None:
    lines = example("en").replace(NBSP, " ").splitlines()
    subtotal = next(place for place, line in enumerate(lines) if line.startswith("    Subtotal: "))
    to_pay = next(place for place, line in enumerate(lines) if line.startswith("To pay: "))
    taken: list[tuple[int, list[int]]] = []
    for line in lines[subtotal + 1:to_pay]:
        if line.startswith("    "):
            taken[-1][1].append(figure(line))
        elif not line.endswith("held no more."):
            taken.append((figure(line), []))
    # two by hand, ten in stages 1 and 2, the bread voucher, and the points paid
    assert len(taken) == 14
    assert all(sum(parts) == whole for whole, parts in taken)
    assert figure(lines[subtotal]) - sum(whole for whole, _ in taken) == figure(lines[to_pay])


def test_the_example_tells_of_every_rule_of_its_pack_and_of_nearly_every_refusal() -> None:
    rules = read_pack((EXAMPLES / "pack.json").read_bytes())
    for language in ("fa", "en"):
        story = example(language)
        names = [each.name for each in rules.promotions] + [each.name for each in rules.earning]
        assert [name for name in names if name.in_language(language) not in story] == []
    refused = {each["code"] for each in json.loads(example())["refusals"]}
    assert refused == {code.value for code in RefusalCode if code is not RefusalCode.MEMBER}


def test_the_persian_example_is_persian_and_runs_from_the_right() -> None:
    lines = example("fa").splitlines()
    text = "\n".join(lines)
    assert re.search("[0-9]", text) is None
    assert set(re.findall("[A-Za-z]+", text)) == {"Earl", "Grey", "sara", "reza", "SUMMER"}
    first = [next(kind for each in line if (kind := unicodedata.bidirectional(each)) in ("L", "R", "AL")) for line in lines]
    assert set(first) <= {"R", "AL"}


def test_the_english_example_holds_no_persian_but_what_the_cashier_wrote() -> None:
    text = example("en")
    for reason in ("جعبهٔ آسیب‌دیده", "برچسب قدیمی قفسه"):
        text = text.replace(reason, "")
    assert re.search("[\u0600-\u06ff]", text) is None
