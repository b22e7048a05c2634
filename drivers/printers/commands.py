"""What is said to printer, drawer and display: ESC/POS as python-escpos writes it."""

import shutil
from functools import cache
from typing import Any

from drivers.printers.port import BITS_PER_BYTE, Raster

PROFILE = "TM-T20II"
"""A printer of ``WIDEST`` dots with a cutter. The library's default profile complains about every picture."""

WIDEST = 576
LINES_PER_STRIPE = 64
RESET = b"\x1b@\x1da\0"
"""Forget all modes; send no status unasked (ESC @, GS a 0)."""

FINISH = bytes(WIDEST // BITS_PER_BYTE * LINES_PER_STRIPE)
"""Ends the stripe of an earlier receipt that may hang unfinished in the printer.

A printer that lost its sender inside a stripe takes the next bytes for dots, commands too. To any
other printer zero bytes mean nothing.
"""


@cache
def load() -> Any:
    """Return the library's printer that keeps what it is told.

    Loading takes about a second, so the thread that prints does it before the first receipt.
    """
    from escpos import capabilities
    from escpos.printer import Dummy

    # The library makes a folder for its cache at every start and leaves it behind.
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return Dummy


def picture(raster: Raster) -> bytes:
    """Return what prints ``raster`` and cuts the paper (GS v 0 in stripes of 64 lines, ESC d, GS V).

    Raises ``escpos.exceptions.ImageWidthError`` when it is wider than 576 dots.
    """
    from PIL import Image

    printer = load()(PROFILE)
    image = Image.frombytes("1", (raster.width, raster.height), raster.rows, "raw", "1;I")
    printer.image(image, impl="bitImageRaster", fragment_height=LINES_PER_STRIPE)
    printer.cut()
    return bytes(printer.output)


def pulse(pin: int) -> bytes:
    """Return the pulse to pin 2 or 5 of the drawer's connector (ESC p, 100 ms on, 100 ms off)."""
    printer = load()(PROFILE)
    printer.cashdraw(pin)
    return bytes(printer.output)


def display(text: str) -> bytes:
    """Return what clears the line display and shows ``text``, then selects the printer (ESC =)."""
    printer = load()(PROFILE)
    printer.linedisplay(text)
    return bytes(printer.output)
