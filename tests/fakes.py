"""Small real classes that stand in for the world in tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from station.basket import Basket, BasketLine, HeldBasket, Usage
from station.card import Card
from station.card_life import Holder
from station.clock import MICROSECONDS_PER_MINUTE, MINUTES_PER_DAY, Moment
from station.coupons import GivenCoupon, coupon_number
from station.dates import day_number
from station.errors import ErrorCode, StationError
from station.journal import GENESIS, Body, Draft, Entry, EntryKind, Head, Position, Stored, chain
from station.member import Member
from station.pack import Pack, Tier
from station.parked import Parked
from station.people import Actor, Role
from station.priced import Priced
from station.product import Product, ProductKind
from station.promotion import EarningRule, Promotion, When
from station.report import SaleFact
from station.rewards import (
    AmountOff,
    BonusPoints,
    BuyGet,
    CheapestOff,
    FixedPrice,
    Gift,
    Multiplier,
    NextCoupon,
    PercentOff,
    Reward,
    RewardForm,
    Steps,
)
from station.sale import Sale, SaleReturn
from station.search import MOST_FOUND, wanted
from station.shift import CashMoved, Correction, Reading, Shift, ShiftClosed
from station.tender import TenderKind
from station.text import Text
from station.totals import Part, Tally, Total, joined, of_return, of_sale, of_unknown_return
from station.unknown_return import UnknownReturn

NAME = Text("کالا", "Good")
CASHIER = Actor("sara", Role.CASHIER)
# 2026-11-22 10:35 UTC is 14:05 in Tehran (+03:30)
NOON = Moment(1_795_343_700_000_000, 210, "2026-11-22")


def product(number: int = 1, price: int = 100_000, **facts: object) -> Product:
    """A good with barcode 6260000000<number>; tax-included, untaxed unless told."""
    settled: dict[str, object] = {
        "product_id": f"p{number}", "barcode": f"6260000000{number:03d}", "name": NAME, "price": price,
        "tax_percent": "0", "tax_included": True}
    settled.update(facts)
    return Product(**settled)  # type: ignore[arg-type]


def pack(number: int = 1, promotions: tuple[Promotion, ...] | None = None) -> Pack:
    """Silver 3 %, gold 10 %, one point for each full 10 000 rial."""
    tiers = (Tier("silver", 1, Text("نقره‌ای", "Silver")), Tier("gold", 2, Text("طلایی", "Gold")))
    if promotions is None:
        promotions = (
            promotion("gold-10", "10", tiers=("gold",)), promotion("silver-3", "3", tiers=("silver",)))
    return Pack(1, number, "IRR", tiers, promotions, (EarningRule("base", NAME, 1, 10_000),))


def promotion(name: str, percent: str, stage: int = 1, tiers: tuple[str, ...] = ()) -> Promotion:
    """A percentage off everything."""
    return Promotion(name, NAME, Reward(percent=PercentOff(percent)), stage, when=When(tiers=tiers))


def member(number: int = 1, tier: str = "gold", points: int = 500) -> Member:
    """A member with a Persian name and an unused phone."""
    return Member(f"m{number}", "مهرداد کاظمی‌نژاد", f"0912000{number:04d}", tier, points, "2026-11-03")


@dataclass
class FixedClock:
    """A clock that stands until told otherwise."""

    moment: Moment = NOON

    def now(self) -> Moment:
        return self.moment

    def forward(self, minutes: int) -> None:
        """Move on, within the same local day."""
        moved = self.moment.utc_us + minutes * MICROSECONDS_PER_MINUTE
        self.moment = Moment(moved, self.moment.offset, self.moment.date)


@dataclass
class MemoryMembers:
    """A member book in two dictionaries."""

    cards: dict[str, Card] = field(default_factory=dict)
    people: dict[str, Member] = field(default_factory=dict)
    through: Position | None = None
    families: dict[str, tuple[Holder, ...]] = field(default_factory=dict)
    given: list[GivenCoupon] = field(default_factory=list)

    def holders(self, member_id: str) -> Sequence[Holder]:
        return self.families.get(member_id, ())

    def coupons(self, member_id: str, day: str) -> Sequence[GivenCoupon]:
        return [each for each in self.given if each.member_id == member_id and each.last_day >= day]

    def coupons_called(self, number: str) -> Sequence[GivenCoupon]:
        return [each for each in self.given if coupon_number(each.code) == number]

    def card(self, number: str) -> Card | None:
        return self.cards.get(number)

    def member(self, member_id: str) -> Member | None:
        return self.people.get(member_id)

    def search(self, text: str) -> Sequence[Member]:
        asked = wanted(text)
        return [each for each in self.people.values() if asked.matches(each.name, each.phone)][:MOST_FOUND]

    def projected_through(self) -> Position | None:
        return self.through


@dataclass
class MemoryShelf:
    """Goods by barcode."""

    goods: dict[str, Product] = field(default_factory=dict)

    def product(self, barcode: str, at_us: int) -> Product | None:
        assert at_us > 0
        return self.goods.get(barcode)


@dataclass
class MemoryPacks:
    """The pack in force, and ``older`` ones."""

    held: Pack = field(default_factory=pack)
    older: tuple[Pack, ...] = ()

    def current(self, at_us: int) -> Pack:
        assert at_us > 0
        return self.held

    def pack(self, number: int) -> Pack:
        for each in (self.held, *self.older):
            if each.number == number:
                return each
        raise StationError(ErrorCode.PACK_MISSING, number=number)


@dataclass
class MemoryJournal:
    """A journal in a list; ``refuse`` is what every write meets, as on a full disk."""

    drafts: list[Draft] = field(default_factory=list)
    refuse: Exception | None = None
    incarnation: str = "a3f9" + "0" * 28
    held: HeldBasket | None = None

    def keep_basket(self, held: HeldBasket | None) -> None:
        if self.refuse:
            raise self.refuse
        self.held = held

    def open_basket(self) -> HeldBasket | None:
        return self.held

    def append(self, draft: Draft) -> Stored:
        if self.refuse:
            raise self.refuse
        self.drafts.append(draft)
        if draft.kind is EntryKind.SALE:
            self.held = None
        return Stored(len(self.drafts), draft.kind, b"{}", chain(GENESIS, b"{}"), len(self.drafts), self.incarnation)

    def head(self) -> Head:
        return Head(self.incarnation, len(self.drafts), GENESIS)

    def shift(self) -> Shift | None:
        opened = [each.body for each in self.drafts if isinstance(each.body, Shift)]
        closed = {each.body.shift for each in self.drafts if isinstance(each.body, ShiftClosed)}
        return opened[-1] if opened and opened[-1].number not in closed else None

    def shift_number(self) -> int:
        return max((each.body.number for each in self.drafts if isinstance(each.body, Shift)), default=0)

    def totals(self, shift: int) -> Sequence[Total]:
        made: list[Part] = []
        for draft in self.drafts:
            body = draft.body
            if isinstance(body, Sale) and body.shift == shift:
                made += of_sale(body, draft.at.minute_of_day // 60)
            elif isinstance(body, SaleReturn) and body.shift == shift:
                made += of_return(body)
            elif isinstance(body, UnknownReturn) and body.shift == shift:
                made += of_unknown_return(body)
            elif isinstance(body, CashMoved) and body.shift == shift:
                made += [(Tally.CASH_MOVED, "", body.amount), (Tally.CASH_MOVED, body.reason.value, body.amount)]
            elif isinstance(body, Correction) and body.shift == shift:
                made.append((Tally.CORRECTED, f"{body.of_shift}/{body.kind.value}", body.amount))
        return joined(made)

    def reports(self, kind: str) -> int:
        return sum(isinstance(each.body, Reading if kind == "X" else ShiftClosed) for each in self.drafts)

    def sale(self, place: int) -> Entry[Sale]:
        draft = self.drafts[place - 1] if 0 < place <= len(self.drafts) else None
        if draft is None or not isinstance(draft.body, Sale):
            raise KeyError(place)
        return Entry(1, "12-1", self.incarnation, place, draft.kind, draft.at, draft.actor, draft.approver, draft.body)

    def returns_of(self, sale: Position) -> Sequence[SaleReturn]:
        return [each.body for each in self.drafts if isinstance(each.body, SaleReturn)
                and (each.body.incarnation, each.body.seq) == (sale.incarnation, sale.seq)]

    def last_sale(self) -> int | None:
        return max((place for place, each in enumerate(self.drafts, 1) if isinstance(each.body, Sale)), default=None)

    def sales(self) -> list[Sale]:
        """The sales recorded, oldest first."""
        return [each.body for each in self.drafts if isinstance(each.body, Sale)]

    def points_after(self, member_id: str, position: Position | None) -> int:
        return sum(
            points.points for body in self._after(position) if isinstance(body, Sale | SaleReturn)
            for points in body.points if points.member_id == member_id)

    def purchases_after(self, member_id: str, position: Position | None) -> int:
        members = [body.basket.member for body in self._after(position) if isinstance(body, Sale)]
        return sum(each is not None and each.member_id == member_id for each in members)

    def _after(self, position: Position | None) -> list[Body]:
        """What was recorded after ``position``; one in another incarnation covers nothing."""
        start = position.seq if position and position.incarnation == self.incarnation else 0
        return [draft.body for draft in self.drafts[start:]]

    def spent_by(self, member_id: str, holder: str, date: str) -> tuple[int, int]:
        own = [sale for sale in self.sales() if sale.basket.member and sale.basket.spender
               and (sale.basket.member.member_id, sale.basket.spender.holder, sale.basket.opened.date) == (member_id, holder, date)]
        wallets = [each.amount for sale in own for each in sale.tenders if each.kind is TenderKind.WALLET]
        return sum(sale.priced.spent for sale in own), sum(wallets)

    def usage(self, promotions: Sequence[Promotion], member_id: str | None, date: str) -> tuple[Usage, ...]:
        made = []
        for each in promotions:
            sales = [sale.basket for sale in self.sales() if each.id in sale.priced.applied]
            own = [sale for sale in sales if member_id and sale.member and sale.member.member_id == member_id]
            spent = sum(off.amount for sale in self.sales() for off in sale.priced.discounts if off.rule == each.id)
            made.append(Usage(
                each.id, len(own), sum(sale.opened.date == date for sale in own),
                sum(sale.opened.date == date for sale in sales), len(sales),
                None if each.limits.budget is None else max(0, each.limits.budget - spent)))
        return tuple(made)

    def facts(self, first_date: str, last_date: str) -> Sequence[SaleFact]:
        facts = []
        for draft in self.drafts:
            if draft.kind is EntryKind.SALE and isinstance(draft.body, Sale):
                sale = draft.body
                if first_date <= sale.business_date <= last_date:
                    who = sale.basket.member
                    facts.append(SaleFact(
                        sale.business_date, draft.at.minute_of_day // 60,
                        who.member_id if who else None, sale.priced.total, sale.priced.discount,
                        sale.priced.tax, sale.priced.points))
        return facts


_FORMS: dict[type[object], str] = {
    PercentOff: "percent", AmountOff: "amount", FixedPrice: "fixed_price", BuyGet: "buy_get", CheapestOff: "cheapest",
    Steps: "steps", Gift: "gift", Multiplier: "multiplier", BonusPoints: "bonus", NextCoupon: "coupon"}


def deal(name: str, form: RewardForm, **facts: object) -> Promotion:
    """A promotion that gives ``form``; other facts are of its reward, of itself, or conditions of its ``when``."""
    of_reward = {key: facts.pop(key) for key in ("scope", "cap") if key in facts}
    of_itself = {key: facts.pop(key) for key in ("stage", "group", "limits", "cost", "off") if key in facts}
    reward = Reward(**{_FORMS[type(form)]: form}, **of_reward)  # type: ignore[arg-type] # each by its name
    return Promotion(name, NAME, reward, when=When(**facts), **of_itself)  # type: ignore[arg-type] # each by its name


def club(*promotions: Promotion, **facts: object) -> Pack:
    """Pack 1 with ``promotions``, tiers silver and gold, and no earning rules unless told."""
    return Pack(1, 1, "IRR", pack().tiers, promotions, **facts)  # type: ignore[arg-type] # each by its name


def bought(*goods: Product | tuple[Product, int], **facts: object) -> Basket:
    """A basket under pack 1 at noon: lines from 1, of one piece or so many (weighed goods: grams)."""
    lines = []
    for number, each in enumerate(goods, 1):
        what, count = each if isinstance(each, tuple) else (each, 1000 if each.weighed else 1)
        account = "" if what.kind is ProductKind.GOODS else f"account-{number}"
        lines.append(BasketLine(number, what, count if what.weighed else count * 1000, account))
    settled: dict[str, object] = {
        "basket_id": "b", "shop": "12", "pack": 1, "opened": NOON, "lines": tuple(lines), "next_line": len(lines) + 1}
    settled.update(facts)
    return Basket(**settled)  # type: ignore[arg-type] # each by its name


def moment(day: str, hour: int = 12, minute: int = 0) -> Moment:
    """That time of ``day`` in Tehran."""
    days = day_number(day) - day_number("1970-01-01")
    return Moment((days * MINUTES_PER_DAY + hour * 60 + minute - 210) * MICROSECONDS_PER_MINUTE, 210, day)


def discounts(priced: Priced) -> dict[tuple[int, str], int]:
    """What was taken off, by line number and rule."""
    off: dict[tuple[int, str], int] = {}
    for each in priced.discounts:
        off[each.line, each.rule] = off.get((each.line, each.rule), 0) + each.amount
    return off


@dataclass
class MemoryParked:
    """Parked baskets beside a journal in memory."""

    journal: MemoryJournal
    held: dict[str, Parked] = field(default_factory=dict)

    def park(self, parked: Parked) -> None:
        self.journal.keep_basket(None)
        self.held[parked.parked_id] = parked

    def parked(self) -> Sequence[Parked]:
        return list(self.held.values())

    def unpark(self, parked_id: str) -> Parked | None:
        parked = self.held.pop(parked_id, None)
        if parked:
            self.journal.keep_basket(parked.held)
        return parked
