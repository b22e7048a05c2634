"""Incarnations of one file: each a chain of its own from 1, each uploaded under its own name, none skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import msgspec
import pytest

from data.branch import Branch
from data.compact import compact
from data.journal import JournalStore
from data.verify import rebuild, verify
from station.clock import Moment
from station.journal import (
    GENESIS,
    Cause,
    Draft,
    Entry,
    EntryKind,
    Head,
    Opened,
    Position,
    branch_name,
    chain,
)
from station.people import SYSTEM
from station.protection import Protection
from station.shift import CountReason, ShiftClosed
from sync.push import Push, PushResult
from tests.data.conftest import KEY
from tests.data.test_journal import newest, sale, shift
from tests.fakes import CASHIER, NOON
from tests.sync.memory import MemoryHouse


@pytest.fixture
def restored(journal: JournalStore) -> JournalStore:
    """Places 1 to 4: OPENED, a shift, two sales, the first three acknowledged; 5 and 6: OPENED anew, a sale."""
    journal.append(shift())
    journal.append(sale(1))
    journal.append(sale(2))
    newest(journal).acknowledge(3)
    journal.begin_anew(Cause.RESTORED, "later", NOON)
    journal.append(sale(3))
    return journal


def test_a_new_incarnation_begins_at_one_after_nothing_and_names_what_it_is_after(journal: JournalStore) -> None:
    journal.append(shift())
    end = journal.head()
    drawn = journal.begin_anew(Cause.CLONED, "later", NOON)
    assert journal.head().incarnation == drawn != end.incarnation
    assert journal.head().seq == 1
    (first,) = newest(journal).after(0, 10)
    assert (first.seq, first.place, first.hash) == (1, 3, chain(GENESIS, first.raw))
    entry = msgspec.json.decode(first.raw, type=Entry[Opened])
    assert (entry.incarnation, entry.seq, entry.actor) == (drawn, 1, SYSTEM)
    assert entry.body == Opened("later", Cause.CLONED, Position(end.incarnation, 2), end.hash.hex())


def test_each_incarnation_counts_and_chains_by_itself(restored: JournalStore) -> None:
    old, new = restored.branches()
    assert [(each.seq, each.place) for each in old.after(0, 10)] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert [(each.seq, each.place) for each in new.after(0, 10)] == [(1, 5), (2, 6)]
    for branch in (old, new):
        stored = branch.after(0, 10)
        hashes = list(accumulate((each.raw for each in stored), chain, initial=GENESIS))
        assert [each.hash for each in stored] == hashes[1:]
        assert [branch.hash_at(seq) for seq in range(len(hashes))] == hashes
        assert branch.head().hash == hashes[-1]
    assert (old.head().seq, new.head().seq) == (4, 2)
    assert new.head() == restored.head()
    assert [each.seq for each in old.after(1, 2)] == [2, 3]
    assert [each.place for each in restored.entries(3, 2)] == [4, 5]
    assert [each.seq for each in restored.entries(3, 10)] == [4, 1, 2]
    assert list(verify(restored)) == []


def test_a_branch_knows_nothing_beyond_its_end(restored: JournalStore) -> None:
    old, new = restored.branches()
    for branch, seq in ((old, 5), (new, 3)):
        with pytest.raises(KeyError):
            branch.hash_at(seq)


def test_each_has_its_own_mark_and_all_survives_reopening(restored: JournalStore, tmp_path: Path) -> None:
    restored.branches()[0].acknowledge(4)
    again = JournalStore(tmp_path / "journal.db", KEY)
    assert [(each.mark(), each.head().seq) for each in again.branches()] == [(4, 4), (0, 2)]
    assert again.head() == restored.head()
    again.close()


def test_a_third_incarnation_is_after_the_second(restored: JournalStore) -> None:
    second = restored.head()
    restored.begin_anew(Cause.FORKED, "later", NOON)
    entry = msgspec.json.decode(newest(restored).after(0, 1)[0].raw, type=Entry[Opened])
    assert entry.body.after == Position(second.incarnation, 2)
    assert [each.head().seq for each in restored.branches()] == [4, 2, 1]
    assert list(verify(restored)) == []


@dataclass
class OneFile:
    """The uploads of one journal, which head office never finds forked."""

    journal: JournalStore

    def branches(self) -> Sequence[Branch]:
        return self.journal.branches()

    def begin_anew(self) -> None:
        raise ValueError(self.journal)

    def split(self, incarnation: str, base: int) -> None:
        self.journal.split(incarnation, base)

    def join(self, incarnation: str) -> None:
        self.journal.join(incarnation)


def test_what_is_unsent_of_the_old_one_is_sent_first_and_under_its_own_name(restored: JournalStore) -> None:
    office = MemoryHouse()
    old, new = restored.branches()
    office.of(old.incarnation).raws = [each.raw for each in old.after(0, 3)]
    pushing = Push(OneFile(restored), office, Protection.FILE)
    assert pushing.step() == PushResult(sent=1, quarantined=0, unsent=2)
    assert (old.mark(), new.mark()) == (4, 0)
    assert pushing.step() == PushResult(sent=2, quarantined=0, unsent=0)
    assert office.of(old.incarnation).raws == [each.raw for each in old.after(0, 10)]
    assert office.of(new.incarnation).raws == [each.raw for each in new.after(0, 10)]


def test_points_and_purchases_are_those_that_the_balance_does_not_count(restored: JournalStore) -> None:
    """Each sale gives m1 6 points: those at places 3 and 4 (seqs 3 and 4 of the old one), and 6 (2 of the new one)."""
    old, new = (branch.incarnation for branch in restored.branches())
    for position, sales in (
            (None, 3), (Position(old, 2), 3), (Position(old, 3), 2), (Position(old, 4), 1),
            (Position(new, 0), 2), (Position(new, 1), 2), (Position(new, 2), 1),  # 4 was never acknowledged
            (Position("0" * 32, 99), 2)):
        assert restored.purchases_after("m1", position) == sales, position
        assert restored.points_after("m1", position) == 6 * sales, position
    restored.branches()[0].acknowledge(4)
    assert restored.purchases_after("m1", Position(new, 0)) == 1
    assert restored.points_after("m1", Position(new, 2)) == 0
    assert restored.purchases_after("m2", None) == restored.points_after("m2", None) == 0


def test_what_came_between_the_balance_and_the_last_incarnation_is_not_counted_either(restored: JournalStore) -> None:
    old, middle = (branch.incarnation for branch in restored.branches())
    restored.branches()[0].acknowledge(4)
    restored.branches()[1].acknowledge(2)
    restored.begin_anew(Cause.RESTORED, "later", NOON)
    restored.append(sale(4))
    # as of the old one's end the balance counts 3 and 4 only, whatever head office acknowledged since
    assert restored.purchases_after("m1", Position(old, 4)) == 2
    assert restored.purchases_after("m1", Position(middle, 1)) == 2
    assert restored.purchases_after("m1", Position(middle, 2)) == 1
    assert restored.purchases_after("m1", Position(restored.head().incarnation, 0)) == 1


@pytest.fixture
def parted(restored: JournalStore) -> JournalStore:
    """As ``restored``, and head office has another history after entry 2 of the old one: places 3 and 4 are a branch."""
    restored.split(restored.branches()[0].incarnation, 2)
    return restored


def test_a_branch_covers_what_comes_after_the_common_past_and_keeps_its_places_and_names(parted: JournalStore) -> None:
    old, branch, new = parted.branches()
    assert [(each.seq, each.place) for each in old.after(0, 10)] == [(1, 1), (2, 2)]
    assert [(each.seq, each.place) for each in branch.after(2, 10)] == [(3, 3), (4, 4)]
    assert [(each.seq, each.place) for each in new.after(0, 10)] == [(1, 5), (2, 6)]
    first, last = branch.after(2, 10)
    assert branch.head() == Head(branch_name(old.incarnation, first.hash), 4, last.hash, old.incarnation, 2)
    assert old.head() == Head(old.incarnation, 2, branch.hash_at(2))
    assert {each.incarnation for each in branch.after(2, 10)} == {old.incarnation}
    assert [(each.incarnation, each.seq) for each in parted.entries(2, 3)] == [
        (old.incarnation, 3), (old.incarnation, 4), (new.incarnation, 1)]
    with pytest.raises(KeyError):
        branch.hash_at(1)
    assert branch.hash_at(0) == GENESIS
    assert list(verify(parted)) == []
    assert parted.head() == new.head()


def test_the_common_past_is_acknowledged_and_of_the_branch_nothing(parted: JournalStore) -> None:
    old, branch, new = parted.branches()
    assert [each.mark() for each in (old, branch, new)] == [2, 2, 0]
    branch.acknowledge(0)  # an answer on a stick of a head office that does not know it
    assert branch.mark() == 2
    assert [each.seq for each in branch.after(branch.mark(), 10)] == [3, 4]


def test_what_a_branch_sold_counts_beside_the_balance_until_it_is_acknowledged(parted: JournalStore) -> None:
    old, branch, new = parted.branches()
    for position, sales in ((Position(new.incarnation, 0), 3), (Position(new.incarnation, 2), 2),
                            (Position(old.incarnation, 9), 3), (None, 3)):  # 9: what the other copy sent, too
        assert parted.purchases_after("m1", position) == sales, position
    branch.acknowledge(3)
    assert parted.purchases_after("m1", Position(new.incarnation, 2)) == 1
    branch.acknowledge(4)
    assert parted.purchases_after("m1", Position(new.incarnation, 2)) == 0


def test_a_branch_may_part_again_and_an_earlier_parting_takes_it_in(parted: JournalStore) -> None:
    old, branch, _ = parted.branches()
    third = branch.after(2, 1)[0].hash
    parted.split(branch.incarnation, 3)
    assert [(each.head().of, each.head().base, each.head().seq) for each in parted.branches()] == [
        ("", 0, 2), (old.incarnation, 2, 3), (branch.incarnation, 3, 4), ("", 0, 2)]
    assert {each.incarnation for each in parted.entries(0, 4)} == {old.incarnation}
    assert list(verify(parted)) == []
    parted.split(old.incarnation, 1)
    assert [(each.head().of, each.head().base, each.head().seq) for each in parted.branches()] == [
        ("", 0, 1), (old.incarnation, 1, 4), ("", 0, 2)]
    assert parted.branches()[1].hash_at(3) == third
    assert list(verify(parted)) == []


def test_what_was_parted_can_belong_to_its_journal_again(parted: JournalStore) -> None:
    first = parted.branches()[0].incarnation
    parted.split(parted.branches()[1].incarnation, 3)
    parted.join(first)
    old, new = parted.branches()
    assert (old.incarnation, old.head().seq, old.mark(), new.head().seq) == (first, 4, 2, 2)
    assert list(verify(parted)) == []


@pytest.mark.parametrize(("at", "base"), [(0, 0), (0, 2), (0, 9), (1, 2), (1, 4), (2, 1)])
def test_nothing_parts_outside_a_journal_or_in_the_one_that_goes_on(parted: JournalStore, at: int, base: int) -> None:
    before = parted.database.rows("SELECT * FROM incarnation")
    with pytest.raises(ValueError, match="branch leaves"):
        parted.split(parted.branches()[at].incarnation, base)
    assert parted.database.rows("SELECT * FROM incarnation") == before


def test_verification_names_what_is_wrong_with_a_branch(parted: JournalStore) -> None:
    branch = parted.branches()[1].incarnation
    for change, told in (
            ("UPDATE incarnation SET mark = 1 WHERE before = 2", f"the mark 1 is outside incarnation {branch} of 4 entries"),
            ("UPDATE incarnation SET mark = 5 WHERE before = 2", f"the mark 5 is outside incarnation {branch} of 4 entries"),
            ("UPDATE incarnation SET id = '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f' WHERE before = 2",
             f"the branch {'0f' * 16} is not named after entry 3")):
        held = parted.database.rows("SELECT id, mark FROM incarnation WHERE before = 2")[0]
        parted.database.execute(change)
        assert list(verify(parted)) == [told]
        parted.database.execute("UPDATE incarnation SET id = ?, mark = ? WHERE before = 2", held)
    parted.database.execute("UPDATE incarnation SET base = 1 WHERE before = 2")
    assert "entry 3 names another place" in list(verify(parted))


def test_a_branch_survives_a_rebuild_and_reopening(parted: JournalStore, tmp_path: Path) -> None:
    before = [each.head() for each in parted.branches()]
    assert rebuild(parted) > 0
    again = JournalStore(tmp_path / "journal.db", KEY)
    assert [each.head() for each in again.branches()] == before
    again.close()


def test_a_branch_is_cut_off_only_when_head_office_has_it(journal: JournalStore) -> None:
    """Two days; the first ends inside what becomes a branch."""
    journal.append(shift())
    journal.append(sale(1))
    journal.append(closed_shift())
    journal.begin_anew(Cause.FORKED, "later", NOON)
    journal.append(shift(number=2))
    journal.append(sale(2))
    journal.split(journal.branches()[0].incarnation, 2)
    for each in journal.branches():
        if not each.head().of:
            each.acknowledge(each.head().seq)
    later = Moment(NOON.utc_us + 100 * DAY_US, NOON.offset, "2027-03-02")
    assert [cut.through for cut in compact(journal, 90, later)] == []
    journal.branches()[1].acknowledge(4)
    assert [cut.through for cut in compact(journal, 90, later)] == [4]
    branch = journal.branches()[0]  # its end is kept, to compare with head office
    assert (branch.head().of, branch.head().seq, branch.mark()) == (journal_of(journal), 4, 4)
    with pytest.raises(KeyError):
        branch.hash_at(3)
    assert list(verify(journal)) == []


DAY_US = 86_400_000_000


def closed_shift() -> Draft:
    """The end of the first shift."""
    return Draft(EntryKind.SHIFT_CLOSED, NOON, CASHIER, ShiftClosed(1, 1, None, 0, CountReason.NONE, ()))


def journal_of(journal: JournalStore) -> str:
    """The name of the first incarnation of a file."""
    row = journal.database.row("SELECT id FROM incarnation WHERE before = 0")
    assert row is not None
    return str(row[0])
