"""Card readers behind PC/SC (pcscd, the Windows smart card service), contactless and contact.

What is asked of a card is ``drivers.chip``'s affair.

Uses the bare PC/SC calls. pyscard's ``CardMonitor`` compares reader and ATR only, so it misses a
card swapped for another of the same type while its observer is busy, and it dies with the service.
Here the event counter in the upper 16 bits of ``dwEventState`` (PC/SC specification, part 5,
SCARD_READERSTATE) tells cards apart; it is compared again after reading.
"""

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from time import monotonic
from typing import Any

from drivers.apdu import Exchange
from drivers.cards.atr import CardKind, kind_of
from drivers.chip import ChipProfile, ChipReading
from drivers.club_profile import ClubProfile
from drivers.port import CARD_FAULTS, Device
from drivers.reading import DEMO_CLUB, anew
from drivers.setup import Setup
from drivers.watchdog import within
from station.card import Tap
from station.errors import ErrorCode, StationError

NAME = "pcsc"
SILENCE_LIMIT_S = 2.0
LONGEST_WAIT_S = 1.0
COUNTER_SHIFT = 16
EVERY_CARD = ChipProfile()
"""The default: a number of the club in NDEF, else the UID."""


def _pyscard() -> Any:
    """Return pyscard's bare PC/SC calls. Raises ``ImportError``."""
    return import_module("smartcard.scard")


class PcscDriver:
    """The PC/SC readers of this machine. A device path is "pcsc:" and the reader's name."""

    name = NAME
    title = "PC/SC readers"

    def __init__(
        self, club: ClubProfile = DEMO_CLUB, chips: ChipProfile = EVERY_CARD,
        load: Callable[[], Any] = _pyscard, silence_limit_s: float = SILENCE_LIMIT_S,
    ) -> None:
        """Take the cards of ``club`` by what ``chips`` allows.

        ``load`` returns the PC/SC calls; ``silence_limit_s`` is how long reading a card may take.
        """
        self._reading = ChipReading(club, chips)
        self._load = load
        self._silence_limit_s = silence_limit_s

    def set_up(self, setup: Setup) -> "PcscDriver":
        """Return this driver for the shop's cards."""
        return PcscDriver(setup.club, setup.chips, self._load, self._silence_limit_s)

    def missing(self) -> str | None:
        """Return why pyscard cannot be used, or None."""
        try:
            self._load()
        except ImportError as fault:
            return f"pyscard ({fault})"
        return None

    def find(self) -> Sequence[Device]:
        """Return the readers the service lists.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_SERVICE_DOWN or READER_FORBIDDEN.
        """
        scard = self._calls()
        context = _context(scard)
        try:
            result, names = scard.SCardListReaders(context, [])
        finally:
            scard.SCardReleaseContext(context)
        if result == scard.SCARD_E_NO_READERS_AVAILABLE:
            return ()
        _check(scard, result)
        return tuple(Device(f"{NAME}:{name}", name) for name in names)

    def open(self, device: Device) -> "PcscReader":
        """Watch the reader ``device``.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_SERVICE_DOWN, READER_GONE or
        READER_FORBIDDEN.
        """
        return PcscReader(self._calls(), device.path, self._reading, self._silence_limit_s)

    def _calls(self) -> Any:
        try:
            return self._load()
        except ImportError as fault:
            raise StationError(ErrorCode.READER_DRIVER_MISSING, library="pyscard") from fault


