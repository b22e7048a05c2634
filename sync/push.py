"""Upload: what is unsent is the journal after one mark, and head office says how far the mark may go."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from station.errors import ErrorCode, StationError
from station.journal import Stored
from station.ports import Outbox
from station.version import VERSION
from sync.wire import MOST_ENTRIES, PROTOCOL, BatchHead, Hello, Receipt, Welcome, join_entries

MOST_BYTES = 1024 * 1024


class Uplink(Protocol):
    """The part of head office that takes the journal."""

    def hello(self, hello: Hello) -> Welcome:
        """Say where the journal stands; return where head office stands."""
        ...

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        """Upload ``entries`` (NDJSON) under ``head``."""
        ...


@dataclass(frozen=True, slots=True)
class PushResult:
    """Counts of one step: entries ``sent`` and acknowledged, of these put aside, and now ``unsent``."""

    sent: int
    quarantined: int
    unsent: int


class Push:
    """The uploader of one journal.

    Before the first batch, and after anything went wrong, it compares chains with head office: the
    mark goes to where head office stands (back, when that was restored from a backup), and a
    difference stops everything.
    """

    def __init__(self, outbox: Outbox, office: Uplink) -> None:
        self._outbox = outbox
        self._office = office
        self._agreed = False

    def step(self) -> PushResult:
        """Send the next entries, if there are any, and move the mark after the receipt.

        Raises ``StationError``: JOURNAL_FORKED when head office holds another history under this
        incarnation, ANSWER_INVALID when the receipt is not for what was sent, or a fault of the
        line. The mark has then not moved, except to where both sides agree.
        """
        agreed, self._agreed = self._agreed, False
        if not agreed:
            self._compare()
        sent, quarantined = self._send()
        self._agreed = True
        return PushResult(sent, quarantined, unsent(self._outbox))

    def _compare(self) -> None:
        head = self._outbox.head()
        welcome = self._office.hello(Hello(
            protocol=PROTOCOL, program=VERSION,
            incarnation=head.incarnation, seq=head.seq, head=head.hash.hex()))
        if welcome.protocol != PROTOCOL:
            raise StationError(ErrorCode.ANSWER_INVALID, protocol=welcome.protocol)
        there = welcome.acknowledged
        if there > head.seq or self._outbox.hash_at(there).hex() != welcome.head:
            raise StationError(ErrorCode.JOURNAL_FORKED, acknowledged=there, seq=head.seq)
        if there != self._outbox.mark():
            self._outbox.acknowledge(there)

    def _send(self) -> tuple[int, int]:
        mark = self._outbox.mark()
        entries = _at_most(MOST_BYTES, self._outbox.after(mark, MOST_ENTRIES))
        if not entries:
            return 0, 0
        first, last = entries[0], entries[-1]
        head = BatchHead(
            incarnation=self._outbox.head().incarnation, first=first.seq, last=last.seq,
            previous=self._outbox.hash_at(mark).hex(), head=last.hash.hex())
        receipt = self._office.put_batch(head, join_entries([entry.raw for entry in entries]))
        if (receipt.incarnation, receipt.acknowledged, receipt.head) != (
                head.incarnation, head.last, head.head):
            raise StationError(ErrorCode.ANSWER_INVALID, reason="receipt")
        self._outbox.acknowledge(last.seq)
        return len(entries), len(receipt.quarantined)


def unsent(outbox: Outbox) -> int:
    """Return how many entries head office has not acknowledged."""
    return outbox.head().seq - outbox.mark()


def _at_most(size: int, entries: Sequence[Stored]) -> Sequence[Stored]:
    """Return the first entries that together have at most ``size`` bytes, but at least one."""
    totals = accumulate(len(entry.raw) for entry in entries)
    fitting = sum(total <= size for total in totals)
    return entries[:max(fitting, 1)]
