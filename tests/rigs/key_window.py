"""A window on a real display: a note field behind the program's key filter, for ``desktop.KeyWindow``.

Commands on standard input, one a line, each answered by one line: ``focus`` (answered when the
field has it), ``seen`` (answered by JSON), ``undo``, ``clear``, ``busy <ms>``, ``quit``.
"""

import argparse
import json
import sys
import threading
import time

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout

from drivers.club_profile import ClubProfile
from drivers.readers.keyboard import KeyboardDecoder, KeyboardProfile
from drivers.tracks import Track
from station.card import Tap
from station.errors import StationError
from ui.qt.keys import KeyFilter
from ui.qt.opening import let_dead_keys_through

CLUB = ClubProfile(Track.TWO, "9364", (16,))


class Desk(QDialog):
    """The window; Enter in it presses its button."""

    def __init__(self) -> None:
        super().__init__()
        self.note = QLineEdit(self)
        self._button = QPushButton("Save", self)
        self._button.setDefault(True)
        self._button.clicked.connect(self._press)
        self._pressed = 0
        self._results: list[str] = []
        column = QVBoxLayout(self)
        column.addWidget(self.note)
        column.addWidget(self._button)

    def _press(self) -> None:
        self._pressed += 1

    def tap(self, tap: Tap) -> None:
        self._results.append(f"{tap.medium} {tap.number}")

    def code(self, text: str) -> None:
        self._results.append(f"CODE {text}")

    def fault(self, fault: StationError) -> None:
        self._results.append(fault.code.name)

    def obey(self, line: str) -> None:
        match line.split():
            case ["focus"] if not self.note.hasFocus():
                QTimer.singleShot(10, lambda: self.obey(line))
                return
            case ["seen"]:
                answer(json.dumps(
                    {"text": self.note.text(), "pressed": self._pressed, "results": self._results}))
                return
            case ["undo"]:
                self.note.undo()
            case ["clear"]:
                self.note.setText("")
                self._pressed = 0
                self._results.clear()
            case ["busy", milliseconds]:
                answer("ok")
                time.sleep(int(milliseconds) / 1000)
                return
            case ["quit"]:
                QApplication.quit()
                return
        answer("ok")


class Listener(QObject):
    """Brings the commands over to the screen's thread."""

    said = Signal(str)

    def listen(self) -> None:
        for line in sys.stdin:
            self.said.emit(line)


def answer(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Show the window until ``quit``."""
    parser = argparse.ArgumentParser(description="A note field behind the key filter.")
    parser.add_argument("--gap", type=int, default=50)
    profile = KeyboardProfile(swipe_gap_ms=parser.parse_args().gap)
    let_dead_keys_through()
    app = QApplication([])
    desk = Desk()
    keys = KeyFilter(KeyboardDecoder(CLUB, profile), desk.tap, desk.code, desk.fault, desk)
    app.installEventFilter(keys)
    listener = Listener()
    listener.said.connect(desk.obey)
    threading.Thread(target=listener.listen, daemon=True).start()
    desk.show()
    desk.activateWindow()
    app.exec()


if __name__ == "__main__":
    main()
