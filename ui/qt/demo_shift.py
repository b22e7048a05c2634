"""The drawer in the scripted shop day: a float, cash out with a second person, an X report, a blind close and its Z."""


from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station.drawer import Drawer
from station.shift import CountReason, ShiftClosed
from station.totals import Tally, figure
from ui.demo.shop import DemoPerson
from ui.demo.steps import Steps
from ui.presenters.shift_desk import ShiftDesk
from ui.qt.app import App
from ui.qt.demo_hands import Hands
from ui.qt.shift_page import ShiftPage
from ui.qt.tools.shift import ShiftTool
from ui.wiring import Memory, make_world

FLOAT = {100_000: 20, 50_000: 10}
"""Pieces of each denomination, in rial: 2 500 000."""

TAKEN_OUT_TOMAN, TAKEN_OUT = "50000", -500_000
MISSING = 10_000
"""Rials that the count is short of."""


@dataclass(frozen=True, slots=True)
class DemoShift:
    """Does with the drawer what people do in a day; pictures go to ``out``."""

    counter: App
    memory: Memory
    hands: Hands
    steps: Steps
    out: Path

    def open(self) -> None:
        """Type the float by denominations; Enter in the last field opens the shift."""
        with self.steps.step("the float counted by denominations: the shift is open"):
            cash = self._page().counting.cash
            for value, many in FLOAT.items():
                QTest.keyClicks(cash.fields[value], str(many))
            self.hands.picture(self.out / "shift-open-fa-light.png")
            QTest.keyClick(cash.rest, Qt.Key.Key_Return)
        shift = self.memory.journal.shift()
        self.steps.check("the shift began with its float", holds=shift is not None and shift.opening_float == sum(
            value * many for value, many in FLOAT.items()))

    def read(self) -> None:
        """Make an X report, as a manager may."""
        with self.steps.step("X report read and printed"):
            self.counter.window.attempt(lambda: self._tool().show(ShiftDesk.read))
        self.hands.picture(self.out / "x-report-fa-light.png")
        self.counter.window.open_checkout()

    def take_out(self, manager: DemoPerson, pin: str) -> None:
        """Take cash out for the bank; the cashier needs a second person."""
        tool = self._tool()
        with self.steps.step(f"cash taken out of the drawer, approved by {manager.name.en}"):
            tool.move(out=True)
            dialog = tool.cash
            assert dialog is not None  # noqa: S101 - it was opened
            QTest.keyClicks(dialog.amount, TAKEN_OUT_TOMAN)
            QTest.keyClick(dialog.amount, Qt.Key.Key_Return)
            self._approve(manager, pin)
            self.hands.until(lambda: not dialog.isVisible(), "the cash to be booked")
        shift = self.memory.journal.shift()
        totals = self.memory.journal.totals(shift.number) if shift else ()
        self.steps.check("the cash that went out is booked", holds=figure(totals, Tally.CASH_MOVED) == TAKEN_OUT)

    def close(self) -> None:
        """Count blind, with a difference, and say why."""
        drawer, tool = Drawer(make_world(self.memory)), self._tool()
        counted_toman = (drawer.expected() - MISSING) // 10
        with self.steps.step("the drawer counted blind, with a difference: a reason is asked for"):
            self.counter.window.attempt(lambda: tool.show(ShiftDesk.close))
            page = self._page()
            QTest.keyClicks(page.counting.cash.rest, str(counted_toman))
            self.hands.picture(self.out / "shift-count-fa-light.png")
            QTest.keyClick(page.counting.cash.rest, Qt.Key.Key_Return)
            self.hands.until(lambda: page.faces.currentWidget() is page.reasons, "the question for the reason")
        self.hands.picture(self.out / "shift-reason-fa-light.png")
        with self.steps.step("the reason given: the shift is closed, its Z report shown and printed"):
            QTest.mouseClick(page.reasons.buttons[0], Qt.MouseButton.LeftButton)
            self.hands.until(lambda: page.faces.currentWidget() is page.report, "the report")
        self.hands.picture(self.out / "z-report-fa-light.png")
        entry = self.memory.journal.report("Z", self.memory.journal.reports("Z"))
        body = entry.body
        self.steps.check("the Z report has count, difference and reason", holds=(
            isinstance(body, ShiftClosed) and body.counted == counted_toman * 10
            and body.reason is CountReason.CHANGE_GIVEN and body.difference < 0))
        self.hands.until(lambda: not self.memory.journal.waiting_prints(), "the reports on paper")

    def _approve(self, who: DemoPerson, pin: str) -> None:
        gate = self.counter.window.gate
        assert gate is not None  # noqa: S101 - people were set up
        self.hands.until(gate.dialog.isVisible, "the question for a second person")
        if not gate.dialog.pin.isVisible():  # where one alone can approve, only the PIN is asked for
            self.hands.present(who.badge)
        self.hands.until(gate.dialog.pin.isVisible, "the question for the PIN")
        QTest.keyClicks(gate.dialog.pin.field, pin)
        QTest.keyClick(gate.dialog.pin.field, Qt.Key.Key_Return)

    def _tool(self) -> ShiftTool:
        return self.counter.shift

    def _page(self) -> ShiftPage:
        page = self._tool().page
        assert page is not None  # noqa: S101 - it is shown
        self.hands.until(page.isVisible, "the page of the shift")
        return page


