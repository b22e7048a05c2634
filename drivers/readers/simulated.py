"""A reader without hardware: the demo's, and whatever else shows cards from a program."""

from collections import deque
from collections.abc import Sequence
from threading import Condition

from drivers.port import Device
from station.card import Medium, Tap
from station.errors import ErrorCode, StationError

NAME = "simulated"


class SimulatedDevice:
    """The device as the hand at the counter knows it. Safe to use from any thread."""

    def __init__(self, title: str) -> None:
        """Make a device that is plugged in and has seen no card."""
        self.device = Device(f"{NAME}:{title}", title)
        self._changed = Condition()
        self._plugged = True
        self._reader: SimulatedReader | None = None
        self._taps: deque[Tap] = deque()

    @property
    def plugged(self) -> bool:
        """Whether the device is plugged in."""
        return self._plugged

    def present(self, number: str, medium: Medium = Medium.NFC_UID) -> None:
        """Show a card; before the reader is opened it is seen on opening, unplugged never."""
        with self._changed:
            if self._plugged:
                self._taps.append(Tap(self.device.path, medium, number))
                self._changed.notify_all()

    def unplug(self) -> None:
        """Pull the plug: the open reader is dead for good and cards not yet seen are lost."""
        with self._changed:
            self._plugged = False
            self._reader = None
            self._taps.clear()
            self._changed.notify_all()

    def replug(self) -> None:
        """Put the plug back."""
        with self._changed:
            self._plugged = True

    def open(self) -> "SimulatedReader":
        """Open the device. Raises ``StationError`` READER_GONE, or READER_BUSY while it is open."""
        with self._changed:
            if not self._plugged:
                raise StationError(ErrorCode.READER_GONE)
            if self._reader is not None:
                raise StationError(ErrorCode.READER_BUSY)
            self._reader = SimulatedReader(self)
            return self._reader

    def take(self, reader: "SimulatedReader", timeout_s: float) -> Tap | None:
        """Return the next tap for ``reader``, or None. Raises ``StationError`` READER_GONE."""
        with self._changed:
            self._changed.wait_for(lambda: self._taps or self._reader is not reader, timeout_s)
            if self._reader is not reader:
                raise StationError(ErrorCode.READER_GONE)
            return self._taps.popleft() if self._taps else None

    def release(self, reader: "SimulatedReader") -> None:
        """Let the device be opened again, if it is ``reader`` that holds it."""
        with self._changed:
            if self._reader is reader:
                self._reader = None


class SimulatedReader:
    """An open simulated device."""

    def __init__(self, device: SimulatedDevice) -> None:
        """Read from ``device``."""
        self._device = device

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the next card shown, or None. Raises ``StationError`` READER_GONE when unplugged."""
        return self._device.take(self, timeout_s)

    def close(self) -> None:
        """Let go of the device."""
        self._device.release(self)


class SimulatedDriver:
    """As many simulated devices as were plugged in; the catalogue's own has none."""

    name = NAME
    title = "Simulated readers"

    def __init__(self) -> None:
        """Start without devices."""
        self._devices: dict[str, SimulatedDevice] = {}

    def plug(self, title: str) -> SimulatedDevice:
        """Return the new device called ``title``, plugged in."""
        added = SimulatedDevice(title)
        self._devices[added.device.path] = added
        return added

    def missing(self) -> str | None:
        """Return None: nothing has to be installed."""
        return None

    def find(self) -> Sequence[Device]:
        """Return the devices plugged in now."""
        return tuple(each.device for each in self._devices.values() if each.plugged)

    def open(self, device: Device) -> SimulatedReader:
        """Open ``device``. Raises ``StationError`` READER_GONE or READER_BUSY."""
        try:
            return self._devices[device.path].open()
        except KeyError:
            raise StationError(ErrorCode.READER_GONE) from None


DRIVER = SimulatedDriver()
