"""The font of the few symbols that Vazirmatn lacks: drawn here, in memory, as TrueType.

Without it these keys and marks would come from whatever font a machine has, or not at all. The format is
Microsoft's "OpenType specification" 1.9, tables with TrueType outlines; lengths are in units of 1 000 to the
em, y upwards.
"""

import math
import struct

FAMILY = "Card Station Symbols"
EM, ASCENT, DESCENT = 1000, 800, 200
WEIGHT, PEN = 500, 70
_CHECKSUM = 0xB1B0AFBA
_LONG_OFFSETS = 1
_ON_CURVE = 1
Point = tuple[int, int, bool]
Contour = list[Point]


def _polygon(*points: tuple[int, int]) -> Contour:
    return [(x, y, True) for x, y in points]


def _disc(x: int, y: int, radius: int) -> Contour:
    """Return a circle of eight quadratic arcs, clockwise."""
    outer = radius / math.cos(math.pi / 8)
    points = []
    for eighth in range(16):
        angle, on_curve = -eighth * math.pi / 8, eighth % 2 == 0
        reach = radius if on_curve else outer
        points.append((round(x + reach * math.cos(angle)), round(y + reach * math.sin(angle)), on_curve))
    return points


def _upside_down(contours: list[Contour], height: int) -> list[Contour]:
    return [[(x, height - y, on) for x, y, on in reversed(each)] for each in contours]


def _bar(x: int, y: int, reach: int, slope: int) -> Contour:
    """Return a diagonal bar about a centre; ``slope`` 1 rises to the right, -1 falls."""
    half = PEN // 2
    points = ((-reach - half, -reach + half), (reach - half, reach + half), (reach + half, reach - half),
              (-reach + half, -reach - half))
    turned = [(x + right, y + slope * up) for right, up in points]
    return _polygon(*(turned if slope == 1 else reversed(turned)))


_UP = [_polygon((275, 0), (275, 500), (345, 500), (345, 0)), _polygon((110, 420), (310, 700), (510, 420))]
_RISE = [_polygon((60, 20), (360, 620), (660, 20))]
_ERASE = [
    _polygon((60, 350), (390, 715), (1310, 715), (1310, -15), (390, -15)),
    _polygon((165, 350), (425, 60), (1235, 60), (1235, 640), (425, 640)), _bar(830, 350, 145, 1), _bar(830, 350, 145, -1)]
_RETURN = [_polygon((940, 225), (940, 715), (1015, 715), (1015, 225)),
           _polygon((270, 225), (270, 300), (1015, 300), (1015, 225)), _polygon((80, 262), (330, 470), (330, 54))]
GLYPHS: dict[str, tuple[int, list[Contour]]] = {
    "\u2191": (620, _UP), "\u2193": (620, _upside_down(_UP, 700)), "\u232b": (1370, _ERASE), "\u23ce": (1100, _RETURN),
    "\u25b2": (720, _RISE), "\u25bc": (720, _upside_down(_RISE, 640)), "\u25cf": (700, [_disc(350, 340, 270)])}
"""Each symbol's width and outline, in the order of their code points."""


def build() -> bytes:
    """Return the font as a file has it."""
    outlines = [b"", *(_outline(contours) for _, contours in GLYPHS.values())]
    widths = [EM // 2, *(width for width, _ in GLYPHS.values())]
    offsets = [sum(map(len, outlines[:place])) for place in range(len(outlines) + 1)]
    tables = {
        b"OS/2": _os2(), b"cmap": _cmap(), b"glyf": b"".join(outlines), b"head": _head(),
        b"hhea": struct.pack(">HHhhhHhhhhhh8xhH", 1, 0, ASCENT, -DESCENT, 0, max(widths), 0, 0, max(widths), 1, 0, 0, 0, len(widths)),
        b"hmtx": b"".join(struct.pack(">Hh", width, 0) for width in widths),
        b"loca": struct.pack(f">{len(offsets)}I", *offsets),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, len(widths), 64, 8, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": _name(), b"post": struct.pack(">IIhhIIIII", 0x30000, 0, -100, 50, 0, 0, 0, 0, 0)}
    return _file(tables)


def _outline(contours: list[Contour]) -> bytes:
    points = [point for contour in contours for point in contour]
    box = (min(x for x, _, _ in points), min(y for _, y, _ in points), max(x for x, _, _ in points), max(y for _, y, _ in points))
    ends = [sum(len(each) for each in contours[:place + 1]) - 1 for place in range(len(contours))]
    steps = [(x - left, y - low) for (x, y, _), (left, low, _) in zip(points, [(0, 0, True), *points], strict=False)]
    raw = struct.pack(f">hhhhh{len(ends)}HH", len(contours), *box, *ends, 0)
    raw += bytes(_ON_CURVE if on else 0 for _, _, on in points)
    raw += struct.pack(f">{len(steps)}h", *(x for x, _ in steps)) + struct.pack(f">{len(steps)}h", *(y for _, y in steps))
    return raw + bytes(-len(raw) % 4)


def _cmap() -> bytes:
    """One segment for each symbol, and the one that ends the table (format 4)."""
    codes = [*map(ord, GLYPHS), 0xFFFF]
    count = len(codes)
    power = 2 ** int(math.log2(count))
    deltas = [(place + 1 - code) % 65536 for place, code in enumerate(codes[:-1])] + [1]
    body = struct.pack(
        f">HHHH{count}HH{count}H{count}H{count}H", 2 * count, 2 * power, int(math.log2(power)), 2 * (count - power),
        *codes, 0, *codes, *deltas, *([0] * count))
    table = struct.pack(">HHH", 4, len(body) + 6, 0) + body
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table


def _name() -> bytes:
    texts = {1: FAMILY, 2: "Regular", 4: FAMILY, 6: FAMILY.replace(" ", "")}
    records, strings = b"", b""
    for number, text in texts.items():
        raw = text.encode("utf-16-be")
        records += struct.pack(">HHHHHH", 3, 1, 0x409, number, len(raw), len(strings))
        strings += raw
    return struct.pack(">HHH", 0, len(texts), 6 + len(records)) + records + strings


def _head() -> bytes:
    return struct.pack(">IIIIHHQQhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0b11, EM, 0, 0, 0, -DESCENT, 1370, ASCENT, 0, 8, 2,
                       _LONG_OFFSETS, 0)


def _os2() -> bytes:
    codes = sorted(map(ord, GLYPHS))
    return struct.pack(
        ">HhHHHhhhhhhhhhhh10sIIII4sHHHhhhHH", 1, 700, WEIGHT, 5, 0, 500, 500, 0, 100, 500, 500, 0, 400, 50, 300, 0, bytes(10),
        0, 0, 0, 0, b"none", 0x40, codes[0], codes[-1], ASCENT, -DESCENT, 0, ASCENT, DESCENT) + bytes(8)


def _file(tables: dict[bytes, bytes]) -> bytes:
    power = 2 ** int(math.log2(len(tables)))
    directory = struct.pack(
        ">IHHHH", 0x10000, len(tables), 16 * power, int(math.log2(power)), 16 * (len(tables) - power))
    offset, body = 12 + 16 * len(tables), b""
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag, _sum(table), offset + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    raw = directory + body
    head = raw.index(struct.pack(">II", 0, 0x5F0F3CF5))
    return raw[:head] + struct.pack(">I", (_CHECKSUM - _sum(raw)) % 2**32) + raw[head + 4:]


def _sum(table: bytes) -> int:
    padded = table + bytes(-len(table) % 4)
    return int(sum(struct.unpack(f">{len(padded) // 4}I", padded)) % 2**32)
