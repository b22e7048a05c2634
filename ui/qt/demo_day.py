"""The scripted shop day: tap, sell, discount, points, receipt; head office gone, and back again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from data.verify import verify
from station.product import Product
from station.report import DayReport, day_report
from sync.push import unsent
from ui.demo.office import Office
from ui.demo.shop import STAFF, UNKNOWN_CARD, DemoCard, DemoPerson
from ui.demo.steps import Steps
from ui.qt.app import App
from ui.qt.demo_hands import Hands
from ui.qt.demo_shift import DemoShift
from ui.wiring import Memory

BASKET = 5
OFFLINE_SALES = 3
CHOSEN_PIN, MANAGERS_PIN = "7294", "480216"
FIRST_TIER = "gold"


@dataclass(frozen=True, slots=True)
class Day:
    """What the script works with."""

    office: Office
    memory: Memory
    cards: Sequence[DemoCard]
    goods: Sequence[Product]
    out: Path
    pins: Mapping[str, str]


class ScriptedDay:
    """Runs the day step by step; findings go to ``steps``."""

    def __init__(self, day: Day, counter: App, hands: Hands, steps: Steps) -> None:
        """Remember the shop, the counter and who moves it."""
        self._day = day
        self._counter = counter
        self._hands = hands
        self._steps = steps
        self._next = 0
        self._drawer = DemoShift(counter, day.memory, hands, steps, day.out)

    def run(self) -> None:
        """Sell through a day and compare both ends."""
        self._sign_in()
        self._morning()
        self._offline()
        self._evening()

    def _sign_in(self) -> None:
        """Open the till as the cashier does on the first morning."""
        who = STAFF[0]
        self._hands.picture(self._day.out / "locked-fa-light.png")
        self._open(who, CHOSEN_PIN)
        self._drawer.open()
        self._steps.check("the shift is open, in the name of who signed in",
                          holds=(shift := self._day.memory.journal.shift()) is not None and shift.cashier == who.staff_id)

    def _open(self, who: DemoPerson, chosen: str) -> None:
        """Sign ``who`` in, with a PIN of head office that has to be replaced by the ``chosen`` one."""
        gate = self._counter.window.gate
        assert gate is not None  # noqa: S101 - people were set up
        with self._steps.step(f"badge of {who.name.en} shown, PIN of head office replaced: the till is open"):
            self._hands.badge(who.badge, "the question for the PIN")
            for pin in (self._day.pins[who.staff_id], chosen, chosen):
                self._hands.pin(pin)
            self._hands.until(lambda: not gate.locked, "the till to open")

    def _close_shift(self) -> None:
        """Let the manager read the shift, and the cashier count and close it."""
        gate = self._counter.window.gate
        assert gate is not None  # noqa: S101 - people were set up
        self._drawer.read()
        with self._steps.step("till locked, and opened by the cashier again"):
            self._counter.window.lock()
            self._hands.badge(STAFF[0].badge, "the question for the PIN")
            self._hands.pin(CHOSEN_PIN)
            self._hands.until(lambda: not gate.locked, "the till to open")
        self._drawer.take_out(STAFF[1], MANAGERS_PIN)
        self._drawer.close()
        self._settle_with_office("the closed shift is at head office")

    def _manager(self) -> None:
        """Let the manager look at the days, and at how everything stands."""
        window = self._counter.window
        with self._steps.step("till locked"):
            window.lock()
        self._open(STAFF[1], MANAGERS_PIN)
        for name, title, act in (
                ("today", "member sales of today", window.open_today),
                ("period", "sales of a period", window.back_office.open_period),
                ("diagnostics", "readers, printer, connection", window.back_office.open_diagnostics)):
            with self._steps.step(f"manager's page opened: {title}"):
                act()
            self._hands.picture(self._day.out / f"{name}-fa-light.png")
        window.open_checkout()

    def _morning(self) -> None:
        step, hands, window = self._steps.step, self._hands, self._counter.window
        active = [card for card in self._day.cards if card.status == "ACTIVE"]
        gold, *others = sorted(active, key=lambda card: card.tier != FIRST_TIER)
        with step(f"card tapped: {gold.tier} member on the screen"):
            hands.tap(gold.uid)
        with step(f"{BASKET} goods scanned, tier discount and points computed"):
            self._scan(BASKET)
        hands.picture(self._day.out / "checkout-fa-light.png")
        with step("language switched to English, theme to dark, basket kept"):
            window.switch_language()
            window.switch_look(theme="dark")
        hands.picture(self._day.out / "checkout-en-dark.png")
        window.switch_look(theme="light")
        window.switch_language()
        self._sell("sale of the member: paid in cash, durable, receipt printed")
        for card in others:
            self._sell(f"sale to a {card.tier} member", card)
        self._sell("sale to a customer without a card")
        with step("unknown card: refused, nothing lost"):
            hands.scan(UNKNOWN_CARD)
        hands.picture(self._day.out / "unknown-card.png")
        self._steps.check("no member was taken for the unknown card", holds=self._counter.counter.member is None)
        self._settle_with_office("all sales are at head office")

    def _offline(self) -> None:
        with self._steps.step("head office stopped"):
            self._day.office.stop()
        active = [card for card in self._day.cards if card.status == "ACTIVE"]
        for card in active[:OFFLINE_SALES]:
            self._sell(f"sale to a {card.tier} member while head office is away", card)
        self._hands.until(self._counter.cut_off, "the counter to notice")
        self._hands.picture(self._day.out / "offline-fa-light.png")
        self._steps.check(
            f"{OFFLINE_SALES} sales wait in the journal", holds=self._unsent() == OFFLINE_SALES)
        with self._steps.step("head office started again"):
            self._day.office.start()
        self._settle_with_office("the waiting sales were uploaded")

    def _evening(self) -> None:
        self._manager()
        date = self._date()
        self._close_shift()
        ours = day_report(date, self._day.memory.journal.facts(date, date))
        station = self._day.memory.journal.database.row("SELECT station FROM station")
        self._day.office.ask("work", "--once")  # all that was sent is in its books then
        theirs = self._day.office.ask_json("report", "--date", date, "--station", str(station and station[0]))
        self._compare(ours, theirs)
        with self._steps.step("journal verified from its first byte to its last derived row"):
            faults = list(verify(self._day.memory.journal))
        self._steps.check("the journal is sound", holds=not faults)
        known = {each["id"]: each for each in map(json.loads, self._day.office.ask("staff").splitlines())}
        self._steps.check("the PIN that was chosen here is at head office", holds=not known[STAFF[0].staff_id]["must_change"])
        waiting = self._day.memory.journal.waiting_prints()
        self._steps.check("every receipt was printed", holds=not waiting)

    def _compare(self, ours: DayReport, theirs: dict[str, object]) -> None:
        figures = json.loads(json.dumps(asdict(ours)))
        (self._day.out / "day-report.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
        for name, value in figures.items():
            shown = "by the hour" if name == "hours" else value
            self._steps.check(f"{name}: {shown}, the same at head office", holds=theirs[name] == value)

    def _sell(self, title: str, card: DemoCard | None = None) -> None:
        with self._steps.step(title):
            if card:
                self._hands.tap(card.uid)
            if self._counter.counter.basket is None or not self._counter.counter.basket.lines:
                self._scan(BASKET)
            self._hands.pay()

    def _scan(self, count: int) -> None:
        goods = self._day.goods
        for _ in range(count):
            self._hands.scan(goods[self._next % len(goods)].barcode)
            self._next += 7

    def _settle_with_office(self, title: str) -> None:
        with self._steps.step(title):
            self._hands.until(lambda: self._unsent() == 0, "the upload")
            self._hands.until(self._counter.idle, "the sync to rest")

    def _unsent(self) -> int:
        return unsent(self._day.memory)

    def _date(self) -> str:
        shift = self._day.memory.journal.shift()
        return shift.business_date if shift else ""
