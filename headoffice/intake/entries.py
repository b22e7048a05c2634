"""Reading one journal entry: strictly, or not at all. Pure."""

import uuid
from dataclasses import dataclass
from datetime import date

import msgspec

from station.clock import MINUTES_PER_DAY
from station.journal import ENTRY_TYPES, ENTRY_VERSION, Body, Entry, EntryKind
from station.sale import Sale

# Beyond any sum a shop can have or microsecond a clock can show, and far inside 64 bits.
MOST_FIGURE = 10**16
MOST_POINTS_ENTRIES = 100
MOST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry was found: its name for ever."""

    station: str
    incarnation: str
    seq: int


class _Label(msgspec.Struct, frozen=True):
    """What must be known of an entry before its body can be read."""

    version: int
    kind: EntryKind


def read_entry(raw: bytes, place: Place) -> Entry[Body]:
    """Return the entry stored as ``raw``, found at ``place``.

    Raises ``ValueError`` with the reason it cannot be posted: it is not the JSON of a version and
    kind known here, it names another place than its own, or it holds figures no shop can have.
    """
    try:
        label = msgspec.json.decode(raw, type=_Label)
        if label.version != ENTRY_VERSION:
            message = f"version {label.version} is not known here"
            raise ValueError(message)
        entry: Entry[Body] = msgspec.json.decode(raw, type=ENTRY_TYPES[label.kind])
    except RecursionError as fault:
        message = "the entry is nested too deep"
        raise ValueError(message) from fault
    if (entry.station, entry.incarnation, entry.seq) != (place.station, place.incarnation, place.seq):
        message = "the entry names another place than its own"
        raise ValueError(message)
    if isinstance(entry.body, Sale):
        _check_sale(entry, entry.body)
    return entry


def _check_sale(entry: Entry[Body], sale: Sale) -> None:
    """Refuse what could not be stored or summed; what is merely wrong is the audit's affair."""
    priced = sale.priced
    if not 0 <= entry.at.utc_us <= MOST_FIGURE or abs(entry.at.offset) > MINUTES_PER_DAY:
        message = "the moment is out of all bounds"
        raise ValueError(message)
    figures = (
        sale.shift, sale.change, sale.basket.pack, priced.listed, priced.discount, priced.total, priced.tax,
        priced.points, *(each.points for each in sale.points),
        *(line.product.price for line in sale.basket.lines), *(tender.amount for tender in sale.tenders))
    if max(map(abs, figures)) > MOST_FIGURE:
        message = "a figure is out of all bounds"
        raise ValueError(message)
    member = sale.basket.member
    texts = (
        entry.actor.person, sale.basket.shop, member.member_id if member else "",
        *(text for each in sale.points for text in (each.key, each.member_id, each.rule)))
    if max(map(len, texts)) > MOST_TEXT:
        message = f"a name or id is longer than {MOST_TEXT} characters"
        raise ValueError(message)
    if len(sale.points) > MOST_POINTS_ENTRIES:
        message = f"{len(sale.points)} points entries in one sale"
        raise ValueError(message)
    if str(uuid.UUID(sale.sale_id)) != sale.sale_id:
        message = "the sale id is not a UUID in its usual form"
        raise ValueError(message)
    if date.fromisoformat(sale.business_date).isoformat() != sale.business_date:
        message = "the business date is not YYYY-MM-DD"
        raise ValueError(message)
