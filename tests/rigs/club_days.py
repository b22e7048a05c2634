"""Random journals of a whole club: many stations' sales and returns, of points, wallets and gift cards, as they travel.

All chance comes from seeds, so the same seeds are the same bytes for ever.
"""

from copy import copy
from dataclasses import dataclass, field, replace
from random import Random

import msgspec

from station.club import ClubRules
from station.errors import StationError
from station.ids import RANDOM_BYTES, uuid7
from station.journal import ENTRY_VERSION, GENESIS, Body, Cause, Entry, EntryKind, Opened, Position, chain
from station.lots import FOR_EVER, LotTerms, Validity
from station.pack import Pack
from station.people import SYSTEM, Actor
from station.posting import LedgerRules, Shortfall
from station.pricing import Engine
from station.returns import gone_before, reversals, take_back, taxes_back
from station.sale import ReturnedLine, Sale, SaleReturn, points_of
from station.stored_value import ValueRules
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER, NOON
from tests.rigs.random_club import SHOPS, chance, random_basket, random_pack

MEMBERS, ACCOUNTS = 300, 40
UNUSED = 10**12
KEPT = 60
"""How many sales back something is still returned of."""

MEANS = ((TenderKind.CASH,), (TenderKind.CASH,), (TenderKind.CASH, TenderKind.WALLET), (TenderKind.GIFT_CARD,))
CLUBS = (
    ClubRules(LedgerRules(terms=LotTerms(Validity(days=100), 14))),
    ClubRules(LedgerRules(terms=LotTerms(Validity(days=400)), shortfall=Shortfall.CLAMP)),
    ClubRules(LedgerRules(terms=FOR_EVER), value=ValueRules(wallet=LotTerms(Validity(days=30)))),
)


def packs() -> tuple[Pack, ...]:
    """The rule packs of the club, small ones, one for each way its ledgers can live."""
    return tuple(
        replace(random_pack(chance(number), 2, number), club=rules) for number, rules in enumerate(CLUBS, 2))


@dataclass
class StationDays:
    """One station's journal. ``shop`` is one of SHOPS; what it sold and can still take back is remembered."""

    station: str
    seed: int
    shop: str = SHOPS[0]
    raws: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=lambda: [GENESIS])

    def __post_init__(self) -> None:
        """Draw the incarnation and write the first entry."""
        self.chance = chance(self.seed)
        self.incarnation = f"{self.seed:08x}" * 4
        self._engines = [Engine(pack) for pack in packs()]
        self._sold: dict[Position, tuple[Sale, list[SaleReturn], dict[int, int]]] = {}
        self.write(EntryKind.OPENED, Opened("test"), SYSTEM)

    def play(self, sales: int, returns: float = 0.08) -> None:
        """Sell so often, and take something back after a sale with the chance ``returns``."""
        for _ in range(sales):
            self.sell()
            if self.chance.random() < returns:
                self.take_back()

    def sell(self) -> None:
        """Close a random sale."""
        engine = self.chance.choice(self._engines)
        sale = _sold(self.chance, engine, self.shop)
        self.write(EntryKind.SALE, sale)
        self._sold[Position(self.incarnation, len(self.raws))] = (
            sale, [], {line.line: line.quantity for line in sale.basket.lines})
        if len(self._sold) > KEPT:
            del self._sold[next(iter(self._sold))]

    def take_back(self) -> None:
        """Take a part of a recent sale back, when there is one that lets it."""
        open_ = [place for place, (_, _, left) in self._sold.items() if left]
        if not open_:
            return
        place = self.chance.choice(open_)
        sale, earlier, left = self._sold[place]
        lines = {line.line: line for line in sale.basket.lines}
        back = []
        for number in self.chance.sample(sorted(left), self.chance.randint(1, len(left))):
            step = 1 if lines[number].product.weighed else 1000
            quantity = step * self.chance.randint(1, left[number] // step)
            back.append(ReturnedLine(number, quantity, UNUSED if lines[number].account else None))
        engine = next(each for each in self._engines if each.pack.number == sale.basket.pack)
        before = gone_before(sale, earlier)
        try:
            returned = take_back(engine, sale, back, before)
        except StationError:
            return
        for each in back:
            left[each.line] -= each.quantity
            if not left[each.line]:
                del left[each.line]
        return_id = uuid7(sale.basket.opened.utc_us, self.chance.randbytes(RANDOM_BYTES))
        member = sale.basket.member
        made = SaleReturn(
            return_id, sale.sale_id, place.incarnation, place.seq, sale.business_date, 1, member.member_id if member else None,
            tuple(back), returned.money,
            tuple(Tender(tender.kind, amount, account=tender.account)
                  for tender, amount in zip(sale.tenders, returned.tenders, strict=True)),
            taxes_back(sale, earlier, returned.remains), reversals(return_id, sale, before, returned),
            tuple(coupon.code for coupon in returned.coupons))
        earlier.append(made)
        self.write(EntryKind.RETURN, made)

    def restore(self) -> "StationDays":
        """Go on in a new incarnation; return the journal so far."""
        before = copy(self)
        after = Position(self.incarnation, len(self.raws))
        self.incarnation = f"{self.chance.getrandbits(128):032x}"
        self.raws, self.hashes = [], [GENESIS]
        self.write(EntryKind.OPENED, Opened("test", Cause.RESTORED, after, before.hashes[-1].hex()), SYSTEM)
        return before

    def write(self, kind: EntryKind, body: Body, actor: Actor = CASHIER) -> None:
        """Write ``body`` as the next entry."""
        at = body.basket.opened if isinstance(body, Sale) else NOON
        self.add(msgspec.json.encode(Entry(
            ENTRY_VERSION, self.station, self.incarnation, len(self.raws) + 1, kind, at, actor, None, body)))

    def add(self, raw: bytes) -> None:
        """Write any bytes as the next entry."""
        self.raws.append(raw)
        self.hashes.append(chain(self.hashes[-1], raw))


def _sold(random: Random, engine: Engine, shop: str) -> Sale:
    """A random sale in ``shop`` to one of the club's members, on and out of its accounts of stored value."""
    basket = random_basket(random, engine.pack)
    basket = replace(
        basket, basket_id=uuid7(basket.opened.utc_us, random.randbytes(RANDOM_BYTES)), shop=shop,
        payments=random.choice(MEANS), lines=tuple(
            replace(line, account=_account(random)) if line.account else line for line in basket.lines),
        member=basket.member and replace(basket.member, member_id=f"m{random.randrange(MEMBERS)}"))
    priced = engine.price(basket)
    cash = random.randint(1, 5000) if TenderKind.CASH in basket.payments else 0
    value = [each for each in basket.payments if each.stored_value]
    if not value and not cash:  # a bank's card cannot pay nothing, nor what has no price
        basket = replace(basket, payments=(TenderKind.CASH,))
        priced, cash = engine.price(basket), 1
    rest, tenders = priced.total, []
    for kind in value:
        amount = random.randint(0, rest) if cash else rest
        if amount:
            tenders.append(Tender(kind, amount, account=_account(random)))
            rest -= amount
    if cash:
        tenders.append(Tender(TenderKind.CASH, rest + cash))
        rest = 0
    points = points_of(basket.basket_id, basket.member.member_id, priced) if basket.member else ()
    return Sale(
        basket.basket_id, basket.opened.date, 1, basket, priced, tuple(tenders), cash, None, points)


def _account(random: Random) -> str:
    return f"account-{random.randrange(ACCOUNTS)}"
