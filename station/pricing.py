"""The engine: (pack, basket) → what each line costs, why, and the points it earns. Pure.

Rules: design "Money", "Promotions" and "Points"; docs/pricing.md tells them with examples. Station
and head office run exactly this code. All promotion arithmetic is on tax-included amounts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from station.basket import Basket
from station.card import CardTier
from station.conditions import Facts, budget_left, earning_fault, facts_of, promotion_fault, use_fault
from station.dates import add_days
from station.earning import Earner, Earnings, earn
from station.free_goods import parts_of
from station.goods import Goods, lay_out
from station.groups import best_choice
from station.hand_given import HandGiven, given_by_hand
from station.member import MemberSnapshot
from station.money import spread
from station.pack import POINTS, Pack
from station.priced import Discount, IssuedCoupon, PaidPoints, Priced, PricedLine, Quote, Refusal, RefusalCode
from station.product import ProductKind, Scope
from station.promotion import UNLIMITED, EarningRule, Promotion
from station.redemption import redeemable
from station.rewards import AmountOff, BonusPoints, BuyGet, CheapestOff, FreeForm, NextCoupon, RewardForm
from station.rounding import round_for_cash
from station.stage import Candidate, Track
from station.stages import Known, run, try_all
from station.trust import most_points, spendable_points

_REPEATED = AmountOff | CheapestOff | BonusPoints | FreeForm


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays with the pieces of a sale that are not returned, whatever promotions come to now.

    ``hand`` are the hand discounts on them; ``points_off`` is what points paid of each line, by
    number, and ``points`` how many points those were.
    """

    hand: HandGiven
    points_off: Mapping[int, int]
    points: int


class Engine:
    """The engine made ready for one pack: its promotions in order, indexed by the goods they touch."""

    def __init__(self, pack: Pack) -> None:
        """Make ready; nothing of the pack is changed."""
        self.pack = pack
        self._promotions = sorted(
            pack.promotions, key=lambda each: (each.stage, not each.free_goods, each.id))
        self._earning = sorted(pack.earning, key=lambda each: each.id)
        self._forms = [each.reward.form for each in self._promotions]
        self._index = _Index(self._promotions)
        coupons = [(each.id, each.when.coupon) for each in pack.promotions if each.when.coupon]
        self._codes = frozenset(code for _, coupon in coupons for code in coupon.codes)
        self._issued = frozenset(rule for rule, coupon in coupons if coupon.issued)
        self._group = {each.id: each.group for each in pack.promotions if each.group}
        self.limited = tuple(each for each in pack.promotions if each.limits != UNLIMITED)
        self._last_stage = max((each.stage for each in pack.promotions), default=0) + 1

    def price(self, basket: Basket, kept: Kept | None = None) -> Priced:
        """Price ``basket``; ``kept`` replaces what hand discounts and points paid come to (for returns).

        Deterministic in its arguments alone. Raises ``ValueError`` when the basket was opened under
        another pack or names a tax this one does not know, ``StationError`` HAND_NOT_ALLOWED when
        somebody gave by hand what they may not.
        """
        return self._sale(basket, kept).priced(tell=False)[0]

    def quote(self, basket: Basket) -> Quote:
        """Price ``basket`` and tell what was not given, why, and what a little more would bring."""
        priced, track, refused = self._sale(basket, None).priced(tell=True)
        held = {self._group[name] for name in priced.applied if name in self._group}
        return Quote(
            priced, tuple(sorted(refused, key=lambda each: each.rule)),
            tuple(sorted((each for each in track.hints
                          if each.rule in priced.applied or self._group.get(each.rule) not in held),
                         key=lambda each: (each.rule, each.missing))),
            tuple(each.code for each in basket.coupons
                  if (each.promotion not in self._issued if each.promotion else each.code not in self._codes)))

    def _sale(self, basket: Basket, kept: Kept | None) -> "_Sale":
        if self.pack.number != basket.pack:
            message = f"basket opened under pack {basket.pack}, priced with {self.pack.number}"
            raise ValueError(message)
        goods, facts = lay_out(self.pack, basket.lines, basket.by_hand), facts_of(basket)
        hand = kept.hand if kept else given_by_hand(self.pack, basket, goods)
        places = _Places(goods, frozenset(i for i, line in enumerate(goods.lines) if line.line in hand.locked))
        asked = {each.promotion for each in basket.coupons} | {each.promotion for each in basket.chosen}
        touched = self._index.of((
            *places.named, *(("rule", rule) for rule in asked), *(("code", code) for code in facts.codes)))
        candidates = [
            _candidate(self._promotions[i], self._forms[i], facts, places) for i in sorted(touched)]
        earners = [_earner(rule, facts, places) for rule in self._earning]
        return _Sale(self.pack, basket, goods, hand, kept, candidates, earners, self._last_stage)


