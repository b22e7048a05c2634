"""A whole member book comes down: its signed manifest, then its pieces one by one, then it is put in force."""

import base64
import binascii
import hashlib
from typing import Protocol

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.errors import ErrorCode, StationError
from station.feed import BookFile, Stamp
from station.journal import Position
from station.ports import BookInstaller, Verifier
from sync import wire_feeds
from sync.state import BookState

_PRIME = 2**255 - 19
_SIGN_BIT = 1 << 255
_KEY_BYTES = 32
_WHOLE = 100


def sealing_key(signing_key: bytes) -> bytes:
    """Return the raw X25519 private key that belongs to the raw Ed25519 private key ``signing_key``.

    It is the scalar that Ed25519 itself signs with (RFC 8032, 5.1.5); a station so needs one key only.
    That the pair may serve both is shown for this very use (Thormarker, "On using the same key pair
    for Ed25519 and an X25519 based KEM", 2021).
    """
    Ed25519PrivateKey.from_private_bytes(signing_key)
    return hashlib.sha512(signing_key).digest()[:_KEY_BYTES]


def sealing_public(verifying_key: bytes) -> bytes:
    """Return the raw X25519 public key that belongs to the raw Ed25519 public key ``verifying_key``.

    The map from the Edwards to the Montgomery curve: u = (1 + y) / (1 − y) (RFC 7748, 4.1).
    """
    y = int.from_bytes(verifying_key, "little") & ~_SIGN_BIT
    return ((1 + y) * pow(1 - y, -1, _PRIME) % _PRIME).to_bytes(_KEY_BYTES, "little")


class BookOffice(Protocol):
    """The part of head office that hands out whole member books."""

    def book(self, incarnation: str) -> wire_feeds.SignedBook | None:
        """Return the newest book as ``incarnation`` may count it, or None."""
        ...

    def book_chunk(self, digest: str, number: int) -> bytes:
        """Return piece ``number`` of the book with this digest."""
        ...


class KeptBook(Protocol):
    """The member book in use. Counting reads all of it."""

    def count(self) -> int:
        """Return how many members are in the book."""
        ...

    def stamp(self) -> Stamp | None:
        """Return how far the book goes, None before it is whole for the first time."""
        ...


class BookWatch:
    """Looks at the member book in use, and counts it again only when its version is another."""

    def __init__(self, kept: KeptBook) -> None:
        self._kept = kept
        self._seen: BookState | None = None

    def look(self) -> BookState:
        """Return how the book stands. Raises ``StationError`` 4xx when it cannot be read."""
        stamp, seen = self._kept.stamp(), self._seen
        same = seen and seen.stamp and stamp and seen.stamp.version == stamp.version
        self._seen = BookState(seen.members if seen and same else self._kept.count(), stamp)
        return self._seen


class BookPull:
    """Fetches one book after another, a piece a step, where one is wanted."""

    def __init__(self, installer: BookInstaller, office: BookOffice, verifier: Verifier) -> None:
        self._installer = installer
        self._office = office
        self._verifier = verifier
        self._book: BookFile | None = None
        self._next = 0

    @property
    def percent(self) -> int | None:
        """How much of the book is here, None while none is being fetched."""
        return self._next * _WHOLE // len(self._book.chunks) if self._book else None

    def step(self, incarnation: str) -> bool:
        """Ask for a book, or take its next piece, or put it in force; return whether there is more to do.

        Raises ``StationError``: SIGNATURE_INVALID, ANSWER_INVALID, MEMBERS_INVALID (``reason``),
        MEMBERS_OLDER, DATABASE_NEWER, 4xx of the disk, or a fault of the line. What is in force then
        stays so; the next step asks anew and goes on with what had arrived.
        """
        book, self._book = self._book, None
        if book is None:
            book = self._offered(incarnation)
            if book is None or not self._installer.wants(book):
                return False
            self._next = self._installer.first_missing(book)
        elif self._next < len(book.chunks):
            self._installer.put(book, self._next, self._office.book_chunk(book.digest.hex(), self._next))
            self._next += 1
        else:
            self._installer.install(book)
            return False
        self._book = book
        return True

    def _offered(self, incarnation: str) -> BookFile | None:
        signed = self._office.book(incarnation)
        if signed is None:
            return None
        document, signature = _bytes(signed.document), _bytes(signed.signature)
        if not self._verifier.verify(signature, document):
            raise StationError(ErrorCode.SIGNATURE_INVALID)
        try:
            manifest = msgspec.json.decode(document, type=wire_feeds.BookManifest)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise StationError(ErrorCode.ANSWER_INVALID, reason=type(error).__name__) from None
        if manifest.incarnation != incarnation:  # signed, but for another station or another journal
            raise StationError(ErrorCode.ANSWER_INVALID, reason="incarnation")
        if len(manifest.chunks) != -(-manifest.size // manifest.chunk_size):
            raise StationError(ErrorCode.ANSWER_INVALID, reason="chunks")
        return BookFile(
            Stamp(manifest.version, manifest.taken_us), manifest.schema, bytes.fromhex(manifest.digest),
            manifest.size, manifest.chunk_size, tuple(map(bytes.fromhex, manifest.chunks)),
            _bytes(manifest.sealed_key), manifest.cursor, Position(incarnation, manifest.projected))


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="base64") from None
