"""A shop's days, step by step: ``shop_day.py FOLDER SEED OFFICE [STATES]`` says ``did <step> …`` after each durable step.

Ids, clock and chance come from the seed, so a run can be repeated and cut short anywhere. OFFICE is
where head office offers its member book. A step that is refused says ``refused <step> E<number>``
and is tried once more, as a cashier would. With STATES the state after each step is written to that
file, one JSON document a line.
"""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import msgspec

from data.compact import LEAST_DAYS, compact
from data.secret_file import write_secret
from station.card import Medium, Tap
from station.card_hash import card_hash
from station.card_life import CardReason
from station.clock import MICROSECONDS_PER_MINUTE, MINUTES_PER_DAY, Moment
from station.counter import Counter, Settled
from station.dates import add_days
from station.errors import StationError
from station.hand import ByHand
from station.journal import Position
from station.money import THOUSAND
from station.people import Actor, Role
from station.sale import ReturnedLine
from station.shift import CashReason, CountReason
from station.tender import Tender, TenderKind
from tests.fakes import CASHIER, product
from tests.rigs.shop import (
    BACKUPS,
    CARD_KEY,
    GOODS,
    Shop,
    card,
    goods_page,
    install_book,
    members_page,
    rules,
)

MANAGER = Actor("reza", Role.MANAGER)
SEASON = 120
TRIES = 2
GIVEN = 20
"""Whose card is replaced; the next one's is lost. Nobody of them buys."""

UNOPENED = 3
Words = tuple[object, ...]
Step = tuple[str, Callable[[], Words]]