def price(pack: Pack, basket: Basket) -> Priced:
    """Price ``basket`` by ``pack``; see ``Engine.price``."""
    return Engine(pack).price(basket)


@dataclass(frozen=True, slots=True)
class Joining:
    """What a customer without a card would have had as a new member: money ``saved`` and ``points``."""

    saved: int
    points: int


def gain_by_joining(engine: Engine, basket: Basket) -> Joining | None:
    """Return what joining would have brought on ``basket``; None for a member, or when it is nothing."""
    if basket.member is not None:
        return None
    tier = engine.pack.entry_tier()
    newcomer = replace(
        basket.with_member(MemberSnapshot("", tier.id if tier else ""), CardTier.NUMBER), usage=basket.usage)
    alone, joined = engine.price(basket), engine.price(newcomer)
    gain = Joining(alone.total - joined.total, joined.points)
    return gain if gain.saved > 0 or gain.points > 0 else None


class _Index:
    """Which promotions a basket may touch: by what their scopes name, their codes, and being asked for."""

    def __init__(self, promotions: Sequence[Promotion]) -> None:
        self._all: set[int] = set()
        self._by: dict[tuple[str, str], set[int]] = {}
        for i, each in enumerate(promotions):
            for scope in (each.reward.scope, each.counted):
                if scope.everything:
                    self._all.add(i)
                self._add(i, _names(scope.products, scope.categories, scope.tags))
            if each.when.coupon or each.cost:
                self._add(i, [("rule", each.id)])
            if each.when.coupon:
                self._add(i, [("code", code) for code in each.when.coupon.codes])

    def _add(self, i: int, names: Iterable[tuple[str, str]]) -> None:
        for name in names:
            self._by.setdefault(name, set()).add(i)

    def of(self, named: Iterable[tuple[str, str]]) -> set[int]:
        """Return the promotions that name something of ``named``, and those that name no goods at all."""
        return self._all.union(*(self._by[key] for key in named if key in self._by))


