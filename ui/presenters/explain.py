"""A priced basket told in sentences, line by line: every amount with its rule, every refusal with its reason. No Qt."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from station.basket import Basket, BasketLine
from station.hand import ByHand
from station.pack import HAND, POINTS, ROUNDING, Pack
from station.people import Actor, Role
from station.priced import Discount, EarnedPoints, HintKind, Priced, Quote, RefusalCode
from station.pricing import Joining
from ui.format import Format
from ui.presenters.reasons import Reasons, held, in_unit, joining, rule_name
from ui.text import Words, mark

_STEP = "    "
_PEOPLE = {
    Role.CASHIER: mark("cashier {person}"), Role.SENIOR: mark("senior cashier {person}"),
    Role.MANAGER: mark("manager {person}"), Role.SYSTEM: mark("the program, {person}"),
    Role.ALONE: mark("{person} (nobody signs in there)"),
}


def explain(
    pack: Pack, basket: Basket, quote: Quote, words: Words, style: Format, gain: Joining | None = None,
) -> list[str]:
    """Return ``quote`` of ``basket`` told in sentences, one a line; details are indented.

    All amounts are in one unit, rials when one that adds up is no whole number of toman; what is
    only told (tax contained, bases of points) may then show a tenth. ``gain`` is what joining
    would have brought a customer without membership.
    """
    fmt = style.fitting(amounts_told(basket, quote.priced))
    return list(_Story(pack, basket, quote, words, fmt).told(gain))


def amounts_told(basket: Basket, priced: Priced) -> Iterator[int]:
    """Yield every amount that is part of a sum, and what discounts were taken of."""
    yield from (amount for line in basket.lines for amount in (line.product.price, line.shelf_amount))
    yield from (line.listed for line in priced.lines)
    yield from (amount for each in priced.discounts for amount in (each.base, each.amount))
    yield from (each.lost for each in priced.clamps)
    yield priced.total


class _Story:
    """Tells one quote; ``fmt`` writes all amounts in its unit."""

    def __init__(self, pack: Pack, basket: Basket, quote: Quote, words: Words, fmt: Format) -> None:
        self._pack = pack
        self._basket = basket
        self._quote = quote
        self._priced = quote.priced
        self._words = words
        self._fmt = fmt
        self._reasons = Reasons(pack, words, fmt)
        self._lines = {line.line: line for line in basket.lines}

    def told(self, gain: Joining | None) -> Iterator[str]:
        """Yield the whole story: goods, discounts, total and tax, points, and what was not given."""
        yield from self._head()
        yield from self._goods()
        yield from self._discounts()
        yield from self._lost()
        yield from self._total()
        yield from self._points()
        yield from self._not_given()
        if gain:
            yield joining(gain, self._words, self._fmt)

    def _head(self) -> Iterator[str]:
        words, fmt, member = self._words, self._fmt, self._basket.member
        yield words("Basket of {moment}, priced by rule pack {number}. Amounts in {unit}.",
                    moment=fmt.date_time(self._basket.opened), number=fmt.number(self._pack.number),
                    unit=fmt.unit_name)
        if member is None:
            yield words("The customer is not a member.")
            return
        tier = self._pack.tier(member.tier)
        name = held(tier.name.in_language(words.language) if tier else member.tier, words)
        points = fmt.points(member.points)
        yield (words("The customer is a {tier} member with {points} to spend.", tier=name, points=points) if name
               else words("The customer is a member with {points} to spend.", points=points))

    def _goods(self) -> Iterator[str]:
        together = self._words("Subtotal")
        yield self._words("Goods before discounts:")
        for line, done in zip(self._basket.lines, self._priced.lines, strict=True):
            quantity = self._fmt.quantity(line.quantity)
            if line.product.weighed:
                quantity = self._words("{quantity} kg", quantity=quantity)
            tax = done.listed - line.shelf_amount
            said = self._words(
                "{quantity} × {price} = {amount}", quantity=quantity,
                price=self._fmt.amount(line.product.price), amount=self._fmt.amount(line.shelf_amount))
            if tax:
                said = self._words("{sum}, with {tax} tax: {amount}", sum=said, tax=self._fmt.amount(tax),
                                   amount=self._fmt.amount(done.listed))
            yield f"{_STEP}{self._line(line)}: {said}"
        yield f"{_STEP}{together}: {in_unit(self._fmt, self._priced.listed)}"

    def _line(self, line: BasketLine) -> str:
        name = held(line.product.name.in_language(self._words.language), self._words)
        return self._words("line {line}, {name}", line=self._fmt.number(line.line), name=name)

    def _discounts(self) -> Iterator[str]:
        for (stage, rule), group in groupby(self._priced.discounts, key=lambda each: (each.stage, each.rule)):
            parts = list(group)
            off = in_unit(self._fmt, sum(each.amount for each in parts))
            yield self._discount(stage, rule, off)
            for each in sorted(parts, key=lambda part: part.line):
                yield f"{_STEP}{self._part(each)}"

    def _discount(self, stage: int, rule: str, off: str) -> str:
        words = self._words
        if rule.startswith(f"{HAND}/"):
            return self._by_hand(self._given(rule), off)
        if rule == POINTS:
            points = sum(each.points for each in self._priced.paid_points if each.rule == POINTS)
            return words("Paid with {points}: {off}", points=self._fmt.points(points), off=off)
        if rule == ROUNDING:
            return words("Rounded down for cash: {off}", off=off)
        name = held(rule_name(self._pack, rule, words, self._fmt, rate=True), words)
        return words("Stage {stage}, “{name}”: {off} off", stage=self._fmt.number(stage), name=name, off=off)

    def _given(self, rule: str) -> ByHand:
        return self._basket.by_hand[int(rule.removeprefix(f"{HAND}/")) - 1]

    def _part(self, part: Discount) -> str:
        line, amount = self._line(self._lines[part.line]), self._fmt.amount(part.amount)
        if part.free:
            return self._words("{line}: {pieces} free, {amount}", line=line, pieces=self._reasons.pieces(part.free),
                               amount=amount)
        return self._words("{line}: {amount} of {base}", line=line, amount=amount, base=self._fmt.amount(part.base))

    def _by_hand(self, given: ByHand, off: str) -> str:
        words, who = self._words, self._person(given.actor)
        if given.approver:
            who = words("{actor}, approved by {approver}", actor=who, approver=self._person(given.approver))
        said = [words("By hand from {who} for “{reason}”", who=who, reason=held(given.reason, words))]
        if given.instead:
            said.append(words("in place of all promotions"))
        if given.price is not None:
            said.append(words("price {price}", price=in_unit(self._fmt, given.price)))
        if given.percent:
            said.append(self._fmt.percent(given.percent))
        return words("{given}: {off} off", given=("، " if words.rtl else ", ").join(said), off=off)

    def _person(self, actor: Actor) -> str:
        return self._words(_PEOPLE[actor.role], person=held(actor.person, self._words))

    def _lost(self) -> Iterator[str]:
        for each in self._priced.clamps:
            line, amount = self._line(self._lines[each.line]), in_unit(self._fmt, each.lost)
            if each.rule.startswith(f"{HAND}/"):
                yield self._words(
                    "By hand for “{reason}”: {amount} more off {line}, was not approved and is not given.",
                    reason=held(self._given(each.rule).reason, self._words), amount=amount, line=line)
                continue
            yield self._words(
                "“{name}” would have taken {amount} more off {line}, which held no more.",
                name=self._reasons.name(each.rule), amount=amount, line=line)
        if not self._priced.exhaustive:
            yield self._words("Not all combinations of promotions were tried: there are too many.")

    def _total(self) -> Iterator[str]:
        fmt, priced = self._fmt, self._priced
        yield self._words("To pay: {total}", total=in_unit(fmt, priced.total))
        for each in priced.taxes:
            gross, percent = fmt.amount(each.gross), fmt.percent(each.tax_percent)
            yield _STEP + (
                self._words("goods at {percent} tax: {gross}, in it {tax} tax", percent=percent, gross=gross,
                            tax=fmt.amount(each.tax))
                if each.tax_percent != "0" else self._words("goods without tax: {gross}", gross=gross))

    def _points(self) -> Iterator[str]:
        fmt, words, priced = self._fmt, self._words, self._priced
        for spent in priced.paid_points:
            if spent.rule != POINTS:
                yield words("Spent on “{name}”: {points}", name=self._reasons.name(spent.rule),
                            points=fmt.points(spent.points))
        for earned in priced.earned:
            yield from self._earned(earned)
        if len(priced.earned) > 1:
            yield words("Points earned together: {points}", points=fmt.points(priced.points))
        for coupon in priced.coupons:
            yield words("“{name}” gives a coupon for “{other}”, for later purchases through {day}.",
                        name=self._reasons.name(coupon.rule), other=self._reasons.name(coupon.promotion),
                        day=fmt.date(coupon.last_day))

    def _earned(self, earned: EarnedPoints) -> Iterator[str]:
        name, points = self._reasons.name(earned.rule), self._fmt.points(earned.points)
        if earned.base:
            yield self._words("“{name}”: {points} for {base}", name=name, points=points,
                              base=in_unit(self._fmt, earned.base))
        else:
            yield self._words("“{name}”: {points}", name=name, points=points)
        for each in earned.multipliers:
            name, factor = self._reasons.name(each.promotion), self._factor(each.factor)
            points = self._fmt.number(abs(each.points))
            yield _STEP + (
                self._words("{points} of them by the factor {factor} of “{name}”",
                            points=points, name=name, factor=factor) if each.points > 0 else
                self._words("{points} fewer by the factor {factor} of “{name}”",
                            points=points, name=name, factor=factor))

    def _factor(self, factor: str) -> str:
        figure = self._fmt.digits(factor)
        return figure.replace(".", "٫") if self._words.rtl else figure

    def _not_given(self) -> Iterator[str]:
        quote, words = self._quote, self._words
        nearly = {each.rule for each in quote.hints if each.kind is HintKind.ONE_MORE_FREE}
        refusals = [each for each in quote.refusals
                    if not (each.code is RefusalCode.NOTHING_LEFT and each.rule in nearly)]
        short = {each.rule for each in refusals}
        yield from self._list(words("Not given:"), [self._reasons.refusal(each) for each in refusals])
        yield from self._list(words("Within reach:"), [
            self._reasons.hint(each) for each in quote.hints if each.rule not in short])
        for code in quote.unknown_coupons:
            yield words("No promotion knows the coupon {code}.", code=held(code, words))

    def _list(self, head: str, sentences: Sequence[str]) -> Iterator[str]:
        if sentences:
            yield head
        for each in sentences:
            yield f"{_STEP}{each}"
