"""Upload: what is unsent is the journal after one mark, and head office says how far the mark may go."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from station.errors import ErrorCode, StationError
from station.journal import Head
from station.ports import Outbox, Uploads
from station.protection import Protection
from station.put_aside import AsideBook, PutAside
from station.version import VERSION
from sync.batches import Ahead, Batch, Sending, Taker, batch_head
from sync.wire import PROTOCOL, Hello, Receipt, Welcome, join_entries, lines_of

MOST_PARTED = 20
"""Times one step compares anew: histories part where they part, unless head office contradicts itself."""

TOO_LARGE = 413
_SERVER_FAULTS = range(500, 600)
_STRAIN = frozenset({ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.HEAD_OFFICE_BUSY})
logger = logging.getLogger(__name__)


class Uplink(Taker, Protocol):
    """The part of head office that takes the journal. Every method but ``pack`` raises ``StationError``."""

    def hello(self, hello: Hello) -> Welcome:
        """Say where the journal stands; return where head office stands."""
        ...

    def held_hash(self, incarnation: str, seq: int) -> str | None:
        """Return the hash (hexadecimal) held of entry ``seq``, None for none."""
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
    which this file is an older copy of, may have gone on elsewhere: head office is asked, hash by
    hash, where the two part, and what is only here becomes a branch, which goes up under a name of
    its own. One that head office refuses all the same stands back and holds up none of the others.
    """

    def __init__(
        self, uploads: Uploads, office: Uplink, protection: Protection, sending: Sending | None = None,
        aside: AsideBook | None = None,
    ) -> None:
        """Upload ``uploads`` in the way of ``sending``; head office is told the ``protection`` of the station's files.

        ``aside`` keeps the verdicts of receipts on entries that were not posted.
        """
        sending = sending or Sending()
        self.size = sending.size
        self.welcome: Welcome | None = None
        self._uploads = uploads
        self._office = office
        self._ahead = Ahead(office, sending)
        self._protection = protection
        self._aside = aside
        self._agreed: tuple[str, ...] = ()
        self._refused: dict[str, StationError] = {}
        self._forked: list[StationError] = []

    def step(self) -> PushResult:
        """Send the next entries, if there are any, and move the mark after the receipt.

        Raises ``StationError``: JOURNAL_FORKED when head office holds another history under an
        incarnation, ENTRIES_CUT_OFF (``wanted``) when it wants what was cut off here, ANSWER_INVALID when
        the receipt is not for what was sent, or a fault of the line. The mark has then not moved,
        except to where both sides agree. The first two, with ``earlier``, may be about an incarnation
        that goes on no more: they are told whenever nothing else is left to send. A fork is told no
        more once head office has the branch.
        """
        for _ in range(MOST_PARTED):
            if result := self._once():
                return result
        raise StationError(ErrorCode.ANSWER_INVALID, reason="history")

    def _once(self) -> PushResult | None:
        """As ``step``; None when something was parted or began anew, and all is to be compared again."""
        agreed, self._agreed = self._agreed, ()
        *earlier, last = self._uploads.branches()
        names = tuple(each.head().incarnation for each in (*earlier, last))
        if agreed != names:
            self._ahead.forget()
            self._refused = {}
            if any(self._compare_earlier(each, earlier) for each in earlier) or self._is_forked(last):
                return None
        for each in (*earlier, last):
            batch = self._send_last(each) if each is last else self._send_earlier(each)
            if batch is None:
                return None
            sent, quarantined = batch
            if sent:
                break
        # What was refused for a gap or a fork is compared again: head office got another history of it meanwhile.
        moved = any(each.code is ErrorCode.JOURNAL_FORKED for each in self._refused.values())
        self._agreed = () if moved else names
        told = [*self._refused.values(), *(each for each in self._forked if self._stands(each))]
        if not sent and told:
            raise told[0]
        return PushResult(sent, quarantined, unsent(self._uploads))

    def doubt(self) -> None:
        """Compare the chains again before the next batch: head office may have been restored meanwhile."""
        self._agreed = ()

    def _stands(self, fork: StationError) -> bool:
        """Return whether ``fork`` is to be told: its branch is gone up only when it was found and wholly sent."""
        outboxes = self._uploads.branches()
        found = [each for each in outboxes if each.head().of == fork.detail["earlier"]]
        return not found or any(each.mark() < each.head().seq for each in found)

    def _compare_earlier(self, outbox: Outbox, earlier: Sequence[Outbox]) -> bool:
        """Compare an incarnation that goes on no more; True when it was parted or joined, and all is to be compared again."""
        head = outbox.head()
        branch = next((each for each in earlier if each.head().of == head.incarnation), None)
        try:
            # Where a branch leaves it, it ends here: head office has more of it by right, and no fork is to be told.
            if branch is None or not self._holds(head.incarnation, outbox, head.seq):
                self._compare(outbox)
            elif self._holds(head.incarnation, branch, head.seq + 1):
                self._uploads.join(head.incarnation)
                return True
            else:
                self._agree_on(outbox, head.seq)
        except StationError as error:
            if error.code is ErrorCode.JOURNAL_FORKED:
                return self._is_parted(outbox)
            if error.code is ErrorCode.ENTRIES_CUT_OFF:
                self._refused[head.incarnation] = StationError(error.code, earlier=head.incarnation)
            elif error.code is ErrorCode.JOURNAL_GAP:  # of a branch: what it goes on from is sent first
                self._agree_on(outbox, head.base)
            else:
                raise
        return False

    def _is_parted(self, outbox: Outbox) -> bool:
        """Part from an incarnation what head office has another history of; return whether there was something to part."""
        head = outbox.head()
        try:
            base = self._common(outbox)
        except StationError as error:
            if error.code is not ErrorCode.ENTRIES_CUT_OFF:
                raise
            self._refused[head.incarnation] = StationError(error.code, earlier=head.incarnation)
            return False
        if base == head.seq:
            self._agree_on(outbox, base)
            return False
        if base <= head.base:  # not one entry of its own is common: no copy of this file made what is held
            self._refused[head.incarnation] = StationError(ErrorCode.JOURNAL_FORKED, earlier=head.incarnation)
            return False
        logger.error("sync: journal %s parts after entry %d from what head office has", head.incarnation, base)
        self._uploads.split(head.incarnation, base)
        return True

    def _common(self, outbox: Outbox) -> int:
        """Return up to which entry head office has the same: by halving, so a million entries take 20 questions.

        Raises ``StationError`` ENTRIES_CUT_OFF when they part in what was cut off here.
        """
        head = outbox.head()
        common, parted = head.base, head.seq + 1
        while parted - common > 1:
            middle = (common + parted) // 2
            # One cut off here head office had: where they part is later, or looked for in vain.
            if self._holds(head.incarnation, outbox, middle) is False:
                parted = middle
            else:
                common = middle
        _hash_at(outbox, common)
        return common

    def _holds(self, incarnation: str, outbox: Outbox, seq: int) -> bool | None:
        """Return whether head office holds entry ``seq`` of ``outbox`` in ``incarnation``; None when it was cut off here."""
        try:
            ours = outbox.hash_at(seq).hex()
        except KeyError:
            return None
        return self._office.held_hash(incarnation, seq) == ours

    def _agree_on(self, outbox: Outbox, seq: int) -> None:
        if outbox.mark() != seq:
            outbox.acknowledge(seq)

    def _send_last(self, last: Outbox) -> tuple[int, int] | None:
        """Send from the incarnation that goes on; None when head office has other entries of it, and a new one began."""
        try:
            return self._send(last)
        except StationError as error:
            self._begin_anew(last, error)
            return None

    def _send_earlier(self, outbox: Outbox) -> tuple[int, int] | None:
        """Send from an earlier incarnation, unless head office refuses it for good; None when it was parted."""
        incarnation = outbox.head().incarnation
        if incarnation in self._refused:
            return 0, 0
        try:
            return self._send(outbox)
        except StationError as error:
            # A branch whose beginning head office lost misses what is before it.
            gone = error.code is ErrorCode.JOURNAL_GAP and outbox.head().of
            if error.code is not ErrorCode.JOURNAL_FORKED and not gone:
                raise
            if not gone and self._is_parted(outbox):
                return None
            self._refused[incarnation] = StationError(ErrorCode.JOURNAL_FORKED, earlier=incarnation)
            return 0, 0

    def _is_forked(self, last: Outbox) -> bool:
        """Compare the incarnation that goes on; True when head office has another history of it and a new one began."""
        try:
            self._compare(last)
        except StationError as error:
            self._begin_anew(last, error)
            return True
        return False

    def _begin_anew(self, last: Outbox, error: StationError) -> None:
        """Begin a new incarnation for a fork; raise ``error`` where it is none.

        Nor is it one when head office does not even have the first entry: a name is drawn by chance, so
        whoever else writes under it has a copy of this file. Another name would be refused as well.
        """
        incarnation = last.head().incarnation
        if error.code is not ErrorCode.JOURNAL_FORKED or self._holds(incarnation, last, 1) is False:
            raise error
        self._uploads.begin_anew()
        logger.error("sync: %s; a new incarnation began", error)
        self._forked.append(StationError(error.code, earlier=incarnation))

    def _compare(self, outbox: Outbox) -> None:
        head = outbox.head()
        try:
            welcome = self._hello(head)
        except StationError as fault:
            # Another process on the same journal may have sold and sent while this one asked.
            if fault.code is not ErrorCode.JOURNAL_FORKED or outbox.head() == head:
                raise
            head = outbox.head()
            welcome = self._hello(head)
        if welcome.protocol != PROTOCOL:
            raise StationError(ErrorCode.ANSWER_INVALID, protocol=welcome.protocol)
        self.welcome = welcome
        self.size.limit(welcome.most_entries)
        try:
            agree(outbox, welcome.acknowledged, welcome.head)
        except StationError as fault:
            if fault.code is ErrorCode.JOURNAL_FORKED and head.base < welcome.acknowledged <= head.seq:
                self._show(outbox, welcome.acknowledged)
            raise
        self._agree_on(outbox, welcome.acknowledged)

    def _hello(self, head: Head) -> Welcome:
        return self._office.hello(Hello(
            protocol=PROTOCOL, program=VERSION,
            incarnation=head.incarnation, seq=head.seq, head=head.hash.hex(),
            protection=self._protection, of=head.of or None, base=head.base))

    def _send(self, outbox: Outbox) -> tuple[int, int]:
        """Send one batch; one that is too large for head office is halved at once, down to one entry."""
        while batch := self._ahead.next(outbox):
            try:
                receipt = self._put(outbox, batch)
            except StationError as fault:
                if self._was_too_much(fault, batch.entries):
                    continue
                raise
            if batch.full:  # it was as large as could be
                self.size.grow()
            return batch.entries, len(receipt.quarantined)
        return 0, 0

    def _show(self, outbox: Outbox, seq: int) -> None:
        """Send the entry that head office has another one of: only so does it learn of the fork, and keeps an alarm.

        Not one that was cut off here.
        """
        try:
            outbox.hash_at(seq - 1)
        except KeyError:
            return
        (entry,) = outbox.after(seq - 1, 1)
        self._office.put_batch(batch_head(outbox, entry, entry), self._office.pack(join_entries(lines_of(entry))))

    def _put(self, outbox: Outbox, batch: Batch) -> Receipt:
        head, receipt = batch.head, self._ahead.send(outbox, batch)
        if (receipt.incarnation, receipt.acknowledged, receipt.head) != (
                head.incarnation, head.last, head.head):
            raise StationError(ErrorCode.ANSWER_INVALID, reason="receipt")
        if self._aside and receipt.quarantined:
            self._aside.note([PutAside(head.incarnation, each.seq, each.reason) for each in receipt.quarantined])
        outbox.acknowledge(head.last)
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
