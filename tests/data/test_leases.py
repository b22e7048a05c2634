"""Leases in the journal's file: used with the sale or not at all, never more than was given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.database import Database
from data.leases import LeaseStore, settle
from data.migrations import JOURNAL
from station.errors import ErrorCode, StationError
from station.leases import (
    AccountKind,
    Lease,
    LeaseClosed,
    LeasedLot,
    LeasePart,
    LeaseUse,
    judged_at,
    spend,
    spendable,
)

LOTS = (LeasedLot("z", 30, 500), LeasedLot("a", 70))
POINTS = Lease("l1", AccountKind.POINTS, "m1", "12-1", LOTS, 100, 900)
BUDGET = Lease("l2", AccountKind.BUDGET, "spring", "12-1", (LeasedLot("", 1000),), 1000, 900)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "journal.db", bytes(range(32)), JOURNAL)
    yield database
    database.close()


@pytest.fixture
def leases(database: Database) -> LeaseStore:
    return LeaseStore(database)


class DiskFullError(Exception):
    """The sale could not be written."""


def use(leases: LeaseStore, database: Database, *uses: LeaseUse, fails: bool = False) -> None:
    """Use up ``uses`` in the transaction of a sale, which may then fail."""
    with database.writing():
        leases.use(uses)
        if fails:
            raise DiskFullError


def test_a_lease_is_kept_as_it_was_given(leases: LeaseStore, database: Database) -> None:
    assert leases.lease("l1") is None
    leases.grant(POINTS)
    leases.grant(BUDGET)
    assert (leases.lease("l1"), leases.lease("l2")) == (POINTS, BUDGET)
    assert leases.parts(AccountKind.POINTS, "m1") == [LeasePart("l1", "z", 30, 500), LeasePart("l1", "a", 70, 900)]
    assert leases.parts(AccountKind.WALLET, "m1") == leases.parts(AccountKind.POINTS, "m2") == []
    again = LeaseStore(database)
    assert again.lease("l1") == POINTS


def test_given_again_it_gives_nothing_more(leases: LeaseStore, database: Database) -> None:
    leases.grant(POINTS)
    use(leases, database, LeaseUse("l1", "a", 40))
    leases.grant(POINTS)
    assert spendable(leases.parts(AccountKind.POINTS, "m1"), 0) == 60


def test_the_same_id_with_other_terms_is_refused(leases: LeaseStore) -> None:
    leases.grant(POINTS)
    with pytest.raises(ValueError, match="other terms"):
        leases.grant(Lease("l1", AccountKind.POINTS, "m1", "12-1", LOTS, 100, 901))
    assert leases.lease("l1") == POINTS


def test_what_is_used_is_no_longer_there(leases: LeaseStore, database: Database) -> None:
    leases.grant(POINTS)
    use(leases, database, *spend(leases.parts(AccountKind.POINTS, "m1"), 45, 100))
    # z ends first: 30 of it, then 15 of a
    assert leases.parts(AccountKind.POINTS, "m1") == [LeasePart("l1", "a", 55, 900)]


def test_a_sale_that_fails_uses_nothing(leases: LeaseStore, database: Database) -> None:
    leases.grant(POINTS)
    with pytest.raises(DiskFullError):
        use(leases, database, LeaseUse("l1", "a", 40), fails=True)
    assert spendable(leases.parts(AccountKind.POINTS, "m1"), 0) == 100


@pytest.mark.parametrize("uses", [
    (LeaseUse("l1", "a", 71),), (LeaseUse("l1", "a", 50), LeaseUse("l1", "a", 21)), (LeaseUse("l1", "q", 1),),
    (LeaseUse("l9", "a", 1),), (LeaseUse("l1", "z", 5), LeaseUse("l2", "a", 1))])
def test_more_than_was_given_is_refused_and_the_sale_with_it(
    leases: LeaseStore, database: Database, uses: tuple[LeaseUse, ...],
) -> None:
    leases.grant(POINTS)
    with pytest.raises(StationError) as short:
        use(leases, database, *uses)
    assert short.value.code is ErrorCode.LEASE_SHORT
    assert spendable(leases.parts(AccountKind.POINTS, "m1"), 0) == 100


def test_two_tills_of_one_file_cannot_spend_the_same(leases: LeaseStore, database: Database, tmp_path: Path) -> None:
    leases.grant(BUDGET)
    other_file = Database(tmp_path / "journal.db", bytes(range(32)), JOURNAL)
    other = LeaseStore(other_file)
    mine = spend(leases.parts(AccountKind.BUDGET, "spring"), 700, 0)
    theirs = spend(other.parts(AccountKind.BUDGET, "spring"), 700, 0)
    use(leases, database, *mine)
    with pytest.raises(StationError) as short:
        use(other, other_file, *theirs)
    assert short.value.detail == {"spendable": 300}
    other_file.close()


def close(database: Database, lease_id: str, left: int) -> None:
    """Write what a LEASE_CLOSED entry does, in its transaction."""
    with database.writing():
        settle(database, LeaseClosed(lease_id, left), "", 0)


def test_a_closed_lease_is_spent_no_more_and_kept_until_it_is_forgotten(leases: LeaseStore, database: Database) -> None:
    leases.grant(POINTS)
    leases.grant(BUDGET)
    use(leases, database, LeaseUse("l1", "z", 30), LeaseUse("l1", "a", 1))
    leases.forget("l1")
    assert leases.open() == [("l1", 900), ("l2", 900)]
    close(database, "l1", 69)
    assert (leases.open(), leases.closed()) == ([("l2", 900)], [LeaseClosed("l1", 69)])
    assert leases.parts(AccountKind.POINTS, "m1") == []
    with pytest.raises(StationError, match="E317"):
        use(leases, database, LeaseUse("l1", "a", 1))
    leases.grant(POINTS)
    assert leases.parts(AccountKind.POINTS, "m1") == []
    leases.forget("l1")
    assert (leases.lease("l1"), leases.closed()) == (None, [])
    with pytest.raises(KeyError):
        leases.left("l9")


def test_a_rest_that_a_sale_has_spent_of_meanwhile_is_not_given_back(leases: LeaseStore, database: Database) -> None:
    leases.grant(POINTS)
    left = leases.left("l1")
    use(leases, database, LeaseUse("l1", "a", 1))
    with pytest.raises(StationError) as short:
        close(database, "l1", left)
    assert (short.value.code, short.value.detail) == (ErrorCode.LEASE_SHORT, {"spendable": 99})
    assert leases.closed() == []


def test_what_has_run_out_is_not_spent_though_it_is_still_to_be_given_back(leases: LeaseStore) -> None:
    leases.grant(POINTS)
    parts = leases.parts(AccountKind.POINTS, "m1")
    assert [spendable(parts, at) for at in (499, 500, 899, 900)] == [100, 70, 70, 0]
    # the clock was set back to 0 after head office had said 900
    assert spendable(parts, judged_at(0, 900)) == 0
    assert leases.left("l1") == 100


def test_the_latest_time_head_office_told_is_remembered(leases: LeaseStore, database: Database) -> None:
    assert leases.server_us() == 0
    for told, kept in ((5, 5), (3, 5), (9, 9)):
        leases.told(told)
        assert LeaseStore(database).server_us() == kept


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 10), st.booleans()), max_size=8))
def test_given_is_used_and_left_at_any_time(
    tmp_path_factory: pytest.TempPathFactory, sales: list[tuple[int, int, bool]],
) -> None:
    database = Database(tmp_path_factory.mktemp("j") / "journal.db", bytes(32), JOURNAL)
    leases, used = LeaseStore(database), 0
    leases.grant(Lease("l1", AccountKind.WALLET, "w", "12-1", (LeasedLot("a", 60, 3), LeasedLot("b", 40, 7)), 100, 9))
    for amount, at, fails in sales:
        try:
            use(leases, database, *spend(leases.parts(AccountKind.WALLET, "w"), amount, at), fails=fails)
            used += amount
        except (StationError, DiskFullError):
            continue
        finally:
            assert sum(part.left for part in leases.parts(AccountKind.WALLET, "w")) + used == 100
    database.close()
