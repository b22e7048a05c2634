"""Serial lines (RS-232, USB-serial, Bluetooth): which ports there are, and one of them held open.

pyserial reports trouble as ``OSError`` and its descendants and, on POSIX, lets ``termios.error``
through, which is neither.
"""

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import Any, Protocol, TypeVar

from drivers.port import Device
from station.errors import ErrorCode, StationError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
LIBRARY = "pyserial"
WRITE_LIMIT_S = 1.0
_CODES = {
    errno.EACCES: ErrorCode.READER_FORBIDDEN,
    errno.EPERM: ErrorCode.READER_FORBIDDEN,
    errno.EBUSY: ErrorCode.READER_BUSY,
    errno.EWOULDBLOCK: ErrorCode.READER_BUSY,
}


def _pyserial() -> Any:
    """Return pyserial, its port listing included. Raises ``ImportError``."""
    import_module("serial.tools.list_ports")
    return import_module("serial")


def _fault_types() -> tuple[type[Exception], ...]:
    try:
        termios: ModuleType = import_module("termios")
    except ImportError:
        return (OSError,)
    return (OSError, termios.error)


_FAULTS = _fault_types()


@dataclass(frozen=True, slots=True)
class LineFormat:
    """How characters travel: ``baud``, data ``bits`` (7 or 8) and ``parity`` ("N", "E" or "O"); one stop bit."""

    baud: int = 9600
    bits: int = 8
    parity: str = "N"


@dataclass(frozen=True, slots=True)
class UsbId:
    """A USB device by its ``vendor`` and ``product`` number; without a product all of the vendor's."""

    vendor: int
    product: int | None = None


@dataclass(frozen=True, slots=True)
class SerialPorts:
    """The ports one driver may use: those named in ``paths``, and those behind one of the ``usb`` devices.

    A path is whatever opens the port ("/dev/ttyS0", "/dev/serial/by-id/…", "COM3"). Only devices
    that can be nothing else belong into a driver's own list: a chip that turns serial lines into USB
    sits in cables of every kind, and what hangs on it is for the station's settings to say.
    """

    paths: Sequence[str] = ()
    usb: Sequence[UsbId] = ()
    line: LineFormat = LineFormat()
    load: Callable[[], Any] = _pyserial

    def missing(self) -> str | None:
        """Return why pyserial cannot be used, or None."""
        try:
            self.load()
        except ImportError as fault:
            return f"{LIBRARY} ({fault})"
        return None

    def find(self, name: str) -> tuple[Device, ...]:
        """Return these ports as devices of the driver ``name``; none is opened.

        Raises ``StationError`` READER_DRIVER_MISSING.
        """
        listed = {port.device: port for port in self._library().tools.list_ports.comports()}
        named = [path for path in self.paths if path in listed or Path(path).exists()]
        same = {Path(path).resolve() for path in named}
        named += [path for path, port in listed.items()
                  if self._is_ours(port) and Path(path).resolve() not in same]
        return tuple(Device(f"{name}:{path}", _title(listed.get(path), path)) for path in named)

    def open(self, name: str, device: Device) -> "SerialLine":
        """Open the port of ``device``, for this program alone; what was received before is dropped.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_GONE, READER_BUSY or READER_FORBIDDEN.
        """
        library = self._library()
        with _as_station_errors():
            return SerialLine(library.Serial(
                device.path.removeprefix(f"{name}:"), self.line.baud, self.line.bits, self.line.parity,
                timeout=0, write_timeout=WRITE_LIMIT_S, exclusive=True))

    def _library(self) -> Any:
        try:
            return self.load()
        except ImportError as fault:
            raise StationError(ErrorCode.READER_DRIVER_MISSING, library=LIBRARY) from fault

    def _is_ours(self, port: Any) -> bool:
        return any(port.vid == each.vendor and each.product in {None, port.pid} for each in self.usb)


class SerialLine:
    """An open port. Every method but ``close`` raises ``StationError`` READER_GONE once it is unplugged."""

    def __init__(self, port: Any) -> None:
        """Take over pyserial's open ``port``."""
        self._port = port

    def receive(self, timeout_s: float) -> bytes:
        """Return what has arrived; when that is nothing, wait up to ``timeout_s`` seconds for a first byte."""
        with _as_station_errors():
            waiting = self._port.in_waiting
            if not waiting and timeout_s > 0:
                self._port.timeout = timeout_s
                first = self._port.read(1)
                return bytes(first + self._port.read(self._port.in_waiting)) if first else b""
            return bytes(self._port.read(waiting))

    def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        with _as_station_errors():
            self._port.write(data)

    def drop_input(self) -> None:
        """Forget what has arrived and was not received."""
        with _as_station_errors():
            self._port.reset_input_buffer()

    def close(self) -> None:
        """Let go of the port."""
        with suppress(*_FAULTS):
            self._port.close()


class Line(Protocol):
    """What bytes come and go by, serial or not. Every method but ``close`` raises ``StationError`` READER_GONE."""

    def receive(self, timeout_s: float) -> bytes:
        """Return what has arrived; when that is nothing, wait up to ``timeout_s`` seconds for it."""
        ...

    def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        ...

    def drop_input(self) -> None:
        """Forget what has arrived and was not received."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


class Stream(Protocol[T_co]):
    """What cuts the bytes of a line into things of one kind; times in seconds, from one clock."""

    def add(self, data: bytes, now_s: float) -> None:
        """Take in what arrived at ``now_s``."""
        ...

    def take(self, now_s: float) -> T_co | None:
        """Return the next thing, or None while there is none."""
        ...

    def due_s(self, now_s: float) -> float:
        """Return in how many seconds silence alone makes ``take`` worth asking again."""
        ...


def next_from(line: Line, stream: Stream[T], timeout_s: float) -> T | None:
    """Return what ``stream`` next cuts out of ``line``, or None when ``timeout_s`` seconds did not bring it.

    Ends in time also when the line never falls silent. Raises ``StationError`` READER_GONE.
    """
    deadline = monotonic() + timeout_s
    is_last = False
    while True:
        now = monotonic()
        taken = stream.take(now)
        if taken is not None or is_last:
            return taken
        is_last = now >= deadline
        received = line.receive(max(0.0, min(deadline - now, stream.due_s(now))))
        stream.add(received, monotonic())


@contextmanager
def _as_station_errors() -> Iterator[None]:
    """Turn what pyserial raises into ``StationError`` READER_GONE, READER_BUSY or READER_FORBIDDEN."""
    try:
        yield
    except _FAULTS as fault:
        raise StationError(_code(fault)) from fault


def _code(fault: Exception) -> ErrorCode:
    number = getattr(fault, "errno", None)
    # On Windows pyserial keeps only the text, and a port that another program holds is denied.
    if number is None and "PermissionError" in str(fault):
        return ErrorCode.READER_BUSY
    return _CODES.get(number or 0, ErrorCode.READER_GONE)


def _title(port: Any, path: str) -> str:
    return f"{port.product} ({path})" if port is not None and port.product else path
