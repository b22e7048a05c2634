"""What the writers behind PC/SC have in common: waiting for the next card and holding it while it is written."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Any, TypeVar

from drivers.apdu import Exchange
from drivers.cards.atr import CardKind
from drivers.pcsc_calls import Slot, pyscard, with_card
from drivers.port import Device
from drivers.readers.pcsc import NAME, PcscDriver
from drivers.reading import anew
from drivers.writer_port import CardLeft, Progress, WriteStep, write_failed
from station.errors import ErrorCode, StationError

T = TypeVar("T")
LOOK_S = 0.25
WRITE_LIMIT_S = 12.0
"""For one card: a slow tag takes 10 ms for a page, head office two seconds at most for each answer."""


class PcscDevices:
    """The readers behind PC/SC, which write as well. A device path is "pcsc:" and the reader's name."""

    def __init__(self, load: Callable[[], Any] = pyscard, limit_s: float = WRITE_LIMIT_S) -> None:
        """Reach PC/SC through what ``load`` returns; a card that takes longer than ``limit_s`` is given up."""
        self._load = load
        self._limit_s = limit_s
        self._readers = PcscDriver(load=load)

    def missing(self) -> str | None:
        """Return why pyscard cannot be used, or None."""
        return self._readers.missing()

    def find(self) -> Sequence[Device]:
        """Return the readers the service lists. Raises ``StationError`` as ``PcscDriver.find``."""
        return self._readers.find()

    def bench(self, device: Device) -> "Bench":
        """Open ``device`` for writing. Raises ``StationError`` as ``PcscDriver.open``."""
        try:
            scard = self._load()
        except ImportError as fault:
            raise StationError(ErrorCode.READER_DRIVER_MISSING, library="pyscard") from fault
        return Bench(scard, device.path.removeprefix(f"{NAME}:"), self._limit_s)


class Hold:
    """A card while it is worked at, on a thread of its own: a card that never answers must not hold up the caller.

    ``left`` is how the card is left should nothing more be heard of it.
    """

    def __init__(self, limit_s: float) -> None:
        """Give the card up after ``limit_s`` seconds."""
        self.left = CardLeft.UNCHANGED
        self._limit_s = limit_s
        self._over = Event()
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def go_on(self) -> None:
        """Raise ``StationError`` CARD_SILENT when the card was given up: nothing more is sent to it."""
        if self._over.is_set():
            raise StationError(ErrorCode.CARD_SILENT)

    def ask(self, question: Callable[[], T]) -> T:
        """Return what ``question`` answers on the caller's thread, where the station's files are open."""
        answer: Future[T] = Future()
        self._calls.put(partial(_settle, answer, question))
        return answer.result(self._limit_s)

    def run(self, work: Callable[[], T]) -> T:
        """Return ``work()``, or raise what it raises; ``TimeoutError`` when the card was given up."""
        outcome: Future[T] = Future()

        def to_the_end() -> None:
            _settle(outcome, work)
            self._calls.put(None)

        # A daemon, because a call that never returns must not keep the program from ending.
        Thread(target=to_the_end, name="card in hand", daemon=True).start()
        deadline = monotonic() + self._limit_s
        try:
            while (call := self._calls.get(timeout=max(0.0, deadline - monotonic()))) is not None:
                call()
        except Empty:
            self._over.set()
            raise TimeoutError from None
        return outcome.result(0)


def _settle(future: "Future[T]", work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as fault:  # noqa: BLE001 - handed to who waits, whatever it is
        future.set_exception(fault)


class Bench:
    """One reader, where cards are laid down one after the other."""

    def __init__(self, scard: Any, name: str, limit_s: float) -> None:
        """See that the reader ``name`` is there. Raises ``StationError``."""
        self._scard = scard
        self._name = name
        self._limit_s = limit_s
        self._handled: int | None = None
        self._slot = Slot(scard, name)

    def next_card(self, progress: Progress, work: Callable[[Exchange, CardKind, Hold], T]) -> T | None:
        """Wait for the next card and return what ``work`` makes of it; None when stopped first.

        Raises ``StationError``: what ``work`` raises; for a card that did not come to an end in time
        CARD_SILENT, or WRITE_FAILED as the ``Hold`` said.
        """
        progress.tell(WriteStep.PLACE_CARD)
        while not progress.stopped():
            counter = self._slot.look(LOOK_S)
            if counter is None:
                self._handled = None
            elif counter != self._handled:
                self._handled = counter
                return self._hold(work)
        return None

    def close(self) -> None:
        """Let go of the service."""
        self._slot.close()

    def _hold(self, work: Callable[[Exchange, CardKind, Hold], T]) -> T:
        hold = Hold(self._limit_s)

        def use(exchange: Exchange, kind: CardKind) -> T:
            def transmit(command: bytes) -> bytes:
                hold.go_on()
                return exchange.relay(command)

            return work(Exchange(transmit), kind, hold)

        try:
            return hold.run(partial(with_card, self._scard, self._name, use))
        except TimeoutError:
            if hold.left is CardLeft.UNCHANGED:
                raise StationError(ErrorCode.CARD_SILENT) from None
            raise write_failed(hold.left) from None
        except StationError as fault:
            raise anew(fault) from None
