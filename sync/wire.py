"""Messages between station and head office, protocol version 1: strict, typed, versioned.

Journal entries travel as the bytes they are stored as, one per line (NDJSON), compressed, each with
what it keeps of people in the line after it; everything else is JSON of the structs here, in ``wire_feeds`` (what comes down), ``wire_trust``
(who is who) and ``wire_spending`` (leases, reservations). An unknown field, a missing one or a
wrong type is refused with its path. All paths start with ``API``.
"""

import base64
import binascii
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, NewType

import msgspec

from station.journal import Personal, Stored
from station.protection import Protection

PROTOCOL = 1
API = "/api/v1"
HELLO_PATH = f"{API}/hello"
JOURNAL_PATH = f"{API}/journal"
HASH_PATH = f"{API}/journal/hash"
JSON_TYPE = "application/json"
ENTRIES_TYPE = "application/vnd.card-station.journal.v1+ndjson"
MOST_ENTRIES = 5000
MOST_BATCH_BYTES = 8 * 1024 * 1024
SALT_BYTES = 32

HexHash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$", max_length=64)]
Incarnation = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$", max_length=32)]
Base64 = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9+/]*={0,2}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Seq = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Packed = NewType("Packed", bytes)
"""The NDJSON of a batch as it travels."""


_PERSONAL = msgspec.json.Decoder(tuple[Base64, Base64])
_LIST = b"["


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The common base: frozen, and closed to fields this version does not know."""


class ProblemCode(StrEnum):
    """Why head office did not take a request."""

    GAP = "GAP"
    FORK = "FORK"
    INVALID = "INVALID"
    SIGNATURE = "SIGNATURE"
    NONCE = "NONCE"
    UNKNOWN_STATION = "UNKNOWN_STATION"
    REVOKED = "REVOKED"
    PAIRING = "PAIRING"
    BUSY = "BUSY"
    NOT_ENOUGH = "NOT_ENOUGH"
    HOLDER_LIMIT = "HOLDER_LIMIT"
    UNDER_WAY = "UNDER_WAY"


class Problem(Message, frozen=True, kw_only=True):
    """The body of every answer above 399.

    ``wanted`` is the next seq head office wants (GAP, FORK), ``available`` what could be reserved (NOT_ENOUGH,
    HOLDER_LIMIT).
    """

    code: ProblemCode
    reason: str
    wanted: Seq | None = None
    available: Count | None = None


class Hello(Message, frozen=True, kw_only=True):
    """Where the station's journal stands, and how well its files are protected.

    ``head`` is the hash of entry ``seq`` (64 zeros at 0). Of a branch, it goes on after entry
    ``base`` of the journal ``of``.
    """

    protocol: int
    program: str
    incarnation: Incarnation
    seq: Count
    head: HexHash
    protection: Protection
    of: Incarnation | None = None
    base: Count = 0


class Welcome(Message, frozen=True, kw_only=True):
    """Where head office stands with this incarnation, and its clock (µs since 1970 UTC).

    ``slot_us`` is when the station may do what is heavy, by that clock (``sync.slots.next_slot``);
    ``most_entries`` how many entries a batch may have for now. Null: head office has no wish. ``epoch`` numbers the
    station's incarnations in the order they were first seen, for people; 0 where none is given.
    """

    protocol: int
    acknowledged: Count
    head: HexHash
    server_time_us: int
    slot_us: Count | None = None
    most_entries: Seq | None = None
    epoch: Count = 0


class BatchHead(Message, frozen=True, kw_only=True):
    """What a batch claims, sent as the query of ``PUT journal``.

    Entries ``first`` to ``last`` of ``incarnation``; ``previous`` is the hash of entry first − 1,
    ``head`` that of entry ``last``. Of a branch, it goes on after entry ``base`` of the journal
    ``of``, and ``incarnation`` is its name (``station.journal.branch_name``).
    """

    incarnation: Incarnation
    first: Seq
    last: Seq
    previous: HexHash
    head: HexHash
    of: Incarnation | None = None
    base: Count = 0


class HeldHash(Message, frozen=True, kw_only=True):
    """The hash head office holds of one entry; null where it holds none."""

    hash: HexHash | None


class Quarantined(Message, frozen=True, kw_only=True):
    """An entry that is kept and acknowledged but was not posted, and why."""

    seq: Seq
    reason: str


class Receipt(Message, frozen=True, kw_only=True):
    """Head office's verdict on a batch: everything up to ``acknowledged`` is durable there.

    It is one for each record: the first ``duplicates`` were held already, all others were
    ``accepted``; those in ``quarantined``, of either, are kept and were not posted.
    """

    incarnation: Incarnation
    acknowledged: Seq
    head: HexHash
    accepted: Count
    duplicates: Count
    quarantined: tuple[Quarantined, ...]


def join_entries(raws: Sequence[bytes]) -> bytes:
    """Return the NDJSON of stored entries: each followed by a line feed."""
    return b"".join(raw + b"\n" for raw in raws)


def split_entries(body: bytes) -> list[bytes]:
    """Return the stored entries of an NDJSON body.

    Raises ``ValueError`` when it is empty, does not end with a line feed or holds an empty line.
    """
    if not body.endswith(b"\n"):
        message = "the batch does not end with a line feed"
        raise ValueError(message)
    raws = body[:-1].split(b"\n")
    if not all(raws):
        message = "the batch holds an empty line"
        raise ValueError(message)
    return raws


def lines_of(entry: Stored) -> tuple[bytes, ...]:
    """Return the lines of ``entry``: its stored bytes, and what it keeps of people, if anything: ``["salt","document"]``, base 64."""
    kept = entry.personal
    if kept is None:
        return (entry.raw,)
    return entry.raw, msgspec.json.encode([base64.b64encode(each).decode() for each in (kept.salt, kept.document)])


def with_personal(lines: Sequence[bytes]) -> list[tuple[bytes, Personal | None]]:
    """Return the entries among ``lines``, each with what the line after it keeps of people: a list, while entries are objects.

    Whether it is what the entry committed to is not asked here. Raises ``ValueError`` for a list that
    follows no entry or is none of a salt and a document.
    """
    found: list[tuple[bytes, Personal | None]] = []
    for line in lines:
        if not line.startswith(_LIST):
            found.append((line, None))
        elif found and found[-1][1] is None:
            found[-1] = (found[-1][0], _personal(line))
        else:
            message = "what is kept of people follows no entry"
            raise ValueError(message)
    return found


def _personal(line: bytes) -> Personal:
    try:
        salt, document = (base64.b64decode(each, validate=True) for each in _PERSONAL.decode(line))
    except (msgspec.DecodeError, binascii.Error):
        salt = document = b""
    if len(salt) != SALT_BYTES:
        message = "what is kept of people is no salt and document"
        raise ValueError(message)
    return Personal(salt, document)
