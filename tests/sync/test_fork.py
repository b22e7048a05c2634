"""Head office has another history of the incarnation that goes on: a new one begins, and selling and sending go on."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from data.verify import verify
from data.witness import WatchedJournal, Witness
from station.errors import ErrorCode, StationError
from station.journal import Cause, Entry, Opened, Position, branch_name
from station.protection import Protection
from station.version import VERSION
from sync.ed25519 import Ed25519Verifier, public_key
from sync.exchange import StationSync, Stores, Sync
from sync.push import Push, PushResult
from sync.state import SyncState
from sync.wire import BatchHead, Hello, Packed, Receipt, Welcome
from sync.wire_feeds import MembersPage
from tests.data.test_journal import sale
from tests.fakes import NOON
from tests.rigs.journal_uploads import JournalUploads
from tests.rigs.shop import KEY
from tests.sync.memory import INCARNATION, MemoryHouse, MemoryOffice, MemoryOutbox, MemoryShelf, MemoryUploads
from tests.sync.stage import EVERY_S, Stage
from tests.sync.test_push import Cut

ANEW = f"{1:032}"
"""What the uploads in memory call their second incarnation."""


@pytest.fixture
def uploads() -> MemoryUploads:
    """Five entries, the first three acknowledged."""
    outbox = MemoryOutbox()
    outbox.write(5)
    outbox.acknowledge(3)
    return MemoryUploads([outbox])


@pytest.fixture
def office(uploads: MemoryUploads) -> MemoryHouse:
    """A head office that has the first three entries, and then two that another copy wrote."""
    house = MemoryHouse()
    house.of(INCARNATION).raws = [*uploads.outboxes[0].raws()[:3], b'{"other":4}', b'{"other":5}']
    return house


def forked(pushing: Push) -> StationError:
    with pytest.raises(StationError) as caught:
        pushing.step()
    assert caught.value.code is ErrorCode.JOURNAL_FORKED
    return caught.value


def sent(pushing: Push) -> list[int]:
    """How many entries each batch had, until none is left."""
    counts = []
    while count := pushing.step().sent:
        counts.append(count)
    return counts


def test_both_branches_go_up_and_what_is_sold_from_then_on_under_a_new_name(uploads: MemoryUploads, office: MemoryHouse) -> None:
    """The two entries after the third are a branch, the one after them is the new incarnation's first."""
    written, theirs = uploads.outboxes[0].raws(), list(office.of(INCARNATION).raws)
    pushing = Push(uploads, office, Protection.FILE)
    assert pushing.step() == PushResult(sent=2, quarantined=0, unsent=1)
    assert pushing.step() == PushResult(sent=1, quarantined=0, unsent=0)
    old, branch, new = uploads.outboxes
    assert (old.head().seq, old.mark()) == (3, 3)
    assert (branch.head().of, branch.head().base, branch.mark()) == (INCARNATION, 3, 5)
    assert branch.incarnation == branch_name(INCARNATION, branch.entries[3].hash)
    assert office.of(branch.incarnation).raws == written
    assert office.of(ANEW).raws == new.raws()
    assert office.of(INCARNATION).raws == theirs
    new.write(2)
    assert sent(pushing) == [2]


def test_the_alarm_stands_also_when_the_old_branch_has_nothing_to_send(uploads: MemoryUploads, office: MemoryHouse) -> None:
    """A disk was put back whole: this file is older than what head office has of it."""
    del uploads.outboxes[0].entries[3:]
    pushing = Push(uploads, office, Protection.FILE)
    assert pushing.step() == PushResult(sent=1, quarantined=0, unsent=0)
    assert forked(pushing).detail == {"earlier": INCARNATION}
    uploads.outboxes[1].write(1)
    assert pushing.step() == PushResult(sent=1, quarantined=0, unsent=0)


