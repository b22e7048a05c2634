"""The next batch, made ready while one is on its way: sent only if it is what would be made now, and never two at once."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from station.errors import ErrorCode, StationError
from station.journal import Stored
from station.protection import Protection
from sync.batches import Ahead, Carry, Sending, beside, in_turn
from sync.client import HeadOffice
from sync.push import Push
from sync.wire import BatchHead, Packed, Receipt
from tests.sync.memory import MemoryHouse, MemoryOffice, MemoryOutbox, MemoryUploads
from tests.sync.scripted import Server, answer, office, server
from tests.sync.test_client import HEAD, RECEIPT

__all__ = ["office", "server"]

FILE = Protection.FILE
PATIENCE_S = 10
DOWN = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)
TOO_LARGE = StationError(ErrorCode.HEAD_OFFICE_REFUSED, status=413)


@dataclass
class Watched(MemoryOffice):
    """A head office that writes down what was packed and what was put, by how many entries, and allows one at once."""

    log: list[tuple[str, int]] = field(default_factory=list)
    most: int = 10_000
    busy: threading.Lock = field(default_factory=threading.Lock)

    def pack(self, entries: bytes) -> Packed:
        self.log.append(("pack", entries.count(b"\n")))
        return super().pack(entries)

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        assert self.busy.acquire(blocking=False), "two are in flight"
        with self.busy_until_left():
            self.log.append(("put", entries.count(b"\n")))
            if entries.count(b"\n") > self.most:
                raise TOO_LARGE
            return super().put_batch(head, entries)

    def busy_until_left(self) -> "Left":
        return Left(self.busy)

    def packed(self) -> list[int]:
        """How many entries were packed each time."""
        return [count for what, count in self.log if what == "pack"]


@dataclass
class Left:
    """Releases a lock at the end of a block."""

    lock: threading.Lock

    def __enter__(self) -> None:
        """The lock is held already."""

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def outbox_of(count: int) -> MemoryOutbox:
    outbox = MemoryOutbox()
    outbox.write(count)
    return outbox


@pytest.fixture(params=[in_turn, beside])
def sending(request: pytest.FixtureRequest) -> Sending:
    return Sending(carry=request.param)


def test_the_next_batch_is_made_before_the_one_before_it_is_answered(sending: Sending) -> None:
    outbox, there = outbox_of(2500), Watched()
    pushing = Push(outbox, there, FILE, sending)
    pushing.step()
    assert sorted(there.log) == [("pack", 1000), ("pack", 1100), ("put", 1000)]
    pushing.step()
    pushing.step()
    assert there.packed() == [1000, 1100, 400]
    assert there.raws == outbox.raws()
    assert there.calls == ["hello", "put", "put", "put"]


def test_what_goes_up_alone_needs_no_thread() -> None:
    def never(send: Callable[[], Receipt], meanwhile: Callable[[], None]) -> Receipt:
        raise AssertionError(send, meanwhile)

    assert Push(outbox_of(1000), Watched(), FILE, Sending(carry=never)).step().sent == 1000


def test_a_full_batch_that_is_ready_stays_so_when_more_is_written(sending: Sending) -> None:
    outbox, there = outbox_of(2500), Watched()
    pushing = Push(outbox, there, FILE, sending)
    pushing.step()
    outbox.write(10)
    assert pushing.step().sent == 1100
    assert pushing.step().sent == 410
    assert there.packed() == [1000, 1100, 410]
    assert there.raws == outbox.raws()


def test_one_that_was_not_full_goes_up_as_it_is_only_when_nothing_was_written(sending: Sending) -> None:
    outbox, there = outbox_of(1500), Watched()
    pushing = Push(outbox, there, FILE, sending)
    pushing.step()
    outbox.write(10)
    assert pushing.step().sent == 510
    assert there.packed() == [1000, 500, 510]
    assert there.raws == outbox.raws()


def test_batches_that_became_smaller_are_made_anew(sending: Sending) -> None:
    outbox, there = outbox_of(5000), Watched()
    pushing = Push(outbox, there, FILE, sending)
    pushing.step()
    there.most = 600
    assert pushing.step().sent == 550
    assert there.packed() == [1000, 1100, 1200, 550, 650]
    while pushing.step().unsent:
        pass
    assert there.raws == outbox.raws()


def test_after_a_fault_nothing_is_ready(sending: Sending) -> None:
    outbox, there = outbox_of(3000), Watched()
    pushing = Push(outbox, there, FILE, sending)
    pushing.step()
    there.fail = [DOWN]
    with pytest.raises(StationError):
        pushing.step()
    assert pushing.step().sent == 550
    assert there.packed()[3:] == [550, 650]


def test_a_restored_head_office_gets_all_again_and_not_what_was_ready(sending: Sending) -> None:
    outbox, there = outbox_of(3000), Watched()
    pushing = Push(outbox, there, FILE, sending)
    pushing.step()
    there.restore(500)
    with pytest.raises(StationError) as gap:
        pushing.step()
    assert gap.value.code is ErrorCode.JOURNAL_GAP
    while pushing.step().unsent:
        pass
    assert there.raws == outbox.raws()


def test_a_fork_begins_anew_and_sends_nothing_that_was_ready(sending: Sending) -> None:
    outbox = outbox_of(3000)
    whole = outbox.raws()
    uploads, house = MemoryUploads([outbox]), MemoryHouse()
    pushing = Push(uploads, house, FILE, sending)
    pushing.step()
    elsewhere = MemoryOutbox(entries=list(outbox.entries[:1000]))
    elsewhere.write(5, "other")
    house.of(outbox.incarnation).raws = elsewhere.raws()
    for _ in range(5):
        pushing.step()
    old, branch, anew = uploads.outboxes
    assert house.of(old.incarnation).raws == elsewhere.raws()
    assert house.of(branch.incarnation).raws == whole
    assert house.of(anew.incarnation).raws == anew.raws()


def test_a_mark_that_another_process_moved_is_followed(sending: Sending) -> None:
    outbox, there = outbox_of(3000), Watched()
    pushing = Push(outbox, there, FILE, sending)
    pushing.step()
    there.raws += outbox.raws()[1000:1050]
    outbox.acknowledge(1050)
    assert pushing.step().sent == 1100
    assert len(there.raws) == 2150
    assert there.raws == outbox.raws()[:2150]


def test_what_is_ready_of_one_journal_is_not_sent_for_another() -> None:
    ahead, first, other = Ahead(MemoryOffice(), Sending()), outbox_of(3000), MemoryOutbox("b" * 32)
    batch = ahead.next(first)
    assert batch
    ahead.send(first, batch)
    first.acknowledge(1000)
    other.write(1000, "other")
    other.acknowledge(1000)
    other.write(5, "other")
    found = ahead.next(other)
    assert found
    assert (found.head.incarnation, found.entries) == (other.incarnation, 5)


class Torn(MemoryOutbox):
    """A journal that cannot be read from entry 1001 on."""

    def after(self, seq: int, limit: int) -> Sequence[Stored]:
        if seq >= 1001:
            raise StationError(ErrorCode.DATABASE_CORRUPT)
        return super().after(seq, limit)


def test_what_cannot_be_read_holds_up_nothing_before_it(sending: Sending) -> None:
    outbox, there = Torn(), Watched()
    outbox.write(2000)
    pushing = Push(outbox, there, FILE, sending)
    assert pushing.step().sent == 1000
    with pytest.raises(StationError) as fault:
        pushing.step()
    assert fault.value.code is ErrorCode.DATABASE_CORRUPT
    assert there.raws == outbox.raws()[:1000]


class KilledError(BaseException):
    """The program ended here."""


def killed_before(_send: Callable[[], Receipt], meanwhile: Callable[[], None]) -> Receipt:
    meanwhile()
    raise KilledError


def killed_after(send: Callable[[], Receipt], meanwhile: Callable[[], None]) -> Receipt:
    meanwhile()
    send()
    raise KilledError


@pytest.mark.parametrize("carry", [killed_before, killed_after])
@pytest.mark.parametrize("well", [0, 1, 2])
def test_killed_with_a_batch_ready_everything_is_there_once(carry: Carry, well: int) -> None:
    outbox, there = outbox_of(5000), Watched()
    carries = [in_turn] * well + [carry]

    def carry_on(send: Callable[[], Receipt], meanwhile: Callable[[], None]) -> Receipt:
        return carries.pop(0)(send, meanwhile)

    pushing = Push(outbox, there, FILE, Sending(carry=carry_on))
    for _ in range(well):
        pushing.step()
    with pytest.raises(KilledError):
        pushing.step()
    again = Push(outbox, there, FILE)
    while again.step().unsent:
        pass
    assert there.raws == outbox.raws()


def test_beside_reads_the_journal_in_its_own_thread_while_the_batch_is_on_its_way() -> None:
    on_its_way, made = threading.Event(), threading.Event()
    threads: list[int] = []

    def send() -> Receipt:
        on_its_way.set()
        assert made.wait(PATIENCE_S)
        threads.append(threading.get_ident())
        return RECEIPT

    def meanwhile() -> None:
        assert on_its_way.wait(PATIENCE_S)
        assert threading.get_ident() == threading.main_thread().ident
        made.set()

    assert beside(send, meanwhile) is RECEIPT
    assert threads != [threading.get_ident()]


def test_beside_raises_what_sending_raised() -> None:
    def send() -> Receipt:
        raise DOWN

    with pytest.raises(StationError) as told:
        beside(send, lambda: None)
    assert told.value is DOWN


def test_beside_waits_for_the_answer_even_when_making_the_next_one_fails() -> None:
    answered: list[bool] = []
    failed = threading.Event()

    def send() -> Receipt:
        assert failed.wait(PATIENCE_S)
        answered.append(True)
        return RECEIPT

    def meanwhile() -> None:
        failed.set()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        beside(send, meanwhile)
    assert answered == [True]


def test_a_batch_that_was_ready_is_signed_by_the_key_of_when_it_is_sent(server: Server, office: HeadOffice) -> None:
    body, newer = office.pack(b'{"a":1}\n{"b":2}\n'), bytes(range(100, 132))
    office.sign_as(newer, b"")
    server.scripts.append(answer(RECEIPT))
    assert office.put_batch(HEAD, body) == RECEIPT
    assert server.verified(key=newer).key_id == "12-1"


def test_no_more_is_read_than_a_portion_beyond_what_fits() -> None:
    read: list[int] = []

    class Counted(MemoryOutbox):
        def after(self, seq: int, limit: int) -> Sequence[Stored]:
            found = super().after(seq, limit)
            read.append(len(found))
            return found

    outbox = Counted()
    outbox.write(3000, "x" * 10_230)
    batch = Ahead(MemoryOffice(), Sending()).next(outbox)
    assert batch
    assert batch.full
    assert batch.entries <= 100 < sum(read) <= 200
