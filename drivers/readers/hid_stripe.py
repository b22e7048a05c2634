"""MagTek stripe readers in HID mode (USB); reports in ``drivers.magtek``. Nothing is ever sent to them.

Has never met hardware: the suite plays reports made by the maker's manual.
"""

from collections.abc import Sequence

from drivers.club_profile import ClubProfile
from drivers.hid_line import HidId, HidLine, HidPorts
from drivers.magtek import tap_of_report
from drivers.port import Device
from drivers.reading import DEMO_CLUB
from drivers.setup import Setup
from station.card import Tap

NAME = "hid_stripe"
_MAGTEK = 0x0801
READERS = (
    HidId(_MAGTEK, 0x0002, vendor_page=True),
    # Readers that encrypt are listed too, so that the cashier hears why no card of theirs is taken.
    HidId(_MAGTEK, 0x0011, vendor_page=True),
)


class HidStripeDriver:
    """MagTek readers in HID mode. A device path is "hid_stripe:" and the system's own."""

    name = NAME
    title = "MagTek stripe readers in HID mode"

    def __init__(self, club: ClubProfile = DEMO_CLUB, ports: HidPorts | None = None) -> None:
        """Take the cards of ``club``."""
        self._club = club
        self._ports = ports or HidPorts(READERS)

    def set_up(self, setup: Setup) -> "HidStripeDriver":
        """Return this driver for the shop's cards."""
        return HidStripeDriver(setup.club, self._ports)

    def missing(self) -> str | None:
        """Return why hidapi cannot be used, or None."""
        return self._ports.missing()

    def find(self) -> Sequence[Device]:
        """Return the readers plugged in. Raises ``StationError`` READER_DRIVER_MISSING."""
        return self._ports.find(NAME)

    def open(self, device: Device) -> "HidStripeReader":
        """Listen to ``device``. Raises ``StationError`` READER_DRIVER_MISSING, READER_GONE or READER_FORBIDDEN."""
        return HidStripeReader(self._ports.open(NAME, device), device.path, self._club)


class HidStripeReader:
    """An open reader."""

    def __init__(self, line: HidLine, path: str, club: ClubProfile) -> None:
        """Listen to ``line``, which is closed with the reader."""
        self._line = line
        self._path = path
        self._club = club

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the next swipe's tap, or None; as ``CardReader.wait`` says.

        Raises ``StationError`` also as ``drivers.magtek.tap_of_report`` does.
        """
        report = self._line.receive(timeout_s)
        return tap_of_report(report, self._club, self._path) if report else None

    def close(self) -> None:
        """Let go of the device."""
        self._line.close()


DRIVER = HidStripeDriver()
