"""The whole counter on the screens of Qt's offscreen platform; prints whether a customer's window is there as JSON.

Run with ``QT_QPA_PLATFORM=offscreen:configfile=<file>`` and a folder to work in.
"""

import json
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.rigs.shift_till import Station
from ui.look import Look
from ui.qt.app import SETTLE_MS
from ui.qt.customer_display import CustomerDisplay


def main() -> None:
    running = QApplication(sys.argv[:1])
    counter = Station(Path(sys.argv[1]) / "station").start(Look("en"))

    def look() -> None:
        found = [each for each in QApplication.topLevelWidgets() if isinstance(each, CustomerDisplay)]
        print(json.dumps({"customer": [each.isVisible() for each in found]}))  # noqa: T201 - the parent reads it
        counter.stop()
        running.quit()

    QTimer.singleShot(SETTLE_MS + 500, look)
    running.exec()


if __name__ == "__main__":
    main()
