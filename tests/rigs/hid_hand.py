"""HID readers made of software, and a library that stands where hidapi does.

``HidLibrary`` has as much of hidapi 0.15 as is used and raises as it does: ``OSError`` without a number
for a device that is gone, also within a read. What a MagTek says is laid out by the table of its manual
(99875191, section 4); the MSR605X talks as its descriptions say (``drivers.readers.msr605x``).
"""

from collections import deque
from collections.abc import Mapping, Sequence
from threading import Condition

ESC = b"\x1b"
TRACK_BYTES = 110
REPORT_BYTES = 64
MAGTEK: Mapping[str, object] = {
    "vendor_id": 0x0801, "product_id": 0x0002, "usage_page": 0xFF00, "product_string": "USB Swipe Reader"}
ENCRYPTING = {**MAGTEK, "product_id": 0x0011}
INSERTION = {**MAGTEK, "product_id": 0x0003}
MSR605X: Mapping[str, object] = {
    "vendor_id": 0x0801, "product_id": 0x0003, "usage_page": 0x0001, "product_string": None}
MOUSE: Mapping[str, object] = {
    "vendor_id": 0x046D, "product_id": 0xC077, "usage_page": 0x0001, "product_string": "USB Optical Mouse"}


def magtek_report(*tracks: str, status: Sequence[int] = (0, 0, 0), left_over: int = 0) -> bytes:
    """Return the report of a swipe of these tracks, sentinels included; ``left_over`` fills what is undefined."""
    bodies = [each.encode() for each in (*tracks, "", "", "")[:3]]
    head = bytes((*status, *map(len, bodies), 0))
    return head + b"".join(body.ljust(TRACK_BYTES, bytes((left_over,))) for body in bodies)


class HidHand:
    """A device and the hand at it. Safe to use from any thread."""

    def __init__(self, path: str, listed: Mapping[str, object]) -> None:
        """Make a device that is plugged in."""
        self.path = path
        self.listed = listed
        self.heard: list[bytes] = []
        self._changed = Condition()
        self._plugged = True
        self._coming: deque[bytes] = deque()

    @property
    def plugged(self) -> bool:
        """Whether the device is plugged in."""
        return self._plugged

    @property
    def waiting(self) -> int:
        """How many reports nobody has read yet."""
        return len(self._coming)

    def send(self, *reports: bytes) -> None:
        """Let the device send these reports."""
        with self._changed:
            self._coming.extend(reports)
            self._changed.notify_all()

    def unplug(self) -> None:
        """Pull the plug; what has arrived is lost."""
        with self._changed:
            self._plugged = False
            self._coming.clear()
            self._changed.notify_all()

    def read(self, timeout_s: float) -> bytes:
        """Return the next report, none in time. Raises ``OSError`` once the device is unplugged."""
        with self._changed:
            self._changed.wait_for(lambda: self._coming or not self._plugged, timeout_s)
            if not self._plugged:
                message = "read error"
                raise OSError(message)
            return self._coming.popleft() if self._coming else b""

    def take(self, report: bytes) -> bool:
        """Take a feature report; False when the device is gone."""
        self.heard.append(report)
        return self._plugged


class Msr605xHand(HidHand):
    """An MSR605X: answers the test, reads when it is armed."""

    def __init__(self, path: str, listed: Mapping[str, object] = MSR605X) -> None:
        """Make a device that is plugged in and not armed."""
        super().__init__(path, listed)
        self.armed = False
        self.mute = False

    def take(self, report: bytes) -> bool:
        """Obey a command, which fits one report."""
        command = report[1:1 + (report[0] & 0x3F)]
        if report[0] & 0xC0 != 0xC0 or len(report) != REPORT_BYTES:
            return super().take(report)
        if command == ESC + b"e" and not self.mute:
            self.send(*framed(ESC + b"y"))
        if command in {ESC + b"a", ESC + b"r"}:
            self.armed = command == ESC + b"r"
        return super().take(report)

    def swipe(self, *tracks: str, upto: int | None = None) -> str:
        """Draw a card through: "read", or "missed" unarmed; only the first ``upto`` reports of the answer come."""
        if not self.armed:
            return "missed"
        self.armed = False
        bodies = [each.encode() for each in (*tracks, "", "", "")[:3]]
        answer = ESC + b"s" + b"".join(ESC + bytes((number,)) + body for number, body in enumerate(bodies, start=1))
        self.send(*framed(answer + b"?\x1c" + ESC + b"0")[:upto])
        return "read"


def framed(message: bytes) -> list[bytes]:
    """Return the reports that carry ``message``; what is undefined in the last is left over from before."""
    parts = [message[at:at + REPORT_BYTES - 1] for at in range(0, len(message), REPORT_BYTES - 1)]
    heads = [(0x80 if part is parts[0] else 0) | (0x40 if part is parts[-1] else 0) | len(part) for part in parts]
    return [(bytes((head,)) + part).ljust(REPORT_BYTES, b"9") for head, part in zip(heads, parts, strict=True)]


class HidLibrary:
    """hidapi, with these devices on the bus."""

    def __init__(self, *hands: HidHand) -> None:
        """Have ``hands`` on the bus."""
        self._hands = {hand.path: hand for hand in hands}

    def enumerate(self) -> list[dict[str, object]]:
        """Return what is plugged in."""
        return [{**hand.listed, "path": hand.path.encode()} for hand in self._hands.values() if hand.plugged]

    def device(self) -> "HidDevice":
        """Return a device that is not open."""
        return HidDevice(self._hands)


class HidDevice:
    """hidapi's ``device``."""

    def __init__(self, hands: dict[str, HidHand]) -> None:
        """Open one of ``hands`` later."""
        self._hands = hands
        self._hand: HidHand | None = None
        self._waits = True

    def open_path(self, path: bytes) -> None:
        """Open. Raises ``OSError``."""
        hand = self._hands.get(path.decode())
        if hand is None or not hand.plugged:
            message = "open failed"
            raise OSError(message)
        self._hand = hand

    def set_nonblocking(self, value: int) -> None:
        """Have reads without a time return at once."""
        self._waits = not value

    def read(self, most: int, timeout_ms: int = 0) -> list[int]:
        """Return the next report, cut off at ``most`` bytes."""
        if not timeout_ms and self._waits:
            message = "would wait for ever"
            raise AssertionError(message)
        return list(self._opened().read(timeout_ms / 1000)[:most])

    def send_feature_report(self, report: bytes) -> int:
        """Return how much was sent, -1 when that failed."""
        hand = self._opened()
        return len(report) if report[:1] == b"\0" and hand.take(report[1:]) else -1

    def close(self) -> None:
        """Let go."""
        self._hand = None

    def _opened(self) -> HidHand:
        if self._hand is None:
            message = "not open"
            raise ValueError(message)
        return self._hand
