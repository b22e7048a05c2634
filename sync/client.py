"""What a station may ask of head office, one method a path of the protocol."""

import gzip
from collections.abc import Callable

import msgspec

from sync.line import Call, Identity, Line, Link, good, posted, utc_us
from sync.wire import (
    ENTRIES_TYPE,
    HELLO_PATH,
    JOURNAL_PATH,
    BatchHead,
    Hello,
    Receipt,
    Welcome,
)
from sync.wire_feeds import (
    BOOK_PATH,
    CHUNK_PATH,
    MEMBERS_FEED_PATH,
    PACK_PATH,
    SHELF_FEED_PATH,
    MembersPage,
    ShelfPage,
    SignedBook,
    SignedPack,
)
from sync.wire_trust import PAIR_PATH, PairAnswer, PairRequest

__all__ = ["HeadOffice", "Identity", "Link"]
COMPRESSION = 6


class HeadOffice:
    """Head office as this station may ask it. Not for use by two threads at once.

    Every method raises ``StationError`` as ``sync.line.Line``.
    """

    def __init__(
        self, link: Link, identity: Identity | None = None, *, clock: Callable[[], int] = utc_us,
    ) -> None:
        self._line = Line(link, identity, clock=clock)

    def close(self) -> None:
        """Close the connections."""
        self._line.close()

    def pair(self, request: PairRequest) -> PairAnswer:
        """Ask in with a one-time code; the only unsigned request. Also raises PAIRING_REFUSED."""
        return self._line.read(self._line.send(posted(PAIR_PATH, request), None), PairAnswer)

    def hello(self, hello: Hello) -> Welcome:
        """Say where the journal stands. Also raises JOURNAL_FORKED."""
        return self._line.ask(posted(HELLO_PATH, hello), Welcome)

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        """Upload ``entries`` (NDJSON). Also raises JOURNAL_GAP (``wanted``) and JOURNAL_FORKED."""
        headers = {"Content-Type": ENTRIES_TYPE, "Content-Encoding": "gzip"}
        body = gzip.compress(entries, COMPRESSION, mtime=0)
        return self._line.ask(Call("PUT", JOURNAL_PATH, msgspec.to_builtins(head), headers, body), Receipt)

    def members_page(self, cursor: str, incarnation: str) -> MembersPage:
        """Return the page of the member feed after ``cursor``, as it counts ``incarnation``'s entries."""
        query = {"cursor": cursor, "incarnation": incarnation}
        return self._line.ask(Call("GET", MEMBERS_FEED_PATH, query), MembersPage)

    def shelf_page(self, cursor: str) -> ShelfPage:
        """Return the page of the goods feed after ``cursor``."""
        return self._line.ask(Call("GET", SHELF_FEED_PATH, {"cursor": cursor}), ShelfPage)

    def pack(self) -> SignedPack | None:
        """Return the rule pack in force, or None when head office has none yet."""
        return self._line.perhaps(Call("GET", PACK_PATH), SignedPack)

    def book(self, incarnation: str) -> SignedBook | None:
        """Return the newest whole member book, as it counts ``incarnation``'s entries, or None when there is none."""
        return self._line.perhaps(Call("GET", BOOK_PATH, {"incarnation": incarnation}), SignedBook)

    def book_chunk(self, digest: str, number: int) -> bytes:
        """Return piece ``number`` of the book with this ``digest`` (hexadecimal)."""
        return good(self._line.asked(Call("GET", CHUNK_PATH, {"digest": digest, "number": number}))).body
