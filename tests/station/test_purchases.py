"""The purchase a member is about to make: what the feed counted and this station's own sales after it."""

from dataclasses import replace

from station.counter import Counter, Place, World
from station.journal import Position
from station.tender import Tender, TenderKind
from tests.fakes import (
    CASHIER,
    NAME,
    FixedClock,
    MemoryJournal,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    member,
    product,
)

GOOD = product(1)


def test_own_sales_after_the_projection_are_added_for_each_member() -> None:
    journal = MemoryJournal()
    members = MemoryMembers(people={"m1": replace(member(1), purchases=5), "m2": member(2)})
    counter = Counter(Place("12-1", "12", NAME), World(
        FixedClock(), bytes, members, MemoryShelf({GOOD.barcode: GOOD}), MemoryPacks(), journal))
    counter.open_shift(CASHIER, 0)  # entry 1
    for who in ("m1", "m2", None, "m1"):  # entries 2 to 5
        if who:
            counter.identify(who)
        counter.scan(GOOD.barcode)
        counter.settle([Tender(TenderKind.CASH, GOOD.price)], CASHIER)
    # how many of the sales 2 and 5 of m1 come after the place
    for seq, own in ((0, 2), (1, 2), (2, 1), (4, 1), (5, 0)):
        members.through = Position(journal.incarnation, seq)
        assert counter.identify("m1").purchases == 5 + own, seq
    members.through = Position("0" * 32, 5)
    assert counter.identify("m1").purchases == 7
    members.through = None
    assert counter.identify("m2").purchases == 1
    basket = counter.basket
    assert basket is not None
    assert basket.member is not None
    assert basket.member.purchases == 1
