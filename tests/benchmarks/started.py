"""How long the counter takes from its start to its first paint (the opening sheet), to its own, and to where it can scan.

``python -m tests.benchmarks.started counter SINCE HOME`` and ``… bare SINCE`` print one line of JSON:
milliseconds since SINCE (monotonic nanoseconds, taken before the process was started), and what was loaded.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from tests.benchmarks.figure import NS_PER_MS, Figure

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tests.benchmarks.demo_shop import DemoShop

RUNS = 20
MEMBERS, GOODS = 2000, 200
PAINT_GOAL_MS, READY_GOAL_MS = 600, 900
INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}
"""An installed program has its byte code beside it; without, every start would compile it anew."""


@dataclass(frozen=True)
class Start:
    """One start: milliseconds until the first paint, the counter's, and until a scan is taken; the modules loaded."""

    paint_ms: float
    counter_ms: float
    ready_ms: float
    modules: frozenset[str]


def measure(folder: Path) -> list[Figure]:
    """The 95th percentile of several starts, the counter's and the bare window's in turn."""
    from tests.benchmarks.demo_shop import demo_shop

    with demo_shop(folder, MEMBERS, GOODS) as shop:
        home = shop.home.folder
        open_shift(shop)
    ours, bare = [], []
    for _ in range(RUNS):
        bare.append(start("bare"))
        ours.append(start("counter", str(home)))
    paint, counter, ready = ([getattr(each, name) for each in ours] for name in ("paint_ms", "counter_ms", "ready_ms"))
    empty = median(each.paint_ms for each in bare)
    return [
        Figure("start to first paint, p95", _p95(paint), "ms", "goal", PAINT_GOAL_MS),
        Figure("start to first paint, median", median(paint), "ms", "empty styled Qt window", empty),
        Figure("start to the counter painted, median", median(counter), "ms", "empty styled Qt window", empty),
        Figure("start to ready to scan, p95", _p95(ready), "ms", "goal", READY_GOAL_MS),
        Figure("start to ready to scan, median", median(ready), "ms", "empty styled Qt window", empty)]


def open_shift(shop: "DemoShop") -> None:
    """Open a shift: without one nothing is scanned."""
    from station.people import Actor, Role
    from ui.wiring import make_counter, open_memory

    with closing(open_memory(shop.home, shop.who.enrolment)) as memory:
        make_counter(shop.who.enrolment, memory).open_shift(Actor("cashier", Role.CASHIER), 0)


def start(*words: str) -> Start:
    """Start a program once, offscreen, until it is ready."""
    since = time.monotonic_ns()
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.started", words[0], str(since), *words[1:]],
        stdout=subprocess.PIPE, check=True, text=True, env={**os.environ, **INSTALLED, "QT_QPA_PLATFORM": "offscreen"})
    told = json.loads(done.stdout.splitlines()[-1])
    return Start(told["paint"], told["counter"], told["ready"], frozenset(told["modules"]))


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1]


class _Watch:
    """Prints when it was painted first, when the window was, and when what came after was done; ends the program."""

    def __init__(self, since: int) -> None:
        self._since = since
        self.first = self._window = 0

    def over(self, window: "QWidget") -> None:
        """Begin to watch ``window``."""
        from PySide6.QtCore import QEvent, QObject, QTimer

        watch = self

        class Filter(QObject):
            def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
                if event.type() == QEvent.Type.Paint and not watch._window:
                    watch._window = time.monotonic_ns()
                    watch.first = watch.first or watch._window
                    QTimer.singleShot(0, watch.tell)
                return False

        window.installEventFilter(Filter(window))

    def tell(self) -> None:
        """Print it."""
        from PySide6.QtWidgets import QApplication

        paint, counter, ready = (
            (at - self._since) / NS_PER_MS for at in (self.first, self._window, time.monotonic_ns()))
        print(json.dumps({  # noqa: T201 - the parent reads it
            "paint": paint, "counter": counter, "ready": ready, "modules": sorted(sys.modules)}), flush=True)
        QApplication.quit()


def _counter(since: int, home: str) -> None:
    """Start the counter as ``card-station`` does."""
    from ui import main
    from ui.qt.loading import load_qt

    load_qt()
    from PySide6.QtWidgets import QApplication, QMainWindow

    from ui.qt import opening

    watch = _Watch(since)

    class Opening(opening.Opening):
        def show_now(self) -> None:
            super().show_now()
            watch.first = time.monotonic_ns()

        def close(self) -> bool:
            """Watch the counter, which is shown and not yet painted."""
            watch.over(next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMainWindow)))
            return super().close()

    opening.Opening = Opening  # type: ignore[misc]
    main.main(["--home", home])


def _bare(since: int) -> None:
    """Show an empty window in the product's typeface and style."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    from ui.qt import fonts, style, tokens

    running = QApplication([])
    fonts.prepare(running)
    window = QMainWindow()
    window.setStyleSheet(style.sheet(tokens.LIGHT))
    window.resize(1366, 768)
    _Watch(since).over(window)
    window.show()
    running.exec()


if __name__ == "__main__":
    if sys.argv[1] == "counter":
        _counter(int(sys.argv[2]), sys.argv[3])
    else:
        _bare(int(sys.argv[2]))
