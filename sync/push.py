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

START_ENTRIES = 1000
LEAST_ENTRIES = 50
MORE_ENTRIES = 100
ENTRY_BYTES = 1024
"""What a batch may have for each entry of its size: as many entries, and as many times these bytes."""

TOO_LARGE = 413
_SERVER_FAULTS = range(500, 600)
_STRAIN = frozenset({ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.HEAD_OFFICE_BUSY})
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


class BatchSize:
    """How large a batch may be: it grows by a sum and shrinks by half (AIMD), as long as the process lives.

    Below ``LEAST_ENTRIES`` there is only 1: what head office cannot take with others goes alone.
    """

    def __init__(self) -> None:
        """Begin with START_ENTRIES."""
        self.entries = START_ENTRIES
        self._most = MOST_ENTRIES

    def limit(self, most: int | None) -> None:
        """Take what head office wishes a batch to have at most; None: what the protocol allows."""
        self._most = MOST_ENTRIES if most is None else min(most, MOST_ENTRIES)
        self.entries = min(self.entries, self._most)

    def grow(self) -> None:
        """Take note that a batch as large as could be went well."""
        self.entries = min(self.entries + MORE_ENTRIES, self._most)

    def shrink(self, sent: int) -> None:
        """Take note that a batch of ``sent`` entries was too much."""
        self.entries = 1 if sent <= LEAST_ENTRIES else max(sent // 2, LEAST_ENTRIES)

    def cut(self, entries: Sequence[Stored]) -> Sequence[Stored]:
        """Return the first of ``entries`` that together are not too many bytes, but at least one."""
        totals = accumulate(len(entry.raw) for entry in entries)
        fitting = sum(total <= self.entries * ENTRY_BYTES for total in totals)
        return entries[:max(fitting, 1)]


class Push:
    """The uploader of one journal: its incarnations one after another.

    Before the first batch, and after anything went wrong, it compares the chains of all of them
    with head office: the mark goes to where head office stands (back, when that was restored from a
    backup). Where head office has another history of the last one, this file or another is a copy:
    a new incarnation begins at once, and what is sold from then on goes up under it. An earlier one,
    which this file is an older copy of, may have gone on elsewhere: what head office has of it comes
    out with the batch. One that head office contradicts stands back and holds up none of the others.
    """

    def __init__(
        self, uploads: Uploads, office: Uplink, protection: Protection, size: BatchSize | None = None,
    ) -> None:
        """Upload ``uploads`` in batches of ``size``; head office is told the ``protection`` of the station's files."""
        self.size = size or BatchSize()
        self.welcome: Welcome | None = None
        self._uploads = uploads
        self._office = office
        self._protection = protection
        self._agreed: tuple[str, ...] = ()
        self._refused: dict[str, StationError] = {}
        self._contradicted: set[str] = set()
        self._forked: list[StationError] = []

    def step(self) -> PushResult:
        """Send the next entries, if there are any, and move the mark after the receipt.

        Raises ``StationError``: JOURNAL_FORKED when head office holds another history under an
        incarnation, ENTRIES_CUT_OFF (``wanted``) when it wants what was cut off here, ANSWER_INVALID when
        the receipt is not for what was sent, or a fault of the line. The mark has then not moved,
        except to where both sides agree. The first two, with ``earlier``, may be about an incarnation
        that goes on no more: they are told whenever nothing else is left to send.
        """
        agreed, self._agreed = self._agreed, ()
        *earlier, last = self._uploads.branches()
        names = tuple(each.head().incarnation for each in (*earlier, last))
        if agreed != names:
            self._refused, self._contradicted = {}, set()
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

    def doubt(self) -> None:
        """Compare the chains again before the next batch: head office may have been restored meanwhile."""
        self._agreed = ()

    def _compare_earlier(self, outbox: Outbox) -> None:
        incarnation = outbox.head().incarnation
        try:
            self._compare(outbox)
        except StationError as error:
            if error.code is ErrorCode.ENTRIES_CUT_OFF:
                self._refused[incarnation] = StationError(error.code, earlier=incarnation)
            elif error.code is ErrorCode.JOURNAL_FORKED:
                self._contradicted.add(incarnation)
            else:
                raise

    def _send_earlier(self, outbox: Outbox) -> tuple[int, int]:
        """Send from an earlier incarnation, unless head office refuses it for good."""
        incarnation = outbox.head().incarnation
        if incarnation in self._refused:
            return 0, 0
        try:
            return self._send(outbox)
        except StationError as error:
            # A head office that was restored, and then got another history, misses what is before the batch.
            gone = error.code is ErrorCode.JOURNAL_GAP and incarnation in self._contradicted
            if error.code is not ErrorCode.JOURNAL_FORKED and not gone:
                raise
            self._refused[incarnation] = StationError(ErrorCode.JOURNAL_FORKED, earlier=incarnation)
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
        self.welcome = welcome
        self.size.limit(welcome.most_entries)
        try:
            agree(outbox, welcome.acknowledged, welcome.head)
        except StationError as fault:
            if fault.code is ErrorCode.JOURNAL_FORKED and welcome.acknowledged <= head.seq:
                self._show(outbox, welcome.acknowledged)
            raise
        if welcome.acknowledged != outbox.mark():
            outbox.acknowledge(welcome.acknowledged)

    def _send(self, outbox: Outbox) -> tuple[int, int]:
        """Send one batch; one that is too large for head office is halved at once, down to one entry."""
        while waiting := outbox.after(outbox.mark(), self.size.entries + 1):
            entries = self.size.cut(waiting[:self.size.entries])
            try:
                receipt = self._put(outbox, entries)
            except StationError as fault:
                if self._was_too_much(fault, len(entries)):
                    continue
                raise
            if len(entries) < len(waiting):  # more was waiting: it was as large as could be
                self.size.grow()
            return len(entries), len(receipt.quarantined)
        return 0, 0

    def _show(self, outbox: Outbox, seq: int) -> None:
        """Send the entry that head office has another one of: only so does it learn of the fork, and keeps an alarm."""
        (entry,) = outbox.after(seq - 1, 1)
        self._office.put_batch(batch_head(outbox, entry, entry), join_entries([entry.raw]))

    def _put(self, outbox: Outbox, entries: Sequence[Stored]) -> Receipt:
        first, last = entries[0], entries[-1]
        head = batch_head(outbox, first, last)
        receipt = self._office.put_batch(head, join_entries([entry.raw for entry in entries]))
        if (receipt.incarnation, receipt.acknowledged, receipt.head) != (
                head.incarnation, head.last, head.head):
            raise StationError(ErrorCode.ANSWER_INVALID, reason="receipt")
        outbox.acknowledge(last.seq)
        return receipt

    def _was_too_much(self, fault: StationError, sent: int) -> bool:
        """Make the next batch smaller where ``fault`` says so; return whether it is to be sent at once.

        An answer that never came, a busy or a broken head office: all may be for the size. What
        breaks it so comes to stand alone in the end, and what is before it gets through.
        """
        status = fault.detail.get("status")
        if fault.code in _STRAIN or status == TOO_LARGE or status in _SERVER_FAULTS:
            self.size.shrink(sent)
        return status == TOO_LARGE and sent > 1


def batch_head(outbox: Outbox, first: Stored, last: Stored) -> BatchHead:
    """Return what a batch of the entries ``first`` to ``last`` of ``outbox`` claims."""
    return BatchHead(
        incarnation=outbox.head().incarnation, first=first.seq, last=last.seq,
        previous=outbox.hash_at(first.seq - 1).hex(), head=last.hash.hex())


def agree(outbox: Outbox, there: int, head: str) -> None:
    """Compare ``outbox`` with where head office stands: at entry ``there``, whose hash is ``head`` (hexadecimal).

    Raises ``StationError`` JOURNAL_FORKED when it is another history, ENTRIES_CUT_OFF (``wanted``).
    """
    seq = outbox.head().seq
    if there > seq or _hash_at(outbox, there) != head:
        raise StationError(ErrorCode.JOURNAL_FORKED, acknowledged=there, seq=seq)


def _hash_at(outbox: Outbox, seq: int) -> str:
    try:
        return outbox.hash_at(seq).hex()
    except KeyError:  # cut off here, so head office had it and lost it
        raise StationError(ErrorCode.ENTRIES_CUT_OFF, wanted=seq + 1) from None


def unsent(uploads: Uploads) -> int:
    """Return how many entries head office has not acknowledged."""
    return sum(each.head().seq - each.mark() for each in uploads.branches())
