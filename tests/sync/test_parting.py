"""What head office has another history of is parted from its journal and goes up as a branch."""

from dataclasses import dataclass

import pytest

from station.errors import ErrorCode, StationError
from station.journal import branch_name
from station.protection import Protection
from sync.batches import Sending
from sync.push import Push, PushResult
from sync.wire import BatchHead, Hello, Packed, Receipt, Welcome
from tests.sync.memory import INCARNATION, MemoryHouse, MemoryOffice, MemoryOutbox, MemoryUploads
from tests.sync.test_fork import ANEW, forked, office, sent, uploads
from tests.sync.test_push import Cut

__all__ = ["office", "uploads"]


@pytest.mark.parametrize("common", [1, 2, 3, 31, 32, 33, 99])
def test_where_two_histories_part_is_found_by_halving(common: int) -> None:
    outbox, house = MemoryOutbox(), MemoryHouse()
    outbox.write(100)
    house.of(INCARNATION).raws = [*outbox.raws()[:common], *(b'{"other":1}' for _ in range(60))]
    uploads = MemoryUploads([outbox])
    assert sent(Push(uploads, house, Protection.FILE)) == [100 - common, 1]
    assert [each.head().base for each in uploads.outboxes] == [0, common, 0]
    assert house.asked <= 8 + 3  # whether it is a copy; 2^7 > 100; then once more for each comparison of what was parted


def test_the_alarm_stands_until_head_office_has_the_branch(uploads: MemoryUploads, office: MemoryHouse) -> None:
    """Head office takes nothing of the branch at first; what is sold now goes up all the same."""
    pushing = Push(uploads, Taking(office, 3), Protection.FILE)
    assert pushing.step().sent == 1
    for _ in range(2):
        assert forked(pushing).detail == {"earlier": uploads.outboxes[1].incarnation}
    assert sent(pushing) == [2]
    assert pushing.step() == PushResult(sent=0, quarantined=0, unsent=0)


@dataclass
class Taking:
    """A head office that loses what a branch goes on from before its first ``refusals`` batches."""

    house: MemoryHouse
    refusals: int

    def hello(self, hello: Hello) -> Welcome:
        return self.house.hello(hello)

    def pack(self, entries: bytes) -> Packed:
        return self.house.pack(entries)

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        if head.of and self.refusals:
            self.refusals -= 1
            raise StationError(ErrorCode.JOURNAL_GAP)
        return self.house.put_batch(head, entries)

    def held_hash(self, incarnation: str, seq: int) -> str | None:
        return self.house.held_hash(incarnation, seq)


def test_a_branch_head_office_lost_with_what_it_goes_on_from_is_sent_again_after_that(
    uploads: MemoryUploads, office: MemoryHouse,
) -> None:
    written = uploads.outboxes[0].raws()
    assert sent(Push(uploads, office, Protection.FILE)) == [2, 1]
    branch = uploads.outboxes[1].incarnation
    del office.offices[branch]
    office.of(INCARNATION).restore(2)
    assert sent(Push(uploads, office, Protection.FILE)) == [1, 2]
    assert office.of(INCARNATION).raws == written[:3]
    assert office.of(branch).raws == written


def test_a_head_office_restored_and_given_another_history_gets_one_branch_from_there(
    uploads: MemoryUploads, office: MemoryHouse,
) -> None:
    """The branch after entry 3 is known to nobody any more: what comes after entry 1 is one now."""
    written = uploads.outboxes[0].raws()
    sent(Push(uploads, office, Protection.FILE))
    office.offices.clear()
    office.of(INCARNATION).raws = [written[0], b'{"third":2}']
    assert sent(Push(uploads, office, Protection.FILE)) == [4, 1]
    assert [(each.head().of, each.head().base) for each in uploads.outboxes] == [("", 0), (INCARNATION, 1), ("", 0)]
    assert office.of(uploads.outboxes[1].incarnation).raws == written


def test_a_restored_head_office_that_was_told_the_branch_as_the_journal_itself_has_it_there_from_then_on(
    uploads: MemoryUploads, office: MemoryHouse,
) -> None:
    """It had the journal to entry 3 again, and a copy that was never parted sent all of it."""
    written = uploads.outboxes[0].raws()
    sent(Push(uploads, office, Protection.FILE))
    del office.offices[uploads.outboxes[1].incarnation]
    office.of(INCARNATION).raws = written[:4]
    assert sent(Push(uploads, office, Protection.FILE)) == [1]
    assert office.of(INCARNATION).raws == written
    assert [each.incarnation for each in uploads.outboxes] == [INCARNATION, ANEW]


def test_a_copy_that_was_never_parted_parts_where_another_one_has_a_branch_there(
    uploads: MemoryUploads, office: MemoryHouse,
) -> None:
    """Head office, restored, has the journal to entry 3, and from then on only as a branch."""
    outbox = uploads.outboxes[0]
    written, name = outbox.raws(), branch_name(INCARNATION, outbox.entries[3].hash)
    office.of(INCARNATION).raws = written[:3]
    office.offices[name] = MemoryOffice(name, written[:4])
    assert sent(Push(uploads, office, Protection.FILE)) == [1, 1]
    assert (office.of(name).raws, office.of(INCARNATION).raws) == (written, written[:3])
    assert [each.incarnation for each in uploads.outboxes] == [INCARNATION, name, ANEW]


