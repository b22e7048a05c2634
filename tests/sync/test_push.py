"""The upload: batches, lost answers, a restored head office, forks, and any mixture of faults."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.errors import ErrorCode, StationError
from sync import push
from sync.push import Push, PushResult
from sync.wire import MOST_ENTRIES, BatchHead, Hello, Quarantined, Receipt, Welcome
from tests.sync.memory import MemoryOffice, MemoryOutbox

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
    pushing = Push(outbox, office)
    assert pushing.step() == PushResult(sent=5, quarantined=0, unsent=0)
    assert office.raws == outbox.raws()
    assert outbox.mark() == 5
    outbox.write(2)
    assert pushing.step() == PushResult(sent=2, quarantined=0, unsent=0)
    assert pushing.step() == PushResult(sent=0, quarantined=0, unsent=0)
    assert office.calls == ["hello", "put", "put"]


def test_a_batch_has_a_most_of_entries(office: MemoryOffice) -> None:
    outbox = MemoryOutbox()
    outbox.write(MOST_ENTRIES + 1)
    assert Push(outbox, office).step() == PushResult(sent=MOST_ENTRIES, quarantined=0, unsent=1)


def test_a_batch_has_a_most_of_bytes_but_one_entry_always_goes(office: MemoryOffice) -> None:
    outbox = MemoryOutbox()
    outbox.write(2, "x" * (push.MOST_BYTES // 3))
    outbox.write(1, "y" * (push.MOST_BYTES // 2))
    outbox.write(1, "z" * (2 * push.MOST_BYTES))
    pushing = Push(outbox, office)
    assert [pushing.step().sent for _ in range(4)] == [2, 1, 1, 0]
    assert office.raws == outbox.raws()


def test_entries_put_aside_are_counted_and_acknowledged(
    outbox: MemoryOutbox, office: MemoryOffice,
) -> None:
    office.quarantined = (Quarantined(seq=2, reason="kind"),)
    assert Push(outbox, office).step() == PushResult(sent=5, quarantined=1, unsent=0)
    assert outbox.mark() == 5


def test_a_lost_answer_costs_a_comparison_and_nothing_is_there_twice(
    outbox: MemoryOutbox, office: MemoryOffice,
) -> None:
    pushing = Push(outbox, office)
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
    pushing = Push(outbox, office)
    pushing.step()
    outbox.acknowledge(2)
    assert pushing.step() == PushResult(sent=3, quarantined=0, unsent=0)
    assert office.raws == outbox.raws()


def test_a_restored_head_office_gets_its_entries_again(
    outbox: MemoryOutbox, office: MemoryOffice,
) -> None:
    pushing = Push(outbox, office)
    pushing.step()
    office.restore(2)
    outbox.write(1)
    with pytest.raises(StationError) as gap:
        pushing.step()
    assert gap.value.code is ErrorCode.JOURNAL_GAP
    assert pushing.step() == PushResult(sent=4, quarantined=0, unsent=0)
    assert office.raws == outbox.raws()


def test_head_office_ahead_of_the_journal_is_a_fork(outbox: MemoryOutbox, office: MemoryOffice) -> None:
    Push(outbox, office).step()
    del outbox.entries[3:]
    outbox.acknowledged = 3
    _expect_fork(outbox, office, mark=3)


def test_another_history_at_the_same_place_is_a_fork(
    outbox: MemoryOutbox, office: MemoryOffice,
) -> None:
    Push(outbox, office).step()
    del outbox.entries[3:]
    outbox.write(4, "other")
    outbox.acknowledged = 3
    _expect_fork(outbox, office, mark=3)


def _expect_fork(outbox: MemoryOutbox, office: MemoryOffice, *, mark: int) -> None:
    there = list(office.raws)
    pushing = Push(outbox, office)
    for _ in range(2):
        with pytest.raises(StationError) as fork:
            pushing.step()
        assert fork.value.code is ErrorCode.JOURNAL_FORKED
    assert office.calls[-2:] == ["hello", "hello"]
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
        Push(outbox, Confused()).step()
    assert invalid.value.code is ErrorCode.ANSWER_INVALID
    assert outbox.mark() == 0


def test_another_protocol_is_not_guessed_at(outbox: MemoryOutbox) -> None:
    class Newer(MemoryOffice):
        def hello(self, hello: Hello) -> Welcome:
            return msgspec.structs.replace(super().hello(hello), protocol=2)

    with pytest.raises(StationError) as invalid:
        Push(outbox, Newer()).step()
    assert invalid.value.code is ErrorCode.ANSWER_INVALID


@given(st.lists(st.sampled_from(["write", "step", "refuse", "lose", "restore", "restart"]), max_size=40))
def test_whatever_happens_the_histories_end_up_the_same(events: list[str]) -> None:
    outbox, office = MemoryOutbox(), MemoryOffice()
    pushing = Push(outbox, office)
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
            pushing = Push(outbox, office)
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
