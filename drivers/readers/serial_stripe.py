"""Stripe readers on a serial line (RS-232, USB-serial) that send tracks as text with sentinels.

Nothing is ever sent to them. What they are set up to send is a ``WedgeProfile``: the text is that
of keyboard readers.
"""

from collections.abc import Sequence
from dataclasses import replace

from drivers.club_profile import ClubProfile
from drivers.port import Device
from drivers.reading import DEMO_CLUB, tap_of_burst
from drivers.serial_line import SerialLine, SerialPorts, UsbId, next_from
from drivers.setup import Setup
from drivers.streams import SETTLE_S, SwipeStream
from drivers.track_frames import MAGTEK, WedgeProfile
from station.card import Tap

NAME = "serial_stripe"
ID_TECH_CABLE = UsbId(0x0ACD, 0x0300)
"""IDT1221U, the maker's own cable for its RS-232 readers (known to Linux' ftdi_sio)."""


class SerialStripeDriver:
    """Serial stripe readers. A device path is "serial_stripe:" and the port."""

    name = NAME
    title = "Serial stripe readers"

    def __init__(
        self, club: ClubProfile = DEMO_CLUB, ports: SerialPorts | None = None, wedge: WedgeProfile = MAGTEK,
        settle_s: float = SETTLE_S,
    ) -> None:
        """Take the cards of ``club`` from readers set up as ``wedge`` says, on ``ports``.

        After a line end another track is waited for ``settle_s`` seconds: 0 for readers that end
        the swipe with it, not each track.
        """
        self._club = club
        self._ports = ports or SerialPorts(usb=(ID_TECH_CABLE,))
        self._wedge = wedge
        self._settle_s = settle_s

    def set_up(self, setup: Setup) -> "SerialStripeDriver":
        """Return this driver for the shop's cards and ports."""
        return SerialStripeDriver(setup.club, replace(self._ports, paths=setup.ports.get(NAME, ())), self._wedge)

    def missing(self) -> str | None:
        """Return why pyserial cannot be used, or None."""
        return self._ports.missing()

    def find(self) -> Sequence[Device]:
        """Return the ports. Raises ``StationError`` READER_DRIVER_MISSING."""
        return self._ports.find(NAME)

    def open(self, device: Device) -> "SerialStripeReader":
        """Listen to ``device``.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_GONE, READER_BUSY or READER_FORBIDDEN.
        """
        stream = SwipeStream(self._wedge, self._settle_s)
        return SerialStripeReader(self._ports.open(NAME, device), device.path, self._club, self._wedge, stream)


class SerialStripeReader:
    """A stripe reader at the end of an open line."""

    def __init__(
        self, line: SerialLine, path: str, club: ClubProfile, wedge: WedgeProfile, stream: SwipeStream,
    ) -> None:
        """Listen to ``line``, which is closed with the reader."""
        self._line = line
        self._path = path
        self._club = club
        self._wedge = wedge
        self._stream = stream

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the next swipe's tap, or None; as ``CardReader.wait`` says.

        Raises ``StationError`` also as ``drivers.reading.tap_of_burst`` does.
        """
        burst = next_from(self._line, self._stream, timeout_s)
        if burst is None:
            return None
        return tap_of_burst(burst, self._wedge, self._club, self._path)

    def close(self) -> None:
        """Let go of the port."""
        self._line.close()


DRIVER = SerialStripeDriver()
