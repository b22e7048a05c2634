"""A station as a process: it sells and sends, says what it confirmed, and can be killed at any moment.

Each line on standard output is one fact: ``sale INCARNATION SEQ SALE_ID`` once a sale is durable,
``state ONLINE UNSENT ERROR BATCH SECONDS`` when the sync thread's state changes (SECONDS of the
monotonic clock, which all processes share), ``ok`` after a command. Commands: ``sell N`` at once,
``every SECONDS`` between sales (0: none), ``now`` sends without waiting, ``quit``.
"""

import queue
import sys
import threading
import time
from pathlib import Path

from station.counter import Counter
from station.people import Actor, Role
from station.tender import Tender, TenderKind
from sync.state import SyncState
from sync.worker import Worker
from ui.wiring import Home, Memory, Paired, make_counter, open_memory, paired
from ui.wiring_lines import sync_opener

STOP_S = 10.0
CASHIER = Actor("sara", Role.CASHIER)
_TELLING = threading.Lock()


def say(*words: object) -> None:
    """Write one line, whole, whichever thread it comes from."""
    with _TELLING:
        sys.stdout.write(" ".join(map(str, words)) + "\n")
        sys.stdout.flush()


def tell(state: SyncState) -> None:
    """Say how the station stands with head office."""
    say("state", int(state.online), state.unsent, state.error.name if state.error else "-", state.progress.batch,
        time.monotonic())


def ring_up(counter: Counter, memory: Memory, member: str = "") -> int:
    """Sell one piece for exact cash, to ``member`` unless that is ""; return its place in the journal."""
    if memory.journal.shift() is None:
        counter.open_shift(CASHIER, 0)
    counter.scan(next(memory.shelf.products(1)).barcode)
    if member:
        counter.identify(member)
    priced = counter.priced()
    assert priced is not None
    return counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER).place


class Seller:
    """The counter of a station and its sync thread."""

    def __init__(self, home: Home, url: str, members: list[str]) -> None:
        """Open the station's files; it speaks to head office at ``url`` and sells to ``members`` in turn."""
        who = Paired(url, paired(home).enrolment)
        self._memory = open_memory(home, who.enrolment)
        self._counter = make_counter(who.enrolment, self._memory)
        self._members = members
        self._sold = 0
        self.every_s = 0.0
        self.worker = Worker(sync_opener(home, who), tell)

    def sell(self) -> None:
        """Sell, say what was confirmed and wake the sync thread."""
        member = self._members[self._sold % len(self._members)] if self._members and self._sold % 2 else ""
        self._sold += 1
        sale = self._memory.journal.sale(ring_up(self._counter, self._memory, member))
        say("sale", sale.incarnation, sale.seq, sale.body.sale_id)
        self.worker.wake()

    def obey(self, command: str, value: str) -> bool:
        """Do what a line says; False when it is the last."""
        match command:
            case "sell":
                for _ in range(int(value)):
                    self.sell()
            case "every":
                self.every_s = float(value)
            case "now":
                self.worker.send_now()
            case _:
                return False
        say("ok")
        return True

    def run(self) -> None:
        """Sell and obey until told to quit, or nobody is left to tell."""
        commands: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(commands,), daemon=True).start()
        self.worker.start()
        while True:
            try:
                command, _, value = commands.get(timeout=self.every_s or None).strip().partition(" ")
            except queue.Empty:
                self.sell()
                continue
            if not self.obey(command, value):
                break
        self.worker.stop(STOP_S)
        self._memory.close()
        say("ok")


def _listen(commands: "queue.SimpleQueue[str]") -> None:
    for line in sys.stdin:
        commands.put(line)
    commands.put("quit")


if __name__ == "__main__":
    Seller(Home(Path(sys.argv[1])), sys.argv[2], sys.argv[3:]).run()
