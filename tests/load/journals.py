"""Many stations' journals out of one: every station sold the same, under its own name and with sales of its own.

The entries are made once. For each station the name, the journal and the ids of the sales in them are
put in by splicing bytes; the chain over the result is the station's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import zstandard

from station.journal import ENTRY_VERSION, GENESIS, Draft, Entry, EntryKind, Opened, chain
from station.people import SYSTEM
from station.sale import Sale
from sync.batches import ENTRY_BYTES
from sync.client import ZSTD_LEVEL
from sync.wire import BatchHead, join_entries
from tests.fakes import NOON

_TAIL = 12  # hexadecimal digits at the end of a UUIDv7, all chance


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of an entry after its place in a journal, and the id of the sale in it, b"" for none."""

    rest: bytes
    sale: bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """A batch ready to be sent: what it claims, its body packed, how many sales are in it."""

    head: BatchHead
    body: bytes
    sales: int


def parts(drafts: Sequence[Draft]) -> list[Part]:
    """Return the entries of a journal that opens and goes on with ``drafts``."""
    opened = Draft(EntryKind.OPENED, NOON, SYSTEM, Opened("load"))
    return [_part(draft) for draft in (opened, *drafts)]


def _part(draft: Draft) -> Part:
    raw = msgspec.json.encode(Entry(
        ENTRY_VERSION, "", "", 0, draft.kind, draft.at, draft.actor, draft.approver, draft.body))
    _, middle, rest = raw.partition(b',"seq":0,')
    assert middle
    return Part(rest, draft.body.sale_id.encode() if isinstance(draft.body, Sale) else b"")


def raws(made: Sequence[Part], station: str, incarnation: str) -> Iterator[bytes]:
    """Yield the entries as ``station`` wrote them."""
    mask = int(incarnation[:_TAIL], 16)
    for seq, part in enumerate(made, 1):
        rest = part.rest
        if part.sale:
            tail = int(part.sale[-_TAIL:], 16) ^ mask
            rest = rest.replace(part.sale, part.sale[:-_TAIL] + f"{tail:0{_TAIL}x}".encode())
        yield f'{{"version":{ENTRY_VERSION},"station":"{station}","incarnation":"{incarnation}","seq":{seq},'.encode() + rest


def packed(made: Sequence[Part], station: str, incarnation: str, entries: int) -> list[Packed]:
    """Return all of the journal in batches of at most so many ``entries``, and as many bytes as a station allows them."""
    batches: list[Packed] = []
    held: list[bytes] = []
    first, sales, size = 1, 0, 0
    previous = last = GENESIS
    for part, raw in zip(made, raws(made, station, incarnation), strict=True):
        if held and (len(held) == entries or size + len(raw) > entries * ENTRY_BYTES):
            batches.append(_batch(incarnation, first, held, (previous, last), sales))
            first, held, sales, size, previous = first + len(held), [], 0, 0, last
        held.append(raw)
        size += len(raw)
        sales += bool(part.sale)
        last = chain(last, raw)
    return [*batches, _batch(incarnation, first, held, (previous, last), sales)]


def _batch(incarnation: str, first: int, held: Sequence[bytes], ends: tuple[bytes, bytes], sales: int) -> Packed:
    head = BatchHead(
        incarnation=incarnation, first=first, last=first + len(held) - 1, previous=ends[0].hex(), head=ends[1].hex())
    return Packed(head, zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(join_entries(held)), sales)
