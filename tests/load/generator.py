"""``python -m tests.load.generator``: some stations at once, commanded over a pipe.

It reads a ``Task`` as a line of JSON, makes all batches of its stations, says "ready", waits for
another line, plays every station in a thread of its own, and prints ``Outcome`` as JSON. A station
says HELLO, then sends its batches one at a time, signed by ``sync.line``; told to come back later, it
rests as ``sync.worker`` does.
"""

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from station.errors import ErrorCode, StationError
from station.protection import Protection
from station.version import VERSION
from sync.client import OfficeKey
from sync.line import Call, Line, Link, posted
from sync.slots import BackOff
from sync.wire import ENTRIES_TYPE, HELLO_PATH, JOURNAL_PATH, PROTOCOL, Hello, Receipt, Welcome
from tests.load.journals import Packed, Part, packed
from tests.load.stations import identity, incarnation
from tests.rigs.random_club import chance

MOST_TRIES = 200
MS = 1000
Answered = TypeVar("Answered")
_PASSING = (ErrorCode.HEAD_OFFICE_BUSY, ErrorCode.HEAD_OFFICE_UNREACHABLE)


class Task(msgspec.Struct):
    """Play stations ``first`` to ``last``, whose entries are in the file ``parts``, against ``url``.

    ``proves`` is whether they check head office's signatures.
    """

    url: str
    ca: str
    office_key: bytes
    first: int
    last: int
    parts: str
    entries: int
    proves: bool


class Made(msgspec.Struct):
    """What is ready to be sent."""

    sales: int
    batches: int
    packed_bytes: int


class Outcome(msgspec.Struct):
    """How it went, from and until when (s, the machine's monotonic clock).

    ``answers_ms`` is how long each receipt took, ``waits_ms`` the same with all that was refused before.
    """

    started: float
    ended: float
    cpu_s: float
    answers_ms: list[float] = []
    waits_ms: list[float] = []
    busy: int = 0
    faults: dict[str, int] = {}


class _AnyKey(OfficeKey):
    """Takes every answer as proven."""

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Say yes."""
        del signature, message
        return True


@dataclass
class LoadStation:
    """One station and its journal."""

    number: int
    task: Task
    batches: Sequence[Packed]
    outcome: Outcome = field(default_factory=lambda: Outcome(0, 0, 0))

    def run(self) -> None:
        """Say HELLO and send everything."""
        key = (OfficeKey if self.task.proves else _AnyKey)(self.task.office_key, lambda _key: None)
        link, who = Link(self.task.url, self.task.ca, answer_s=600, read_s=300), identity(self.number)
        line = Line(link, who, key)
        back_off = BackOff(chance(self.number).random)
        last = self.batches[-1].head
        said = Hello(
            protocol=PROTOCOL, program=VERSION, incarnation=incarnation(self.number), seq=last.last, head=last.head,
            protection=Protection.OS_ACCOUNT)
        self._insist(lambda: line.ask(posted(HELLO_PATH, said), Welcome), back_off)
        for batch in self.batches:
            self._send(line, batch, back_off)
        line.close()

    def _send(self, line: Line, batch: Packed, back_off: BackOff) -> None:
        call = Call("PUT", JOURNAL_PATH, msgspec.to_builtins(batch.head),
                    {"Content-Type": ENTRIES_TYPE, "Content-Encoding": "zstd"}, batch.body)
        asked = 0.0

        def put() -> Receipt:
            nonlocal asked
            asked = time.monotonic()
            return line.ask(call, Receipt)

        start = time.monotonic()
        receipt = self._insist(put, back_off)
        end = time.monotonic()
        assert (receipt.acknowledged, receipt.head, receipt.quarantined) == (batch.head.last, batch.head.head, ())
        self.outcome.answers_ms.append((end - asked) * MS)
        self.outcome.waits_ms.append((end - start) * MS)

    def _insist(self, ask: Callable[[], Answered], back_off: BackOff) -> Answered:
        for _ in range(MOST_TRIES):
            try:
                answered = ask()
            except StationError as fault:
                if fault.code not in _PASSING:
                    raise
                if fault.code is ErrorCode.HEAD_OFFICE_BUSY:
                    self.outcome.busy += 1
                else:
                    name = str(fault.detail.get("reason", fault.code.name))
                    self.outcome.faults[name] = self.outcome.faults.get(name, 0) + 1
                seconds = fault.detail.get("retry_after")
                time.sleep(back_off.failed(seconds))
            else:
                back_off.succeeded()
                return answered
        message = f"station {self.number} was never heard"
        raise RuntimeError(message)


def main() -> None:
    """Do it."""
    task = msgspec.json.decode(sys.stdin.readline(), type=Task)
    made = msgspec.msgpack.decode(Path(task.parts).read_bytes(), type=list[Part])
    stations = [
        LoadStation(number, task, packed(made, identity(number).station, incarnation(number), task.entries))
        for number in range(task.first, task.last + 1)]
    batches = [batch for station in stations for batch in station.batches]
    _print(Made(sum(each.sales for each in batches), len(batches), sum(len(each.body) for each in batches)))
    sys.stdin.readline()
    start, cpu = time.monotonic(), time.process_time()
    with ThreadPoolExecutor(len(stations)) as threads:
        for played in [threads.submit(station.run) for station in stations]:
            played.result()
    total = Outcome(start, time.monotonic(), time.process_time() - cpu)
    for station in stations:
        total.answers_ms += station.outcome.answers_ms
        total.waits_ms += station.outcome.waits_ms
        total.busy += station.outcome.busy
        for name, count in station.outcome.faults.items():
            total.faults[name] = total.faults.get(name, 0) + count
    _print(total)


def _print(value: msgspec.Struct) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
