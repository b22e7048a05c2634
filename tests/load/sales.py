"""Sales as a shop makes them: a few goods, most of them popular ones, six in ten by members, paid by card or in cash.

Goods, members and rules are those that head office hands down, so what comes back is priced as it
expects. All chance comes from a seed.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from station.basket import Basket, BasketLine
from station.bonus import Birth
from station.card import CardTier, Medium
from station.clock import Moment
from station.ids import RANDOM_BYTES, uuid7
from station.journal import Draft, EntryKind
from station.member import MemberSnapshot
from station.money import THOUSAND
from station.pack import Pack
from station.pricing import Engine
from station.product import Product
from station.sale import Sale, points_of
from station.shift import Shift
from station.tender import Tender, TenderKind, change_due
from sync.client import HeadOffice
from sync.documents import read_pack
from tests.fakes import CASHIER, NOON
from tests.rigs.random_club import chance

US_PER_SALE = 40_000_000
MEMBERS_SHARE, CARD_SHARE = 0.6, 0.65
NOTE = 100_000


@dataclass(frozen=True, slots=True)
class Shop:
    """What a station of ``shop`` can sell, to whom, by which rules."""

    shop: str
    pack: Pack
    goods: Sequence[Product]
    members: Sequence[MemberSnapshot]

    @classmethod
    def asked(cls, office: HeadOffice, shop: str, incarnation: str) -> "Shop":
        """Ask head office for them."""
        signed = office.next_pack(0).pack
        assert signed is not None
        goods: list[Product] = []
        members: list[MemberSnapshot] = []
        cursor, more = "", True
        while more:
            shelf = office.shelf_page(cursor)
            goods += [each.product for each in shelf.changes if each.product]
            cursor, more = shelf.cursor, shelf.more
        cursor, more = "", True
        while more:
            page = office.members_page(cursor, incarnation)
            members += [MemberSnapshot(
                each.member_id, each.tier, each.points, each.segments,
                Birth(each.birth.calendar, each.birth.month, each.birth.day) if each.birth else None, each.purchases)
                for each in page.changes]
            cursor, more = page.cursor, page.more
        return cls(shop, read_pack(base64.b64decode(signed.document)), goods, members)


def drafts(shop: Shop, count: int, seed: int) -> Iterator[Draft]:
    """Yield a shift, then ``count`` sales in it, one every 40 seconds from noon on."""
    luck, engine = chance(seed), Engine(shop.pack)
    yield Draft(EntryKind.SHIFT_OPENED, NOON, CASHIER, Shift(1, CASHIER.person, NOON.date, 500_000))
    for number in range(count):
        at = Moment(NOON.utc_us + number * US_PER_SALE + luck.randrange(US_PER_SALE), NOON.offset, NOON.date)
        yield Draft(EntryKind.SALE, at, CASHIER, _sale(shop, engine, luck, at))


def _sale(shop: Shop, engine: Engine, luck: Random, at: Moment) -> Sale:
    member = luck.choice(shop.members) if luck.random() < MEMBERS_SHARE else None
    kind = TenderKind.DEBIT if luck.random() < CARD_SHARE else TenderKind.CASH
    lines = tuple(
        BasketLine(line, _good(shop, luck), luck.choice((1, 1, 1, 1, 2, 3)) * THOUSAND)
        for line in range(1, 2 + min(int(luck.expovariate(0.45)), 20)))
    basket = Basket(
        uuid7(at.utc_us, luck.randbytes(RANDOM_BYTES)), shop.shop, shop.pack.number, at, lines, member, len(lines) + 1,
        CardTier.NUMBER if member else None, (kind,))
    priced = engine.price(basket)
    if kind is TenderKind.CASH:
        tenders = (Tender(kind, -(-priced.total // NOTE) * NOTE),)
    else:
        tenders = (Tender(kind, priced.total, f"{luck.randrange(10**6):06}"),)
    return Sale(
        basket.basket_id, at.date, 1, basket, priced, tenders, change_due(priced.total, tenders),
        Medium.STRIPE if member else None,
        points_of(basket.basket_id, member.member_id, priced) if member else ())


def _good(shop: Shop, luck: Random) -> Product:
    """A good; the further down the shelf, the rarer."""
    return shop.goods[int(len(shop.goods) * luck.random() ** 2.5)]
