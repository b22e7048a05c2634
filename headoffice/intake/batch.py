"""A batch before any database is asked: unpacked within bounds, its hash chain recomputed. Pure."""

import zlib
from dataclasses import dataclass

from headoffice.refusal import refuse
from station.journal import GENESIS, chain
from sync.wire import MOST_BATCH_BYTES, MOST_ENTRIES, BatchHead, split_entries

GZIP = 31


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as received: its place in the journal, its exact bytes, its hash in the chain."""

    seq: int
    raw: bytes
    hash: bytes


def inflate(body: bytes) -> bytes:
    """Return the gzip-compressed ``body`` (RFC 1952, one member) unpacked.

    Raises ``RefusalError``: 413 when it would grow beyond MOST_BATCH_BYTES (it is not unpacked
    further), 400 when it is not gzip, is cut short or is followed by something else.
    """
    unpacker = zlib.decompressobj(wbits=GZIP)
    try:
        data = unpacker.decompress(body, MOST_BATCH_BYTES + 1)
    except zlib.error:
        refuse("the body is not gzip")
    if len(data) > MOST_BATCH_BYTES:
        refuse(f"a batch has at most {MOST_BATCH_BYTES} bytes unpacked", 413)
    if not unpacker.eof or unpacker.unused_data:
        refuse("the gzip body is cut short or followed by something else")
    return data


def unpack(head: BatchHead, data: bytes) -> list[Link]:
    """Return the entries of ``data``, whose chain is exactly what ``head`` claims.

    Raises ``RefusalError`` INVALID when the count, the place or any hash does not agree.
    """
    try:
        raws = split_entries(data)
    except ValueError as fault:
        refuse(str(fault))
    if len(raws) > MOST_ENTRIES or len(raws) != head.last - head.first + 1:
        refuse(f"{len(raws)} entries sent as {head.first} to {head.last}, at most {MOST_ENTRIES}")
    last = bytes.fromhex(head.previous)
    if head.first == 1 and last != GENESIS:
        refuse("a journal begins after 32 zero bytes")
    links = []
    for seq, raw in enumerate(raws, head.first):
        last = chain(last, raw)
        links.append(Link(seq, raw, last))
    if last.hex() != head.head:
        refuse("the chain over the entries does not end with the hash of the head")
    return links
