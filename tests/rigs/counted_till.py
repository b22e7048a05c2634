"""A journal on disk with a cashier at it, and what the presenters of a shift work with; who approves is told before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from data.cash_counts import CashCountStore
from data.journal import JournalStore
from data.report_rows import ReportRows
from station.approval import Operation
from station.counter import Counter, Place, World
from station.drawer import Drawer
from station.drawer_rules import DrawerRules
from station.errors import ErrorCode, StationError
from station.pack import Pack
from station.people import Actor, Role
from station.shift import ShiftClosed
from station.sign_in import reaches
from station.tender import Tender, TenderKind
from station.text import Text
from tests.fakes import NAME, FixedClock, MemoryMembers, MemoryPacks, MemoryShelf, pack, product
from tests.rigs.random_club import chance
from ui.format import Format
from ui.presenters.at_till import AtTill, Person
from ui.presenters.cash_desk import CashDesk
from ui.presenters.shift_desk import ShiftDesk
from ui.presenters.shift_parts import ShiftParts
from ui.text import Words
from ui.views_shift import CountView, ReasonView, ReportScreen

SARA, OMID = Actor("sara", Role.CASHIER), Actor("omid", Role.MANAGER)
NAMES = {"sara": Text("سارا", "Sara"), "omid": Text("امید", "Omid")}
GOOD = product(1, 400_000)
RULES = Pack(1, 1, "IRR", pack().tiers, drawer=DrawerRules(most_moved=100_000, most_difference=50_000))


@dataclass
class Screen:
    """What was shown, in order; ``approve`` is whom a second person's question finds, None: nobody."""

    shown: list[CountView | ReasonView | ReportScreen] = field(default_factory=list)
    left: int = 0

    def show_count(self, view: CountView) -> None:
        self.shown.append(view)

    def show_reasons(self, view: ReasonView) -> None:
        self.shown.append(view)

    def show_report(self, view: ReportScreen) -> None:
        self.shown.append(view)

    def leave(self) -> None:
        self.left += 1


class Till:
    """A journal on disk with Sara at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock, self.screen = FixedClock(), Screen()
        self.at_till = AtTill(Person(SARA, NAMES["sara"]))
        self.second: Actor | None = None
        self.asked: list[tuple[Operation, str]] = []
        self.events: list[str] = []
        self.rules: MemoryPacks | NoPacks = MemoryPacks(RULES)
        self.open()

    def open(self) -> None:
        """Start the program on the file."""
        self.journal = JournalStore(self.folder / "journal.db", bytes(32))
        self.journal.found("12-1", "test", self.clock.now())
        world = World(self.clock, chance(0).randbytes, MemoryMembers(), MemoryShelf({GOOD.barcode: GOOD}),
                      MemoryPacks(RULES), self.journal)
        self.counter = Counter(Place("12-1", "12", NAME), world)
        self.parts = ShiftParts(
            self.counter.open_shift, Drawer(world), self.journal, CashCountStore(self.journal.database), self.rules, self.clock,
            self.at_till, lambda person: NAMES[person], Text("ونک", "Vanak"), self.approved,
            lambda: self.events.append("changed"), lambda kind, number: self.events.append(f"print {kind}{number}"),
            lambda: self.events.append("kick"))
        self.desk = ShiftDesk(self.parts, Words("en"), Format("en"), self.screen)
        self.said: list[str] = []
        self.cash = CashDesk(self.parts, ReportRows(self.journal.database).shifts, Words("en"), Format("en"), self.said.append)

    def restart(self) -> None:
        """End the program as a power cut does, and start it again."""
        self.journal.close()
        self.open()

    def approved(self, operation: Operation, what: str, then: Callable[[Actor | None], None]) -> None:
        if reaches(operation.asked_by.role, operation.needs):
            then(None)
            return
        self.asked.append((operation, what))
        if self.second:
            then(self.second)

    def begin(self, opening_float: int = 0) -> None:
        """Open a shift."""
        self.counter.open_shift(SARA, opening_float)

    def sell(self) -> None:
        """Sell one piece of 400 000 for cash."""
        self.counter.scan(GOOD.barcode)
        self.counter.settle((Tender(TenderKind.CASH, 400_000),), self.at_till.actor)

    def closed(self) -> list[tuple[ShiftClosed, Actor, Actor | None]]:
        """The shifts that were closed, by whom, and who approved."""
        entries = [self.journal.report("Z", each + 1) for each in range(self.journal.reports("Z"))]
        return [(each.body, each.actor, each.approver) for each in entries if isinstance(each.body, ShiftClosed)]

    @property
    def count(self) -> CountView:
        view = self.screen.shown[-1]
        assert isinstance(view, CountView)
        return view

    @property
    def reasons(self) -> ReasonView:
        view = self.screen.shown[-1]
        assert isinstance(view, ReasonView)
        return view

    @property
    def report(self) -> ReportScreen:
        view = self.screen.shown[-1]
        assert isinstance(view, ReportScreen)
        return view


class NoPacks:
    """No rules came down yet."""

    def current(self, at_us: int) -> Pack:
        raise StationError(ErrorCode.PACK_MISSING, at=at_us)
