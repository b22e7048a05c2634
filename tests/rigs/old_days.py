"""A shop with a past: one shift a day, each of as many entries, so that places can be reckoned by hand."""

from pathlib import Path

import msgspec

from station.card import Medium, Tap
from station.clock import Moment
from station.dates import add_days
from station.journal import Position
from station.money import THOUSAND
from station.sale import ReturnedLine
from station.shift import CashReason, CountReason
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER, moment, product
from tests.rigs.shop import Shop, WalkingClock, card, goods_page, members_page, rules

FIRST_DAY = "2025-01-01"
SALES = 3
ENTRIES = SALES + 5
"""Of a day: shift opened, sales, a return, cash moved, a reading, shift closed."""


def evening(day: int) -> int:
    """Return the place of the entry that closed the shift of ``day`` (from 1): the first entry of all is OPENED."""
    return 1 + ENTRIES * day


def at(day: int, hour: int = 23) -> Moment:
    """Return that hour of ``day`` (from 1)."""
    return moment(add_days(FIRST_DAY, day - 1), hour)


def old_shop(folder: Path, days: int) -> Shop:
    """Return a shop that sold for ``days`` days; head office has acknowledged nothing yet."""
    shop = Shop(folder, WalkingClock(at(1, 8)))
    for each in (shop.journal, shop.members, shop.upload, shop.feed):
        each.database.execute("PRAGMA synchronous = OFF")  # nobody cuts the power here
    pack = rules(1)
    shop.rules.install(pack, msgspec.json.encode(pack), b"signature")
    shop.goods.apply(goods_page(1))
    shop.feed.apply(members_page(1, Position(shop.journal.head().incarnation, 0)))
    for day in range(1, days + 1):
        trade(shop, day)
    return shop


def trade(shop: Shop, day: int) -> None:
    """Sell on ``day``: ``ENTRIES`` entries, of which the last closes the shift."""
    shop.clock.moment = at(day, 9)
    shop.counter.open_shift(CASHIER, 100_000)
    for number in range(SALES):
        place = sell(shop, member=3 + (day + number) % 4)
    shop.returning.take_back(place, [ReturnedLine(1, THOUSAND)], CASHIER)
    shop.drawer.move_cash(-30_000, CashReason.BANK, CASHIER)
    shop.drawer.read(CASHIER)
    shop.drawer.close(90_000, CountReason.UNEXPLAINED, CASHIER)


def sell(shop: Shop, member: int = 3) -> int:
    """Sell two of one good and one of another to a member; return the sale's place."""
    shop.counter.tap(Tap("reader", Medium.NFC_UID, card(member)))
    shop.counter.scan(product(3).barcode, 2 * THOUSAND)
    shop.counter.scan(product(4).barcode)
    priced = shop.counter.priced()
    assert priced
    return shop.counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER).place


def acknowledge(shop: Shop) -> None:
    """Let head office have everything."""
    for branch in shop.journal.branches():
        branch.acknowledge(branch.head().seq)