def test_after_a_doubt_what_a_restored_head_office_lacks_is_sent_again(uploads: MemoryUploads, office: MemoryHouse) -> None:
    office.of(INCARNATION).raws = uploads.outboxes[0].raws()[:3]
    pushing = Push(uploads, office, Protection.FILE)
    assert pushing.step().sent == 2
    del office.of(INCARNATION).raws[4:]
    assert pushing.step().sent == 0
    pushing.doubt()
    assert pushing.step().sent == 1
    assert office.of(INCARNATION).raws == uploads.outboxes[0].raws()


def test_a_head_office_that_contradicts_everything_does_not_make_name_after_name(uploads: MemoryUploads) -> None:
    class Contrary(MemoryHouse):
        def hello(self, hello: Hello) -> Welcome:
            raise StationError(ErrorCode.JOURNAL_FORKED, seq=hello.seq)

    pushing = Push(uploads, Contrary(), Protection.FILE)
    for _ in range(3):
        assert "earlier" not in forked(pushing).detail
    assert len(uploads.outboxes) == 1, "it has not one entry of this name: nobody has a copy of this file"


def test_a_new_incarnation_that_cannot_be_written_is_tried_again(office: MemoryHouse, uploads: MemoryUploads) -> None:
    @dataclass
    class Full(MemoryUploads):
        full: bool = True

        def begin_anew(self) -> None:
            if self.full:
                raise StationError(ErrorCode.DISK_FULL)
            super().begin_anew()

    files = Full(uploads.outboxes)
    pushing = Push(files, office, Protection.FILE)
    with pytest.raises(StationError) as full:
        pushing.step()
    assert full.value.code is ErrorCode.DISK_FULL
    files.full = False
    assert sent(pushing) == [2, 1]


@dataclass
class Contradicting(MemoryOffice):
    """A head office whose uploads are a house of all incarnations."""

    house: MemoryHouse = field(default_factory=MemoryHouse)

    def hello(self, hello: Hello) -> Welcome:
        return self.house.hello(hello)

    def pack(self, entries: bytes) -> Packed:
        return self.house.pack(entries)

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        return self.house.put_batch(head, entries)

    def held_hash(self, incarnation: str, seq: int) -> str | None:
        return self.house.held_hash(incarnation, seq)

    def members_page(self, cursor: str, incarnation: str) -> MembersPage:
        assert incarnation == ANEW
        return super().members_page(cursor, INCARNATION)


@dataclass
class ForkedStage(Stage):
    """A station with a file of several incarnations."""

    uploads: MemoryUploads = field(default_factory=lambda: MemoryUploads([]))

    def open(self) -> Sync:
        stores = Stores(self.uploads, self.members, MemoryShelf(), self.packs, Protection.FILE, lambda: None)
        return StationSync(stores, self.office, Ed25519Verifier(public_key(self.key)), lambda: None)


@pytest.fixture
def stage(uploads: MemoryUploads, office: MemoryHouse) -> Iterator[ForkedStage]:
    """A sync thread over both."""
    stage = ForkedStage(uploads=uploads, office=Contradicting(house=office))
    yield stage
    stage.orders.put("listen")
    assert stage.worker.stop(10)


def test_the_thread_tells_the_fork_and_neither_rests_longer_nor_forgets_to_pull(
    stage: ForkedStage, uploads: MemoryUploads, office: MemoryHouse,
) -> None:
    """A disk was put back whole."""
    del uploads.outboxes[0].entries[3:]
    stage.worker.start()
    assert stage.rest() == EVERY_S
    assert stage.states[-1] == SyncState(online=True, unsent=0, error=ErrorCode.JOURNAL_FORKED)
    assert stage.office.calls == ["blocks", "members", "shelf", "pack"]
    uploads.outboxes[1].write(1)
    assert stage.wake() == EVERY_S  # no second pause: a sale goes up as it is made
    assert office.of(ANEW).raws == uploads.outboxes[1].raws()
    assert stage.states[-1] == SyncState(online=True, unsent=0, error=ErrorCode.JOURNAL_FORKED)


