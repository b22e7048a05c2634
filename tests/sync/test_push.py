"""The upload: batches, lost answers, a restored head office, forks, and any mixture of faults."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.errors import ErrorCode, StationError
from station.protection import Protection
from sync.push import Push, PushResult
from sync.wire import BatchHead, Hello, Quarantined, Receipt, Welcome
from tests.sync.memory import INCARNATION, MemoryHouse, MemoryOffice, MemoryOutbox, MemoryUploads

FILE = Protection.FILE
DOWN = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)


@pytest.fixture
def outbox() -> MemoryOutbox:
    outbox = MemoryOutbox()
    outbox.write(5)
    return outbox


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


def test_everything_goes_up_and_the_mark_follows(outbox: MemoryOutbox, office: MemoryOffice) -> None:
    pushing = Push(outbox, office, FILE)
    assert pushing.step() == PushResult(sent=5, quarantined=0, unsent=0)
    assert office.raws == outbox.raws()
    assert outbox.mark() == 5
    outbox.write(2)
    assert pushing.step() == PushResult(sent=2, quarantined=0, unsent=0)
    assert pushing.step() == PushResult(sent=0, quarantined=0, unsent=0)
    assert office.calls == ["hello", "put", "put"]


@pytest.mark.parametrize("protection", Protection)
def test_head_office_is_told_how_well_files_are_protected(outbox: MemoryOutbox, protection: Protection) -> None:
    class Listening(MemoryOffice):
        def hello(self, hello: Hello) -> Welcome:
            heard.append(hello.protection)
            return super().hello(hello)

    heard: list[Protection] = []
    Push(outbox, Listening(), protection).step()
    assert heard == [protection]


def test_a_batch_has_a_most_of_entries(office: MemoryOffice) -> None:
    outbox = MemoryOutbox()
    outbox.write(1001)
    assert Push(outbox, office, FILE).step() == PushResult(sent=1000, quarantined=0, unsent=1)


def test_a_batch_has_a_most_of_bytes_but_one_entry_always_goes(office: MemoryOffice) -> None:
    outbox = MemoryOutbox()
    outbox.write(2, "x" * 340_000)
    outbox.write(1, "y" * 512_000)
    outbox.write(1, "z" * 2_500_000)
    pushing = Push(outbox, office, FILE)
    assert [pushing.step().sent for _ in range(4)] == [2, 1, 1, 0]
    assert office.raws == outbox.raws()


def test_entries_put_aside_are_counted_and_acknowledged(
    outbox: MemoryOutbox, office: MemoryOffice,
) -> None:
    office.quarantined = (Quarantined(seq=2, reason="kind"),)
    assert Push(outbox, office, FILE).step() == PushResult(sent=5, quarantined=1, unsent=0)
    assert outbox.mark() == 5


def test_a_lost_answer_costs_a_comparison_and_nothing_is_there_twice(
    outbox: MemoryOutbox, office: MemoryOffice,
) -> None:
    pushing = Push(outbox, office, FILE)
    pushing.step()
    outbox.write(1)
    office.lose = 1
    with pytest.raises(StationError):
        pushing.step()
    assert (outbox.mark(), len(office.raws)) == (5, 6)
    assert pushing.step() == PushResult(sent=0, quarantined=0, unsent=0)
    assert outbox.mark() == 6
    assert office.raws == outbox.raws()


def test_a_batch_sent_again_changes_nothing(outbox: MemoryOutbox, office: MemoryOffice) -> None:
    pushing = Push(outbox, office, FILE)
    pushing.step()
    outbox.acknowledge(2)
    assert pushing.step() == PushResult(sent=3, quarantined=0, unsent=0)
    assert office.raws == outbox.raws()


def test_a_restored_head_office_gets_its_entries_again(
    outbox: MemoryOutbox, office: MemoryOffice,
) -> None:
    pushing = Push(outbox, office, FILE)
    pushing.step()
    office.restore(2)
    outbox.write(1)
    with pytest.raises(StationError) as gap:
        pushing.step()
    assert gap.value.code is ErrorCode.JOURNAL_GAP
    assert pushing.step() == PushResult(sent=4, quarantined=0, unsent=0)
    assert office.raws == outbox.raws()


def test_head_office_ahead_of_the_journal_is_a_fork(outbox: MemoryOutbox, office: MemoryOffice) -> None:
    Push(outbox, office, FILE).step()
    del outbox.entries[3:]
    outbox.acknowledged = 3
    _expect_fork(outbox, office, ["hello", "hash"], mark=3)


def test_another_history_at_the_same_place_is_a_fork(
    outbox: MemoryOutbox, office: MemoryOffice,
) -> None:
    Push(outbox, office, FILE).step()
    del outbox.entries[3:]
    outbox.write(4, "other")
    outbox.acknowledged = 3
    _expect_fork(outbox, office, ["put", "hash"], mark=3)  # it is shown the entry that differs, for its alarm


def _expect_fork(outbox: MemoryOutbox, office: MemoryOffice, calls: list[str], *, mark: int) -> None:
    there = list(office.raws)
    pushing = Push(outbox, office, FILE)
    for _ in range(2):
        with pytest.raises(StationError) as fork:
            pushing.step()
        assert fork.value.code is ErrorCode.JOURNAL_FORKED
    assert office.calls[-2:] == calls
    assert outbox.mark() == mark
    assert office.raws == there


@pytest.mark.parametrize("wrong", [
    {"acknowledged": 4}, {"acknowledged": 6}, {"head": "0" * 64}, {"incarnation": "0" * 32},
])
def test_a_receipt_for_something_else_moves_nothing(
    outbox: MemoryOutbox, wrong: dict[str, int | str],
) -> None:
    class Confused(MemoryOffice):
        def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
            return msgspec.structs.replace(super().put_batch(head, entries), **wrong)

    with pytest.raises(StationError) as invalid:
        Push(outbox, Confused(), FILE).step()
    assert invalid.value.code is ErrorCode.ANSWER_INVALID
    assert outbox.mark() == 0


def test_another_protocol_is_not_guessed_at(outbox: MemoryOutbox) -> None:
    class Newer(MemoryOffice):
        def hello(self, hello: Hello) -> Welcome:
            return msgspec.structs.replace(super().hello(hello), protocol=2)

    with pytest.raises(StationError) as invalid:
        Push(outbox, Newer(), FILE).step()
    assert invalid.value.code is ErrorCode.ANSWER_INVALID


@given(st.lists(st.sampled_from(["write", "step", "refuse", "lose", "restore", "restart"]), max_size=40))
def test_whatever_happens_the_histories_end_up_the_same(events: list[str]) -> None:
    outbox, office = MemoryOutbox(), MemoryOffice()
    pushing = Push(outbox, office, FILE)
    for event in events:
        if event == "write":
            outbox.write(3)
        elif event == "refuse":
            office.fail.append(DOWN)
        elif event == "lose":
            office.lose += 1
        elif event == "restore":
            office.restore(len(office.raws) // 2)
        elif event == "restart":
            pushing = Push(outbox, office, FILE)
        else:
            _step(pushing)
        assert office.raws == outbox.raws()[:len(office.raws)]
    office.fail, office.lose = [], 0
    for _ in range(2):
        _step(pushing)
    outbox.write(1)
    for _ in range(2):
        _step(pushing)
    assert office.raws == outbox.raws()
    assert outbox.mark() == len(office.raws)


def _step(pushing: Push) -> None:
    try:
        pushing.step()
    except StationError as error:
        assert error.code in {ErrorCode.HEAD_OFFICE_UNREACHABLE, ErrorCode.JOURNAL_GAP}  # noqa: PT017


OLD = "b0" * 16


@pytest.fixture
def both() -> MemoryUploads:
    """Five entries of an earlier incarnation, the first three acknowledged, and two of the one that goes on."""
    old, new = MemoryOutbox(OLD), MemoryOutbox()
    old.write(5, "old")
    old.acknowledge(3)
    new.write(2)
    return MemoryUploads([old, new])


def house(both: MemoryUploads, held: int) -> MemoryHouse:
    """A head office that holds ``held`` entries of the earlier incarnation."""
    made = MemoryHouse()
    made.of(OLD).raws = both.outboxes[0].raws()[:held]
    return made


def held(office: MemoryHouse) -> tuple[list[bytes], list[bytes]]:
    return office.of(OLD).raws, office.of(INCARNATION).raws


def test_the_earlier_incarnation_goes_first_and_each_under_its_own_name(both: MemoryUploads) -> None:
    office, (old, new) = house(both, 3), both.outboxes
    pushing = Push(both, office, FILE)
    assert pushing.step() == PushResult(sent=2, quarantined=0, unsent=2)
    assert (old.mark(), new.mark()) == (5, 0)
    assert pushing.step() == PushResult(sent=2, quarantined=0, unsent=0)
    assert held(office) == (old.raws(), new.raws())
    assert [office.of(each).calls for each in (OLD, INCARNATION)] == [["hello", "put"], ["hello", "put"]]


def test_head_office_restored_gets_the_earlier_one_again_as_well(both: MemoryUploads) -> None:
    office, (old, new) = house(both, 3), both.outboxes
    Push(both, office, FILE).step()
    office.of(OLD).restore(1)
    again = Push(both, office, FILE)
    assert [again.step().sent for _ in range(3)] == [4, 2, 0]
    assert held(office) == (old.raws(), new.raws())


def test_what_the_other_copy_already_sent_comes_out_as_known(both: MemoryUploads) -> None:
    """The file is an older copy: head office has all of it, and two entries more. Only hashes are compared."""
    office, (old, new) = house(both, 5), both.outboxes
    office.of(OLD).raws += [b"more", b"of it"]
    pushing = Push(both, office, FILE)
    assert [pushing.step() for _ in range(2)] == [PushResult(2, 0, 0), PushResult(0, 0, 0)]
    assert (len(both.outboxes), old.mark()) == (2, 5)
    assert office.of(OLD).raws == [*old.raws(), b"more", b"of it"]
    assert office.of(INCARNATION).raws == new.raws()


def test_of_an_earlier_one_that_head_office_contradicts_the_rest_goes_up_as_a_branch(both: MemoryUploads) -> None:
    office, (old, new) = house(both, 3), both.outboxes
    written = old.raws()
    office.of(OLD).raws += [b"another", b"history", b"went on"]
    pushing = Push(both, office, FILE)
    assert pushing.step() == PushResult(sent=2, quarantined=0, unsent=2)
    assert [pushing.step() for _ in range(2)] == [PushResult(2, 0, 0), PushResult(0, 0, 0)]
    branch = both.outboxes[1]
    assert [each.mark() for each in both.outboxes] == [3, 5, 2]
    assert office.of(OLD).raws == [*written[:3], b"another", b"history", b"went on"]
    assert office.of(branch.incarnation).raws == written
    assert office.of(INCARNATION).raws == new.raws()


class Cut(MemoryOutbox):
    """A journal whose first two entries can be cut off: then it knows the second one's hash, as a checkpoint does."""

    cut = False

    def hash_at(self, seq: int) -> bytes:
        if self.cut and seq == 1:
            raise KeyError(seq)
        return super().hash_at(seq)


