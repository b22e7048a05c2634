"""What is seen first: a sheet in the counter's colours, painted before the counter's parts are loaded.

It needs Qt, the typeface and the look alone. When the station cannot start it says why.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.look import Look
from ui.qt import fonts, tokens
from ui.qt.guard import guarded

ICON = Path(__file__).parent / "assets" / "icon.svg"
NAME = "ایستگاه کارت · Card station"
"""Both languages: a catalogue is not loaded yet."""


def let_dead_keys_through() -> None:
    """Turn input methods off; to be called before the ``QApplication`` is made.

    On a layout with dead keys (de, fr) they would swallow keys of a reader before any filter sees them.
    """
    os.environ["QT_IM_MODULE"] = "none"
    # Asked first since Qt 6.7, and set by desktops.
    os.environ.pop("QT_IM_MODULES", None)


def application(arguments: Sequence[str]) -> QApplication:
    """Return the process's Qt application, with the product's typeface."""
    let_dead_keys_through()
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(list(arguments))
    QGuiApplication.setApplicationDisplayName("Card station")
    QGuiApplication.setDesktopFileName("card-station")
    fonts.prepare(app)
    return app


class Opening(QWidget):
    """The sheet, as large as the counter will be."""

    def __init__(self, look: Look) -> None:
        """Make it, not yet shown."""
        super().__init__()
        theme = tokens.THEMES[look.theme]
        self.setObjectName("opening")
        self.setWindowTitle(NAME)
        self.setWindowIcon(QIcon(str(ICON)))
        self.setStyleSheet(
            f"#opening {{ background: {theme.bg}; }}"
            f"QLabel {{ color: {theme.text}; font-size: {tokens.SECTION}px; }}"
            f"QPushButton {{ background: {theme.primary}; color: {theme.on_primary}; border: none;"
            f" border-radius: {tokens.CONTROL_RADIUS}px; font-size: {tokens.BODY}px; }}"
            f"QPushButton:focus {{ border: {tokens.FOCUS_RING}px solid {theme.text}; }}")
        self.said = QLabel(NAME)
        self.said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.said.setWordWrap(True)
        self.close_button = QPushButton()
        self.close_button.setMinimumSize(4 * tokens.BUTTON, tokens.BUTTON)
        self.close_button.setVisible(False)
        self.close_button.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setSpacing(tokens.XL)
        column.addStretch()
        column.addWidget(self.said)
        column.addWidget(self.close_button, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch()
        self._until_closed = QEventLoop()

    def show_now(self) -> None:
        """Show it and paint it at once."""
        self.showMaximized()
        QApplication.processEvents()
        self.repaint()

    def refuse(self, sentence: str, close: str) -> None:
        """Say that the station cannot start, until somebody closes the sheet with the button ``close``."""
        self.said.setText(sentence)
        self.said.setAccessibleName(sentence)
        self.close_button.setText(close)
        self.close_button.setAccessibleName(close)
        self.close_button.setVisible(True)
        self.close_button.setFocus()
        self._until_closed.exec()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Close with Enter or Escape once it refuses."""
        if self._until_closed.isRunning() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.close()

    @guarded(None)
    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """End what waits for somebody to have read the sheet."""
        event.accept()
        self._until_closed.quit()
