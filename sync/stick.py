"""The exchange without a line: the files on a stick that carry batches up and receipts down. Pure.

``STATION_INCARNATION_FIRST-LAST.batch`` is one line of JSON, a ``Signed`` ``StickBatch``, a line
feed, and the sealed batch: the very bytes that would be the body of ``PUT journal``, sealed to head
office. ``STATION.manifest``, a ``Signed`` ``StickManifest``, is written last and names them all.
``STATION_INCARNATION.receipts``, a ``Signed`` ``StickAnswer`` by head office, comes back.

Every document is signed over exactly its bytes (Ed25519) and says by its ``form`` what it is. What
a file holds counts, not how it is called: sorted by name, batches come in the order of the journal.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import msgspec
import zstandard

from station.ports import Verifier
from sync.client import ZSTD_LEVEL
from sync.ed25519 import sign_bytes
from sync.wire import (
    MOST_BATCH_BYTES,
    Base64,
    BatchHead,
    Count,
    HexHash,
    Incarnation,
    Message,
    Name,
    Problem,
    Receipt,
    Seq,
)
from sync.wire_trust import SignedOfficeKey

BATCH, MANIFEST, RECEIPTS, PART = ".batch", ".manifest", ".receipts", ".part"
MOST_FILE_BYTES = 2 * MOST_BATCH_BYTES
"""More than any file of these; what is larger is not read."""

_JOINT = b"\n"
_DIGITS = 10


class Signed(Message, frozen=True, kw_only=True):
    """The exact bytes of a document and the writer's detached Ed25519 signature over them.

    ``changes``: how head office came to its present key, for who knows an earlier one (``OfficeKeys``).
    """

    document: Base64
    signature: Base64
    changes: tuple[SignedOfficeKey, ...] = ()


class StickBatch(Message, frozen=True, kw_only=True):
    """What a file of a batch holds: ``size`` sealed bytes with the SHA-256 ``digest``, packed as ``encoding`` says."""

    form: Literal["card-station stick batch 1"]
    station: Name
    head: BatchHead
    encoding: Literal["zstd", "gzip"]
    size: Seq
    digest: HexHash


class StickFile(Message, frozen=True, kw_only=True):
    """One file of an export: its name and the SHA-256 of all its bytes."""

    name: str
    digest: HexHash


class StickManifest(Message, frozen=True, kw_only=True):
    """All files of an export that ended, at ``made_us`` (µs since 1970 UTC, the station's clock)."""

    form: Literal["card-station stick manifest 1"]
    station: str
    made_us: int
    files: tuple[StickFile, ...]


class StickProblem(Message, frozen=True, kw_only=True):
    """Why head office did not take the batch in the file ``name``."""

    name: str
    problem: Problem


class StickAnswer(Message, frozen=True, kw_only=True):
    """Where head office stands with ``incarnation`` after an import at ``made_us``, and how each batch fared."""

    form: Literal["card-station stick answer 1"]
    station: str
    incarnation: Incarnation
    acknowledged: Count
    head: HexHash
    made_us: int
    receipts: tuple[Receipt, ...]
    problems: tuple[StickProblem, ...]


FormT = TypeVar("FormT", bound=Message)


@dataclass(frozen=True, slots=True)
class Unproven:
    """A document as found, and what has to prove it."""

    document: bytes
    signature: bytes
    changes: tuple[SignedOfficeKey, ...] = ()

    def proven(self, verifier: Verifier, form: type[FormT]) -> FormT:
        """Return the document as a ``form``. Raises ``ValueError`` when it is not signed or not of this form."""
        if not verifier.verify(self.signature, self.document):
            message = "the signature does not hold"
            raise ValueError(message)
        return _decoded(self.document, form)

    def claims(self, form: type[FormT]) -> FormT:
        """Return what the document says of itself, unproven. Raises ``ValueError`` when it is not of this form."""
        return _decoded(self.document, form)


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file of a batch, taken apart."""

    unproven: Unproven
    sealed: bytes = field(repr=False)

    def proven(self, verifier: Verifier) -> StickBatch:
        """Return what the file holds. Raises ``ValueError`` when the station did not sign it, or it is cut short or altered."""
        said = self.unproven.proven(verifier, StickBatch)
        if len(self.sealed) != said.size:
            message = f"it has {len(self.sealed)} of {said.size} bytes"
            raise ValueError(message)
        if hashlib.sha256(self.sealed).hexdigest() != said.digest:
            message = "its content was altered"
            raise ValueError(message)
        return said


def batch_name(station: str, head: BatchHead) -> str:
    """Return the name of the file of a batch."""
    return f"{batch_prefix(station, head.incarnation, head.first)}{head.last:0{_DIGITS}}{BATCH}"


def batch_prefix(station: str, incarnation: str, first: int) -> str:
    """Return how the names of all files begin whose batch begins with entry ``first``."""
    return f"{station}_{incarnation}_{first:0{_DIGITS}}-"


def signed(document: Message, key: bytes, changes: Sequence[SignedOfficeKey] = ()) -> bytes:
    """Return ``document`` as a ``Signed`` file by the raw private ``key``."""
    raw = msgspec.json.encode(document)
    return msgspec.json.encode(Signed(
        document=base64.b64encode(raw).decode(), signature=base64.b64encode(sign_bytes(key, raw)).decode(),
        changes=tuple(changes)))


def read_signed(raw: bytes) -> Unproven:
    """Return the parts of a ``Signed`` file. Raises ``ValueError`` when it is none."""
    said = _decoded(raw, Signed)
    return Unproven(
        base64.b64decode(said.document, validate=True), base64.b64decode(said.signature, validate=True), said.changes)


def batch_file(station: str, key: bytes, head: BatchHead, entries: bytes, seal: Callable[[bytes], bytes]) -> bytes:
    """Return the file of a batch of ``entries`` (NDJSON), signed by the station's raw ``key`` and sealed by ``seal``."""
    sealed = seal(zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(entries))
    said = StickBatch(
        form="card-station stick batch 1", station=station, head=head, encoding="zstd", size=len(sealed), digest=hashlib.sha256(sealed).hexdigest())
    return signed(said, key) + _JOINT + sealed


def read_batch_file(raw: bytes) -> BatchFile:
    """Return the parts of a file of a batch. Raises ``ValueError`` when it is none."""
    line, joint, sealed = raw.partition(_JOINT)
    if not joint:
        message = "it is cut short, or no file of a batch"
        raise ValueError(message)
    return BatchFile(read_signed(line), sealed)


def _decoded(raw: bytes, form: type[FormT]) -> FormT:
    try:
        return msgspec.json.decode(raw, type=form)
    except (ValueError, RecursionError):
        message = "it is cut short, altered, or something else"
        raise ValueError(message) from None
