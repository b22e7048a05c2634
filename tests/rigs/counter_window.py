"""The counter's window with a member's basket on a real display, until standard input ends; for ``accessible``.

Answers each line on standard input with the shown top level windows' titles as JSON.
"""

import argparse
import json
import sys
import tempfile
import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from tests.ui.stage import Stage
from ui.look import Look


class Listener(QObject):
    """Brings the lines over to the screen's thread."""

    said = Signal(str)
    ended = Signal()

    def listen(self) -> None:
        for line in sys.stdin:
            self.said.emit(line)
        self.ended.emit()


def answer(_line: str) -> None:
    titles = [each.windowTitle() for each in QApplication.topLevelWidgets() if each.isVisible()]
    sys.stdout.write(json.dumps(titles) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Show the window until it is told to end."""
    parser = argparse.ArgumentParser(description="The counter with a member's basket.")
    parser.add_argument("--language", choices=("fa", "en"), required=True)
    language = parser.parse_args().language
    app = QApplication(["counter"])
    app.setApplicationName("counter")
    listener = Listener()
    listener.said.connect(answer)
    listener.ended.connect(app.quit)
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder), Look(language=language))
        stage.shown(stage.member())
        threading.Thread(target=listener.listen, daemon=True).start()
        app.exec()
        stage.close()


if __name__ == "__main__":
    main()
