"""How a printer or display is reached: over the network, on a serial port, or through a device file.

python-escpos has connections of its own. They are not used, because they leave the socket of a
refused connection open, know no time limit for writing, wait for ever when a stopped serial printer
is closed, and make an ordinary file where an unplugged printer's device file is missing.
"""

import errno
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from drivers.watchdog import within
from station.errors import ErrorCode, StationError

if TYPE_CHECKING:
    import serial

RAW_PRINTING_PORT = 9100
CONNECT_LIMIT_S = 3.0
WRITE_LIMIT_S = 10.0
CLOSE_LIMIT_S = 0.5
WRITE_BYTES = 4096
READ_BYTES = 256


class Link(Protocol):
    """An open connection. Used by one thread; ``write`` and ``read`` raise ``OSError`` when it is lost."""

    def write(self, data: bytes) -> None:
        """Hand over ``data``; gives up when no 4 KiB of it get through in ``WRITE_LIMIT_S``."""
        ...

    def read(self, limit_s: float) -> bytes:
        """Return what has come, waiting at most ``limit_s`` seconds for the first byte, else nothing."""
        ...

    def close(self) -> None:
        """Let go of it, after what was written. Raises nothing."""
        ...


class Connection(Protocol):
    """Where a device is.

    ``title`` names it for people. ``answers`` is whether it can be asked how it is: False for one
    that cannot be heard, or that answers wrongly (some always call themselves offline).
    """

    @property
    def title(self) -> str:
        """The name for people."""
        ...

    @property
    def answers(self) -> bool:
        """Whether the device can be asked."""
        ...

    def open(self) -> Link:
        """Connect. Raises ``OSError``."""
        ...


@contextmanager
def faults_as(code: ErrorCode) -> Iterator[None]:
    """Turn every ``OSError`` inside into ``StationError`` ``code`` (``reason``, the system's word)."""
    try:
        yield
    except OSError as fault:
        # A serial port's own words hold its path.
        reason = os.strerror(fault.errno) if fault.errno else type(fault).__name__
        raise StationError(code, reason=reason) from fault


@dataclass(frozen=True, slots=True)
class NetworkConnection:
    """A device that takes raw bytes over TCP."""

    host: str
    port: int = RAW_PRINTING_PORT
    answers: bool = True

    @property
    def title(self) -> str:
        """Address and port."""
        return f"{self.host}:{self.port}"

    def open(self) -> Link:
        """Connect within ``CONNECT_LIMIT_S``. Raises ``OSError``."""
        return _SocketLink(socket.create_connection((self.host, self.port), CONNECT_LIMIT_S))


@dataclass(frozen=True, slots=True)
class SerialConnection:
    """A device on a serial port: ``path`` is "COM3" or "/dev/ttyUSB0"; 8 data bits, no parity, 1 stop bit.

    ``rts_cts`` only where the cable has these wires: with three wires nothing would ever be sent.
    A head is faster than any serial port, so nothing is lost without them while it prints.
    """

    path: str
    baud: int = 9600
    rts_cts: bool = False
    answers: bool = True

    @property
    def title(self) -> str:
        """The port."""
        return self.path

    def open(self) -> Link:
        """Open the port for ourselves alone. Raises ``OSError``."""
        import serial

        return _SerialLink(serial.Serial(
            self.path, self.baud, write_timeout=WRITE_LIMIT_S, rtscts=self.rts_cts, exclusive=True))


@dataclass(frozen=True, slots=True)
class FileConnection:
    """A device that is written as a file, such as "/dev/usb/lp0", "LPT1" or a Windows printer share.

    It is never heard, so what was written counts as done.
    """

    path: Path
    answers: bool = field(default=False, init=False)

    @property
    def title(self) -> str:
        """The file."""
        return str(self.path)

    def open(self) -> Link:
        """Open the file, which must be there. Raises ``OSError``."""
        return _FileLink(open(self.path, "wb", opener=_existing))


def _existing(path: str, flags: int) -> int:
    return os.open(path, flags & ~os.O_CREAT)


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[start:start + WRITE_BYTES] for start in range(0, len(data), WRITE_BYTES))


class _SocketLink:
    def __init__(self, link: socket.socket) -> None:
        self._link = link

    def write(self, data: bytes) -> None:
        self._link.settimeout(WRITE_LIMIT_S)
        for piece in _pieces(data):
            self._link.sendall(piece)

    def read(self, limit_s: float) -> bytes:
        self._link.settimeout(limit_s)
        try:
            heard = self._link.recv(READ_BYTES)
        except (TimeoutError, BlockingIOError):
            return b""
        if not heard:
            raise ConnectionAbortedError(errno.ECONNABORTED, "hung up")
        return heard

    def close(self) -> None:
        """Say that nothing follows and hear the other side out, or the system may revoke what was sent."""
        until = time.monotonic() + CLOSE_LIMIT_S
        with suppress(OSError):
            self._link.shutdown(socket.SHUT_WR)
            while (left := until - time.monotonic()) > 0:
                self.read(left)
        self._link.close()


class _SerialLink:
    def __init__(self, port: "serial.Serial") -> None:
        self._port = port

    def write(self, data: bytes) -> None:
        for piece in _pieces(data):
            self._port.write(piece)

    def read(self, limit_s: float) -> bytes:
        self._port.timeout = limit_s
        return bytes(self._port.read(max(1, self._port.in_waiting)))

    def close(self) -> None:
        """Close the port; the system first waits for a device that has stopped the flow, we do not."""
        with suppress(OSError):
            within(CLOSE_LIMIT_S, self._port.close)


class _FileLink:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        for piece in _pieces(data):
            within(WRITE_LIMIT_S, partial(self._write, piece))

    def _write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._file.flush()

    def read(self, limit_s: float) -> bytes:
        """Return nothing at once: the file is not read."""
        del limit_s
        return b""

    def close(self) -> None:
        with suppress(OSError):
            within(CLOSE_LIMIT_S, self._file.close)
