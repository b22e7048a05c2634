"""Recording a reader: a tape stands where its library does (pyserial's port, the bare PC/SC calls)."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

from drivers.club_profile import ClubProfile
from drivers.port import CardReader, Driver
from drivers.readers.msr605 import Msr605Driver
from drivers.readers.pcsc import PcscDriver
from drivers.readers.qr import QrDriver
from drivers.readers.serial_stripe import SerialStripeDriver
from drivers.serial_line import SerialPorts
from drivers.transcript import Tape
from station.card import Tap
from station.errors import StationError

_SERIAL = {each.name: each for each in (SerialStripeDriver, Msr605Driver, QrDriver)}


def taped(driver: Driver, port: str, club: ClubProfile, tape: Tape) -> Driver:
    """Return a driver like ``driver``, for cards of ``club`` on the device at ``port``, that records on ``tape``.

    A family whose library has no such place is returned as it is: then only outcomes are recorded.
    """
    if driver.name in _SERIAL:
        return _SERIAL[driver.name](club, SerialPorts((port,), load=lambda: _taped_pyserial(tape)))
    if driver.name == PcscDriver.name:
        return PcscDriver(club, load=lambda: TapedCalls(import_module("smartcard.scard"), tape))
    return driver


def _taped_pyserial(tape: Tape) -> Any:
    """Return as much of pyserial as is used. Raises ``ImportError``."""
    library = SerialPorts().load()
    return SimpleNamespace(
        tools=library.tools, Serial=lambda *settings, **more: TapedPort(library.Serial(*settings, **more), tape))


class TapedReader:
    """A reader whose outcomes go on a tape."""

    def __init__(self, reader: CardReader, tape: Tape) -> None:
        """Keep what opening ``reader`` took, and what comes of its cards."""
        self._reader = reader
        self._tape = tape
        tape.judge(None)

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the next tap, or None; as ``CardReader.wait`` says."""
        try:
            tap = self._reader.wait(timeout_s)
        except StationError as fault:
            self._tape.judge(fault)
            raise
        if tap is not None:
            self._tape.judge(tap)
        return tap

    def close(self) -> None:
        """Let go of the device."""
        self._reader.close()


class TapedPort:
    """An open port of pyserial's whose bytes go on a tape, both ways."""

    def __init__(self, port: Any, tape: Tape) -> None:
        """Take over ``port``."""
        self._port = port
        self._tape = tape

    @property
    def in_waiting(self) -> int:
        """How many bytes have arrived."""
        return int(self._port.in_waiting)

    @property
    def timeout(self) -> float:
        """How long ``read`` waits, in seconds."""
        return float(self._port.timeout)

    @timeout.setter
    def timeout(self, limit_s: float) -> None:
        self._port.timeout = limit_s

    def read(self, count: int) -> bytes:
        """Return up to ``count`` bytes."""
        data = bytes(self._port.read(count))
        self._tape.take("received", data)
        return data

    def write(self, data: bytes) -> None:
        """Send ``data``."""
        self._tape.take("sent", data)
        self._port.write(data)

    def reset_input_buffer(self) -> None:
        """Forget what has arrived."""
        self._port.reset_input_buffer()

    def close(self) -> None:
        """Close the port."""
        self._port.close()


class TapedCalls:
    """The bare PC/SC calls; what is said to a card and what it answers goes on a tape."""

    def __init__(self, scard: Any, tape: Tape) -> None:
        """Call ``scard``."""
        self._scard = scard
        self._tape = tape

    def __getattr__(self, name: str) -> Any:
        return getattr(self._scard, name)

    def SCardStatus(self, card: int) -> Any:  # noqa: N802 (the call's name)
        """Return the state of ``card``, its ATR last."""
        status = self._scard.SCardStatus(card)
        self._tape.take("atr", bytes(status[-1]))
        return status

    def SCardTransmit(self, card: int, control: int, command: list[int]) -> Any:  # noqa: N802 (the call's name)
        """Return the result and the answer to ``command``."""
        self._tape.take("command", bytes(command))
        result, answer = self._scard.SCardTransmit(card, control, command)
        self._tape.take("answer", bytes(answer))
        return result, answer