class PcscReader:
    """One reader, watched through a context of its own."""

    def __init__(self, scard: Any, path: str, reading: ChipReading, silence_limit_s: float) -> None:
        """Connect to the service and see that the reader ``path`` is there."""
        self._scard = scard
        self._reading = reading
        self._path = path
        self._name = path.removeprefix(f"{NAME}:")
        self._silence_limit_s = silence_limit_s
        self._state = scard.SCARD_STATE_UNAWARE
        self._handled: int | None = None
        self._context = _context(scard)
        try:
            self._look(scard.SCARD_STATE_UNAWARE, 0)
        except StationError:
            self.close()
            raise

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the tap of a card not seen before, or None; as ``CardReader.wait`` says."""
        deadline = monotonic() + timeout_s
        while True:
            left = max(0.0, deadline - monotonic())
            self._state = self._look(self._state, min(left, LONGEST_WAIT_S))
            counter = self._card_in(self._state)
            if counter is None:
                self._handled = None
            elif counter != self._handled:
                tap = self._take(counter)
                if tap is not None:
                    return tap
            if monotonic() >= deadline:
                return None

    def close(self) -> None:
        """Let go of the service."""
        self._scard.SCardReleaseContext(self._context)

    def _take(self, counter: int) -> Tap | None:
        """Read the card that came with event ``counter``; None when another lies there by now."""
        outcome: Tap | StationError
        try:
            outcome = self._read()
        except StationError as fault:
            outcome = anew(fault)
        if isinstance(outcome, StationError) and outcome.code not in CARD_FAULTS:
            raise outcome
        self._state = self._look(self._scard.SCARD_STATE_UNAWARE, 0)
        if self._card_in(self._state) not in {counter, None}:
            return None
        self._handled = counter
        if isinstance(outcome, StationError):
            raise outcome
        return outcome

    def _read(self) -> Tap:
        def read(exchange: Exchange, kind: CardKind) -> Tap:
            return self._reading.tap(exchange, kind, self._path)

        try:
            return within(self._silence_limit_s, partial(_with_card, self._scard, self._name, read))
        except TimeoutError as fault:
            raise StationError(ErrorCode.CARD_SILENT) from fault

    def _look(self, known: int, timeout_s: float) -> int:
        """Return the reader's state once it differs from ``known``, or after ``timeout_s``."""
        scard = self._scard
        result, states = scard.SCardGetStatusChange(
            self._context, round(timeout_s * 1000), [(self._name, known)])
        if result == scard.SCARD_E_TIMEOUT:
            return known
        if result == scard.SCARD_W_SECURITY_VIOLATION:
            # Access was given with the context, so this is a pcscd that is just ending.
            raise StationError(ErrorCode.READER_SERVICE_DOWN)
        _check(scard, result)
        state: int = states[0][1]
        if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
            raise StationError(ErrorCode.READER_GONE)
        return state & ~int(scard.SCARD_STATE_CHANGED)

    def _card_in(self, state: int) -> int | None:
        """Return the event counter of the card present in ``state``, or None without one."""
        return state >> COUNTER_SHIFT if state & self._scard.SCARD_STATE_PRESENT else None


def _with_card(scard: Any, name: str, read: Callable[[Exchange, CardKind], Tap]) -> Tap:
    """Return what ``read`` makes of the card on reader ``name``, undisturbed by other programs.

    Has a context of its own: a card that never answers blocks its whole context.
    """
    context = _context(scard)
    try:
        result, card, protocol = scard.SCardConnect(
            context, name, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1)
        _check(scard, result, otherwise=ErrorCode.CARD_UNREADABLE)
        try:
            _check(scard, scard.SCardBeginTransaction(card), otherwise=ErrorCode.CARD_UNREADABLE)
            result, _, _, _, atr = scard.SCardStatus(card)
            _check(scard, result, otherwise=ErrorCode.CARD_UNREADABLE)
            kind = kind_of(bytes(atr))
            # What a contactless reader says of T=0 is made up: ISO/IEC 14443-4 knows but one protocol.
            t0 = protocol == scard.SCARD_PROTOCOL_T0 and kind is CardKind.CONTACT
            return read(Exchange(partial(_transmit, scard, card, protocol), t0=t0), kind)
        finally:
            scard.SCardEndTransaction(card, scard.SCARD_LEAVE_CARD)
            scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
    finally:
        scard.SCardReleaseContext(context)


def _transmit(scard: Any, card: int, protocol: int, command: bytes) -> bytes:
    control = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
    result, answer = scard.SCardTransmit(card, control, list(command))
    _check(scard, result, otherwise=ErrorCode.CARD_UNREADABLE)
    return bytes(answer)


def _context(scard: Any) -> int:
    """Return a new context of the service. Raises ``StationError``."""
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result == scard.SCARD_W_SECURITY_VIOLATION:
        # A pcscd that is just ending answers so once; one that refuses us does so again.
        result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _check(scard, result)
    return int(context)


def _check(scard: Any, result: int, otherwise: ErrorCode = ErrorCode.READER_SERVICE_DOWN) -> None:
    """Raise the ``StationError`` (``status``) of a PC/SC ``result`` that is not success."""
    if result == scard.SCARD_S_SUCCESS:
        return
    code = {
        scard.SCARD_E_NO_SERVICE: ErrorCode.READER_SERVICE_DOWN,
        scard.SCARD_E_SERVICE_STOPPED: ErrorCode.READER_SERVICE_DOWN,
        scard.SCARD_E_INVALID_HANDLE: ErrorCode.READER_SERVICE_DOWN,
        scard.SCARD_E_UNKNOWN_READER: ErrorCode.READER_GONE,
        scard.SCARD_E_READER_UNAVAILABLE: ErrorCode.READER_GONE,
        scard.SCARD_E_NO_READERS_AVAILABLE: ErrorCode.READER_GONE,
        scard.SCARD_E_SHARING_VIOLATION: ErrorCode.READER_BUSY,
        scard.SCARD_E_NO_ACCESS: ErrorCode.READER_FORBIDDEN,
        # What a pcscd that asks polkit answers to a session polkit does not know.
        scard.SCARD_W_SECURITY_VIOLATION: ErrorCode.READER_FORBIDDEN,
    }.get(result, otherwise)
    raise StationError(code, status=f"{result & 0xFFFFFFFF:08X}")


DRIVER = PcscDriver()
