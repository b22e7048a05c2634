"""The counter's window with one tool, offscreen, and keys pressed wherever they would go."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.till import Till
from ui.look import Look
from ui.qt.back_office import Rooms
from ui.qt.services import Services
from ui.qt.tool import Maker
from ui.qt.window import Window


class ToolWindow:
    """``window`` over ``till``, as large as the smallest screen."""

    def __init__(self, qtbot: QtBot, till: Till, tool: Maker, language: str) -> None:
        """Show it."""
        self.till = till
        services = Services(Rooms(lambda _page: None), lambda: None, lambda _look: None, tools=(tool,))
        self.window = Window(till.desk, till.board, services, Look(language))
        qtbot.addWidget(self.window)
        self.window.resize(1024, 600)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()

    def press(self, *keys: Qt.Key) -> None:
        """Press ``keys`` one after another: in the dialog that stands over the window, else in the window."""
        for key in keys:
            over = QApplication.activeModalWidget() or self.window
            QTest.keyClick(over.focusWidget() or over, key)
