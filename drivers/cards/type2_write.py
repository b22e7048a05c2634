"""Which pages of an NTAG21x or Ultralight to write for an NDEF message, and whether they may be written.

NFC Forum Type 2 Tag 1.2; NXP NTAG213/215/216 data sheet, section 8.5 (lock bytes, capability container,
delivery content). Through PC/SC's READ BINARY and UPDATE BINARY (part 3, sections 3.2.2.1.8 and .9).
"""

from dataclasses import dataclass, field

from drivers.apdu import Command, Exchange
from drivers.cards.tag_plan import TagPlan
from drivers.cards.type2 import AREA_START, BLOCK_BYTES, PAGE_BYTES, area_size
from station.errors import ErrorCode, StationError

MOST_MESSAGE = 254
"""Bytes whose length fits the one-byte form of a TLV."""
_CAPABILITIES = slice(12, 16)
_STATIC_LOCKS = slice(10, 12)
_MAY_WRITE = 0x0F
_NULL, _LOCK_CONTROL, _MEMORY_CONTROL, _NDEF, _PROPRIETARY, _TERMINATOR = 0x00, 0x01, 0x02, 0x03, 0xFD, 0xFE
_CONTROL_BYTES = 3
_LONG_LENGTH = 0xFF
_FIRST_DYNAMIC_PAGE = 16
_DYNAMIC_LOCK_BYTES = 3
_DYNAMIC_LOCKS = {144: 0x28, 496: 0x82, 872: 0xE2}
"""Bytes of the data area → the page of the dynamic lock bytes: NTAG213 (and Ultralight C), 215, 216."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as read: its static lock bytes, and as much of its data area of ``size`` bytes as matters.

    ``start`` is where in the area the NDEF TLV stands or is to stand, ``held`` its message, None without one.
    """

    locks: bytes
    size: int
    area: bytes = field(repr=False)
    start: int
    held: bytes | None = field(repr=False)


def look(exchange: Exchange) -> Tag:
    """Return the tag that ``exchange`` talks to.

    Raises ``StationError``: CARD_NOT_WRITABLE when it is not laid out for NDEF, CARD_LOCKED when its
    capability container says that it may only be read, CARD_NOT_BLANK when something else than NDEF
    stands on it, CARD_UNREADABLE.
    """
    first = exchange(_read(0)).require_success()
    if len(first) != BLOCK_BYTES:
        raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(first))
    size = area_size(first[_CAPABILITIES])
    if not size:
        raise StationError(ErrorCode.CARD_NOT_WRITABLE)
    if first[_CAPABILITIES][3] & _MAY_WRITE:
        raise StationError(ErrorCode.CARD_LOCKED)
    area = _area(exchange, size)
    start, held = _ndef_place(area)
    return Tag(first[_STATIC_LOCKS], size, area, start, held)


