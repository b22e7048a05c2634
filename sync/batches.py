"""Batches of the journal: how large they are, what they claim, and the next one made ready while one is on its way."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Protocol

from station.errors import StationError
from station.journal import Stored
from station.ports import Outbox
from sync.wire import MOST_ENTRIES, BatchHead, Packed, Receipt, join_entries, lines_of

START_ENTRIES = 1000
LEAST_ENTRIES = 50
MORE_ENTRIES = 100
ENTRY_BYTES = 1024
"""What a batch may have for each entry of its size: as many entries, and as many times these bytes."""

PORTION = 100
"""Entries read at once: what does not fit is read for nothing."""

Carry = Callable[[Callable[[], Receipt], Callable[[], None]], Receipt]
"""Returns what the first, which sends, returns or raises, and calls the second, which makes the next batch ready."""


class Taker(Protocol):
    """The part of head office that takes batches."""

    def pack(self, entries: bytes) -> Packed:
        """Return ``entries`` (NDJSON) as they travel; nothing is sent. Any thread may call it at any time."""
        ...

    def put_batch(self, head: BatchHead, entries: Packed) -> Receipt:
        """Upload ``entries`` under ``head``. Raises ``StationError``."""
        ...


class BatchSize:
    """How large a batch may be: it grows by a sum and shrinks by half (AIMD), as long as the process lives.

    Below ``LEAST_ENTRIES`` there is only 1: what head office cannot take with others goes alone.
    """

    def __init__(self) -> None:
        """Begin with START_ENTRIES."""
        self.entries = START_ENTRIES
        self._most = MOST_ENTRIES

    @property
    def grown(self) -> int:
        """How many entries it will be once a batch as large as could be went well."""
        return min(self.entries + MORE_ENTRIES, self._most)

    def limit(self, most: int | None) -> None:
        """Take what head office wishes a batch to have at most; None: what the protocol allows."""
        self._most = MOST_ENTRIES if most is None else min(most, MOST_ENTRIES)
        self.entries = min(self.entries, self._most)

    def grow(self) -> None:
        """Take note that a batch as large as could be went well."""
        self.entries = self.grown

    def shrink(self, sent: int) -> None:
        """Take note that a batch of ``sent`` entries was too much."""
        self.entries = 1 if sent <= LEAST_ENTRIES else max(sent // 2, LEAST_ENTRIES)

    def cut(self, entries: Sequence[Stored]) -> Sequence[Stored]:
        """Return the first of ``entries`` that make one batch, but at least one."""
        return cut(entries, self.entries)


def in_turn(send: Callable[[], Receipt], meanwhile: Callable[[], None]) -> Receipt:
    """Do one after the other, in one thread: the next batch is made before this one is sent."""
    meanwhile()
    return send()


def beside(send: Callable[[], Receipt], meanwhile: Callable[[], None]) -> Receipt:
    """Send in a thread of its own, which ends before this returns; the journal is read in the caller's."""
    receipts: list[Receipt] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            receipts.append(send())
        except BaseException as fault:  # noqa: BLE001 - it is raised in the caller's thread
            faults.append(fault)

    # A daemon: a program that ends does not wait for an answer.
    thread = threading.Thread(target=run, name="upload", daemon=True)
    thread.start()
    try:
        meanwhile()
    finally:
        thread.join()
    if faults:
        raise faults[0]
    return receipts[0]


@dataclass(frozen=True, slots=True)
class Sending:
    """How batches go up: how large they are, and how the next one is made while one is on its way."""

    size: BatchSize = field(default_factory=BatchSize)
    carry: Carry = in_turn


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch ready to be sent: what it claims, and its entries as they travel.

    ``size`` is what it was cut by; ``full``: more was waiting then.
    """

    head: BatchHead
    body: Packed
    size: int
    full: bool

    @property
    def entries(self) -> int:
        """How many entries it has."""
        return self.head.last - self.head.first + 1


class Ahead:
    """The batches of one uploader: the next is made ready while one is on its way. Only one ever is.

    What is ready is not sent before the receipt for what is before it, and is signed only then. It
    is sent only if the same would be made now: it is of the same incarnation, begins after the mark
    and has the size that batches have now; one that was not full, if nothing was written since.
    """

    def __init__(self, office: Taker, sending: Sending) -> None:
        """Send to ``office``."""
        self._office = office
        self._size = sending.size
        self._carry = sending.carry
        self._ready: Batch | None = None

    def forget(self) -> None:
        """Drop what is ready: what it was made from may have been parted or begun anew."""
        self._ready = None

    def next(self, outbox: Outbox) -> Batch | None:
        """Return what is to be sent of ``outbox`` now, None when nothing is."""
        ready, self._ready = self._ready, None
        head = outbox.head()
        if (ready and ready.head.incarnation == head.incarnation and ready.head.first == outbox.mark() + 1
                and ready.size == self._size.entries and (ready.full or ready.head.last == head.seq)):
            return ready
        return self._made(outbox, outbox.mark(), self._size.entries)

    def send(self, outbox: Outbox, batch: Batch) -> Receipt:
        """Send ``batch`` of ``outbox`` and return the receipt. Raises ``StationError``."""
        def put() -> Receipt:
            return self._office.put_batch(batch.head, batch.body)

        def prepare() -> None:
            try:
                self._ready = self._made(outbox, batch.head.last, self._size.grown)
            except StationError:
                # What cannot be read now is met again when it is to be sent, and holds up nothing before it.
                self._ready = None

        return self._carry(put, prepare) if batch.full else put()

    def _made(self, outbox: Outbox, after: int, size: int) -> Batch | None:
        waiting = _waiting(outbox, after, size)
        if not waiting:
            return None
        entries = cut(waiting, size)
        head = batch_head(outbox, entries[0], entries[-1])
        body = self._office.pack(join_entries([line for entry in entries for line in lines_of(entry)]))
        return Batch(head, body, size, full=len(entries) < len(waiting))


def batch_head(outbox: Outbox, first: Stored, last: Stored) -> BatchHead:
    """Return what a batch of the entries ``first`` to ``last`` of ``outbox`` claims."""
    head = outbox.head()
    return BatchHead(
        incarnation=head.incarnation, first=first.seq, last=last.seq,
        previous=outbox.hash_at(first.seq - 1).hex(), head=last.hash.hex(), of=head.of or None, base=head.base)


def cut(entries: Sequence[Stored], size: int) -> Sequence[Stored]:
    """Return the first of ``entries`` that are not more than ``size``, nor too many bytes for it, but at least one."""
    totals = accumulate(_bytes_of(entry) for entry in entries[:size])
    fitting = sum(total <= size * ENTRY_BYTES for total in totals)
    return entries[:max(fitting, 1)]


def _bytes_of(entry: Stored) -> int:
    return sum(map(len, lines_of(entry)))


def _waiting(outbox: Outbox, after: int, size: int) -> Sequence[Stored]:
    """Return what waits after entry ``after``: all of it, or more than fits into a batch of ``size``."""
    waiting: list[Stored] = []
    total = 0
    while len(waiting) <= size and total <= size * ENTRY_BYTES:
        wanted = min(PORTION, size + 1 - len(waiting))
        portion = outbox.after(after + len(waiting), wanted)
        waiting += portion
        total += sum(map(_bytes_of, portion))
        if len(portion) < wanted:
            break
    return waiting
