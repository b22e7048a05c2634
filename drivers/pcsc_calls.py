"""The bare PC/SC calls as readers and writers use them: a context, a card held for a while, results as faults."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

from drivers.apdu import Exchange
from drivers.cards.atr import CardKind, kind_of
from station.errors import ErrorCode, StationError

T = TypeVar("T")
_COUNTER_SHIFT = 16


def pyscard() -> Any:
    """Return pyscard's bare PC/SC calls. Raises ``ImportError``."""
    return import_module("smartcard.scard")


class Slot:
    """What lies on one reader, seen through a context of its own; for one thread.

    The event counter in the upper 16 bits of ``dwEventState`` (PC/SC specification, part 5,
    SCARD_READERSTATE) tells cards apart, also of one type.
    """

    def __init__(self, scard: Any, name: str) -> None:
        """Connect to the service and see that the reader ``name`` is there. Raises ``StationError``."""
        self._scard = scard
        self._name = name
        self._state: int = scard.SCARD_STATE_UNAWARE
        self._context = new_context(scard)
        try:
            self._look(scard.SCARD_STATE_UNAWARE, 0)
        except StationError:
            self.close()
            raise

    def look(self, timeout_s: float) -> int | None:
        """Return the event counter of the card present, None without one.

        Waits up to ``timeout_s`` seconds for anything to change. Raises ``StationError``
        READER_GONE or another of the reader's.
        """
        self._state = self._look(self._state, timeout_s)
        return self._state >> _COUNTER_SHIFT if self._state & self._scard.SCARD_STATE_PRESENT else None

    def look_anew(self) -> int | None:
        """Return the same without waiting, whatever was known. Raises ``StationError`` as ``look``."""
        self._state = self._scard.SCARD_STATE_UNAWARE
        return self.look(0)

    def close(self) -> None:
        """Let go of the service."""
        self._scard.SCardReleaseContext(self._context)

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
        check(scard, result)
        state: int = states[0][1]
        if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
            raise StationError(ErrorCode.READER_GONE)
        return state & ~int(scard.SCARD_STATE_CHANGED)


def with_card(scard: Any, name: str, read: Callable[[Exchange, CardKind], T]) -> T:
    """Return what ``read`` makes of the card on reader ``name``, undisturbed by other programs.

    Has a context of its own: a card that never answers blocks its whole context.
    """
    context = new_context(scard)
    try:
        result, card, protocol = scard.SCardConnect(
            context, name, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1)
        check(scard, result, otherwise=ErrorCode.CARD_UNREADABLE)
        try:
            check(scard, scard.SCardBeginTransaction(card), otherwise=ErrorCode.CARD_UNREADABLE)
            result, _, _, _, atr = scard.SCardStatus(card)
            check(scard, result, otherwise=ErrorCode.CARD_UNREADABLE)
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
    check(scard, result, otherwise=ErrorCode.CARD_UNREADABLE)
    return bytes(answer)


def new_context(scard: Any) -> int:
    """Return a new context of the service. Raises ``StationError``."""
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result == scard.SCARD_W_SECURITY_VIOLATION:
        # A pcscd that is just ending answers so once; one that refuses us does so again.
        result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    check(scard, result)
    return int(context)


def check(scard: Any, result: int, otherwise: ErrorCode = ErrorCode.READER_SERVICE_DOWN) -> None:
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
