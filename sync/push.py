"""Upload: what is unsent is the journal after one mark, and head office says how far the mark may go."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from station.errors import ErrorCode, StationError
from station.journal import Stored
from station.ports import Outbox, Uploads
from station.protection import Protection
from station.version import VERSION
from sync.wire import MOST_ENTRIES, PROTOCOL, BatchHead, Hello, Receipt, Welcome, join_entries

MOST_BYTES = 1024 * 1024
logger = logging.getLogger(__name__)


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
    """The uploader of one journal: its incarnations one after another.

    Before the first batch, and after anything went wrong, it compares the chains of all of them
    with head office: the mark goes to where head office stands (back, when that was restored from a
    backup). Where head office has another history of the last one, this file or another is a copy:
    a new incarnation begins at once, and what is sold from then on goes up under it. An earlier one,
    which this file is an older copy of, may have gone on elsewhere: what head office has of it comes
    out with the batch. One that head office contradicts stands back and holds up none of the others.
    """

    def __init__(self, uploads: Uploads, office: Uplink, protection: Protection) -> None:
        """Upload ``uploads``; head office is told the ``protection`` of the station's files."""
        self._uploads = uploads
        self._office = office
        self._protection = protection
        self._agreed: tuple[str, ...] = ()
        self._refused: dict[str, StationError] = {}
        self._forked: list[StationError] = []

    def step(self) -> PushResult:
        """Send the next entries, if there are any, and move the mark after the receipt.

        Raises ``StationError``: JOURNAL_FORKED when head office holds another history under an
        incarnation, JOURNAL_GAP (``wanted``) when it wants what was cut off here, ANSWER_INVALID when
        the receipt is not for what was sent, or a fault of the line. The mark has then not moved,
        except to where both sides agree. The first two, with ``earlier``, may be about an incarnation
        that goes on no more: they are told whenever nothing else is left to send.
        """
        agreed, self._agreed = self._agreed, ()
        *earlier, last = self._uploads.branches()
        names = tuple(each.head().incarnation for each in (*earlier, last))
        if agreed != names:
            self._refused = {}
            for each in earlier:
                self._compare_earlier(each)
            if self._is_forked(last):
                return self.step()
        for each in (*earlier, last):
            sent, quarantined = self._send(each) if each is last else self._send_earlier(each)
            if sent:
                break
        self._agreed = names
        told = [*self._forked, *self._refused.values()]
        if not sent and told:
            raise told[0]
        return PushResult(sent, quarantined, unsent(self._uploads))

    def _compare_earlier(self, outbox: Outbox) -> None:
        try:
            self._compare(outbox)
        except StationError as error:
            if error.code is ErrorCode.JOURNAL_GAP:
                incarnation = outbox.head().incarnation
                self._refused[incarnation] = StationError(error.code, earlier=incarnation)
            elif error.code is not ErrorCode.JOURNAL_FORKED:
                raise

    def _send_earlier(self, outbox: Outbox) -> tuple[int, int]:
        """Send from an earlier incarnation, unless head office refuses it for good."""
        incarnation = outbox.head().incarnation
        if incarnation in self._refused:
            return 0, 0
        try:
            return self._send(outbox)
        except StationError as error:
            if error.code is not ErrorCode.JOURNAL_FORKED:
                raise
            self._refused[incarnation] = StationError(error.code, earlier=incarnation)
            return 0, 0

    def _is_forked(self, last: Outbox) -> bool:
        """Compare the incarnation that goes on; True when head office has another history of it and a new one began."""
        try:
            self._compare(last)
        except StationError as error:
            incarnation = last.head().incarnation
            if error.code is not ErrorCode.JOURNAL_FORKED or not self._uploads.begin_anew():
                raise
            logger.error("sync: %s; a new incarnation began", error)  # noqa: TRY400 - the code says all
            self._forked.append(StationError(error.code, earlier=incarnation))
            return True
        return False

    def _compare(self, outbox: Outbox) -> None:
        head = outbox.head()
        welcome = self._office.hello(Hello(
            protocol=PROTOCOL, program=VERSION,
            incarnation=head.incarnation, seq=head.seq, head=head.hash.hex(),
            protection=self._protection))
        if welcome.protocol != PROTOCOL:
            raise StationError(ErrorCode.ANSWER_INVALID, protocol=welcome.protocol)
        there = welcome.acknowledged
        if there > head.seq or _hash_at(outbox, there) != welcome.head:
            raise StationError(ErrorCode.JOURNAL_FORKED, acknowledged=there, seq=head.seq)
        if there != outbox.mark():
            outbox.acknowledge(there)

    def _send(self, outbox: Outbox) -> tuple[int, int]:
        mark = outbox.mark()
        entries = _at_most(MOST_BYTES, outbox.after(mark, MOST_ENTRIES))
        if not entries:
            return 0, 0
        first, last = entries[0], entries[-1]
        head = BatchHead(
            incarnation=outbox.head().incarnation, first=first.seq, last=last.seq,
            previous=outbox.hash_at(mark).hex(), head=last.hash.hex())
        receipt = self._office.put_batch(head, join_entries([entry.raw for entry in entries]))
        if (receipt.incarnation, receipt.acknowledged, receipt.head) != (
                head.incarnation, head.last, head.head):
            raise StationError(ErrorCode.ANSWER_INVALID, reason="receipt")
        outbox.acknowledge(last.seq)
        return len(entries), len(receipt.quarantined)


def _hash_at(outbox: Outbox, seq: int) -> str:
    try:
        return outbox.hash_at(seq).hex()
    except KeyError:  # cut off here, so head office had it and lost it
        raise StationError(ErrorCode.JOURNAL_GAP, wanted=seq + 1) from None


def unsent(uploads: Uploads) -> int:
    """Return how many entries head office has not acknowledged."""
    return sum(each.head().seq - each.mark() for each in uploads.branches())


def _at_most(size: int, entries: Sequence[Stored]) -> Sequence[Stored]:
    """Return the first entries that together have at most ``size`` bytes, but at least one."""
    totals = accumulate(len(entry.raw) for entry in entries)
    fitting = sum(total <= size for total in totals)
    return entries[:max(fitting, 1)]
