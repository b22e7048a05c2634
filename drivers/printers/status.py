"""Asking an ESC/POS device how it is, and telling its answers apart.

Commands and bits are those of the Epson ESC/POS command reference: ``DLE EOT n`` is answered at
once, whatever the device is busy with; ``GS r n`` is answered in turn, when everything sent before
it has been dealt with. Fixed bits tell the answers apart: ``0**1**10`` (DLE EOT), ``0**0****`` (GS r),
and neither for the flow control bytes 11 and 13 (hexadecimal).
"""

import time

from drivers.printers.connection import Link
from station.errors import ErrorCode, StationError

ASK_PRINTER = b"\x10\x04\x01"
ASK_CAUSE = b"\x10\x04\x02"
ASK_PAPER = b"\x10\x04\x04"
ASK_IN_TURN = b"\x1dr\x01"

_AT_ONCE_MASK, _AT_ONCE = 0b10010011, 0b00010010
_IN_TURN_MASK, _IN_TURN = 0b10010000, 0b00000000
_OFFLINE = 0x08
_COVER_OPEN, _STOPPED_BY_PAPER, _ERROR = 0x04, 0x20, 0x40
_PAPER_END = 0x60


def is_at_once(answer: int) -> bool:
    """Return whether the byte ``answer`` answers a DLE EOT."""
    return answer & _AT_ONCE_MASK == _AT_ONCE


def is_in_turn(answer: int) -> bool:
    """Return whether the byte ``answer`` answers a GS r."""
    return answer & _IN_TURN_MASK == _IN_TURN


def fault_in(printer: int, cause: int, paper: int) -> ErrorCode | None:
    """Return what the answers to DLE EOT 1, 2 and 4 complain of, the nearest to a cure first, or None.

    Paper that is only near its end is no complaint.
    """
    if cause & _COVER_OPEN:
        return ErrorCode.PRINTER_COVER_OPEN
    if cause & _STOPPED_BY_PAPER or paper & _PAPER_END:
        return ErrorCode.PRINTER_PAPER_OUT
    if printer & _OFFLINE or cause & _ERROR:
        return ErrorCode.PRINTER_OFFLINE
    return None


class Conversation:
    """Questions and answers over one link. Every method may raise ``OSError``: the link is lost."""

    def __init__(self, link: Link) -> None:
        """Talk over ``link``, which stays the caller's to close."""
        self._link = link
        self._at_once = bytearray()
        self._asked_in_turn = 0
        self._answered_in_turn = 0

    def fault(self, limit_s: float) -> ErrorCode | None:
        """Return what is wrong with the device now, or None.

        Raises ``StationError`` PRINTER_UNAVAILABLE when it says nothing for ``limit_s`` seconds.
        """
        printer, cause, paper = (self._ask(each, limit_s) for each in (ASK_PRINTER, ASK_CAUSE, ASK_PAPER))
        return fault_in(printer, cause, paper)

    def check(self, limit_s: float) -> None:
        """Raise ``StationError`` (PRINTER_*) when the device is not well or says nothing for ``limit_s``."""
        fault = self.fault(limit_s)
        if fault is not None:
            raise StationError(fault)

    def ask_in_turn(self) -> None:
        """Ask to be told when everything sent so far has been dealt with."""
        self._link.write(ASK_IN_TURN)
        self._asked_in_turn += 1

    def told_in_turn(self, limit_s: float) -> bool:
        """Return whether all of ``ask_in_turn`` is answered, waiting at most ``limit_s`` seconds."""
        until = time.monotonic() + limit_s
        while self._answered_in_turn < self._asked_in_turn and (left := until - time.monotonic()) > 0:
            self._listen(left)
        return self._answered_in_turn >= self._asked_in_turn

    def _ask(self, question: bytes, limit_s: float) -> int:
        # A picture may hold the bytes of a question; the device has then answered unasked.
        self._listen(0)
        self._at_once.clear()
        self._link.write(question)
        until = time.monotonic() + limit_s
        while not self._at_once:
            left = until - time.monotonic()
            if left <= 0:
                raise StationError(ErrorCode.PRINTER_UNAVAILABLE, reason="silent")
            self._listen(left)
        return self._at_once[0]

    def _listen(self, limit_s: float) -> None:
        """Sort what is heard within ``limit_s``, if anything."""
        for answer in self._link.read(limit_s):
            if is_at_once(answer):
                self._at_once.append(answer)
            elif is_in_turn(answer):
                self._answered_in_turn += 1
