"""Days of a shop as a manager looks back on them, on a real journal: the counter, its drawer, returns, counts."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from data.journal import JournalStore
from data.report_rows import ReportRows
from station.card import Card, CardStatus, Medium, Tap
from station.counter import Counter, Place, World
from station.dates import add_days
from station.drawer import Drawer
from station.hand import ByHand
from station.member import Member
from station.money import THOUSAND
from station.pack import HandLimit, Pack, Tier
from station.people import Actor, Role, StaffRecord
from station.promotion import EarningRule, Promotion, When
from station.returning import Returning
from station.rewards import PercentOff, Reward
from station.sale import ReturnedLine
from station.shift import CountReason
from station.tender import Tender, TenderKind
from station.text import Text
from tests.fakes import FixedClock, MemoryMembers, MemoryPacks, MemoryShelf, moment, product
from ui.presenters.period import Sources

KEY = bytes(range(32))
SARA, NIMA = Actor("sara", Role.CASHIER), Actor("nima", Role.CASHIER)
STAFF = (
    StaffRecord("sara", Text("سارا محمدی", "Sara Mohammadi"), Role.CASHIER, member_id="m3"),
    StaffRecord("nima", Text("نیما رستمی", "Nima Rostami"), Role.CASHIER))
GOODS = tuple(
    product(number, price, name=Text(fa, en), tax_percent="9") for number, (price, fa, en) in enumerate((
        (385_000, "شیر کم‌چرب", "Low-fat milk"), (14_500_000, "برنج طارم ده کیلویی", "Tarom rice, 10 kg"),
        (150_000, "نان سنگک", "Sangak bread"), (2_150_000, "روغن آفتابگردان", "Sunflower oil"),
        (980_000, "پنیر لیقوان", "Lighvan cheese"), (3_400_000, "چای لاهیجان", "Lahijan tea")), 1))
PACK = Pack(
    1, 1, "IRR", (Tier("silver", 1, Text("نقره‌ای", "Silver")), Tier("gold", 2, Text("طلایی", "Gold"))), (
        Promotion("gold-10", Text("ده درصد اعضای طلایی", "Ten percent for gold"), Reward(percent=PercentOff("10")), 1,
                  when=When(tiers=("gold",))),
        Promotion("silver-3", Text("تخفیف نقره‌ای", "Silver discount"), Reward(percent=PercentOff("3")), 1,
                  when=When(tiers=("silver",)))),
    (EarningRule("base", Text("امتیاز خرید", "Points for purchases"), 1, 10_000),), by_hand=(HandLimit(Role.CASHIER, "20"),))
_NAMES = ("مهرداد کاظمی‌نژاد", "زهرا علوی", "سارا محمدی", "پژمان یزدانی", "گلناز فرهادی", "کیان رضایی")


def card(number: int) -> str:
    """The card of member ``m<number>``."""
    return f"936400000000{number:02}"


@dataclass
class ManagedShop:
    """A shop whose days are made one by one; chance comes from ``seed``."""

    folder: Path
    seed: int = 1
    clock: FixedClock = field(default_factory=FixedClock)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - made to be the same each time
        self.journal = JournalStore(self.folder / "journal.db", KEY, Random(self.seed).randbytes)  # noqa: S311 - as above
        people = {f"m{number}": Member(
            f"m{number}", name, f"0912000{number:04}", "gold" if number % 2 else "silver", 500, purchases=number % 3)
            for number, name in enumerate(_NAMES, 1)}
        self.members = MemoryMembers({card(number): Card(f"m{number}", CardStatus.ACTIVE)
                                      for number in range(1, len(_NAMES) + 1)}, people)
        self.packs = MemoryPacks(PACK)
        world = World(self.clock, self.chance.randbytes, self.members,
                      MemoryShelf({each.barcode: each for each in GOODS}), self.packs, self.journal)
        self.counter = Counter(Place("12-1", "12", Text("شعبهٔ ونک", "Vanak branch")), world)
        self.drawer, self.returning = Drawer(world), Returning(world)
        self.rows = ReportRows(self.journal.database)

    @property
    def sources(self) -> Sources:
        """Whom a presenter asks."""
        return Sources(self.rows, self.journal, self.packs, self.members.member, lambda: STAFF)

    def found(self, day: str) -> None:
        """Begin the journal on ``day``."""
        self.clock.moment = moment(day, 8)
        self.journal.found("12-1", "test", self.clock.now())

    def open(self, day: str, cashier: Actor = SARA) -> None:
        """Open a shift on ``day``."""
        self.clock.moment = moment(day, 9)
        self.counter.open_shift(cashier, 5_000_000)

    def sell(self, *goods: int, who: int = 0, cashier: Actor = SARA, hand: str = "", at: tuple[int, int] | None = None) -> int:
        """Sell one of each of ``goods`` (from 1) to member ``who`` (0: nobody) and return the place."""
        if at:
            self.clock.moment = moment(self.clock.moment.date, *at)
        if who:
            self.counter.tap(Tap("reader", Medium.NFC_UID, card(who)))
        for good in goods:
            self.counter.scan(GOODS[good - 1].barcode, THOUSAND)
        if hand:
            self.counter.give_by_hand(ByHand(cashier, "regular customer", percent=hand))
        priced = self.counter.priced()
        assert priced
        means = TenderKind.CASH if self.chance.random() < 0.4 else TenderKind.DEBIT
        tender = Tender(means, priced.total, trace="" if means is TenderKind.CASH else f"{self.chance.randrange(10**6):06}")
        return self.counter.settle([tender], cashier).place

    def take_back(self, place: int, cashier: Actor = SARA, line: int = 1) -> None:
        """Take one line of the sale at ``place`` back."""
        self.returning.take_back(place, [ReturnedLine(line, THOUSAND)], cashier)

    def close(self, off: int = 0, cashier: Actor = SARA) -> None:
        """Close the shift with a count that is ``off``."""
        shift = self.journal.shift()
        assert shift
        reading = self.drawer.read(cashier)
        reason = CountReason.CHANGE_GIVEN if off else CountReason.NONE
        self.drawer.close(reading.expected_cash + off, reason, cashier)

    def day(self, day: str, sales: int, cashier: Actor = SARA, off: int = 0, *, close: bool = True) -> None:
        """Make an ordinary day of so many ``sales``, over the hours of the shop."""
        chance = self.chance
        self.open(day, cashier)
        hours = sorted((chance.choice((9, 10, 11, 12, 17, 18, 18, 19, 20)), chance.randrange(60)) for _ in range(sales))
        places = []
        for at in hours:
            goods = sorted(chance.sample(range(1, len(GOODS) + 1), chance.randint(1, 4)))
            who = chance.randint(1, len(_NAMES)) if chance.random() < 0.7 else 0
            who = 0 if who == 3 and cashier is SARA else who
            places.append(self.sell(
                *goods, who=who, cashier=cashier, hand="5" if chance.random() < 0.05 else "", at=at))
        if sales >= 10:
            self.take_back(chance.choice(places), cashier)
        if close:
            self.close(off, cashier)

    def month(self, last: str, days: int, sales: int) -> None:
        """Make ``days`` days that end on ``last``, which stays open; Fridays sell less."""
        first = add_days(last, 1 - days)
        self.found(first)
        for number in range(days):
            each = add_days(first, number)
            self.day(each, max(1, round(sales * (0.6 + 0.8 * self.chance.random()))), NIMA if number % 3 == 2 else SARA,
                     self.chance.choice((0, 0, 0, -250_000, 130_000)), close=each != last)
