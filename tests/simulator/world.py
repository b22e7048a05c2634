"""One run: stations, head office and network, and a scheduler that decides by the seed what happens next."""

import gc
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from headoffice import demo
from station.card import Medium, Tap
from station.counter import Counter, Settled
from station.errors import ErrorCode, StationError
from station.people import Actor, Role
from station.redemption import RedemptionRules
from station.sale import ReturnedLine
from station.shift import CashReason, CountReason
from station.tender import Tender, TenderKind
from sync.enrol import Enrolment
from tests.simulator import faults
from tests.simulator.audit import Audit
from tests.simulator.chance import MINUTE, SECOND, Time, Trace, WrongClock, drawn, product_draws_from
from tests.simulator.gate import Killed
from tests.simulator.network import Network
from tests.simulator.office import Office
from tests.simulator.plants import Plant
from tests.simulator.till import Till

MEMBERS, GOODS = 10, 6
CASHIER, MANAGER = Actor("sara", Role.CASHIER), Actor("reza", Role.MANAGER)
STEPS = 100
CHECK_EVERY = 33
MOST_ROUNDS = 12
"""Rounds of all stations within which everything must have arrived once nothing is wrong any more."""

THOUSAND = 1000
REDEMPTION = RedemptionRules(10, 1_000)
SHORT = (ErrorCode.SPENDING_SHORT, ErrorCode.LEASE_SHORT)


class ViolationError(Exception):
    """Invariants do not hold: ``found`` says which, each with the word for its kind first."""

    def __init__(self, found: list[str]) -> None:
        self.found = found
        super().__init__("; ".join(found))


@dataclass(frozen=True)
class Ground:
    """What every run starts from: head office's template, and who the stations are."""

    folder: Path
    home: Path
    template: Path
    stations: tuple[Enrolment, ...]


