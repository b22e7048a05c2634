"""Why a rule was not given and what a little more would bring, in sentences of both languages."""

from dataclasses import replace

import pytest

from station.card import CardTier
from station.pack import Pack
from station.priced import Hint, HintKind, Refusal, RefusalCode
from station.pricing import Joining
from station.product import Scope
from station.promotion import (
    ALWAYS,
    Cost,
    CouponTerm,
    Limits,
    Minimum,
    Promotion,
    QuantityWindow,
    When,
)
from station.rewards import AmountOff, Gift, PercentOff, Reward, Step, StepBasis, Steps
from station.tender import TenderKind
from station.text import Text
from station.windows import BirthdayWindow, DateSpan, HourSpan, Weekday
from tests.fakes import pack
from ui.format import Format, Unit
from ui.presenters.reasons import Reasons, held, joining, rule_name
from ui.text import LANGUAGES, Words

NBSP, LRM, RLM = "\u00a0", "\u200e", "\u200f"
OFFER = Text("جشنواره", "Festival")
DAIRY = Scope(categories=("dairy",))


def offer(when: When = ALWAYS, **facts: object) -> Promotion:
    """The promotion the sentences are about: 5 % of everything."""
    return replace(Promotion("x", OFFER, Reward(percent=PercentOff("5")), when=when), **facts)  # type: ignore[arg-type] # a field by its name


def club(promotion: Promotion) -> Pack:
    other = Promotion("other", Text("تخفیف طلایی", "Gold discount"), Reward(amount=AmountOff(100)))
    return pack(3, (promotion, other))


def said(promotion: Promotion, refusal: Refusal | Hint, language: str, unit: Unit = Unit.TOMAN) -> str:
    reasons = Reasons(club(promotion), Words(language), Format(language, unit))
    return reasons.refusal(refusal) if isinstance(refusal, Refusal) else reasons.hint(refusal)


def no(code: RefusalCode, have: int = 0, need: int = 0, other: str = "") -> Refusal:
    return Refusal("x", code, have, need, other)


