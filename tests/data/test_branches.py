"""Incarnations of one file: each a chain of its own from 1, each uploaded under its own name, none skipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import msgspec
import pytest

from data.branch import Branch
from data.journal import JournalStore
from data.verify import verify
from station.journal import GENESIS, Cause, Entry, Opened, Position, chain
from station.people import SYSTEM
from station.protection import Protection
from sync.push import Push, PushResult
from tests.data.conftest import KEY
from tests.data.test_journal import newest, sale, shift
from tests.fakes import NOON
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

    def begin_anew(self) -> bool:
        return False


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