@dataclass
class World:
    """The run of ``seed``, in a folder of its own."""

    ground: Ground
    seed: int
    plant: Plant
    trace: Trace = field(default_factory=Trace)
    steps: int = 0
    depth: int = 0
    quiet: bool = False

    def __post_init__(self) -> None:
        self.chance = drawn(f"world {self.seed}")
        self.time = Time()
        self.folder = self.ground.folder / f"run-{self.seed}"
        self.office = Office(self.ground.home, self.time, self.trace, plant=self.plant)
        self.network = Network(self.office, self.time, self.trace, drawn(f"network {self.seed}"))
        self.network.between, self.network.heard = self._between, self._heard
        self.tills: list[Till] = []
        self.audit = Audit(self.trace, self.office, self.tills)
        self.copies: dict[str, tuple[Path, int]] = {}
        self.office_copy: Path | None = None

    def run(self) -> None:
        """Live through the chaos, then lift every fault and let all come to rest. Raises ``ViolationError``."""
        self.folder.mkdir()
        try:
            with product_draws_from(drawn(f"product {self.seed}")), self.plant.at_head_office():
                self.office.start(self.ground.template)
                try:
                    self._live()
                finally:
                    for till in self.tills:
                        till.cut()
                    self.office.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _live(self) -> None:
        count = self.chance.choice((1, 2, 2, 3))
        for number, who in enumerate(self.ground.stations[:count]):
            self.add_till(who.station, who, machine=f"{number:064x}")
        for till in self.tills[self.chance.randint(0, 1):]:  # one may begin with nothing
            self.at(till, "sync", till.sync)
        self.network.weather.share = self.chance.choice((0.0, 0.1, 0.3))
        for till in self.tills:
            till.clock.error = self.chance.randrange(-20 * MINUTE, 20 * MINUTE)
        for step in range(1, STEPS + 1):
            self.step()
            if step % CHECK_EVERY == 0:
                self.demand(self.audit.standing())
        faults.lift(self)
        self.quiet = True
        self.settle()
        self.trace.count("sales", self.audit.sales())

    def add_till(self, name: str, who: Enrolment, machine: str) -> Till:
        folder, state = self.folder / name / "folder", self.folder / name / "state"
        folder.mkdir(parents=True, exist_ok=True)
        state.mkdir(exist_ok=True)
        till = Till(
            name, who, folder, state, machine, WrongClock(self.time), self.network, self.trace,
            drawn(f"till {self.seed} {name}"), self.plant)
        self.up(till)
        self.tills.append(till)
        return till

    def up(self, till: Till) -> None:
        """Start the program of ``till``."""
        till.open()
        till.gate.disarm()
        self.audit.note(till)

    def step(self) -> None:
        """Let one thing happen."""
        self.steps += 1
        self.time.pass_by(self.chance.randrange(SECOND, 3 * MINUTE))
        kind = self.chance.choices(tuple(ACTIONS), tuple(ACTIONS.values()))[0]
        kind(self, self.chance.choice(self.tills))

    def _between(self, who: str) -> None:
        """While a request of ``who`` is under way others go on: one thing may happen."""
        if not self.quiet and self.depth == 0 and self.chance.random() < 0.15:
            self.depth += 1
            try:
                kind = self.chance.choices(tuple(MEANWHILE), tuple(MEANWHILE.values()))[0]
                kind(self, self.chance.choice(self.tills))
            finally:
                self.depth -= 1
        if any(each.name == who and each.gate.dead for each in self.tills):
            raise Killed

    def _heard(self, who: str, path: str, status: int) -> None:
        till = next(each for each in self.tills if each.name == who)
        self.audit.heard(till, path, status)

    def demand(self, found: list[str]) -> None:
        """Raise ``ViolationError`` with what was ``found``."""
        found = [*found, *(f"bug: {each.name}: {each.broken}" for each in self.tills if each.broken)]
        found += [f"bug: head office: {self.office.broken}"] if self.office.broken else []
        if found:
            raise ViolationError(found)

    def settle(self) -> None:
        """All faults are lifted: within so many rounds everything must have arrived, and agree."""
        for till in self.tills:
            if self.chance.random() < 0.5:  # the others must get there without a sale more
                _sell(self, till)
        left: list[str] = []
        for _ in range(MOST_ROUNDS):
            self.time.pass_by(16 * MINUTE)
            for till in self.tills:
                self.at(till, "sync", till.sync)
            while self.office.project():
                pass
            left = self.audit.unfinished()
            if not left:
                break
        self.demand([*left, *self.audit.standing(), *self.audit.at_rest()])

    def at(self, till: Till, what: str, job: Callable[[], object]) -> bool:
        """Do ``job`` at ``till``; a kill that was armed ends its program, which starts again.

        The counter does one thing at a time, and the worker makes one round at a time.
        """
        thread = "busy" if what == "sync" else "selling"
        if getattr(till, thread):
            return False
        setattr(till, thread, True)
        try:
            job()
        except StationError as fault:
            self.trace.say(till.name, what, "refused", fault.code.name)
            self.trace.count("refused")
            if fault.code is ErrorCode.DATABASE_LOCKED:
                till.broken = f"{what}: the database was locked"
            return False
        except Killed:
            self.trace.say(till.name, "killed in", what)
            self.trace.count("station killed")
            both = till.busy and till.selling
            till.cut()
            gc.collect()  # as with head office
            self.audit.forget(till)
            self.up(till)
            if both and self.depth:
                till.gate.dead = True  # the round that is under way belongs to the program that died
            return False
        finally:
            setattr(till, thread, False)
            till.gate.disarm()
            self.audit.note(till)
        self.trace.say(till.name, what, "done")
        return True


Kind = Callable[[World, Till], None]


def open_shift(till: Till) -> None:
    """Open a shift unless one is open."""
    if till.files.journal.shift() is None:
        till.counter.open_shift(CASHIER, 100_000)


