"""The sync thread, in lock-step: the real thread, its time in the test's hands."""

import base64
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from station.errors import ErrorCode, StationError
from station.feed import Stamp
from station.journal import Stored
from station.protection import Protection
from sync import wire, wire_feeds
from sync.ed25519 import Ed25519Verifier, new_key, public_key, sign_bytes
from sync.exchange import StationSync, Stores
from sync.push import PushResult
from sync.slots import MOST_PAUSE_S
from sync.state import BookState, SyncState
from sync.worker import Worker
from tests.sync.memory import MemoryMembers, MemoryOffice, MemoryOutbox, MemoryPacks, MemoryShelf
from tests.sync.stage import EVERY_S, PATIENCE_S, Stage

DOWN = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.orders.put("listen")
    assert stage.worker.stop(PATIENCE_S)


def test_a_round_pushes_then_pulls_then_rests_until_the_next_pull(stage: Stage) -> None:
    stage.outbox.write(3)
    stage.worker.start()
    assert stage.rest() == EVERY_S
    assert stage.office.raws == stage.outbox.raws()
    assert stage.office.calls == ["hello", "put", "blocks", "members", "shelf", "pack"]
    assert stage.states == [
        SyncState(online=False, unsent=3, error=None, working=True),
        SyncState(online=True, unsent=0, error=None, working=True),
        SyncState(online=True, unsent=0, error=None, working=False),
    ]
    assert stage.elapse() == EVERY_S
    assert stage.office.calls[6:] == ["blocks", "members", "shelf", "pack"]
    assert len(set(stage.opened)) == len(stage.opened) == 1
    assert stage.opened[0] != threading.get_ident()


def test_a_sale_goes_up_at_once_and_does_not_put_off_the_next_pull(stage: Stage) -> None:
    stage.worker.start()
    stage.rest()
    stage.now += 20
    stage.outbox.write(1)
    assert stage.wake() == EVERY_S - 20
    assert stage.office.raws == stage.outbox.raws()
    assert stage.office.calls.count("members") == 1
    assert stage.states[-1] == SyncState(online=True, unsent=0, error=None, working=False)


def test_pauses_double_to_a_limit_and_success_forgets_them(stage: Stage) -> None:
    stage.office.fail = [DOWN] * 20
    stage.worker.start()
    pauses = [stage.rest()] + [stage.elapse() for _ in range(19)]
    doubled = (6, 12, 24, 48, 96, 192, 384, 768, 900, 900)
    assert pauses == [stage.chance * limit for limit in (*[3] * 10, *doubled)]
    assert stage.states[-1] == SyncState(
        online=False, unsent=0, error=ErrorCode.HEAD_OFFICE_UNREACHABLE, working=False)
    assert stage.elapse() == EVERY_S
    assert stage.states[-1] == SyncState(online=True)
    stage.office.fail = [DOWN]
    assert stage.elapse() == 1.5


def test_years_of_failure_do_not_overflow(stage: Stage) -> None:
    stage.office.fail = [DOWN] * 1200
    stage.worker.start()
    stage.rest()
    for _ in range(1199):
        pause = stage.elapse()
    assert pause == MOST_PAUSE_S * stage.chance


def test_head_office_says_when_to_come_back(stage: Stage) -> None:
    stage.office.fail = [
        StationError(ErrorCode.HEAD_OFFICE_BUSY, retry_after=100),
        StationError(ErrorCode.HEAD_OFFICE_BUSY, retry_after=0),
        StationError(ErrorCode.HEAD_OFFICE_BUSY),
    ]
    stage.worker.start()
    assert stage.rest() == pytest.approx(110)
    assert stage.states[-1] == SyncState(online=True, error=ErrorCode.HEAD_OFFICE_BUSY)
    assert stage.elapse() == pytest.approx(1.1)
    assert stage.elapse() == 12 * stage.chance


def test_a_sale_while_resting_after_a_fault_is_only_counted(stage: Stage) -> None:
    stage.office.fail = [DOWN]
    stage.worker.start()
    pause = stage.rest()
    stage.now += pause / 4
    stage.outbox.write(2)
    assert stage.wake() == pause * 3 / 4
    assert stage.office.calls == ["hello"]
    assert stage.states[-1] == SyncState(
        online=False, unsent=2, error=ErrorCode.HEAD_OFFICE_UNREACHABLE, working=False)
    assert stage.elapse() == EVERY_S
    assert stage.states[-1] == SyncState(online=True)


def test_a_sale_while_the_stores_are_closed_is_not_even_counted(stage: Stage) -> None:
    stage.refuse = [StationError(ErrorCode.DATABASE_UNAVAILABLE)]
    stage.worker.start()
    pause = stage.rest()
    stage.outbox.write(1)
    stage.now += pause / 2
    assert stage.wake() == pause / 2
    assert stage.states == [SyncState(error=ErrorCode.DATABASE_UNAVAILABLE)]
    assert stage.elapse() == EVERY_S
    assert len(stage.opened) == 2


