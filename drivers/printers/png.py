"""Black-and-white PNG files (W3C Portable Network Graphics Specification, third edition)."""

import struct
import zlib

from drivers.printers.port import Raster

SIGNATURE = b"\x89PNG\r\n\x1a\n"
BIT_DEPTH = 1
GREYSCALE = 0
NO_FILTER = b"\0"
# PNG's 1 is white where a raster's 1 is black.
_INVERTED = bytes(255 - value for value in range(256))


def encode(raster: Raster) -> bytes:
    """Return ``raster`` as a PNG file of one bit per pixel."""
    dots, step = raster.rows.translate(_INVERTED), raster.row_bytes
    lines = b"".join(NO_FILTER + dots[start:start + step] for start in range(0, len(dots), step))
    header = struct.pack(">IIBBBBB", raster.width, raster.height, BIT_DEPTH, GREYSCALE, 0, 0, 0)
    return (SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines))
            + _chunk(b"IEND", b""))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