CASES = [
    (offer(off=True), no(RefusalCode.OFF),
     "“Festival” is switched off at present.", "«جشنواره» اکنون غیرفعال است."),
    (offer(When(dates=(DateSpan("2026-12-16", "2026-12-21"),))), no(RefusalCode.DATE),
     "“Festival” is for purchases from 16 Dec 2026 through 21 Dec 2026.",
     "«جشنواره» ویژهٔ خرید از ۲۵ آذر ۱۴۰۵ تا ۳۰ آذر ۱۴۰۵ است."),
    (offer(When(dates=(DateSpan(last="2026-03-20"), DateSpan("2026-12-16")))), no(RefusalCode.DATE),
     "“Festival” is for purchases through 20 Mar 2026 and from 16 Dec 2026 on.",
     "«جشنواره» ویژهٔ خرید تا ۲۹ اسفند ۱۴۰۴ و از ۲۵ آذر ۱۴۰۵ به بعد است."),
    (offer(When(hours=(HourSpan("08:00", "10:00"),))), no(RefusalCode.HOUR),
     "“Festival” is for purchases between 08:00 and 10:00.",
     "«جشنواره» ویژهٔ خرید از ساعت ۰۸:۰۰ تا ۱۰:۰۰ است."),
    (offer(When(weekdays=(Weekday.TUESDAY, Weekday.SATURDAY, Weekday.SUNDAY))), no(RefusalCode.WEEKDAY),
     "“Festival” is for purchases on Sat, Sun and Tue.",
     "«جشنواره» ویژهٔ خرید در روزهای شنبه، یکشنبه و سه‌شنبه است."),
    (offer(When(shops=("7",))), no(RefusalCode.SHOP),
     "“Festival” is given in other shops of the club.", "«جشنواره» در شعبه‌های دیگر باشگاه داده می‌شود."),
    (offer(When(members_only=True)), no(RefusalCode.MEMBER),
     "“Festival” is for members of the club.", "«جشنواره» ویژهٔ اعضای باشگاه است."),
    (offer(When(tiers=("silver", "gold"))), no(RefusalCode.TIER),
     "“Festival” is for Silver and Gold members.", "«جشنواره» ویژهٔ اعضای نقره‌ای و طلایی است."),
    (offer(When(card=CardTier.SHARED_SECRET)), no(RefusalCode.CARD, 1, 3),
     "“Festival” needs a card that proves more: level 3, and this is level 1.",
     "«جشنواره» کارتی با سطح ۳ یا بالاتر می‌خواهد؛ سطح این کارت ۱ است."),
    (offer(When(segments=("students",))), no(RefusalCode.SEGMENT),
     "“Festival” is for members who were chosen for it.", "«جشنواره» ویژهٔ اعضای برگزیده است."),
    (offer(When(birthday=BirthdayWindow())), no(RefusalCode.BIRTHDAY),
     "“Festival” is given on the birthday.", "«جشنواره» در روز تولد داده می‌شود."),
    (offer(When(birthday=BirthdayWindow(3, 1))), no(RefusalCode.BIRTHDAY),
     "“Festival” is given from 3 days before the birthday through 1 day after it.",
     "«جشنواره» از ۳ روز پیش از تولد تا یک روز پس از آن داده می‌شود."),
    (offer(When(birthday=BirthdayWindow(before=1))), no(RefusalCode.BIRTHDAY),
     "“Festival” is given from 1 day before the birthday through the birthday.",
     "«جشنواره» از یک روز پیش از تولد تا روز تولد داده می‌شود."),
    (offer(When(birthday=BirthdayWindow(after=7))), no(RefusalCode.BIRTHDAY),
     "“Festival” is given from the birthday through 7 days after it.",
     "«جشنواره» از روز تولد تا ۷ روز پس از آن داده می‌شود."),
    (offer(When(visits=(1,))), no(RefusalCode.VISIT, 42, 1),
     "“Festival” is for the first purchase; this is number 42.",
     "«جشنواره» ویژهٔ نخستین خرید است؛ این خرید شمارهٔ ۴۲ است."),
    (offer(When(visits=(1, 2, 10))), no(RefusalCode.VISIT, 3, 1),
     "“Festival” is for purchase number 1, 2 and 10; this is number 3.",
     "«جشنواره» ویژهٔ خرید شمارهٔ ۱، ۲ و ۱۰ است؛ این خرید شمارهٔ ۳ است."),
    (offer(When(payments=(TenderKind.DEBIT,))), no(RefusalCode.PAYMENT),
     "Pay all of it on the bank terminal and you get “Festival”.",
     "همهٔ مبلغ را با کارتخوان بانک بپردازید تا «جشنواره» را بگیرید."),
    (offer(When(payments=(TenderKind.WALLET, TenderKind.CASH, TenderKind.GIFT_CARD))), no(RefusalCode.PAYMENT),
     "Pay all of it in cash, from the wallet or by gift card and you get “Festival”.",
     "همهٔ مبلغ را نقدی، از کیف پول یا با کارت هدیه بپردازید تا «جشنواره» را بگیرید."),
    (offer(When(coupon=CouponTerm(("A",)))), no(RefusalCode.COUPON),
     "“Festival” is given only with its coupon.", "«جشنواره» فقط با کوپن خودش داده می‌شود."),
    (offer(When(quantity=QuantityWindow(3))), no(RefusalCode.QUANTITY, 1, 3),
     "Add 2 pieces and you get “Festival”.", "با ۲ عدد دیگر، «جشنواره» را می‌گیرید."),
    (offer(When(quantity=QuantityWindow(2), counted=DAIRY)), no(RefusalCode.QUANTITY, 1, 2),
     "Add 1 piece of eligible goods and you get “Festival”.",
     "با یک عدد دیگر از کالاهای مشمول، «جشنواره» را می‌گیرید."),
    (offer(When(quantity=QuantityWindow(1, 2))), no(RefusalCode.QUANTITY, 4, 2),
     "“Festival” is only for up to 2 pieces; these are 4.",
     "«جشنواره» فقط برای حداکثر ۲ عدد است؛ در سبد ۴ عدد هست."),
    (offer(When(minimum=Minimum(500_000))), no(RefusalCode.MINIMUM, 150_000, 500_000),
     f"Spend 35,000{NBSP}toman more and you get “Festival”.",
     f"با ۳۵٬۰۰۰{NBSP}تومان خرید بیشتر، «جشنواره» را می‌گیرید."),
    (offer(When(minimum=Minimum(500_000, before_tax=True), counted=DAIRY)), no(RefusalCode.MINIMUM, 150_000, 500_000),
     f"Spend 35,000{NBSP}toman more before tax on eligible goods and you get “Festival”.",
     f"با ۳۵٬۰۰۰{NBSP}تومان خرید بیشتر (بدون مالیات) از کالاهای مشمول، «جشنواره» را می‌گیرید."),
    (offer(limits=Limits(per_member=2)), no(RefusalCode.LIMITS, 2, 2),
     "The limit of “Festival” is reached: 2 of 2.", "سقف «جشنواره» پر شده است: ۲ از ۲."),
    (offer(limits=Limits(budget=100)), no(RefusalCode.BUDGET),
     "The budget of “Festival” is used up.", "بودجهٔ «جشنواره» تمام شده است."),
    (offer(limits=Limits(budget=100)), no(RefusalCode.BUDGET, 10_005, 70_000),
     f"The budget of “Festival” holds 1,000.5{NBSP}toman; 7,000{NBSP}toman are needed.",
     f"در بودجهٔ «جشنواره» ۱٬۰۰۰٫۵{NBSP}تومان مانده است؛ ۷٬۰۰۰{NBSP}تومان لازم بود."),
    (offer(cost=Cost(400)), no(RefusalCode.NOT_CHOSEN, 0, 400),
     f"You can have “Festival” for 400{NBSP}points.", f"«جشنواره» را می‌توانید در برابر ۴۰۰{NBSP}امتیاز بگیرید."),
    (offer(cost=Cost(400)), no(RefusalCode.POINTS, 120, 400),
     f"“Festival” takes 400{NBSP}points; you have 120{NBSP}points.",
     f"«جشنواره» ۴۰۰{NBSP}امتیاز می‌خواهد؛ شما ۱۲۰{NBSP}امتیاز دارید."),
    (offer(group="g"), no(RefusalCode.GROUP, other="other"),
     "“Gold discount” is better for you than “Festival”.", "«تخفیف طلایی» برای شما بهتر از «جشنواره» است."),
    (offer(group="g"), no(RefusalCode.GROUP),
     "Without “Festival” the purchase comes out better for you.",
     "بدون «جشنواره»، خرید برای شما بهتر تمام می‌شود."),
    (offer(), no(RefusalCode.NOTHING_LEFT), "Nothing was left for “Festival”.", "برای «جشنواره» چیزی نمانده بود."),
]


