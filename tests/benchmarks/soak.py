"""The memory of a counter over many sales with members, receipts and changes of language; beside what it took early on.

``python -m tests.benchmarks.soak FOLDER`` sells in a process of its own and prints its resident memory in MiB
after each tenth of the sales, as JSON.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.figure import Figure

SALES = 10_000
PARTS = 10
EARLY = 2
"""After so many parts of ten all that is made once is made."""
KIB_PER_MIB = 1024


def measure(folder: Path) -> list[Figure]:
    """Sell; less than a tenth more at the end than after the first fifth counts as flat."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.soak", str(folder)], stdout=subprocess.PIPE, check=True, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    taken: list[float] = json.loads(done.stdout.splitlines()[-1])
    return [Figure(
        f"memory after {SALES} sales", taken[-1], "MiB", f"after {SALES * EARLY // PARTS} of them", taken[EARLY - 1])]


def resident_mib() -> float:
    """The memory of this process that is in use now (Linux)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / KIB_PER_MIB
    raise RuntimeError


def soak(folder: Path, sales: int = SALES) -> list[float]:
    """Sell ``sales`` times at one counter; return the memory in MiB after each tenth."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from station.card import Medium, Tap
    from station.journal import EntryKind
    from tests.rigs.issuing_shop import OLD
    from tests.rigs.serial_hand import member
    from tests.rigs.shift_till import MILK, Station
    from ui.look import Look
    from ui.qt.opening import application

    app = application([])
    station = Station(folder / "station", signs_in=False)
    counter = station.start(Look())
    counter.open_shift()
    window, taken = counter.window, []
    for number in range(1, sales + 1):
        window.tapped(Tap("bench", Medium.STRIPE, member(OLD)))
        for _ in range(3):
            window.scanned(MILK.barcode)
        window.checkout.begin_pay()
        window.checkout.pay_cash_amount(10_000_000)
        QTest.keyClick(window, Qt.Key.Key_Escape)
        if number % 500 == 0:
            window.switch_language()
        app.processEvents()
        if number % (sales // PARTS) == 0:
            taken.append(resident_mib())
    made = sum(stored.kind == EntryKind.SALE for stored in station.memory.journal.entries(0, 2 * sales))
    counter.stop()
    assert made == sales
    return taken


if __name__ == "__main__":
    print(json.dumps(soak(Path(sys.argv[1]))))  # noqa: T201 - the parent reads it