def test_a_long_journal_goes_up_in_one_round(stage: Stage) -> None:
    stage.outbox.write(2101)
    stage.worker.start()
    stage.rest()
    assert stage.office.raws == stage.outbox.raws()
    assert [state.unsent for state in stage.states] == [2101, 1101, 1, 0, 0]


def test_a_fork_is_told_and_the_feeds_go_on(stage: Stage) -> None:
    stage.outbox.write(1)
    stage.office.raws = [b"another history"]
    stage.worker.start()
    assert stage.rest() == 1.5
    assert stage.office.calls == ["hello", "put", "hash", "blocks", "members", "shelf", "pack"]
    assert stage.states[-1] == SyncState(
        online=True, unsent=1, error=ErrorCode.JOURNAL_FORKED, working=False)
    assert stage.outbox.mark() == 0


def test_a_bad_pack_does_not_keep_blocked_cards_from_coming_down(stage: Stage) -> None:
    stage.office.signed = wire_feeds.SignedPack(number=1, document="e30=", signature="A" * 86 + "==")
    stage.worker.start()
    stage.rest()
    assert stage.states[-1] == SyncState(online=True, error=ErrorCode.SIGNATURE_INVALID)
    assert len(stage.members.pages) == 1
    stage.elapse()
    assert len(stage.members.pages) == 2