@pytest.mark.parametrize(("promotion", "refusal", "english", "persian"), CASES)
def test_every_refusal_is_a_sentence_with_its_figures(
    promotion: Promotion, refusal: Refusal, english: str, persian: str,
) -> None:
    assert said(promotion, refusal, "en") == english
    assert said(promotion, refusal, "fa") == persian


def test_no_code_is_without_its_sentence() -> None:
    assert {refusal.code for _, refusal, *_ in CASES} == set(RefusalCode)


def test_an_earning_rule_is_told_like_a_promotion() -> None:
    reasons = Reasons(pack(), Words("en"), Format("en"))
    assert reasons.refusal(Refusal("base", RefusalCode.MINIMUM, 0, 10_000)) == (
        f"Spend 1,000{NBSP}toman more and you get “Good”.")


def test_a_rule_of_another_pack_is_a_bug() -> None:
    with pytest.raises(KeyError, match="unknown"):
        Reasons(pack(), Words("en"), Format("en")).refusal(Refusal("unknown", RefusalCode.TIER))


def test_a_reward_by_the_piece_tells_its_price_in_points() -> None:
    gift = Promotion("x", OFFER, Reward(gift=Gift()), cost=Cost(30, 2))
    assert said(gift, no(RefusalCode.NOT_CHOSEN, 0, 30), "en") == (
        f"You can have “Festival”: 30{NBSP}points for every 2 pieces.")


def test_what_is_missing_is_rounded_up_to_the_unit_it_is_told_in() -> None:
    # 349 995 rial are 34 999.5 toman: 35 000 are enough, 34 999 are not
    least = offer(When(minimum=Minimum(500_000)))
    refusal = no(RefusalCode.MINIMUM, 150_005, 500_000)
    assert "35,000\u00a0toman" in said(least, refusal, "en")
    assert "349,995\u00a0rial" in said(least, refusal, "en", Unit.RIAL)