def test_once_both_branches_are_at_head_office_the_thread_tells_nothing(stage: ForkedStage) -> None:
    stage.worker.start()
    assert stage.rest() == EVERY_S
    assert stage.states[-1] == SyncState(online=True, unsent=0)
    assert stage.office.calls == ["blocks", "members", "shelf", "pack"]


def test_the_alarm_does_not_flicker_when_the_old_branch_has_nothing_to_send(
    stage: ForkedStage, uploads: MemoryUploads,
) -> None:
    del uploads.outboxes[0].entries[3:]
    stage.worker.start()
    stage.rest()
    uploads.outboxes[1].write(1)
    stage.wake()
    told = [state.error for state in stage.states]
    assert told[told.index(ErrorCode.JOURNAL_FORKED):] == [ErrorCode.JOURNAL_FORKED] * (
        len(told) - told.index(ErrorCode.JOURNAL_FORKED))
    assert stage.states[-1].unsent == 0


Till = JournalUploads[WatchedJournal]
"""One of two computers that sell on copies of the same file."""


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[list[Till]]:
    """Two copies of a journal with one sale that head office has; their witnesses were copied as well."""
    with ExitStack() as opened:
        made = []
        for name in ("a", "b"):
            folder = tmp_path / name
            if name == "a":
                folder.mkdir()
            else:
                shutil.copytree(tmp_path / "a", folder)
            journal = WatchedJournal(folder / "journal.db", KEY, Witness((folder / "w",), "m"))
            opened.callback(journal.close)
            if name == "a":
                journal.found("12-1", "test", NOON)
                journal.append(sale(1))
                journal.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            made.append(Till(journal))
        yield made


def test_of_two_copies_that_sell_nothing_is_lost_and_nothing_there_twice(tills: list[Till]) -> None:
    house, (one, two) = MemoryHouse(), tills
    assert one.journal.examine("test", NOON) is two.journal.examine("test", NOON) is None
    pushes = [Push(each, house, Protection.FILE) for each in tills]
    start = one.journal.head()
    for till, number in ((one, 10), (two, 20), (one, 30), (two, 40)):
        till.journal.append(sale(number))
        push = pushes[tills.index(till)]
        sent(push)
    assert len(one.branches()) == 1
    old, branch, new = two.branches()
    assert (branch.head().of, branch.head().base, old.head().seq) == (old.incarnation, 2, 2)
    entries = [msgspec.json.decode(each.raw, type=Entry[Opened]) for each in new.after(0, 1)]
    assert entries[0].body == Opened(VERSION, Cause.FORKED, Position(start.incarnation, 3), branch.head().hash.hex())
    held = {raw for office in house.offices.values() for raw in office.raws}
    assert {each.raw for each in one.journal.entries(0, 100)} <= held
    assert {each.raw for each in two.journal.entries(0, 100)} <= held
    assert [list(verify(each.journal)) for each in tills] == [[], []]


def test_a_head_office_that_wants_what_is_cut_off_of_an_earlier_one_holds_up_nothing(stage: ForkedStage) -> None:
    old, new = Cut("b0" * 16), MemoryOutbox(ANEW)
    old.write(4, "old")
    old.acknowledge(4)
    old.cut = True
    new.write(1)
    stage.uploads.outboxes[:] = [old, new]
    house = MemoryHouse()
    house.of("b0" * 16).raws = old.raws()[:1]
    stage.office = Contradicting(house=house)
    stage.worker.start()
    assert stage.rest() == EVERY_S
    assert stage.states[-1] == SyncState(online=True, unsent=0, error=ErrorCode.ENTRIES_CUT_OFF)
    assert stage.office.calls == ["blocks", "members", "shelf", "pack"]
    new.write(1)
    assert stage.wake() == EVERY_S
    assert house.of(ANEW).raws == new.raws()
