"""The screens of the counter's tools: discounts, holding, enquiry, returns, points, the shift."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from station.drawer import Drawer
from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.people import Actor, Role
from station.shift import CountReason
from tests.fakes import CASHIER
from tests.rigs.return_office import Books, MemoryReturns
from tests.ui.stage import FLOAT, MANAGER, OMID, Stage
from tests.ui.till import BREAD, MILK, RICE
from ui.presenters.at_till import Person
from ui.presenters.return_choice import Choice
from ui.presenters.returning import ReturnDesk
from ui.presenters.shift_desk import ShiftDesk
from ui.qt.tool import Tool
from ui.qt.tools.enquiry import EnquiryTool
from ui.qt.tools.hand import HandTool
from ui.qt.tools.returning import ReturnTool
from ui.qt.tools.shift import ShiftTool
from ui.qt.window import Window

T = TypeVar("T", bound=Tool)


def hand(stage: Stage) -> QWidget:
    """Show a discount by hand on a line, and what comes of it."""
    window = stage.member()
    press(window, "F4")
    dialog = of(window, HandTool).dialog
    assert dialog is not None
    dialog.field.setText("5")
    next(iter(dialog.reasons.values())).click()
    return stage.shown(dialog)


def hand_approved(stage: Stage) -> QWidget:
    """Show discounts that were approved on a line and on the basket, before more came into it."""
    window, approver = stage.member(), Actor("omid", Role.MANAGER)
    for given in (ByHand(CASHIER, "Damaged", 1, percent="10", approver=approver),
                  ByHand(CASHIER, "Near its last day", percent="5", approver=approver)):
        stage.counter.give_by_hand(given)
    window.scanned(MILK.barcode)
    return stage.shown(window)


def hold(stage: Stage) -> QWidget:
    """Show the baskets that wait."""
    window = stage.member()
    press(window, "F5")
    stage.clock.forward(4)
    window.scanned(MILK.barcode)
    press(window, "F5")
    press(window, "F6")
    return stage.dialog(window)


def enquiry(stage: Stage) -> QWidget:
    """Show what a good costs the member."""
    window = stage.member()
    press(window, "Shift+F6")
    window.scanned(RICE.barcode)
    dialog = of(window, EnquiryTool).dialog
    assert dialog is not None
    return stage.shown(dialog)


def using(stage: Stage) -> QWidget:
    """Show what points and coupons can do."""
    window = stage.member()
    press(window, "F9")
    return stage.dialog(window)


def return_find(stage: Stage) -> QWidget:
    """Show the sales that goods may come back from."""
    window, _ = _returns(stage)
    return stage.shown(window)


def return_far(stage: Stage) -> QWidget:
    """Show why the sale of another till cannot be opened while head office is silent."""
    stage.sell(BREAD, who=False)
    window = stage.window()
    tool = of(window, ReturnTool)
    parts = tool._parts
    silent = MemoryReturns("12-1", Books(), StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE))
    tool._parts = lambda: replace(parts(), office=silent)
    press(window, "F7")
    assert tool.page
    tool.page.finding.number.setText("12-2-000034-AB12")
    tool.page.finding.number.returnPressed.emit()
    return stage.shown(window)


def return_goods(stage: Stage) -> QWidget:
    """Show a good that comes back, and what is paid for it."""
    window, desk = _returns(stage)
    desk.open(stage.sold)
    desk.choose(Choice.everything)
    return stage.shown(window)


def return_done(stage: Stage) -> QWidget:
    """Show what was paid back."""
    stage.at_till.person = Person(MANAGER, OMID)
    window, desk = _returns(stage)
    desk.open(stage.sold)
    desk.choose(Choice.everything)
    desk.finish()
    return stage.shown(window)


def return_unknown(stage: Stage) -> QWidget:
    """Show goods that come back without a receipt."""
    window, desk = _returns(stage)
    desk.without_sale()
    window.scanned(MILK.barcode)
    return stage.shown(window)


def shift_open(stage: Stage) -> QWidget:
    """Show the float being counted."""
    _count_up(stage)
    window, tool = _shift(stage)
    tool.show(ShiftDesk.open)
    assert tool.page is not None
    _fill_in(tool)
    return stage.shown(window)


def shift_close(stage: Stage) -> QWidget:
    """Show the drawer being counted."""
    stage.sell(RICE)
    window, tool = _shift(stage)
    tool.show(ShiftDesk.close)
    _fill_in(tool)
    return stage.shown(window)


def shift_reason(stage: Stage) -> QWidget:
    """Show a reason being asked for, because the count is not what it should be."""
    stage.sell(RICE)
    window, tool = _shift(stage)
    tool.show(ShiftDesk.close)
    _fill_in(tool)
    tool.show(ShiftDesk.hand_in)
    return stage.shown(window)


def shift_closed(stage: Stage) -> QWidget:
    """Show the Z report of a shift whose count was short."""
    stage.sell(RICE)
    stage.at_till.person = Person(MANAGER, OMID)
    window, tool = _shift(stage)
    tool.show(ShiftDesk.close)
    _fill_in(tool)
    tool.show(ShiftDesk.hand_in)
    tool.show(lambda desk: desk.choose(CountReason.UNEXPLAINED))
    return stage.shown(window)


def shift_read(stage: Stage) -> QWidget:
    """Show the X report."""
    stage.sell(RICE)
    window, tool = _shift(stage)
    tool.show(ShiftDesk.read)
    return stage.shown(window)


def cash_out(stage: Stage) -> QWidget:
    """Show cash being taken out of the drawer."""
    _, tool = _shift(stage)
    tool.move(out=True)
    assert tool.cash is not None
    tool.cash.amount.setText("50,000")
    return stage.shown(tool.cash)


def correction(stage: Stage) -> QWidget:
    """Show a closed shift being corrected."""
    _count_up(stage)
    stage.counter.open_shift(MANAGER, FLOAT)
    window, tool = _shift(stage)
    choose(window, "Correct a closed shift")
    assert tool.correction is not None
    return stage.shown(tool.correction)


def own_sales(stage: Stage) -> QWidget:
    """Show what the cashier sold today."""
    for goods in ((MILK, RICE), (BREAD,), (MILK, BREAD)):
        stage.sell(*goods)
    window = stage.window()
    choose(window, "My sales today")
    return stage.shown(window)


def _count_up(stage: Stage) -> None:
    """Have the shift closed, a little short, and a manager come."""
    Drawer(stage.world).close(FLOAT - 100_000, CountReason.CHANGE_GIVEN, CASHIER)
    stage.at_till.person = Person(MANAGER, OMID)


def _fill_in(tool: ShiftTool) -> None:
    assert tool.page is not None
    for field, pieces in zip(tool.page.counting.cash.fields.values(), ("12", "3", "8"), strict=False):
        field.setText(pieces)
        field.textEdited.emit(pieces)


def _returns(stage: Stage) -> tuple[Window, ReturnDesk]:
    stage.sell(BREAD, who=False)
    stage.sold = stage.sell(MILK, RICE, BREAD)
    window = stage.window()
    press(window, "F7")
    desk = of(window, ReturnTool).desk
    assert desk is not None
    return window, desk


def _shift(stage: Stage) -> tuple[Window, ShiftTool]:
    window = stage.window()
    return window, of(window, ShiftTool)


def press(window: Window, key: str) -> None:
    """Do what ``key`` does at the counter."""
    window.attempt(next(each for each in window.entries if each.key == key).act)


def choose(window: Window, meaning: str) -> None:
    """Do what an entry of the menu does."""
    window.attempt(next(each for each in window.entries if each.meaning == meaning).act)


def of(window: Window, kind: type[T]) -> T:
    """Return the window's tool of that kind."""
    return next(each for each in window.tools if isinstance(each, kind))


SCREENS: dict[str, Callable[[Stage], QWidget]] = {
    "hand": hand, "hand-approved": hand_approved, "hold": hold, "enquiry": enquiry, "using": using,
    "return-find": return_find, "return-far": return_far, "return-goods": return_goods, "return-done": return_done,
    "return-unknown": return_unknown, "shift-open": shift_open, "shift-close": shift_close, "shift-closed": shift_closed,
    "shift-reason": shift_reason, "shift-read": shift_read, "cash-out": cash_out, "correction": correction,
    "own-sales": own_sales}