class Day:
    """What happens, in order. Every step is one durable thing, and returns what to say of it."""

    def __init__(self, folder: Path, seed: int, office: Path) -> None:
        """Draw the day from ``seed``."""
        self._folder = folder
        self._office = office
        self._chance = Random(seed)  # noqa: S311 - made to be the same each time
        self._ids = Random(f"ids {seed}")  # noqa: S311
        self._sold: list[Settled] = []
        self.shop: Shop | None = None

    def steps(self) -> Iterator[Step]:
        """Yield the steps of two shifts, a season apart."""
        yield "open", self._open
        yield from self._from_head_office(1)
        yield "shift", self._shift
        for _ in range(4):
            yield from self._sale()
        yield "acknowledge", self._acknowledge
        yield "return", self._take_back
        yield "return", self._take_back
        yield "cash", self._move_cash
        yield "card", self._give_card
        yield "lost", self._lose_card
        yield "read", self._read
        yield from self._sale()
        yield "restart", self._restart
        yield "close", self._close
        yield "season", self._season
        yield from self._from_head_office(2)
        yield "shift", self._shift
        yield "correct", self._correct
        yield from self._sale()
        yield "backup", self._back_up
        yield from self._basket()
        yield "abandon", self._abandon
        yield "book", self._book
        yield from self._sale()
        yield "acknowledge", self._acknowledge
        yield "compact", self._compact
        yield from self._sale()
        yield "backup", self._back_up
        yield from self._basket()
        yield "restart", self._restart

    @property
    def _at(self) -> Shop:
        assert self.shop
        return self.shop

    @property
    def _counter(self) -> Counter:
        return self._at.counter

    def _end(self) -> int:
        """Return the place of the last entry: this journal has one incarnation."""
        return self._at.journal.head().seq

    def _open(self) -> Words:
        self.shop = Shop(self._folder, chance=self._ids)
        write_secret(self._folder / "station.locked", b"who this is")
        self._folder.joinpath(BACKUPS).mkdir(exist_ok=True)
        return ()

    def _season(self) -> Words:
        """Let so many days pass that the first shift may be compacted."""
        before = self._at.clock.moment
        self._at.clock.moment = Moment(
            before.utc_us + SEASON * MINUTES_PER_DAY * MICROSECONDS_PER_MINUTE, before.offset, add_days(before.date, SEASON))
        return self._restart()

    def _restart(self) -> Words:
        clock = self._at.clock
        self._at.close()
        self.shop = Shop(self._folder, clock, self._ids)
        self._counter.recover()
        return ()

    def _from_head_office(self, number: int) -> Iterator[Step]:
        yield "pack", partial(self._pack, number)
        yield "goods", partial(self._goods, number)
        yield "members", partial(self._members, number)

    def _pack(self, number: int) -> Words:
        document = rules(number)
        self._at.rules.install(document, msgspec.json.encode(document), b"signature")
        return (number,)

    def _goods(self, number: int) -> Words:
        self._at.goods.apply(goods_page(number))
        return (number,)

    def _members(self, number: int) -> Words:
        branch = self._at.upload.branches()[-1]
        self._at.feed.apply(members_page(number, Position(branch.incarnation, branch.mark())))
        return (number,)

    def _shift(self) -> Words:
        return self._counter.open_shift(CASHIER, 100_000).number, self._end()

    def _sale(self) -> Iterator[Step]:
        yield from self._basket()
        yield "sale", partial(self._settle, self._chance.choice((TenderKind.CASH, TenderKind.DEBIT)))
        if self._chance.random() < 0.7:
            yield "print", self._print

    def _settle(self, means: TenderKind) -> Words:
        priced = self._counter.priced()
        settled = self._counter.settle([Tender(means, priced.total)] if priced and priced.total else [], CASHIER)
        self._sold.append(settled)
        return settled.sale.sale_id, settled.place

    def _print(self) -> Words:
        self._at.journal.printed(self._sold[-1].place if self._sold else 0)
        return ()

    def _basket(self) -> Iterator[Step]:
        """Fill a basket: who, what, and what a cashier changes in it."""
        chance = self._chance
        if chance.random() < 0.7:
            yield "tap", partial(self._tap, chance.randrange(3, 8))
        for good in chance.sample(range(3, GOODS), chance.randint(1, 4)):
            yield "scan", partial(self._scan, good, chance.randint(2, 3))
        if chance.random() < 0.4:
            yield "redeem", partial(self._redeem, chance.choice((20, 50)))
        if chance.random() < 0.3:
            yield "quantity", self._more
        if chance.random() < 0.3:
            yield "hand", self._give

    def _tap(self, who: int) -> Words:
        return (self._counter.tap(Tap("reader", Medium.NFC_UID, card(who))).points,)

    def _scan(self, good: int, pieces: int) -> Words:
        line = self._counter.scan(product(good).barcode, pieces * THOUSAND)
        return line.line, line.quantity

    def _redeem(self, points: int) -> Words:
        self._counter.redeem(points)
        return (points,)

    def _more(self) -> Words:
        lines = self._counter.basket.lines if self._counter.basket else ()
        for line in lines[:1]:  # none when the disk refused the goods
            self._counter.set_quantity(line.line, 4 * THOUSAND)
        return ()

    def _give(self) -> Words:
        self._counter.give_by_hand(ByHand(CASHIER, "regular", percent="5"))
        return ()

    def _abandon(self) -> Words:
        self._counter.abandon()
        return ()

    def _acknowledge(self) -> Words:
        branch = self._at.upload.branches()[-1]
        branch.acknowledge(branch.head().seq - 1)
        return (branch.mark(),)

    def _back_up(self) -> Words:
        made = self._at.back_up()
        return made.folder.name, made.manifest.place

    def _book(self) -> Words:
        return (install_book(self._at, self._office),)

    def _compact(self) -> Words:
        return tuple(cut.through for cut in compact(self._at.upload, LEAST_DAYS, self._at.clock.now()))

    def _take_back(self) -> Words:
        if not self._sold:  # the disk refused them all
            return ()
        sold = self._sold[-1]
        lines = [ReturnedLine(sold.sale.basket.lines[0].line, THOUSAND)]
        return self._at.returning.take_back(sold.place, lines, CASHIER).return_id, self._end()

    def _move_cash(self) -> Words:
        self._at.drawer.move_cash(-30_000, CashReason.BANK, CASHIER)
        return (self._end(),)

    def _give_card(self) -> Words:
        """Give somebody a card in the place of the one from head office."""
        old = card_hash(CARD_KEY, card(GIVEN))
        self._at.cards.replace(old, "04FE", Medium.NFC_UID, CASHIER)
        return (self._end(),)

    def _lose_card(self) -> Words:
        self._at.cards.block(card_hash(CARD_KEY, card(GIVEN + 1)), CardReason.LOST, CASHIER)
        return (self._end(),)

    def _read(self) -> Words:
        return self._at.drawer.read(CASHIER).number, self._end()

    def _close(self) -> Words:
        return self._at.drawer.close(90_000, CountReason.UNEXPLAINED, CASHIER).number, self._end()

    def _correct(self) -> Words:
        self._at.drawer.correct(1, TenderKind.CASH, 5_000, CountReason.CHANGE_GIVEN, CASHIER, MANAGER)
        return (self._end(),)


def say(*words: object) -> None:
    """Say one line, in one piece."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def done(name: str, work: Callable[[], Words]) -> bool:
    """Do one step and say so; False when it was refused, and said so."""
    try:
        words = work()
    except StationError as fault:
        say("refused", name, f"E{fault.code.value}")
        return False
    say("did", name, *words)
    return True


def main() -> int:
    """Run the day; 3 when the files could not even be opened."""
    day = Day(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
    states = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    for name, work in day.steps():
        any(done(name, work) for _ in range(TRIES))
        if day.shop is None:
            return UNOPENED
        if states:
            with states.open("a", encoding="utf-8") as file:
                file.write(json.dumps(day.shop.state()) + "\n")
    if day.shop:
        day.shop.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
