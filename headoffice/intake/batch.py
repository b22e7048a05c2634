"""A batch before any database is asked: unpacked within bounds, its hash chain recomputed. Pure."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import zstandard

from headoffice.refusal import refuse
from station.journal import GENESIS, Personal, branch_name, chain
from sync.wire import MOST_BATCH_BYTES, MOST_ENTRIES, BatchHead, split_entries, with_personal

_GZIP = 31


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as received: its place in the journal, its exact bytes, its hash in the chain, what it keeps of people."""

    seq: int
    raw: bytes
    hash: bytes
    personal: Personal | None = None


def inflate(body: bytes, encoding: str) -> bytes:
    """Return ``body`` unpacked; ``encoding`` is "zstd" (RFC 8878, one frame) or "gzip" (RFC 1952, one member).

    Raises ``RefusalError``: 415 on any other encoding, 413 when it says or shows that it would grow
    beyond MOST_BATCH_BYTES (it is not unpacked further), 400 when it is not of its encoding, is cut
    short or is followed by something else.
    """
    unpack_it = _UNPACKERS.get(encoding)
    if unpack_it is None:
        refuse(f"a batch is packed with {' or '.join(_UNPACKERS)}", 415)
    return unpack_it(body)


def _from_zstd(body: bytes) -> bytes:
    try:
        said = zstandard.get_frame_parameters(body).content_size
        if said != zstandard.CONTENTSIZE_UNKNOWN and said > MOST_BATCH_BYTES:
            refuse(f"a batch has at most {MOST_BATCH_BYTES} bytes unpacked", 413)
        return zstandard.ZstdDecompressor().decompress(
            body, max_output_size=MOST_BATCH_BYTES, allow_extra_data=False)
    except zstandard.ZstdError:
        refuse(f"the body is not one frame of zstd that unpacks to at most {MOST_BATCH_BYTES} bytes")


def _from_gzip(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=_GZIP)
    try:
        data = unpacker.decompress(body, MOST_BATCH_BYTES + 1)
    except zlib.error:
        refuse("the body is not gzip")
    if len(data) > MOST_BATCH_BYTES:
        refuse(f"a batch has at most {MOST_BATCH_BYTES} bytes unpacked", 413)
    if not unpacker.eof or unpacker.unused_data:
        refuse("the gzip body is cut short or followed by something else")
    return data


_UNPACKERS: Mapping[str, Callable[[bytes], bytes]] = {"zstd": _from_zstd, "gzip": _from_gzip}


def unpack(head: BatchHead, data: bytes) -> list[Link]:
    """Return the entries of ``data``, whose chain is exactly what ``head`` claims.

    Raises ``RefusalError`` INVALID when the count, the place, any hash or the name of a branch does not agree.
    """
    try:
        entries = with_personal(split_entries(data))
    except ValueError as fault:
        refuse(str(fault))
    if len(entries) > MOST_ENTRIES or len(entries) != head.last - head.first + 1:
        refuse(f"{len(entries)} entries sent as {head.first} to {head.last}, at most {MOST_ENTRIES}")
    if head.first <= head.base:
        refuse(f"what comes after entry {head.base} does not begin with entry {head.first}")
    last = bytes.fromhex(head.previous)
    if head.first == 1 and last != GENESIS:
        refuse("a journal begins after 32 zero bytes")
    links = []
    for seq, (raw, personal) in enumerate(entries, head.first):
        last = chain(last, raw)
        links.append(Link(seq, raw, last, personal))
    if last.hex() != head.head:
        refuse("the chain over the entries does not end with the hash of the head")
    if head.of and head.first == head.base + 1 and head.incarnation != branch_name(head.of, links[0].hash):
        refuse("a branch is named after the journal it is of and its first entry")
    return links