def _names(products: Iterable[str], categories: Iterable[str], tags: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what a scope names goods by, or a good is named by: the kind of name and the name."""
    for kind, names in (("product", products), ("category", categories), ("tag", tags)):
        for name in names:
            yield kind, name


class _Places:
    """The lines a scope covers, found once for each scope; ``locked`` lines no promotion touches.

    ``named`` are the lines by what a scope can name their goods by.
    """

    def __init__(self, goods: Goods, locked: frozenset[int]) -> None:
        self.goods = goods
        self._locked = locked
        self._known: dict[int, tuple[Scope, tuple[int, ...]]] = {}
        self._all = [i for i, line in enumerate(goods.lines) if line.product.kind is ProductKind.GOODS]
        self.named: dict[tuple[str, str], list[int]] = {}
        for i in self._all:
            product = goods.lines[i].product
            for name in _names((product.product_id,), (product.category,), product.tags):
                self.named.setdefault(name, []).append(i)

    def counted(self, scope: Scope) -> tuple[int, ...]:
        """Return the lines of ``scope``."""
        known = self._known.get(id(scope))
        if known is None:
            known = self._known[id(scope)] = scope, tuple(self._found(scope))
        return known[1]

    def _found(self, scope: Scope) -> Sequence[int]:
        if scope.everything:
            near: Sequence[int] = self._all
        else:
            names = _names(scope.products, scope.categories, scope.tags)
            near = sorted({i for name in names for i in self.named.get(name, ())})
        if scope.except_products or scope.except_categories or scope.except_tags:
            return [i for i in near if scope.covers(self.goods.lines[i].product)]
        return near

    def touched(self, scope: Scope) -> tuple[int, ...]:
        """Return the lines of ``scope`` that a promotion may touch."""
        found = self.counted(scope)
        return tuple(i for i in found if i not in self._locked) if self._locked else found


def _candidate(promotion: Promotion, form: RewardForm, facts: Facts, places: _Places) -> Candidate:
    settled = promotion_fault(promotion, facts)
    if settled:
        return Candidate(promotion, form, (), (), fault=settled)
    when, touched, counted = promotion.when, places.touched(promotion.reward.scope), places.counted(promotion.counted)
    times = facts.chosen.get(promotion.id, 1) if promotion.cost and isinstance(form, _REPEATED) else 1
    return Candidate(
        promotion, form, touched, counted,
        places.counted(when.quantity_scope(promotion.counted)), places.counted(when.minimum_scope(promotion.counted)),
        times, budget_left(promotion, facts), use_fault(promotion, facts),
        parts_of(form, touched, counted, places.goods) if isinstance(form, BuyGet) else ())


def _earner(rule: EarningRule, facts: Facts, places: _Places) -> Earner:
    return Earner(
        rule, places.counted(rule.scope), places.counted(rule.when.quantity_scope(rule.counted)),
        places.counted(rule.when.minimum_scope(rule.counted)), earning_fault(rule, facts))


@dataclass(slots=True)
class _Sale:
    """One basket under the engine."""

    pack: Pack
    basket: Basket
    goods: Goods
    hand: HandGiven
    kept: Kept | None
    candidates: list[Candidate]
    earners: list[Earner]
    last_stage: int
    live: list[Candidate] = field(default_factory=list)
    known: Known = field(default_factory=Known)

    def priced(self, *, tell: bool) -> tuple[Priced, Track, list[Refusal]]:
        """Return the answer, the track that led to it and, with ``tell``, all refusals."""
        settled = [each.fault for each in self.candidates if each.fault and _before_counting(each.fault)]
        told = [each for each in self.candidates if not (each.fault and _before_counting(each.fault))]
        self.live = [each for each in told if each.fault is None]
        choice, exhaustive = best_choice(self._groups(), self._attempts)
        done = _Attempt(self, self._run(told if tell else self.live, choice, tell=tell))
        track, applied = done.track, sorted(done.applied())
        refused = [*settled, *self._reasons(done, told, choice)] if tell else []
        return self._answer(done, applied, exhaustive), track, refused

    def _reasons(self, done: "_Attempt", told: Sequence[Candidate], choice: frozenset[str]) -> Iterator[Refusal]:
        """Yield the refusals of the stages and of earning.

        Where nothing of a group applied, one that was not tried is judged by what it comes to in place
        of what was: it gives nothing either, or none was better.
        """
        group = {each.promotion.id: each.promotion.group for each in told}
        for each in done.refusals():
            if each.code is not RefusalCode.GROUP or each.rule not in group or each.other in done.applied():
                yield each
                continue
            others = (name for name in choice if group[name] != group[each.rule])
            alone = _Attempt(self, self._run(told, frozenset((*others, each.rule)), tell=True))
            yield next((one for one in alone.refusals() if one.rule == each.rule), Refusal(each.rule, each.code))

    def _groups(self) -> Mapping[str, list[str]]:
        """Return the promotions that could apply, by group."""
        groups: dict[str, list[str]] = {}
        for each in self.live:
            if each.promotion.group and self._could_apply(each):
                groups.setdefault(each.promotion.group, []).append(each.promotion.id)
        return groups

    def _could_apply(self, candidate: Candidate) -> bool:
        """Whether the counted goods could ever do: amounts and pieces only fall from stage to stage."""
        when, goods = candidate.promotion.when, self.goods
        enough = not when.minimum or sum(goods.listed[i] for i in candidate.summed) >= when.minimum.amount
        many = not when.quantity or sum(goods.pieces[i] for i in candidate.numbered) >= when.quantity.least
        return enough and many and bool(candidate.places)

    def _attempts(self, choices: Sequence[frozenset[str]]) -> Iterator[tuple[int, "_Attempt"]]:
        for place, track in try_all(self.goods, self.live, self._start(), choices, self.known):
            yield place, _Attempt(self, track)

    def _run(self, candidates: Sequence[Candidate], choice: frozenset[str], *, tell: bool) -> Track:
        return run(self.goods, candidates, self._start(), choice, self.known, tell=tell)

    def _start(self) -> Track:
        goods = self.goods
        off = self.hand.amounts()
        left = [max(0, listed - off.get(line.line, 0)) for line, listed in zip(goods.lines, goods.listed, strict=True)]
        return Track(left, list(goods.pieces), [0] * len(left), spendable_points(self.basket))

    def _answer(self, done: "_Attempt", applied: Sequence[str], exhaustive: bool) -> Priced:  # noqa: FBT001 - a field
        goods, track, left = self.goods, done.track, done.left
        by_line = sorted(range(len(goods.lines)), key=lambda i: goods.lines[i].line)
        lines = tuple(
            PricedLine(goods.lines[i].line, goods.listed[i], goods.listed[i] - left[i], left[i], track.free[i])
            for i in by_line)
        earnings, taxes = done.earnings(), goods.taxes(left)
        listed, total = sum(goods.listed), sum(left)
        return Priced(
            lines, (*self.hand.discounts, *track.discounts, *done.discounts, *done.rounded),
            (*self.hand.clamps, *track.clamps), taxes,
            earnings.earned, (*track.costs, *done.paid), self._coupons(track, applied), tuple(applied), exhaustive,
            listed=listed, discount=listed - total, total=total,
            tax=sum(each.tax for each in taxes), points=earnings.points)

    def _coupons(self, track: Track, applied: Sequence[str]) -> tuple[IssuedCoupon, ...]:
        """Return the coupons given: each code is the sale's own, so it is the same at every reckoning."""
        day = self.basket.opened.date
        return tuple(
            IssuedCoupon(each.promotion.id, each.form.promotion, f"{self.basket.basket_id}/{each.promotion.id}",
                         add_days(day, each.form.days))
            for each in track.given if isinstance(each.form, NextCoupon) and each.promotion.id in applied)


def _before_counting(fault: Refusal) -> bool:
    """Whether ``fault`` comes before anything counted, so that no stage need look at the promotion."""
    return fault.code not in (RefusalCode.LIMITS, RefusalCode.BUDGET, RefusalCode.NOT_CHOSEN)


class _Attempt:
    """What one choice among the groups comes to: after the stages, points are paid and earned."""

    def __init__(self, sale: _Sale, track: Track) -> None:
        self._sale = sale
        self.track = track
        self.total = track.total
        self._earnings: Earnings | None = None
        self.left: list[int] = []
        self.discounts: tuple[Discount, ...] = ()
        self.rounded: tuple[Discount, ...] = ()
        self.paid: tuple[PaidPoints, ...] = ()

    def points(self) -> int:
        """Return the points earned."""
        return self.earnings().points

    def applied(self) -> set[str]:
        """Return the promotions that gave something: a multiplier may have found nothing to multiply."""
        return {each.promotion.id for each in self.track.given} - {each.rule for each in self.earnings().refusals}

    def refusals(self) -> tuple[Refusal, ...]:
        """Return why what was laid against the basket in stages or for earning gave nothing."""
        return (*self.track.refusals, *self.earnings().refusals)

    def earnings(self) -> Earnings:
        """Pay with points what the member wants to, and return what the rest earns; worked out once.

        A multiplier that was bought and changes nothing costs nothing: then it is all reckoned without it.
        """
        if self._earnings is None:
            vain = dict[str, Refusal]()
            found = self._earned()
            while new := {each.rule: each for each in found.refusals if self._bought(each.rule)}:
                vain |= new
                self.track.give_back(new)
                found = self._earned()
            self._earnings = Earnings(found.earned, (*found.refusals, *vain.values()))
        return self._earnings

    def _bought(self, rule: str) -> bool:
        return any(each.promotion.id == rule and each.promotion.cost for each in self.track.given)

    def _earned(self) -> Earnings:
        self._pay_with_points()
        sale = self._sale
        self.rounded = round_for_cash(sale.pack, sale.basket, sale.goods, self.left, sale.last_stage + 1)
        if sale.basket.member is None:
            return Earnings((), tuple(each.fault for each in sale.earners if each.fault))
        return earn(sale.goods, sale.earners, self.track.given, self.left, self.track.paid)

    def _pay_with_points(self) -> None:
        sale, self.left = self._sale, list(self.track.left)
        rules, asked = sale.pack.redemption, sale.basket.redeem
        if sale.kept:
            self._book_points(sale.kept.points, [
                (i, min(sale.kept.points_off.get(line.line, 0), self.left[i]))
                for i, line in enumerate(sale.goods.lines)])
            return
        if rules is None or not asked or sale.basket.member is None:
            return
        goods = [i for i, pieces in enumerate(sale.goods.pieces) if pieces]
        held = [self.left[i] for i in goods]
        cap = most_points(sale.pack, sale.basket)
        asked = asked if cap is None else min(asked, cap)
        found = redeemable(rules, self.track.points, sum(held), asked)
        if not found.points:
            return
        self._book_points(found.points, list(zip(goods, spread(found.amount, held), strict=True)))

    def _book_points(self, points: int, parts: Sequence[tuple[int, int]]) -> None:
        """Take ``parts`` (line place, amount), which ``points`` pay, off what is left."""
        lines, stage = self._sale.goods.lines, self._sale.last_stage
        self.discounts = tuple(
            Discount(lines[i].line, POINTS, stage, self.left[i], part) for i, part in parts if part)
        for i, part in parts:
            self.left[i] -= part
        if points:
            self.paid = (PaidPoints(POINTS, points, sum(part for _, part in parts)),)