def sell(till: Till, chance: Random) -> None:
    """Sell something, often to a member."""
    open_shift(till)
    counter = till.counter
    if chance.random() < 0.7:
        counter.tap(Tap("reader", Medium.NFC_UID, demo.card_uid(chance.randrange(MEMBERS))))
    if counter.member and chance.random() < 0.4:
        pay_with_points(till, chance)
    for _ in range(chance.randint(1, 3)):
        counter.scan(demo.barcode(1 + chance.randrange(GOODS)), chance.randint(1, 3) * THOUSAND)
    if chance.random() < 0.05:
        counter.abandon()
        return
    try:
        settled = settle(counter)
    except StationError as fault:
        if fault.code not in SHORT:
            raise
        till.trace.say(till.name, "cannot spend", fault.code.name)
        counter.redeem(0)
        settled = settle(counter)
    spent = "reserved" * bool(settled.sale.reservations) + "leased" * bool(settled.sale.lease_uses)
    if spent:
        till.trace.count(f"sales paid with points, {spent}")
    till.trace.say(till.name, "sold", settled.sale.sale_id, settled.sale.priced.total, settled.points_after, spent)


def pay_with_points(till: Till, chance: Random) -> None:
    """Let the member pay with points, as many as may be spent now."""
    points = chance.choice((10, 50, 200, 1_000))
    try:
        till.counter.redeem(points)
    except StationError as fault:
        if fault.code not in SHORT:
            raise
        till.counter.redeem(int(fault.detail.get("available", fault.detail.get("spendable", 0))))


def settle(counter: Counter) -> Settled:
    """Close the basket as a sale paid in cash."""
    priced = counter.priced()
    assert priced
    return counter.settle([Tender(TenderKind.CASH, priced.total + 500)] if priced.total else [], CASHIER)


def give_back(till: Till, chance: Random) -> None:
    """Take one piece of one of the last sales back."""
    open_shift(till)
    places = [row[0] for row in till.files.journal.database.rows("SELECT place FROM sale ORDER BY place DESC LIMIT 5")]
    if places:
        place = chance.choice(places)
        line = till.files.journal.sale(place).body.basket.lines[0]
        till.returning.take_back(place, [ReturnedLine(line.line, THOUSAND)], CASHIER)


def close_shift(till: Till) -> None:
    """Count the drawer and close the shift, if one is open."""
    if till.files.journal.shift():
        till.drawer.close(None, CountReason.NOT_COUNTED, CASHIER)


def _sell(world: World, till: Till) -> None:
    world.at(till, "sale", lambda: sell(till, world.chance))


def _give_back(world: World, till: Till) -> None:
    world.at(till, "return", lambda: give_back(till, world.chance))


def _close_shift(world: World, till: Till) -> None:
    world.at(till, "close", lambda: close_shift(till))


def _move_cash(world: World, till: Till) -> None:
    def move() -> None:
        open_shift(till)
        till.drawer.move_cash(world.chance.choice((-5_000, 7_000)), CashReason.OTHER, CASHIER)

    world.at(till, "cash", move)


def _read(world: World, till: Till) -> None:
    def read() -> None:
        open_shift(till)
        till.drawer.read(CASHIER)

    world.at(till, "reading", read)


def _sync(world: World, till: Till) -> None:
    world.at(till, "sync", till.sync)


def _project(world: World, _till: Till) -> None:
    world.office.project()


def _change(world: World, _till: Till) -> None:
    i, how = world.chance.randrange(MEMBERS + 3), world.chance.choice(("tier", "card", "gone", "back", "back"))
    world.trace.say("office member", i, how)
    world.office.work("member", lambda: world.office.change_member(i, how))


def _publish(world: World, _till: Till) -> None:
    pack = replace(demo.PACK, number=world.office.packs + 1, redemption=REDEMPTION, promotions=world.chance.choice(
        (demo.PACK.promotions, demo.PACK.promotions[:-1], demo.PACK.promotions[1:])))
    world.trace.say("office pack", pack.number)
    world.office.work("pack", lambda: world.office.publish(pack))


MEANWHILE: dict[Kind, int] = {
    _sell: 8, _give_back: 1, _sync: 4, _project: 3, _change: 2, faults.late: 3, faults.kill_office: 1, faults.kill_station: 1}
"""What may happen while a request is under way, and how often."""

ACTIONS: dict[Kind, int] = {
    _sell: 36, _give_back: 5, _close_shift: 4, _move_cash: 2, _read: 1, _sync: 30, _project: 10, _change: 4, _publish: 1,
    **faults.ACTIONS}
"""What may happen, and how often."""
