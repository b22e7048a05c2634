"""What a printer would have put on paper: reads the ESC/POS the product sends, gives pictures.

Written from the Epson ESC/POS command reference, without the product's own encoder. Only the
commands the product uses are known; any other is a ``ValueError``, so nothing slips through unseen.
To look at a job: ``python -m tests.rigs.escpos_png 0001.bin receipt.png``.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drivers.printers.png import encode
from drivers.printers.port import Raster

DOTS_PER_FEED = 34
"""The usual line, a sixth of an inch at 203 dots per inch."""

# Name and number of parameter bytes by the two bytes a command begins with.
_SHORT = {
    b"\x1b@": ("init", 0), b"\x1bd": ("feed", 1), b"\x1bp": ("pulse", 3), b"\x1b=": ("select", 1),
    b"\x1bt": ("code page", 1), b"\x1da": ("automatic status", 1), b"\x1dr": ("status in turn", 1),
    b"\x10\x04": ("status at once", 1),
}
_RASTER_HEAD = 8
_CUT_AND_FEED = (65, 66)


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name here, its parameters, and the dots of a picture (1 is black)."""

    name: str
    numbers: tuple[int, ...] = ()
    dots: bytes = b""


def take(data: bytes, start: int) -> tuple[Command, int] | None:
    """Return the command at ``start`` and where it ends, or None when its end has not come yet.

    Raises ``ValueError`` for a command unknown here.
    """
    first, head = data[start:start + 1], data[start:start + 2]
    if first == b"\0" or b" " <= first <= b"~":
        return Command("text" if first[0] else "nothing", (first[0],)), start + 1
    if len(head) < len(b"\x1b@"):
        return None
    if head == b"\x1dv":
        return _picture(data, start)
    if head == b"\x1dV":
        return _cut(data, start)
    if head not in _SHORT:
        message = f"unknown command {head.hex()} at byte {start}"
        raise ValueError(message)
    name, count = _SHORT[head]
    end = start + len(head) + count
    return (Command(name, tuple(data[start + len(head):end])), end) if len(data) >= end else None


def _picture(data: bytes, start: int) -> tuple[Command, int] | None:
    """Read GS v 0 m xL xH yL yH and the dots."""
    head = data[start:start + _RASTER_HEAD]
    if len(head) < _RASTER_HEAD:
        return None
    if head[2:4] != b"0\0":
        message = f"a picture of another kind: {head.hex()}"
        raise ValueError(message)
    row_bytes, height = head[4] + head[5] * 256, head[6] + head[7] * 256
    begin, end = start + _RASTER_HEAD, start + _RASTER_HEAD + row_bytes * height
    return (Command("picture", (row_bytes, height), data[begin:end]), end) if len(data) >= end else None


def _cut(data: bytes, start: int) -> tuple[Command, int] | None:
    """Read GS V m, or GS V m n."""
    mode = data[start + 2:start + 3]
    end = start + (4 if mode and mode[0] in _CUT_AND_FEED else 3)
    return (Command("cut", tuple(data[start + 2:end])), end) if len(data) >= end else None


def commands(data: bytes) -> Iterator[Command]:
    """Yield the commands of ``data``. Raises ``ValueError`` for an unknown or unfinished one."""
    start = 0
    while start < len(data):
        taken = take(data, start)
        if taken is None:
            message = f"the command at byte {start} of {len(data)} is not finished"
            raise ValueError(message)
        command, start = taken
        yield command


def sheets(data: bytes) -> list[Raster]:
    """Return each piece of paper between cuts, feeds included, as wide as its widest picture."""
    done: list[Raster] = []
    stripes: list[tuple[int, bytes]] = []
    for command in commands(data):
        if command.name == "picture":
            stripes.append((command.numbers[0], command.dots))
        elif command.name == "feed":
            stripes.append((1, bytes(command.numbers[0] * DOTS_PER_FEED)))
        elif command.name == "cut":
            done.append(_sheet(stripes))
            stripes = []
    return done


def _sheet(stripes: list[tuple[int, bytes]]) -> Raster:
    widest = max(row_bytes for row_bytes, _ in stripes)
    rows = b"".join(
        dots[at:at + row_bytes].ljust(widest, b"\0")
        for row_bytes, dots in stripes for at in range(0, len(dots), row_bytes))
    return Raster(widest * 8, len(rows) // widest, rows)


def main() -> None:
    """Write the last sheet of a job as a PNG file."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("job", type=Path)
    parser.add_argument("png", type=Path)
    asked = parser.parse_args()
    asked.png.write_bytes(encode(sheets(asked.job.read_bytes())[-1]))


if __name__ == "__main__":
    main()
