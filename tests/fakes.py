"""Small real classes that stand in for the world in tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from station.basket import Product
from station.card import Card
from station.clock import MICROSECONDS_PER_MINUTE, Moment
from station.journal import GENESIS, Draft, EntryKind, Head, Position, Stored, chain
from station.member import Member
from station.pack import EarningRule, Pack, Promotion, Reward, RewardKind, Tier
from station.people import Actor, Role
from station.report import SaleFact
from station.sale import Sale
from station.shift import Shift
from station.text import Text

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
    return Promotion(name, NAME, stage, Reward(RewardKind.PERCENT, percent), tiers)


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

    def card(self, number: str) -> Card | None:
        return self.cards.get(number)

    def member(self, member_id: str) -> Member | None:
        return self.people.get(member_id)

    def by_phone(self, phone: str) -> Sequence[Member]:
        return [each for each in self.people.values() if each.phone == phone]

    def projected_through(self) -> Position | None:
        return self.through


@dataclass
class MemoryShelf:
    """Goods by barcode."""

    goods: dict[str, Product] = field(default_factory=dict)

    def product(self, barcode: str) -> Product | None:
        return self.goods.get(barcode)


@dataclass
class MemoryPacks:
    """One pack."""

    held: Pack = field(default_factory=pack)

    def current(self) -> Pack:
        return self.held


@dataclass
class MemoryJournal:
    """A journal in a list; ``refuse`` makes the next append fail as a full disk would."""

    drafts: list[Draft] = field(default_factory=list)
    refuse: Exception | None = None
    incarnation: str = "a3f9" + "0" * 28

    def append(self, draft: Draft) -> Stored:
        if self.refuse:
            raise self.refuse
        self.drafts.append(draft)
        return Stored(len(self.drafts), draft.kind, b"{}", chain(GENESIS, b"{}"))

    def head(self) -> Head:
        return Head(self.incarnation, len(self.drafts), GENESIS)

    def shift(self) -> Shift | None:
        opened = [each.body for each in self.drafts if isinstance(each.body, Shift)]
        return opened[-1] if opened else None

    def sales(self) -> list[Sale]:
        """The sales recorded, oldest first."""
        return [each.body for each in self.drafts if isinstance(each.body, Sale)]

    def points_after(self, member_id: str, position: Position | None) -> int:
        start = position.seq if position and position.incarnation == self.incarnation else 0
        return sum(
            points.points for draft in self.drafts[start:] if isinstance(draft.body, Sale)
            for points in draft.body.points if points.member_id == member_id)

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
