"""The screen for the customer: a basket, nothing, and thanks."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from tests.rigs.customer_side import TwoSides
from tests.ui.stage import Stage, rules
from tests.ui.till import GOLD_CARD, MILK, RICE, Till, tap
from ui.qt.customer_display import CustomerDisplay
from ui.qt.tokens import THEMES


def customer(stage: Stage) -> QWidget:
    """Show a member's basket on the customer's screen."""
    sides, display = _customer(stage)
    _fill(sides)
    return stage.shown(display)


def customer_idle(stage: Stage) -> QWidget:
    """Show the customer's screen before anything is scanned."""
    sides, display = _customer(stage)
    sides.side.show()
    return stage.shown(display)


def customer_thanks(stage: Stage) -> QWidget:
    """Show the customer's screen after a member's basket was paid with too large notes."""
    sides, display = _customer(stage)
    _fill(sides)
    sides.pay(14_000_000)
    return stage.shown(display)


def _fill(sides: TwoSides) -> None:
    """Scan two goods and the card of a member."""
    for good in (MILK, RICE):
        sides.checkout.scanned(good.barcode)
    sides.checkout.tapped(tap(GOLD_CARD))


def _customer(stage: Stage) -> tuple[TwoSides, CustomerDisplay]:
    """Return a till with its customer's screen, shown."""
    home = QWidget()
    display = CustomerDisplay(stage.words(), THEMES[stage.look.theme], home)
    stage.kept.append(home)
    for each in (home, display):
        stage.rest.callback(each.deleteLater)
        stage.rest.callback(each.close)
    sides = TwoSides(Till(rules=rules()), stage.look.language, display)
    stage.kept.append(sides)
    display.resize(1024, 768)
    display.show()
    return sides, display


SCREENS: dict[str, Callable[[Stage], QWidget]] = {
    "customer": customer, "customer-idle": customer_idle, "customer-thanks": customer_thanks}
