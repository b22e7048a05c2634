"""A cashier's window and a customer's on the screens of Qt's offscreen platform; prints what is where as JSON.

Run with ``QT_QPA_PLATFORM=offscreen:configfile=<file>``. The platform's screens stay as they are in
the file, so that unplugging one is played by Qt's own signals with a list that lacks it.
"""

import json
import sys
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from tests.rigs.customer_side import TwoSides
from tests.ui.till import GOLD_CARD, MILK, tap
from ui.qt import fonts
from ui.qt.customer_display import CustomerDisplay
from ui.qt.tokens import LIGHT
from ui.text import Words


def main() -> None:
    app = QApplication(sys.argv[:1])
    fonts.prepare(app)
    plugged = list(QGuiApplication.screens())
    home = QWidget()
    display = CustomerDisplay(Words("en"), LIGHT, home, lambda: plugged)
    sides = TwoSides(screen=display)
    seen: dict[str, Any] = {"screens": [screen.name() for screen in plugged]}

    def look(moment: str) -> None:
        app.processEvents()
        area = display.geometry()
        seen[moment] = {
            "visible": display.isVisible(), "place": [area.x(), area.y(), area.width(), area.height()],
            "over_the_cashier": display.isVisible() and area.intersects(home.screen().geometry()),
            "cashier_has_keys": home.isActiveWindow(), "total": display.basket_face.total.text(),
            "lines": display.basket_face.lines.basket.rowCount()}

    look("before")
    home.setGeometry(plugged[0].geometry())
    home.show()
    home.activateWindow()
    look("shown")
    sides.checkout.tapped(tap(GOLD_CARD))
    sides.checkout.scanned(MILK.barcode)
    look("basket")
    if len(plugged) > 1:
        second = plugged.pop()
        app.screenRemoved.emit(second)
        look("unplugged")
        sides.checkout.abandon()
        plugged.append(second)
        app.screenAdded.emit(second)
        look("plugged")
        home.setGeometry(second.geometry())
        look("moved")
    home.hide()
    look("closed")
    seen["quits_with_the_cashier"] = not display.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
