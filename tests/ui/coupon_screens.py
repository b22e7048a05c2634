"""Screens of coupons for a later visit: listed at F9, and given with a sale."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
from PySide6.QtWidgets import QWidget

from station.card import CardLink, CardStatus
from station.card_hash import card_hash
from station.coupons import GivenCoupon, coupon_number
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.promotion import CouponTerm, Promotion, When
from station.rewards import AmountOff, NextCoupon, PercentOff, Reward
from station.text import Text
from tests.fakes import member
from tests.ui.stage import CARD_KEY, Stage, rules
from tests.ui.till import GOLD_CARD
from tests.ui.tool_screens import press
from ui.qt.window import Window

GIVES = Promotion("thanks", Text("کوپن تشکر", "Thank-you coupon"), Reward(coupon=NextCoupon("next-ten", 30)), 3)
NEXT = Promotion("next-ten", Text("ده درصد تخفیف خرید بعدی", "Ten percent next time"), Reward(percent=PercentOff("10")), 3,
                 when=When(coupon=CouponTerm((), issued=True)))
TEA = Promotion("next-tea", Text("یک بسته چای هدیه", "A packet of tea for free"), Reward(amount=AmountOff(500_000)), 3,
                when=When(coupon=CouponTerm((), issued=True)))
READY = (GivenCoupon("019ab000-0000-7000-8000-000000000001/thanks", "next-ten", "2026-12-21", "m1"),
         GivenCoupon("019ab000-0000-7000-8000-000000000002/thanks", "next-tea", "2027-01-20", "m1"))


def club(stage: Stage) -> Window:
    """Return the window of a club that gives coupons, with the basket of a member who has two."""
    held = rules()
    with_coupons = replace(held, number=2, promotions=(*held.promotions, GIVES, NEXT, TEA))
    stage.memory.packs.install(with_coupons, msgspec.json.encode(with_coupons), b"signature")
    at = Position(stage.memory.journal.head().incarnation, 0)
    cards = (CardLink(card_hash(CARD_KEY, GOLD_CARD), CardStatus.ACTIVE),)
    stage.memory.members.apply(MemberPage(  # type: ignore[union-attr] # with members
        "d", at, (MemberRecord(member(1), cards, (), READY),), (), Stamp(2, 2), last=True))
    return stage.member()


def coupons(stage: Stage) -> QWidget:
    """Show the coupons of a member, one of them taken by its bar code."""
    window = club(stage)
    press(window, "F9")
    window.scanned(coupon_number(READY[0].code))
    return stage.dialog(window)


def coupon_done(stage: Stage) -> QWidget:
    """Show a sale that gave a coupon."""
    window = club(stage)
    window.checkout.begin_pay()
    window.checkout.pay_cash("1400000")
    window.activateWindow()
    return stage.shown(window)


SCREENS: dict[str, Callable[[Stage], QWidget]] = {
    "coupons": coupons, "coupon-done": coupon_done}