def test_head_office_that_lost_what_is_cut_off_here_is_told(office: MemoryOffice) -> None:
    outbox = Cut()
    outbox.write(4)
    outbox.acknowledge(4)
    outbox.cut = True
    office.raws = outbox.raws()[:1]
    with pytest.raises(StationError) as gap:
        Push(outbox, office, FILE).step()
    assert (gap.value.code, gap.value.detail) == (ErrorCode.ENTRIES_CUT_OFF, {"wanted": 2})


def test_head_office_that_lost_what_is_cut_off_of_an_earlier_one_is_told_in_the_end(both: MemoryUploads) -> None:
    old = Cut(OLD)
    old.write(5, "old")
    old.acknowledge(5)
    old.cut = True
    both.outboxes[0] = old
    pushing = Push(both, house(both, 1), FILE)
    assert pushing.step() == PushResult(sent=2, quarantined=0, unsent=0)
    with pytest.raises(StationError) as gap:
        pushing.step()
    assert gap.value.code is ErrorCode.ENTRIES_CUT_OFF


@pytest.mark.parametrize("calls", [0, 1])
def test_a_fault_of_the_line_is_a_fault_in_an_earlier_one_too(both: MemoryUploads, calls: int) -> None:
    """It meets HELLO of the earlier incarnation, or its batch."""
    office = house(both, 3)
    office.of(OLD).fail = [None] * calls + [DOWN]
    with pytest.raises(StationError) as down:
        Push(both, office, FILE).step()
    assert down.value.code is ErrorCode.HEAD_OFFICE_UNREACHABLE
    assert [each.mark() for each in both.outboxes] == [3, 0]


class Overtaken(MemoryHouse):
    """Another process sells into ``journal`` and sends that while the first question is on its way."""

    def __init__(self, journal: MemoryOutbox) -> None:
        super().__init__()
        self.journal = journal

    def hello(self, hello: Hello) -> Welcome:
        if hello.seq == 3:
            self.journal.write()
            self.of(INCARNATION).raws = self.journal.raws()
        return super().hello(hello)


def test_a_journal_that_grew_while_it_asked_is_no_fork() -> None:
    outbox = MemoryOutbox()
    outbox.write(3)
    house = Overtaken(outbox)
    assert Push(outbox, house, Protection.FILE).step() == PushResult(0, 0, 0)
    assert (outbox.mark(), house.of(INCARNATION).calls) == (4, ["hello", "hello"])
