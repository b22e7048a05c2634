"""The hands of the scripted shop day: taps at the simulated reader, keys at the window."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from drivers.readers.simulated import SimulatedDevice
from ui.qt.app import App

PATIENCE_S = 20.0
LOOK_AGAIN_MS = 5
SETTLE_S = 0.1


class Hands:
    """Does at the counter what a cashier does, and waits until the screen shows it."""

    def __init__(self, app: QApplication, counter: App, reader: SimulatedDevice) -> None:
        """Work on a started counter."""
        self._app = app
        self._counter = counter
        self._reader = reader

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Let the program run until ``holds``. Raises ``TimeoutError`` naming ``what``."""
        end = monotonic() + PATIENCE_S
        while not holds():
            if monotonic() > end:
                message = f"waited {PATIENCE_S:.0f} s for {what}"
                raise TimeoutError(message)
            loop = QEventLoop()
            QTimer.singleShot(LOOK_AGAIN_MS, loop.quit)
            loop.exec()

    def badge(self, number: str, what: str) -> None:
        """Show a badge to the reader and wait for ``what`` comes of it."""
        self._reader.present(number)
        gate = self._counter.window.gate
        self.until(lambda: gate is not None and gate.page.pin.isVisible(), what)

    def pin(self, pin: str) -> None:
        """Type a PIN as fingers do, key by key."""
        gate = self._counter.window.gate
        assert gate is not None  # noqa: S101 - there is a lock to be opened
        for digit in pin:
            QTest.keyClicks(gate.page.pin.field, digit)
        QTest.keyClick(gate.page.pin.field, Qt.Key.Key_Return)

    def present(self, number: str) -> None:
        """Show a card or a badge to the reader."""
        self._reader.present(number)

    def tap(self, number: str) -> None:
        """Show a card to the reader and wait for its member on the screen."""
        self._reader.present(number)
        self.until(lambda: self._counter.counter.member is not None, "the member")
        self._app.processEvents()

    def scan(self, barcode: str) -> None:
        """Type a code and Enter into the scan field, as a scanner would."""
        field = self._counter.window.page.scan
        QTest.keyClicks(field, barcode)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def pay(self) -> None:
        """Press F12 and Enter: exact cash; wait until the basket is gone."""
        # Offscreen there is no window manager to hand the focus back after a dialog.
        self._counter.window.activateWindow()
        QTest.keyClick(self._counter.window, Qt.Key.Key_F12)
        dialog = self._counter.window.pay_dialog
        self.until(dialog.isVisible, "the payment")
        QTest.keyClick(dialog.given, Qt.Key.Key_Return)
        self.until(lambda: self._counter.counter.basket is None, "the sale")

    def picture(self, path: Path, widget: QWidget | None = None) -> None:
        """Save what the window shows once its layout has come to rest."""
        end = monotonic() + SETTLE_S
        self.until(lambda: monotonic() > end, "the layout")
        (widget or self._counter.window).grab().save(str(path))