STEPPED = Reward(steps=Steps(StepBasis.AMOUNT, (Step(10, "5"),)))


@pytest.mark.parametrize(("promotion", "kind", "missing", "english", "persian"), [
    (offer(), HintKind.ONE_MORE_FREE, 1, "One more piece is free: “Festival”.", "یک عدد دیگر رایگان است: «جشنواره»."),
    (offer(reward=STEPPED), HintKind.NEXT_STEP_AMOUNT, 20_000,
     f"Spend 2,000{NBSP}toman more and you reach the next step of “Festival”.",
     f"با ۲٬۰۰۰{NBSP}تومان خرید بیشتر، به پلهٔ بعدی «جشنواره» می‌رسید."),
    (offer(reward=replace(STEPPED, scope=DAIRY)), HintKind.NEXT_STEP_AMOUNT, 20_000,
     f"Spend 2,000{NBSP}toman more on eligible goods and you reach the next step of “Festival”.",
     f"با ۲٬۰۰۰{NBSP}تومان خرید بیشتر از کالاهای مشمول، به پلهٔ بعدی «جشنواره» می‌رسید."),
    (offer(reward=STEPPED), HintKind.NEXT_STEP_QUANTITY, 1,
     "Add 1 piece and you reach the next step of “Festival”.", "با یک عدد دیگر، به پلهٔ بعدی «جشنواره» می‌رسید."),
    (offer(reward=replace(STEPPED, scope=DAIRY)), HintKind.NEXT_STEP_QUANTITY, 4,
     "Add 4 pieces of eligible goods and you reach the next step of “Festival”.",
     "با ۴ عدد دیگر از کالاهای مشمول، به پلهٔ بعدی «جشنواره» می‌رسید."),
])
def test_hints_say_what_a_little_more_brings(
    promotion: Promotion, kind: HintKind, missing: int, english: str, persian: str,
) -> None:
    hint = Hint("x", kind, missing)
    assert (said(promotion, hint, "en"), said(promotion, hint, "fa")) == (english, persian)


@pytest.mark.parametrize(("gain", "english", "persian"), [
    (Joining(12_500, 40), f"As a member you would have saved 1,250{NBSP}toman and earned 40{NBSP}points.",
     f"با عضویت در باشگاه، در این خرید ۱٬۲۵۰{NBSP}تومان کمتر می‌پرداختید و ۴۰{NBSP}امتیاز می‌گرفتید."),
    (Joining(12_500, 0), f"As a member you would have saved 1,250{NBSP}toman.",
     f"با عضویت در باشگاه، در این خرید ۱٬۲۵۰{NBSP}تومان کمتر می‌پرداختید."),
    (Joining(0, 1), f"As a member you would have earned 1{NBSP}point.",
     f"با عضویت در باشگاه، از این خرید ۱{NBSP}امتیاز می‌گرفتید."),
])
def test_joining_says_what_was_missed(gain: Joining, english: str, persian: str) -> None:
    assert joining(gain, Words("en"), Format("en")) == english
    assert joining(gain, Words("fa"), Format("fa")) == persian


def test_names_of_what_no_pack_defines() -> None:
    names = [[rule_name(pack(), rule, Words(language), Format(language)) for rule in ("points", "hand/2", "rounding", "gone")]
             for language in LANGUAGES]
    assert names == [["پرداخت با امتیاز", "تخفیف دستی", "گرد شده برای پرداخت نقدی", "gone"],
                     ["Paid with points", "Given by hand", "Rounded down for cash", "gone"]]


def test_a_plain_percentage_stands_behind_the_name_where_it_is_asked_for() -> None:
    assert rule_name(club(offer()), "x", Words("fa"), Format("fa"), rate=True) == f"جشنواره (۵{RLM}٪)"
    assert rule_name(club(offer()), "other", Words("en"), Format("en"), rate=True) == "Gold discount"


def test_a_name_in_the_other_script_does_not_turn_the_sentence_round() -> None:
    assert held("VIP 10", Words("fa")) == f"{RLM}VIP 10{RLM}"
    assert held("جشنوارهٔ ۱۰", Words("fa")) == "جشنوارهٔ ۱۰"
    assert held("جعبه", Words("en")) == f"{LRM}جعبه{LRM}"
    assert held("VIP 10", Words("en")) == "VIP 10"
