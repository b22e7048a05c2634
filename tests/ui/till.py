"""A till in memory: one counter with a shift open, two members, three goods, and what it printed."""

from dataclasses import dataclass, field
from functools import partial

from station.card import Card, CardStatus, Medium, Tap
from station.card_hash import KEY_BYTES, CardHasher
from station.counter import Counter, Place, World
from station.member import Member
from station.pack import Pack
from station.product import Product
from station.protection import Protection
from station.proving import Prover
from station.shift import Shift
from station.spending import Spending
from station.stored_value import gift_card_of
from station.text import Text
from tests.fakes import (
    CASHIER,
    FixedClock,
    MemoryJournal,
    MemoryMembers,
    MemoryPacks,
    MemoryShelf,
    member,
    pack,
    product,
    promotion,
)
from ui.presenters.at_till import AtTill, Person
from ui.presenters.desk import Closed, Desk
from ui.presenters.status import Board

GOLD_CARD, BLOCKED_CARD, STRANGE_CARD = "93640000000001", "93640000000002", "93640000000003"
MILK = product(1, 385_000, name=Text("شیر", "Milk"), tax_percent="9")
RICE = product(2, 14_500_000, name=Text("برنج", "Rice"))
BREAD = product(3, 150_000, name=Text("نان", "Bread"), tax_percent="10", tax_included=False)
SHOP = Text("شعبهٔ ونک", "Vanak branch")


def tap(number: str) -> Tap:
    """A card laid on the reader."""
    return Tap("pcsc:reader", Medium.NFC_UID, number)


@dataclass
class Till:
    """Everything behind the counter's screen, and the sales it handed to the printer."""

    goods: tuple[Product, ...] = (MILK, RICE, BREAD)
    closed: list[Closed] = field(default_factory=list)
    printer_fault: Exception | None = None
    prover: Prover | None = None
    spending: Spending | None = None
    rules: Pack = field(default_factory=lambda: pack(promotions=(promotion("gold-10", "10", tiers=("gold",)),)))

    def __post_init__(self) -> None:
        """Open the shift."""
        gold: Member = member(1)
        self.members = MemoryMembers(
            {GOLD_CARD: Card("m1", CardStatus.ACTIVE), BLOCKED_CARD: Card("m2", CardStatus.BLOCKED)},
            {"m1": gold, "m2": member(2, "silver")})
        self.clock = FixedClock()
        self.journal = MemoryJournal()
        self.at_till = AtTill(Person(CASHIER, Text("سارا محمدی", "Sara Mohammadi")))
        self.counter = Counter(Place("S1", "shop", SHOP), World(
            self.clock, bytes, self.members, MemoryShelf({each.barcode: each for each in self.goods}),
            MemoryPacks(self.rules), self.journal, self.spending, self.prover, own=lambda: self.at_till.person.member_id))
        self.shift: Shift = self.counter.open_shift(CASHIER, 0)
        self.desk = Desk(self.counter, self.members, self.clock, self.at_till, self._printed,
                         partial(gift_card_of, CardHasher(bytes(KEY_BYTES))))
        self.board = Board(SHOP, self.at_till, self.shift, self.clock, Protection.OS_ACCOUNT)

    def _printed(self, closed: Closed) -> None:
        self.closed.append(closed)
        if self.printer_fault:
            raise self.printer_fault
