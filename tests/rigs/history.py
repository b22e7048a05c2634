"""A station's history made by chance: shifts with sales, returns, moved cash, readings, counts and corrections."""

from collections.abc import Sequence
from dataclasses import replace

from station.basket import Basket
from station.card import CardStatus, Medium
from station.card_life import CardChanged, CardIssued, CardReason
from station.clock import MICROSECONDS_PER_MINUTE, Moment
from station.counter import Counter, Place, World
from station.dates import add_days
from station.drawer import Drawer
from station.ids import RANDOM_BYTES, uuid7
from station.journal import Draft, EntryKind
from station.people import Actor, Role
from station.ports import Journal
from station.pricing import Engine
from station.returning import Returning
from station.sale import ReturnedLine, Sale, points_of
from station.shift import CashReason, CountReason, Shift
from station.tender import Tender, TenderKind, change_due
from tests.fakes import CASHIER, NAME, NOON, FixedClock, MemoryMembers, MemoryPacks, MemoryShelf
from tests.rigs.random_club import chance, random_basket, random_pack

STEPS = ("sale", "sale", "sale", "return", "cash", "read", "close", "correct", "card", "midnight")
MANAGER = Actor("reza", Role.MANAGER)
UNUSED = 10**12  # what a returned card still holds: more than any was sold for
MINUTES_PER_DAY = 1440


class History:
    """What happened over ``journal``; a seed and its steps name it for ever."""

    def __init__(self, journal: Journal, seed: int) -> None:
        self.journal = journal
        self.clock = FixedClock()
        self.chance = chance(seed)
        self.pack = random_pack(self.chance)
        self.engine = Engine(self.pack)
        world = World(self.clock, self.chance.randbytes, MemoryMembers(), MemoryShelf(), MemoryPacks(self.pack), journal)
        self.counter = Counter(Place("12-1", "12", NAME), world)
        self.drawer, self.returning = Drawer(world), Returning(world)
        self.left: dict[int, dict[int, int]] = {}
        self._minutes = 0

    def play(self, steps: Sequence[str]) -> None:
        """Do ``steps``, each one of STEPS, opening a shift where there is none."""
        for step in steps:
            self._forward(self.chance.randrange(40))
            getattr(self, f"_{step}")()

    def _shift(self) -> Shift:
        return self.journal.shift() or self.counter.open_shift(CASHIER, self.chance.choice((0, 500_000)))

    def _sale(self) -> None:
        shift, now = self._shift(), self.clock.now()
        basket = random_basket(self.chance, self.pack)
        basket = replace(basket, basket_id=uuid7(now.utc_us, self.chance.randbytes(RANDOM_BYTES)))
        sale = self._closed(shift, basket)
        place = self.journal.append(Draft(EntryKind.SALE, now, CASHIER, sale)).place
        self.left[place] = {line.line: line.quantity for line in basket.lines}

    def _closed(self, shift: Shift, basket: Basket) -> Sale:
        """Return the sale of ``basket``, paid by card, in cash with change, or in both."""
        total = self.engine.price(replace(basket, payments=(TenderKind.CASH, TenderKind.DEBIT))).total
        debit = self.chance.choice((0, total, self.chance.randint(0, total)))
        tenders = tuple(each for each in (
            Tender(TenderKind.DEBIT, debit), Tender(TenderKind.CASH, total - debit + self.chance.choice((0, 0, 700))),
        ) if each.amount)
        basket = replace(basket, payments=tuple(sorted(each.kind for each in tenders)))
        priced = self.engine.price(basket)
        if priced.total != total:  # the means of payment decided: then in cash, whatever it comes to
            basket = replace(basket, payments=(TenderKind.CASH,))
            priced = self.engine.price(basket)
            tenders = (Tender(TenderKind.CASH, priced.total + 1),)
        points = points_of(basket.basket_id, basket.member.member_id, priced) if basket.member else ()
        return Sale(
            basket.basket_id, shift.business_date, shift.number, basket, priced, tenders,
            change_due(priced.total, tenders), None, points)

    def _return(self) -> None:
        """Bring a part of some sale back, of any shift before."""
        self._shift()
        places = [place for place, left in self.left.items() if left]
        if not places:
            return
        place = self.chance.choice(places)
        left, sold = self.left[place], {line.line: line for line in self.journal.sale(place).body.basket.lines}
        back = []
        for number in self.chance.sample(sorted(left), self.chance.randint(1, len(left))):
            step = 1 if sold[number].product.weighed else 1000
            quantity = step * self.chance.randint(1, left[number] // step)
            back.append(ReturnedLine(number, quantity, UNUSED if sold[number].account else None))
            left[number] -= quantity
            if not left[number]:
                del left[number]
        self.returning.take_back(place, back, CASHIER)

    def _cash(self) -> None:
        self._shift()
        self.drawer.move_cash(self.chance.choice((-200, -1, 5, 700)), self.chance.choice(tuple(CashReason)), CASHIER)

    def _read(self) -> None:
        self._shift()
        self.drawer.read(CASHIER)

    def _close(self) -> None:
        self._shift()
        self.drawer.close(self.chance.choice((None, 0, 500_000)), CountReason.UNEXPLAINED, CASHIER)

    def _correct(self) -> None:
        """Correct any closed shift, where there is one."""
        open_shift = self._shift().number
        if open_shift > 1:
            self.drawer.correct(
                self.chance.randrange(1, open_shift), self.chance.choice(tuple(TenderKind)),
                self.chance.choice((-30, 40)), CountReason.CHANGE_GIVEN, CASHIER, MANAGER)

    def _card(self) -> None:
        """Give a card out, in place of one or not, or change what became of one."""
        card = self.chance.randrange(20)
        if self.chance.random() < 0.5:
            replaces = self.chance.choice((None, card + 20))
            body: CardIssued | CardChanged = CardIssued(card, "m1", Medium.BARCODE, self.chance.choice(("", "h1")), replaces)
            kind = EntryKind.CARD_ISSUED
        else:
            body = CardChanged(card, "m1", CardStatus.ACTIVE, CardStatus.LOST, CardReason.LOST)
            kind = EntryKind.CARD_CHANGED
        self.journal.append(Draft(kind, self.clock.now(), CASHIER, body))

    def _midnight(self) -> None:
        self._forward(MINUTES_PER_DAY)

    def _forward(self, minutes: int) -> None:
        """Let time pass, over midnight as well. NOON is 845 minutes into its local day."""
        self._minutes += minutes
        days, _ = divmod(NOON.minute_of_day + self._minutes, MINUTES_PER_DAY)
        self.clock.moment = Moment(
            NOON.utc_us + self._minutes * MICROSECONDS_PER_MINUTE, NOON.offset, add_days(NOON.date, days))
