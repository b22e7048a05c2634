"""How large a batch is: it grows by a sum, shrinks by half, and what cannot go with others goes alone."""

from dataclasses import dataclass, field

import msgspec
import pytest

from station.errors import ErrorCode, StationError
from station.protection import Protection
from sync.batches import Sending
from sync.push import Push
from sync.wire import BatchHead, Hello, Receipt, Welcome, split_entries
from tests.sync.memory import MemoryOffice, MemoryOutbox

DOWN = StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)


@dataclass
class Sized(MemoryOffice):
    """A head office that refuses what is above ``most`` entries or ``most_bytes``, or holds ``poison``, with ``fault``."""

    fault: StationError = field(default_factory=lambda: DOWN)
    most: int = 10_000
    most_bytes: int = 10**9
    poison: bytes = b"-"
    sizes: list[int] = field(default_factory=list)

    def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
        count = head.last - head.first + 1
        self.sizes.append(count)
        if count > self.most or len(entries) > self.most_bytes or (count > 1 and self.poison in split_entries(entries)):
            self._enter("put")
            raise self.fault
        return super().put_batch(head, entries)


def outbox_of(count: int) -> MemoryOutbox:
    outbox = MemoryOutbox()
    outbox.write(count)
    return outbox


def to_the_end(pushing: Push) -> int:
    """Step until nothing is left to send; return how many faults there were."""
    faults = 0
    for _ in range(200):
        try:
            if not pushing.step().unsent:
                return faults
        except StationError:
            faults += 1
    pytest.fail("it never came to an end")


def test_while_more_is_waiting_it_grows_by_a_hundred_up_to_the_most_of_the_protocol() -> None:
    office = Sized()
    to_the_end(Push(outbox_of(130_000), office, Protection.FILE))
    assert office.sizes[:4] == [1000, 1100, 1200, 1300]
    assert max(office.sizes) == 5000
    assert office.sizes[40:] == [5000, 5000, 2000]  # 1000 + 1100 + … + 5000 = 123 000


def test_a_sale_made_while_a_small_batch_is_under_way_says_nothing_about_the_size() -> None:
    outbox = outbox_of(1)

    class Busy(Sized):
        def put_batch(self, head: BatchHead, entries: bytes) -> Receipt:
            outbox.write(1)
            return super().put_batch(head, entries)

    pushing = Push(outbox, Busy(), Protection.FILE)
    for _ in range(30):
        pushing.step()
    assert pushing.size.entries == 1000


def test_a_trickle_of_sales_says_nothing_about_the_size() -> None:
    outbox, office = outbox_of(0), Sized()
    pushing = Push(outbox, office, Protection.FILE)
    for _ in range(30):
        outbox.write(1)
        pushing.step()
    assert pushing.size.entries == 1000


@pytest.mark.parametrize("fault", [
    DOWN, StationError(ErrorCode.HEAD_OFFICE_BUSY, retry_after=9),
    StationError(ErrorCode.HEAD_OFFICE_REFUSED, status=500), StationError(ErrorCode.HEAD_OFFICE_REFUSED, status=502),
])
def test_half_as_much_after_a_time_out_a_busy_or_a_broken_head_office(fault: StationError) -> None:
    office = Sized(most=300, fault=fault)
    pushing = Push(outbox_of(1000), office, Protection.FILE)
    assert to_the_end(pushing) == 3
    assert office.sizes == [1000, 500, 250, 350, 175, 275, 300]
    assert office.raws == outbox_of(1000).raws()


@pytest.mark.parametrize("fault", [
    StationError(ErrorCode.HEAD_OFFICE_REFUSED, status=400), StationError(ErrorCode.JOURNAL_GAP, status=409),
    StationError(ErrorCode.SIGNATURE_INVALID, status=401),
])
def test_what_is_not_for_its_size_leaves_the_size(fault: StationError) -> None:
    office = Sized(most=0, fault=fault)
    pushing = Push(outbox_of(10), office, Protection.FILE)
    with pytest.raises(StationError):
        pushing.step()
    assert pushing.size.entries == 1000


def test_too_large_is_halved_at_once_down_to_one_and_one_is_told() -> None:
    too_large = StationError(ErrorCode.HEAD_OFFICE_REFUSED, status=413)
    office = Sized(most=0, fault=too_large)
    pushing = Push(outbox_of(1000), office, Protection.FILE)
    with pytest.raises(StationError) as told:
        pushing.step()
    assert told.value is too_large
    assert office.sizes == [1000, 500, 250, 125, 62, 50, 1]
    office.most = 10_000
    assert pushing.step().sent == 1
    assert pushing.step().sent == 101
    assert office.calls.count("hello") == 2  # after the fault that was told, not after each half


def test_one_entry_that_breaks_head_office_with_others_comes_to_stand_alone() -> None:
    outbox = outbox_of(60)
    office = Sized(poison=outbox.raws()[30], fault=StationError(ErrorCode.HEAD_OFFICE_REFUSED, status=500))
    to_the_end(Push(outbox, office, Protection.FILE))
    assert office.raws == outbox.raws()


def test_one_very_large_entry_holds_up_nobody() -> None:
    outbox = outbox_of(10)
    outbox.write(1, "x" * 3_000_000)
    outbox.write(10)
    office = Sized(most_bytes=3_000_100, fault=StationError(ErrorCode.HEAD_OFFICE_REFUSED, status=413))
    assert to_the_end(Push(outbox, office, Protection.FILE)) == 0
    assert office.raws == outbox.raws()
    assert 1 in office.sizes


def test_head_office_may_wish_for_smaller_batches() -> None:
    class Modest(Sized):
        wish: int | None = 200

        def hello(self, hello: Hello) -> Welcome:
            return msgspec.structs.replace(super().hello(hello), most_entries=self.wish)

    office, outbox = Modest(), outbox_of(600)
    pushing = Push(outbox, office, Protection.FILE)
    to_the_end(pushing)
    assert office.sizes == [200, 200, 200]
    office.wish, office.fail = None, [DOWN]
    outbox.write(1500)
    to_the_end(pushing)
    assert office.sizes[3:6] == [200, 100, 200]  # the fault, then by hundreds again


def test_the_size_outlives_the_connection() -> None:
    sending, office = Sending(), Sized()
    outbox = outbox_of(2200)
    Push(outbox, office, Protection.FILE, sending).step()
    Push(outbox, office, Protection.FILE, sending).step()
    assert office.sizes == [1000, 1100]
