"""The port every card reader fits: find devices, open one, wait for a tap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from station.card import Tap
from station.errors import ErrorCode

CARD_FAULTS = frozenset({
    ErrorCode.CARD_UNREADABLE, ErrorCode.CARD_SILENT, ErrorCode.CARD_NUMBER_RANDOM,
    ErrorCode.CARD_IS_BANK_CARD, ErrorCode.CARD_IS_PHONE, ErrorCode.CARD_NOT_OF_CLUB,
    ErrorCode.SWIPE_INCOMPLETE, ErrorCode.CARD_FORGED, ErrorCode.CARD_REPLAYED,
})
"""Faults of the one card just shown; every other fault is the reader's."""


@dataclass(frozen=True, slots=True)
class Device:
    """A reader that is plugged in: ``path`` names it for the machine ("pcsc:…"), ``title`` for people."""

    path: str
    title: str


class CardReader(Protocol):
    """An open reader. Used by one thread only."""

    def wait(self, timeout_s: float) -> Tap | None:
        """Return the next tap, or None when no new card came within about ``timeout_s`` seconds.

        A card that already lies there when the reader is opened counts as new; one that stays is
        returned once, and where head office can ask it a second time with what it proved. Raises ``StationError``: one of ``CARD_FAULTS`` when the card shown cannot
        be taken (it is then dealt with, and waiting goes on);
        READER_SERVICE_DOWN, READER_GONE, READER_BUSY or READER_FORBIDDEN when the reader cannot
        be used (it is then to be closed and opened again).
        """
        ...

    def close(self) -> None:
        """Let go of the device. Raises nothing, also when the device is gone."""
        ...


@runtime_checkable
class Driver(Protocol):
    """One family of readers. ``name`` is its short name for settings, ``title`` the one for people."""

    @property
    def name(self) -> str:
        """The short name, which also begins the paths of its devices."""
        ...

    @property
    def title(self) -> str:
        """The name for people, in English, as device names are."""
        ...

    def missing(self) -> str | None:
        """Return what has to be installed before the driver can be used, or None."""
        ...

    def find(self) -> Sequence[Device]:
        """Return the devices plugged in now, without opening any.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_SERVICE_DOWN or READER_FORBIDDEN.
        """
        ...

    def open(self, device: Device) -> CardReader:
        """Open ``device``.

        Raises ``StationError`` READER_DRIVER_MISSING, READER_SERVICE_DOWN, READER_GONE,
        READER_BUSY or READER_FORBIDDEN.
        """
        ...