def test_an_older_pack_is_told_while_sales_go_up(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.packs.installed = {3: (b"", b"")}
    stage.office.signed = wire_feeds.SignedPack(number=2, document="", signature="")
    stage.outbox.write(1)
    stage.worker.start()
    assert stage.rest() == EVERY_S
    assert stage.office.raws == stage.outbox.raws()
    assert stage.states[-1] == SyncState(online=True, error=ErrorCode.PACK_OLDER)
    assert [record.getMessage() for record in caplog.records] == ["sync: E512 PACK_OLDER held=3 pack=2"]
    # it stays told between pulls, until head office offers a better one
    stage.now += 1
    stage.outbox.write(1)
    assert stage.wake() == EVERY_S - 1
    assert stage.states[-1].error is ErrorCode.PACK_OLDER
    stage.office.signed = wire_feeds.SignedPack(number=3, document="", signature="")
    assert stage.elapse() == EVERY_S
    assert stage.states[-1] == SyncState(online=True)


def test_a_broken_pack_is_told_with_what_is_amiss(stage: Stage) -> None:
    document = b'{"version": 1}'
    stage.office.signed = wire_feeds.SignedPack(
        number=4, document=base64.b64encode(document).decode(),
        signature=base64.b64encode(sign_bytes(stage.key, document)).decode())
    stage.worker.start()
    assert stage.rest() == EVERY_S
    assert stage.states[-1] == SyncState(
        online=True, error=ErrorCode.PACK_INVALID,
        reason='$: {"version": 1}: object missing required field `number`')
    stage.office.fail = [DOWN]
    stage.elapse()
    assert stage.states[-1] == SyncState(online=False, error=ErrorCode.HEAD_OFFICE_UNREACHABLE)


def test_a_bug_is_not_told_with_the_words_of_the_pack_before_it(stage: Stage) -> None:
    stage.office.signed = wire_feeds.SignedPack(
        number=4, document="e30=", signature=base64.b64encode(sign_bytes(stage.key, b"{}")).decode())
    stage.worker.start()
    stage.rest()
    assert stage.states[-1].reason
    stage.office.fail = [ZeroDivisionError()]  # type: ignore[list-item] # a bug
    stage.elapse()
    assert stage.states[-1] == SyncState(online=True, error=ErrorCode.SYNC_FAILED)


def test_all_pages_are_taken_in_one_round(stage: Stage) -> None:
    stage.office.members = {
        text: wire_feeds.MembersPage(cursor=text + "x", more=len(text) < 4, projected=0, version=0, taken_us=0, changes=())
        for text in ("", "x", "xx", "xxx", "xxxx")}
    stage.worker.start()
    stage.rest()
    assert stage.members.cursor() == "xxxxx"
    assert stage.office.calls == ["hello", "blocks", *["members"] * 5, "shelf", "pack"]


def test_entries_put_aside_are_logged_by_number_only(
    stage: Stage, caplog: pytest.LogCaptureFixture,
) -> None:
    stage.outbox.write(1)
    stage.office.quarantined = (wire.Quarantined(seq=1, reason="secret"),)
    stage.worker.start()
    stage.rest()
    assert [record.getMessage() for record in caplog.records] == ["sync: head office put 1 entries aside"]


def test_a_fault_is_logged_once_not_at_every_try(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.office.fail = [DOWN] * 3
    stage.worker.start()
    stage.rest()
    stage.elapse()
    stage.elapse()
    assert [record.getMessage() for record in caplog.records] == ["sync: E501 HEAD_OFFICE_UNREACHABLE"]


def test_a_fault_of_the_disk_reopens_the_stores(stage: Stage) -> None:
    class Broken(MemoryOutbox):
        def after(self, seq: int, limit: int) -> list[Stored]:
            raise StationError(ErrorCode.DATABASE_CORRUPT, seq=seq, limit=limit)

    sound, stage.outbox = stage.outbox, Broken()
    stage.worker.start()
    stage.rest()
    assert stage.states[-1] == SyncState(online=False, error=ErrorCode.DATABASE_CORRUPT)
    assert stage.closed == ["stores", "office"]
    stage.outbox = sound
    assert stage.elapse() == EVERY_S
    assert stage.states[-1] == SyncState(online=True)


def test_counting_survives_a_locked_file(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    @dataclass
    class Lockable(MemoryOutbox):
        locked: bool = False

        def mark(self) -> int:
            if self.locked:
                raise StationError(ErrorCode.DATABASE_LOCKED)
            return super().mark()

    stage.outbox = outbox = Lockable()
    stage.office.fail = [DOWN]
    stage.worker.start()
    pause = stage.rest()
    outbox.locked = True
    assert stage.wake() == pause
    assert "DATABASE_LOCKED" in caplog.text
    outbox.locked = False
    assert stage.elapse() == EVERY_S


def test_a_bug_is_loud_and_the_thread_goes_on(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(MemoryOffice):
        def next_pack(self, after: int) -> wire_feeds.NextPack:
            assert not after
            message = "a bug"
            raise ZeroDivisionError(message)

    sound, stage.office = stage.office, Faulty()
    stage.worker.start()
    assert stage.rest() == 1.5
    assert stage.states[-1] == SyncState(online=True, error=ErrorCode.SYNC_FAILED)
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "ZeroDivisionError: a bug" in caplog.text
    stage.office = sound
    assert stage.elapse() == EVERY_S
    assert stage.states[-1] == SyncState(online=True)
    assert stage.closed == ["stores", "office"]


def test_stopping_closes_everything_and_sends_nothing_more() -> None:
    stage = Stage()
    stage.worker.start()
    stage.rest()
    calls = list(stage.office.calls)
    stage.outbox.write(1)
    stage.orders.put("listen")
    assert stage.worker.stop(PATIENCE_S)
    assert stage.closed == ["stores", "office"]
    assert stage.office.calls == calls


def test_a_stop_in_the_middle_of_a_request_says_that_it_is_not_over() -> None:
    entered, leave = threading.Event(), threading.Event()

    class Slow(StationSync):
        def push(self) -> PushResult:
            entered.set()
            assert leave.wait(PATIENCE_S)
            return super().push()

    office = MemoryOffice()
    outbox = MemoryOutbox()
    outbox.write(wire.MOST_ENTRIES + 1)
    stores = Stores(outbox, MemoryMembers(), MemoryShelf(), MemoryPacks(), Protection.FILE, lambda: None)
    sync = Slow(stores, office, Ed25519Verifier(public_key(new_key())), lambda: None)
    worker = Worker(lambda: sync, lambda _: None)
    worker.start()
    assert entered.wait(PATIENCE_S)
    assert not worker.stop(0)
    leave.set()
    assert worker.stop(PATIENCE_S)
    assert office.calls == ["hello", "put"], "the batch it was at; no second one, no pull"


def test_real_time_is_the_default() -> None:
    told = threading.Event()

    def on_state(state: SyncState) -> None:
        if state.online and not state.working:
            told.set()

    stage = Stage()
    worker = Worker(stage.open, on_state)
    worker.start()
    assert told.wait(PATIENCE_S)
    told.clear()
    stage.outbox.write(1)
    worker.wake()
    assert told.wait(PATIENCE_S)
    assert worker.stop(PATIENCE_S)
    assert stage.office.raws == stage.outbox.raws()


def test_where_no_members_are_kept_none_are_asked_for() -> None:
    outbox, office = MemoryOutbox(), MemoryOffice()
    outbox.write(1)
    stores = Stores(outbox, None, MemoryShelf(), MemoryPacks(), Protection.NONE, lambda: None)
    sync = StationSync(stores, office, Ed25519Verifier(public_key(new_key())), lambda: None)
    assert sync.push().unsent == 0
    while sync.pull():
        pass
    assert office.calls == ["hello", "put", "shelf", "pack"]


class Book:
    """A member book of two members that may not be readable."""

    def __init__(self, fault: StationError | None = None) -> None:
        self.fault = fault

    def stamp(self) -> Stamp | None:
        if self.fault:
            raise self.fault
        return Stamp(7, 70)

    def count(self) -> int:
        return 2


@pytest.mark.parametrize("down", [False, True])
def test_how_the_member_book_stands_is_told_online_and_offline(stage: Stage, down: bool) -> None:  # noqa: FBT001 - a table's column
    stage.kept = Book()
    if down:
        stage.outbox.write()
        stage.office.fail = [DOWN]
    stage.worker.start()
    stage.rest()
    assert (stage.states[-1].online, stage.states[-1].book) == (not down, BookState(2, Stamp(7, 70)))


def test_a_member_book_that_cannot_be_read_keeps_no_sale_back(stage: Stage) -> None:
    stage.kept = Book(StationError(ErrorCode.DISK_FAULT, file="members.db"))
    stage.outbox.write()
    stage.worker.start()
    stage.rest()
    assert (stage.states[-1].unsent, stage.states[-1].online, stage.states[-1].book) == (0, True, None)