def _area(exchange: Exchange, size: int) -> bytes:
    """Return the data area of ``size`` bytes, as far as a message of ours can reach."""
    area = b""
    while len(area) < min(size, 2 * BLOCK_BYTES + MOST_MESSAGE):
        area += exchange(_read((AREA_START + len(area)) // PAGE_BYTES)).require_success()
    return area[:size]


def plan(exchange: Exchange, tag: Tag, message: bytes) -> TagPlan:
    """Return how to write ``message`` to ``tag``, whose locks are looked at first.

    Raises ``StationError`` CARD_TOO_SMALL, CARD_LOCKED; ``ValueError`` for a message of more than 254 bytes.
    """
    if len(message) > MOST_MESSAGE:
        text = f"{len(message)} bytes are no message for a tag"
        raise ValueError(text)
    end = tag.start + 2 + len(message)
    if end > tag.size:
        raise StationError(ErrorCode.CARD_TOO_SMALL, needed=end, bytes=tag.size)
    final = _image(tag, bytes((_NDEF, len(message))) + message)
    emptied = _image(tag, bytes((_NDEF, 0)))
    heads = (tag.start // PAGE_BYTES, (tag.start + 1) // PAGE_BYTES)
    pages = range(heads[0], min(end, tag.size - 1) // PAGE_BYTES + 1)
    _refuse_locked(exchange, tag, [AREA_START // PAGE_BYTES + page for page in pages])
    first = [each for each in dict.fromkeys(reversed(heads)) if _page(emptied, each) != _page(tag.area, each)]
    body = [each for each in pages if each not in heads and _page(final, each) != _page(tag.area, each)]
    order = (*((each, emptied) for each in first), *((each, final) for each in body), (heads[1], final))
    return TagPlan(
        message, tuple(_update(each, image) for each, image in order), tuple(_update(each, tag.area) for each, _ in order),
        _update(heads[1], emptied), tag.held, lambda exchange: _area(exchange, tag.size) == tag.area)


def _image(tag: Tag, value: bytes) -> bytes:
    """Return the area with ``value`` at the place of the NDEF TLV, a terminator after it if there is room."""
    changed = tag.area[:tag.start] + value + bytes((_TERMINATOR,))
    whole = changed + bytes(-len(changed) % PAGE_BYTES)
    return (whole + tag.area[len(whole):])[:tag.size]


def _page(area: bytes, page: int) -> bytes:
    return area[page * PAGE_BYTES:(page + 1) * PAGE_BYTES]


def _update(page: int, area: bytes) -> Command:
    """Return the command that writes page ``page`` of the data area."""
    at = AREA_START // PAGE_BYTES + page
    return Command(0xFF, 0xD6, at >> 8, at & 0xFF, _page(area, page))


def _read(page: int) -> Command:
    return Command(0xFF, 0xB0, page >> 8, page & 0xFF, expected=BLOCK_BYTES)


def _ndef_place(area: bytes) -> tuple[int, bytes | None]:
    """Return where the NDEF TLV of ``area`` stands, or is to stand, and its message."""
    at = free = 0
    while at < len(area):
        kind = area[at]
        if kind == _NULL:
            at += 1
            continue
        if kind == _TERMINATOR:
            break
        length, value = _length(area, at + 1)
        if kind == _NDEF:
            if not length and area[value:].lstrip(b"\0").startswith(bytes((_PROPRIETARY,))):
                raise StationError(ErrorCode.CARD_NOT_BLANK)
            return at, area[value:value + length]
        if kind not in (_LOCK_CONTROL, _MEMORY_CONTROL) or length != _CONTROL_BYTES:
            raise StationError(ErrorCode.CARD_NOT_BLANK)
        at = free = value + length
    return free, None


def _length(area: bytes, at: int) -> tuple[int, int]:
    """Return the length that stands at ``at``, and where its value begins."""
    if area[at:at + 1] == bytes((_LONG_LENGTH,)):
        return int.from_bytes(area[at + 1:at + 3], "big"), at + 3
    return int.from_bytes(area[at:at + 1], "big"), at + 1


def _refuse_locked(exchange: Exchange, tag: Tag, pages: list[int]) -> None:
    """Raise ``StationError`` CARD_LOCKED when a lock bit forbids one of ``pages`` (numbers on the tag).

    Static: from bit 3 of the first byte on, a bit for each of pages 3 to 15. Of the dynamic ones it
    differs from chip to chip how many pages a bit stands for: any that is set is taken to forbid.
    """
    static = int.from_bytes(tag.locks, "little")
    if any(page < _FIRST_DYNAMIC_PAGE and static >> page & 1 for page in pages):
        raise StationError(ErrorCode.CARD_LOCKED)
    dynamic = _DYNAMIC_LOCKS.get(tag.size)
    if dynamic is not None and pages[-1] >= _FIRST_DYNAMIC_PAGE:
        answer = exchange(_read(dynamic))
        if answer.is_success and any(answer.data[:_DYNAMIC_LOCK_BYTES]):
            raise StationError(ErrorCode.CARD_LOCKED)
