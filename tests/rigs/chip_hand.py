"""A reader of chips without a reader: cards made of software are read by the product's own reading of chips."""

from collections.abc import Sequence
from queue import Empty, SimpleQueue

from drivers.apdu import Exchange
from drivers.cards.atr import kind_of
from drivers.chip import ChipProfile, ChipReading
from drivers.port import Device
from drivers.reading import DEMO_CLUB
from station.card import Tap
from tests.rigs.virtual_card import made


class ChipReader:
    """The open reader, and the hand that lays cards on it."""

    def __init__(self, path: str) -> None:
        """Begin empty."""
        self._path = path
        self._cards: SimpleQueue[tuple[str, bytes, bytes]] = SimpleQueue()

    @property
    def waiting(self) -> int:
        """How many cards nobody has read yet."""
        return self._cards.qsize()

    def show(self, kind: str, uid: str, content: bytes) -> None:
        """Lay a card of this kind down and take it away."""
        self._cards.put((kind, bytes.fromhex(uid), content))

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the tap of the next card; as ``CardReader.wait`` says."""
        try:
            card = made(*self._cards.get(timeout=timeout_s))
        except Empty:
            return None
        exchange = Exchange(lambda command: card.answer(command) or b"")
        return ChipReading(DEMO_CLUB, ChipProfile()).tap(exchange, kind_of(card.atr), self._path)

    def close(self) -> None:
        """Stay: the hand may show more cards."""


class ChipDriver:
    """A family of one reader."""

    name = "chip"
    title = "Chips of software"

    def __init__(self) -> None:
        """Have one reader plugged in."""
        self._device = Device("chip:1", "Chip")
        self.reader = ChipReader(self._device.path)

    def missing(self) -> str | None:
        """Return None: nothing has to be installed."""
        return None

    def find(self) -> Sequence[Device]:
        """Return the reader."""
        return (self._device,)

    def open(self, device: Device) -> ChipReader:
        """Open it."""
        assert device == self._device
        return self.reader
