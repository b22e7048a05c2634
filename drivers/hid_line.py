"""USB readers of the HID class: which are plugged in, and one of them held open, by way of hidapi (an extra).

On Linux hidapi's module for hidraw is used: it hands out a report as the device sent it, and needs no
more than the right to read and write its file. The other one would part long reports and push the
kernel's driver aside.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from drivers.port import Device
from station.errors import ErrorCode, StationError

LIBRARY = "hidapi"
VENDOR_PAGES = 0xFF00
"""The first usage page that makers give meaning to themselves."""
LONGEST_REPORT = 1024
_UNNUMBERED = b"\0"
"""Stands before what is sent to a device whose reports have no number."""


def hidapi() -> Any:
    """Return hidapi's module for this system. Raises ``ImportError``."""
    return import_module("hidraw" if sys.platform.startswith("linux") else "hid")


@dataclass(frozen=True, slots=True)
class HidId:
    """A kind of reader by its USB numbers, and whether its usage page is its maker's own.

    Systems that do not tell usage pages say 0.
    """

    vendor: int
    product: int
    vendor_page: bool

    def is_of(self, listed: dict[str, Any]) -> bool:
        """Tell whether a ``listed`` device is of this kind."""
        page = int(listed["usage_page"])
        same = (listed["vendor_id"], listed["product_id"]) == (self.vendor, self.product)
        return same and (not page or (page >= VENDOR_PAGES) is self.vendor_page)


@dataclass(frozen=True, slots=True)
class HidPorts:
    """The devices of one driver: those of the kinds ``ids``."""

    ids: Sequence[HidId]
    load: Callable[[], Any] = hidapi

    def missing(self) -> str | None:
        """Return why hidapi cannot be used, or None."""
        try:
            self.load()
        except ImportError as fault:
            return f"{LIBRARY} ({fault})"
        return None

    def find(self, name: str) -> tuple[Device, ...]:
        """Return these devices as those of the driver ``name``; none is opened.

        Raises ``StationError`` READER_DRIVER_MISSING.
        """
        listed = self._library().enumerate()
        paths = {os.fsdecode(each["path"]): each["product_string"] or "" for each in listed if self._is_ours(each)}
        return tuple(
            Device(f"{name}:{path}", f"{product} ({path})" if product else path) for path, product in paths.items())

    def open(self, name: str, device: Device) -> "HidLine":
        """Open ``device``. Raises ``StationError`` READER_DRIVER_MISSING, READER_GONE or READER_FORBIDDEN."""
        path = device.path.removeprefix(f"{name}:")
        opened = self._library().device()
        try:
            opened.open_path(os.fsencode(path))
            # Else a read that is to wait for nothing waits for ever.
            opened.set_nonblocking(1)
        except OSError as fault:
            # hidapi does not say why it could not open.
            denied = Path(path).exists() and not os.access(path, os.R_OK | os.W_OK)
            raise StationError(ErrorCode.READER_FORBIDDEN if denied else ErrorCode.READER_GONE) from fault
        return HidLine(opened)

    def _is_ours(self, listed: dict[str, Any]) -> bool:
        return any(kind.is_of(listed) for kind in self.ids)

    def _library(self) -> Any:
        try:
            return self.load()
        except ImportError as fault:
            raise StationError(ErrorCode.READER_DRIVER_MISSING, library=LIBRARY) from fault


class HidLine:
    """An open device. Every method but ``close`` raises ``StationError`` READER_GONE once it is unplugged."""

    def __init__(self, device: Any) -> None:
        """Take over hidapi's open ``device``."""
        self._device = device

    def receive(self, timeout_s: float) -> bytearray:
        """Return the next report; none when ``timeout_s`` seconds did not bring one."""
        with _as_station_errors():
            return bytearray(self._device.read(LONGEST_REPORT, round(timeout_s * 1000)))

    def send_feature(self, report: bytes) -> None:
        """Send a feature ``report`` without a number."""
        with _as_station_errors():
            if self._device.send_feature_report(_UNNUMBERED + report) < 0:
                raise StationError(ErrorCode.READER_GONE)

    def close(self) -> None:
        """Let go of the device."""
        with suppress(OSError, ValueError):
            self._device.close()


@contextmanager
def _as_station_errors() -> Iterator[None]:
    try:
        yield
    # hidapi raises ``OSError`` without a number, and ``ValueError`` for a device that is closed.
    except (OSError, ValueError) as fault:
        raise StationError(ErrorCode.READER_GONE) from fault