def test_a_head_office_that_contradicts_itself_is_told(uploads: MemoryUploads) -> None:
    """It has entry 4 while that is a branch, and another one while it is not."""
    class Fickle(MemoryHouse):
        def held_hash(self, incarnation: str, seq: int) -> str | None:
            is_parted = bool(uploads.outboxes[1].origin)
            is_ours = incarnation == INCARNATION and (seq < 4 or (seq == 4 and is_parted))
            return written[seq - 1].hash.hex() if is_ours else None

        def hello(self, hello: Hello) -> Welcome:
            if hello.incarnation == INCARNATION:
                raise StationError(ErrorCode.JOURNAL_FORKED)
            return super().hello(hello)

    written = list(uploads.outboxes[0].entries)
    uploads.begin_anew()
    with pytest.raises(StationError) as told:
        Push(uploads, Fickle(), Protection.FILE).step()
    assert (told.value.code, told.value.detail) == (ErrorCode.ANSWER_INVALID, {"reason": "history"})


def test_of_two_copies_of_a_branch_one_is_a_branch_of_it(uploads: MemoryUploads, office: MemoryHouse) -> None:
    """The other copy was made after entry 4 and went up first."""
    old = uploads.outboxes[0]
    other = MemoryUploads([MemoryOutbox(INCARNATION, old.entries[:4], 3)])
    other.outboxes[0].write(1, "elsewhere")
    sent(Push(other, office, Protection.FILE))
    written = old.raws()
    assert sent(Push(uploads, office, Protection.FILE)) == [1]  # its new incarnation has the same name in memory
    first, second = uploads.outboxes[1:3]
    assert first.incarnation == other.outboxes[1].incarnation
    assert (second.head().of, second.head().base) == (first.incarnation, 4)
    assert office.of(second.incarnation).raws == written


def test_after_a_restart_the_branch_is_sent_on(uploads: MemoryUploads, office: MemoryHouse) -> None:
    Push(uploads, office, Protection.FILE, Sending()).step()
    assert sent(Push(uploads, office, Protection.FILE)) == [1]
    assert len(uploads.outboxes) == 3


def test_an_old_one_that_a_restored_head_office_has_shorter_and_otherwise_is_parted_there(
    uploads: MemoryUploads, office: MemoryHouse,
) -> None:
    """Head office had five entries of it, was restored to two, and then got a third from another copy."""
    old = uploads.outboxes[0]
    office.of(INCARNATION).raws = old.raws()
    old.acknowledge(5)
    old.write(1)
    written = old.raws()
    uploads.begin_anew()
    office.of(INCARNATION).raws = [*written[:2], b'{"other":3}']
    assert sent(Push(uploads, office, Protection.FILE)) == [4, 1]
    assert office.of(uploads.outboxes[1].incarnation).raws == written
    assert office.of(ANEW).raws == uploads.outboxes[2].raws()


def test_what_is_cut_off_where_the_histories_part_is_told_and_holds_up_nothing(office: MemoryHouse) -> None:
    old, new = Cut(INCARNATION), MemoryOutbox(ANEW)
    old.write(4)
    old.cut = True
    new.write(1)
    office.of(INCARNATION).raws = [b'{"other":1}', b'{"other":2}']
    pushing = Push(MemoryUploads([old, new]), office, Protection.FILE)
    assert pushing.step().sent == 1
    with pytest.raises(StationError) as wanted:
        pushing.step()
    assert (wanted.value.code, wanted.value.detail) == (ErrorCode.ENTRIES_CUT_OFF, {"earlier": INCARNATION})


def test_a_journal_of_which_head_office_has_not_even_the_first_entry_stands_back(office: MemoryHouse) -> None:
    old, new = MemoryOutbox(INCARNATION), MemoryOutbox(ANEW)
    old.write(2)
    new.write(1)
    office.of(INCARNATION).raws = [b'{"other":1}']
    pushing = Push(MemoryUploads([old, new]), office, Protection.FILE)
    assert pushing.step().sent == 1
    assert forked(pushing).detail == {"earlier": INCARNATION}


def test_a_copy_made_before_its_journal_was_ever_sent_begins_anew_as_well() -> None:
    """Its mark is 0, and the original went on: the simulator's seed 206, where four sales never arrived."""
    first, second, house = MemoryOutbox(), MemoryOutbox("b" * 32), MemoryHouse()
    first.write(1)
    second.write(3)
    house.of(INCARNATION).raws = first.raws()
    house.of(second.incarnation).raws = [second.raws()[0], b'{"other":2}']
    written, uploads = second.raws(), MemoryUploads([first, second])
    assert sum(sent(Push(uploads, house, Protection.FILE))) == 3
    assert house.of(uploads.outboxes[2].incarnation).raws == written
    assert [each.mark() for each in uploads.outboxes] == [1, 1, 3, 1]
