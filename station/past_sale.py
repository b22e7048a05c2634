"""Sales of days gone by as they are looked for at the counter. Values only."""

import re
from dataclasses import dataclass

from station.journal import Position
from station.shift_rows import SaleRow
from station.span import Span

MOST_SEQ_DIGITS = 12
_RECEIPT = re.compile(r"(?P<station>[A-Za-z0-9._-]{1,24})-(?P<seq>[0-9]{6,12})-(?P<incarnation>[0-9A-F]{4})", re.ASCII)
_SHORT = re.compile(rf"(?P<seq>[0-9]{{1,{MOST_SEQ_DIGITS}}})(?:-(?P<incarnation>[0-9A-F]{{4}}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReceiptName:
    """What is printed on a receipt (``station.journal.receipt_number``), taken apart.

    ``station`` and ``incarnation`` (its first 4 digits, capital) are "" where only a part was typed.
    """

    seq: int
    station: str = ""
    incarnation: str = ""


def read_receipt(text: str) -> ReceiptName | None:
    """Return the receipt whose whole number ``text`` is, in ASCII digits, or None."""
    found = _RECEIPT.fullmatch(text.strip().upper())
    return ReceiptName(int(found["seq"]), found["station"], found["incarnation"]) if found else None


def read_typed_receipt(text: str) -> ReceiptName | None:
    """Return the receipt that was typed, of which the middle number is enough, or None."""
    found = _SHORT.fullmatch(text.strip().upper())
    return ReceiptName(int(found["seq"]), "", found["incarnation"] or "") if found else read_receipt(text)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sales are looked for: all that is given must be right.

    ``total`` in minor units; ``good`` is a barcode, or words of a name.
    """

    span: Span
    total: int | None = None
    member_id: str = ""
    good: str = ""


@dataclass(frozen=True, slots=True)
class PastSale:
    """A sale that was found: its ``row``, the ``name`` of its entry, and the money that went back of it."""

    row: SaleRow
    name: Position
    returned: int
