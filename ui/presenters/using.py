"""Using what a member has: points as payment, rewards for points, coupons. No Qt.

What points pay is asked of the engine, and what can be spent of head office or the leases: nothing
here knows a rule of its own.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from station.coupons import coupon_number, grouped, read_typed_coupon
from station.errors import ErrorCode, StationError
from station.in_hand import InHand
from station.leases import AccountKind
from station.pack import POINTS
from station.priced import RefusalCode
from station.promotion import Promotion
from station.redemption import RedemptionRules
from station.spending import Spendable
from station.trust import most_points, spendable_points
from ui.format import Format, fold_digits, in_order
from ui.presenters.basket_view import fitting
from ui.presenters.checkout import Checkout
from ui.presenters.codes import opened_by, take_coupon, use_coupon
from ui.presenters.desk import Desk
from ui.presenters.reasons import Reasons, find_rule, rule_name
from ui.presenters.spendable_words import short_words, spendable_words
from ui.text import Words
from ui.views_using import CouponView, PointsView, RewardView, UsingView

_POINTS = re.compile(r"[0-9]{1,9}", re.ASCII)
_MARKS = str.maketrans("", "", ",٬، \u00a0")


class UsingScreen(Protocol):
    """The screen the presenter speaks to."""

    def show_using(self, view: UsingView) -> None:
        """Show ``view``."""
        ...


class Using:
    """Lives on the screen's thread, for one opening of the dialog. No action raises ``StationError``."""

    def __init__(self, desk: Desk, checkout: Checkout, words: Words, style: Format, screen: UsingScreen) -> None:
        """Show nothing before ``start``."""
        self._desk, self._counter, self._checkout = desk, desk.counter, checkout
        self._words, self._style, self._screen = words, style, screen
        self._left: Spendable | None = None
        self._asked_for = ""
        self._news = self._problem = ""

    def start(self) -> None:
        """Ask how much the member can spend now, and show it all; for another member it is asked anew."""
        self._news = self._problem = ""
        self.follow()

    def follow(self) -> None:
        """Follow a basket that changed meanwhile."""
        member = self._counter.member
        if member is None or member.member_id != self._asked_for:
            self._left, self._asked_for = None, member.member_id if member else ""
            try:
                self._left = self._counter.spendable(AccountKind.POINTS, member.member_id) if member else None
            except StationError as fault:
                self._problem = self._words.error(fault)
        self.show()

    def pay(self, typed: str) -> None:
        """Pay with the points typed, or with the most the engine takes when nothing is."""
        self._act(lambda: self._pay(typed))

    def pay_nothing(self) -> None:
        """Give back all points that pay."""
        self._act(lambda: self._counter.redeem(0))

    def take(self, promotion: str) -> None:
        """Take the reward of ``promotion`` for points, once more when it was taken before."""
        self._act(lambda: self._choose(promotion))

    def give_back(self, promotion: str) -> None:
        """Give the reward back."""
        self._act(lambda: self._counter.choose(promotion, 0))

    def coupon(self, typed: str) -> None:
        """Show the coupon with this code."""
        code = fold_digits(typed).strip()
        if code:
            self._act(lambda: self._coupon(code))

    def use_coupon(self, code: str) -> None:
        """Take the coupon of the member that has this code."""
        self._act(lambda: self._use_coupon(coupon_number(code)))

    def drop_coupon(self, code: str) -> None:
        """Take a coupon out again."""
        held = self._counter.in_hand
        if held:
            left = tuple(each for each in held.basket.coupons if each.code != code)
            self._act(lambda: self._counter.go_back(replace(held, basket=replace(held.basket, coupons=left))))

    def show(self) -> None:
        """Show the present state."""
        member, words, held = self._counter.member, self._words, self._counter.in_hand
        self._screen.show_using(UsingView(
            (member.name or words("Member without a name")) if member else "",
            self._points(held) if member and held else PointsView(words("Show the member's card first."), "", "", "", ""),
            tuple(self._rewards()) if member else (), tuple(self._coupons()),
            can_pay=bool(held and held.basket.lines), wallet=member is not None, news=self._news, problem=self._problem))

    def _act(self, act: Callable[[], object]) -> None:
        """Do ``act``, or leave the basket as it was and say why; it can be undone at the counter."""
        self._news, self._problem = "", ""
        before = self._counter.in_hand

        def run() -> None:
            try:
                act()
                self._check_points()
            except StationError as fault:
                self._problem = self._problem or short_words(fault, self._style.points, self._words)
                if before:
                    self._counter.go_back(before)
            else:
                if before:
                    self._checkout.can_undo(lambda: self._counter.go_back(before))

        self._checkout.do(run)
        self.show()

    def _check_points(self) -> None:
        """Refuse what takes more points than can be spent now, before the sale would be refused."""
        priced = self._counter.priced()
        if self._left and priced and priced.spent > self._left.amount:
            raise (StationError(ErrorCode.SPENDING_SHORT, available=self._left.amount) if self._left.online
                   else StationError(ErrorCode.LEASE_SHORT, spendable=self._left.amount))

    def _pay(self, typed: str) -> None:
        if self._counter.member is None:
            raise StationError(ErrorCode.MEMBER_MISSING)
        plain = fold_digits(typed).translate(_MARKS)
        if plain and not _POINTS.fullmatch(plain):
            raise StationError(ErrorCode.TENDER_INVALID)
        asked = int(plain or "0") or self._most()[0]
        self._counter.redeem(asked)
        taken = self._paid()[0]
        if taken != asked:
            self._news = self._words("{points} pay: only whole blocks, and no more than the rules allow.",
                                     points=self._style.points(taken))

    def _choose(self, promotion: str) -> None:
        basket = self._counter.basket
        times = next((each.times for each in basket.chosen if each.promotion == promotion), 0) if basket else 0
        before = self._counter.priced()
        self._counter.choose(promotion, times + 1)
        held, quote = self._counter.in_hand, self._counter.quote()
        if held is None or quote is None:
            return
        worse = before is not None and times and quote.priced.total == before.total
        if promotion not in quote.priced.applied or worse:
            said = next((Reasons(held.engine.pack, self._words, self._style).refusal(each)
                         for each in quote.refusals if each.rule == promotion), "")
            self._problem = said or self._words("It gives nothing more on this purchase.")
            raise StationError(ErrorCode.SPENDING_SHORT)

    def _coupon(self, code: str) -> None:
        unknown = StationError(ErrorCode.COUPON_UNKNOWN)
        said = take_coupon(self._counter, code, read_typed_coupon(code), unknown, self._words, self._style)
        self._news = said.text

    def _use_coupon(self, number: str) -> None:
        self._news = use_coupon(self._counter, number, self._words, self._style).text

    def _most(self) -> tuple[int, int]:
        """Return the most points the engine takes for payment now, and the minor units they pay."""
        held = self._counter.in_hand
        if held is None or held.basket.member is None:
            return 0, 0
        asked = held.basket.member.points if self._left is None else self._left.amount
        priced = held.engine.price(replace(held.basket, redeem=max(0, asked)))
        return next(((each.points, each.amount) for each in priced.paid_points if each.rule == POINTS), (0, 0))

    def _paid(self) -> tuple[int, int]:
        priced = self._counter.priced()
        paid = priced.paid_points if priced else ()
        return next(((each.points, each.amount) for each in paid if each.rule == POINTS), (0, 0))

    def _fit(self, held: InHand) -> Format:
        """Return the one unit of all amounts in the dialog: the basket's, what points are worth and what they pay."""
        rules = held.engine.pack.redemption
        return fitting(self._style, self._checkout.reckoned).fitting(
            (self._most()[1], self._paid()[1], rules.worth if rules else 0))

    def _points(self, held: InHand) -> PointsView:
        words, style, member, rules = self._words, self._fit(held), held.basket.member, held.engine.pack.redemption
        points = member.points if member else 0
        source = (words("{points} on the account.", points=style.points(points)) if self._left is None else
                  spendable_words(self._left, style.points(self._left.amount), self._desk.clock.now(), words, style))
        if rules is None:
            return PointsView(source, words("This club's rules take no points as payment."), "", "", "")
        most, worth = self._most()
        used, off = self._paid()
        said = (words("At most {points} pay {amount} of this purchase.", points=style.points(most), amount=style.money(worth))
                if most else self._why_nothing(held, rules))
        return PointsView(
            source, " ".join(self._rules(held, rules)), said, style.number(most) if most else "",
            words("{points} pay {amount} now.", points=style.points(used), amount=style.money(off)) if used else "")

    def _rules(self, held: InHand, rules: RedemptionRules) -> Iterator[str]:
        words, style = self._words, self._fit(held)
        yield words("{points} are worth {amount}, in whole blocks.", points=style.points(rules.block),
                    amount=style.money(rules.worth))
        if rules.minimum:
            yield words("At least {points} at a time.", points=style.points(rules.minimum))
        if rules.largest_share != "100":
            yield words("At most {percent} of the purchase.", percent=style.percent(rules.largest_share))
        cap = most_points(held.engine.pack, held.basket)
        if cap is not None:
            yield words("This card is good for {points} a sale; a PIN or a code may raise that.", points=style.points(cap))

    def _why_nothing(self, held: InHand, rules: RedemptionRules) -> str:
        words, style = self._words, self._style
        if not held.basket.lines:
            return words("There is nothing to be paid yet.")
        there = spendable_points(held.basket)
        there = there if self._left is None else min(there, self._left.amount)
        cap = most_points(held.engine.pack, held.basket)
        least = max(rules.block, rules.minimum)
        if there < least:
            return words("At least {least} are needed to pay; {points} can be spent.", least=style.points(least),
                         points=style.points(there))
        if cap is not None and cap < least:
            return words("This card is not trusted with that many points.")
        return words("This purchase is too small to be paid with points.")

    def _rewards(self) -> Iterator[RewardView]:
        held, quote = self._counter.in_hand, self._counter.quote()
        if held is None or quote is None:
            return
        pack = held.engine.pack
        reasons = Reasons(pack, self._words, self._fit(held))
        refused = {each.rule: each for each in quote.refusals}
        for each in pack.promotions:
            if each.cost and not each.off:
                name = each.name.in_language(self._words.language)
                if each.id in quote.priced.applied:
                    yield RewardView(each.id, name, self._given(each, held), can=True, taken=True)
                elif each.id in refused:
                    refusal = refused[each.id]
                    yield RewardView(each.id, name, reasons.refusal(refusal), refusal.code is RefusalCode.NOT_CHOSEN,
                                     taken=False)
                else:
                    yield RewardView(each.id, name, self._words("Not for the goods in this basket."), can=False, taken=False)

    def _given(self, promotion: Promotion, held: InHand) -> str:
        priced, style = held.engine.price(held.basket), self._fit(held)
        off = sum(each.amount for each in priced.discounts if each.rule == promotion.id)
        points = sum(each.points for each in priced.paid_points if each.rule == promotion.id)
        if not off:
            return self._words("Taken for {points}.", points=style.points(points))
        return self._words("Taken for {points}: {amount} less to pay.", points=style.points(points), amount=style.money(off))

    def _coupons(self) -> Iterator[CouponView]:
        held, quote = self._counter.in_hand, self._counter.quote()
        if held is None or quote is None:
            return
        words, pack = self._words, held.engine.pack
        reasons = Reasons(pack, words, self._fit(held))
        refused = {each.rule: each for each in quote.refusals}
        for coupon in held.basket.coupons:
            opened = opened_by(pack, coupon)
            given = [reasons.name(each) for each in opened if each in quote.priced.applied]
            against = [reasons.refusal(refused[each]) for each in opened if each in refused]
            name = coupon.code
            if coupon.promotion:
                name = rule_name(pack, coupon.promotion, words, self._style, rate=True)
                given = [words("Counts on this purchase.") for _ in given]
            yield CouponView(coupon.code, name, ", ".join(given) or " ".join(against[:1]), taken=True)
        for left in held.coupons_left:
            if find_rule(pack, left.promotion):
                yield CouponView(
                    left.code, rule_name(pack, left.promotion, words, self._style, rate=True),
                    words("Through {day} · {number}", day=self._style.date(left.last_day),
                          number=in_order(grouped(coupon_number(left.code)))), taken=False)
