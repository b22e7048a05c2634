"""MSR605X stripe reader-encoders (USB HID): the MSR605's dialogue in reports of 64 bytes.

The first byte of a report is bit 7 for the first of a message, bit 6 for the last, and the number of
bytes that follow in it; the rest is undefined. Commands go as feature reports, answers come as input
reports. The maker has published none of it: sources are two independent descriptions of what its own
program sends (camconn/hidmsr; the msr605x library in Python, of which several public copies exist). Has
never met hardware. Nothing that writes or erases is ever sent from here.
"""

from collections.abc import Iterator, Sequence

from drivers.club_profile import ClubProfile
from drivers.hid_line import HidId, HidLine, HidPorts
from drivers.port import Device
from drivers.readers.msr605 import ANSWER_LIMIT_S, CHECK_S, Msr605Reader
from drivers.reading import DEMO_CLUB
from drivers.setup import Setup
from drivers.tracks import wipe

NAME = "msr605x"
READERS = (HidId(0x0801, 0x0003, vendor_page=False),)
"""The numbers are another maker's, MagTek's, whose own device of this number has a usage page of its own."""
REPORT_BYTES = 64
_MOST = REPORT_BYTES - 1
_FIRST, _LAST, _LENGTH = 0x80, 0x40, 0x3F


class Msr605xDriver:
    """MSR605X devices. A device path is "msr605x:" and the system's own."""

    name = NAME
    title = "MSR605X reader-encoders"

    def __init__(
        self, club: ClubProfile = DEMO_CLUB, ports: HidPorts | None = None,
        answer_limit_s: float = ANSWER_LIMIT_S, check_s: float = CHECK_S,
    ) -> None:
        """Take the cards of ``club``; the times are those of ``Msr605Driver``."""
        self._club = club
        self._ports = ports or HidPorts(READERS)
        self._answer_limit_s = answer_limit_s
        self._check_s = check_s

    def set_up(self, setup: Setup) -> "Msr605xDriver":
        """Return this driver for the shop's cards."""
        return Msr605xDriver(setup.club, self._ports, self._answer_limit_s, self._check_s)

    def missing(self) -> str | None:
        """Return why hidapi cannot be used, or None."""
        return self._ports.missing()

    def find(self) -> Sequence[Device]:
        """Return the devices plugged in. Raises ``StationError`` READER_DRIVER_MISSING."""
        return self._ports.find(NAME)

    def open(self, device: Device) -> Msr605Reader:
        """Reset, test and arm ``device``.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_FORBIDDEN or READER_GONE, which a device
        that does not answer the test is too.
        """
        line = MsrReports(self._ports.open(NAME, device))
        return Msr605Reader(line, device.path, self._club, self._answer_limit_s, self._check_s)


class MsrReports:
    """The bytes of the dialogue, out of reports and into them; stands where a serial line does."""

    def __init__(self, line: HidLine) -> None:
        """Speak over ``line``, which is closed with this."""
        self._line = line
        self._begun = False

    def receive(self, timeout_s: float) -> bytes:
        """Return what the next report carries, waiting up to ``timeout_s`` seconds for one.

        The rest of a message whose beginning was not heard carries nothing.
        """
        report = self._line.receive(timeout_s)
        carried = carried_by(report, begun=self._begun)
        if report:
            self._begun = not report[0] & _LAST and (self._begun or bool(report[0] & _FIRST))
        wipe(report)
        return carried

    def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        for report in reports_of(data):
            self._line.send_feature(report)

    def drop_input(self) -> None:
        """Forget what has arrived and was not received."""
        while report := self._line.receive(0):
            wipe(report)
        self._begun = False

    def close(self) -> None:
        """Let go of the device."""
        self._line.close()


def carried_by(report: bytes | bytearray, *, begun: bool) -> bytes:
    """Return the bytes of a message in ``report``; ``begun``: its first report has come before."""
    if not report or not (begun or report[0] & _FIRST):
        return b""
    return bytes(report[1:1 + (report[0] & _LENGTH)])


def reports_of(message: bytes) -> Iterator[bytes]:
    """Yield the reports that carry ``message``."""
    for start in range(0, len(message), _MOST):
        part = message[start:start + _MOST]
        flags = (_FIRST if not start else 0) | (_LAST if start + _MOST >= len(message) else 0)
        yield (bytes((flags | len(part),)) + part).ljust(REPORT_BYTES, b"\0")


DRIVER = Msr605xDriver()
