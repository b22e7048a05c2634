"""QR and barcode scanners on a serial line (RS-232, USB in "COM port" mode).

One scanner reads cards and goods. A code that is a card number of the club becomes a ``Tap``, and so
does a signed record or a phone's pass (``drivers.card_codes``), which is never anything else; every
other code goes, as text, to the callable given at construction, because the reader port speaks of
cards only. Without one, other codes are CARD_NOT_OF_CLUB. Nothing is ever sent to the scanner.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic

from drivers.bank_cards import Lane
from drivers.card_codes import is_card_code, tap_of_code
from drivers.club_profile import ClubProfile
from drivers.port import Device
from drivers.reading import DEMO_CLUB, refuse_bank_card, without_aim
from drivers.serial_line import SerialLine, SerialPorts, UsbId, next_from
from drivers.setup import Setup
from drivers.streams import CodeFraming, CodeStream, Cut
from drivers.tracks import wipe
from station.card import Evidence, Medium, Tap
from station.errors import ErrorCode, StationError

NAME = "qr"
SCANNER_MAKERS = (
    UsbId(0x05E0),  # Symbol, now Zebra's scanners
    UsbId(0x0C2E), UsbId(0x0536),  # Metrologic and Hand Held Products, now Honeywell's
    UsbId(0x05F9),  # PSC, now Datalogic's
    UsbId(0x065A),  # Opticon
    UsbId(0x1EAB),  # Newland
)
"""Makers whose USB devices with a serial port are scanners (the public list of USB ids)."""



class QrDriver:
    """Serial scanners. A device path is "qr:" and the port."""

    name = NAME
    title = "Serial QR and barcode scanners"

    def __init__(
        self, club: ClubProfile = DEMO_CLUB, ports: SerialPorts | None = None,
        framing: CodeFraming | None = None, on_code: Callable[[str], None] | None = None,
    ) -> None:
        """Take the cards of ``club``; ``on_code`` gets every other code, on the reader's thread.

        It is to return at once, as a pump's sink is.
        """
        self._club = club
        self._ports = ports or SerialPorts(usb=SCANNER_MAKERS)
        self._framing = framing or CodeFraming()
        self._on_code = on_code

    def set_up(self, setup: Setup) -> "QrDriver":
        """Return this driver for the shop's cards and ports."""
        return QrDriver(
            setup.club, replace(self._ports, paths=setup.ports.get(NAME, ())), self._framing, setup.on_code)

    def missing(self) -> str | None:
        """Return why pyserial cannot be used, or None."""
        return self._ports.missing()

    def find(self) -> Sequence[Device]:
        """Return the ports. Raises ``StationError`` READER_DRIVER_MISSING."""
        return self._ports.find(NAME)

    def open(self, device: Device) -> "QrReader":
        """Listen to ``device``.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_GONE, READER_BUSY or READER_FORBIDDEN.
        """
        stream = CodeStream(self._framing)
        return QrReader(self._ports.open(NAME, device), device.path, self._club, stream, self._on_code)


class QrReader:
    """A scanner at the end of an open line."""

    def __init__(
        self, line: SerialLine, path: str, club: ClubProfile, stream: CodeStream,
        on_code: Callable[[str], None] | None,
    ) -> None:
        """Listen to ``line``, which is closed with the reader."""
        self._line = line
        self._path = path
        self._club = club
        self._stream = stream
        self._on_code = on_code

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the next card's tap, or None; as ``CardReader.wait`` says.

        Raises ``StationError`` also: CARD_IS_BANK_CARD; CARD_UNREADABLE for a code without its end
        or that is no text; CARD_NOT_OF_CLUB.
        """
        deadline = monotonic() + timeout_s
        while (cut := next_from(self._line, self._stream, max(0.0, deadline - monotonic()))) is not None:
            tap = self._judge(cut)
            if tap is not None:
                return tap
        return None

    def close(self) -> None:
        """Let go of the port."""
        self._line.close()

    def _judge(self, cut: Cut) -> Tap | None:
        """Return the tap of a card; None for a code that was handed on."""
        before = bytearray(cut.data)
        try:
            medium = without_aim(cut.data)
            says_card = is_card_code(cut.data)
            if says_card and cut.whole:
                return tap_of_code(cut.data, self._club, self._path)
            for code in (before, cut.data):
                refuse_bank_card(code, Lane.TEXT if says_card else Lane.BARCODE, self._club)
            if not cut.whole:
                raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(cut.data))
            if self._club.accepts(cut.data):
                return Tap(self._path, medium or Medium.BARCODE, cut.data.decode(), Evidence.CODE)
            self._hand_on(cut.data)
        finally:
            wipe(before)
            wipe(cut.data)
        return None

    def _hand_on(self, code: bytearray) -> None:
        if self._on_code is None:
            raise StationError(ErrorCode.CARD_NOT_OF_CLUB)
        try:
            text = code.decode()
        except UnicodeDecodeError:
            raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(code)) from None
        self._on_code(text)


DRIVER = QrDriver()
