"""The port every printer fits: it takes pictures, because shaped Persian text is beyond printers."""

from dataclasses import dataclass, field
from typing import Protocol

BITS_PER_BYTE = 8


@dataclass(frozen=True, slots=True)
class Raster:
    """A black-and-white picture of ``width`` × ``height`` dots.

    ``rows`` holds the lines from the top, one bit per dot, most significant bit leftmost, 1 is
    black, each line padded to whole bytes.
    """

    width: int
    height: int
    rows: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when a side is not positive or ``rows`` has another length."""
        if self.width <= 0 or self.height <= 0 or len(self.rows) != self.row_bytes * self.height:
            message = f"{len(self.rows)} bytes are no raster of {self.width} × {self.height} dots"
            raise ValueError(message)

    @property
    def row_bytes(self) -> int:
        """Bytes per line."""
        return -(-self.width // BITS_PER_BYTE)


class Printer(Protocol):
    """One printer. ``name`` names it for people."""

    @property
    def name(self) -> str:
        """The name for people."""
        ...

    def print(self, raster: Raster, job: str) -> None:
        """Print ``raster`` as ``job``; when it returns, the paper (or the file) is there.

        Raises ``StationError`` PRINTER_UNAVAILABLE, PRINTER_OFFLINE, PRINTER_PAPER_OUT or
        PRINTER_COVER_OPEN; with ``begun`` in its detail something may be on paper already.
        """
        ...
