"""Reservations are remembered before they are asked for: whatever happens, each is sold or given back."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from data.holds import HoldStore
from data.journal import JournalStore
from data.leases import LeaseStore
from station.errors import ErrorCode, StationError
from station.journal import Cause, Draft, EntryKind, Position
from station.leases import AccountKind, Lease, LeaseClosed, LeasedLot, LeaseUse
from station.people import SYSTEM
from station.points import PointsEntry, PointsKind
from station.sale import Sale
from station.spending import Hold, Spending
from tests.data.test_journal import sale as sale_draft
from tests.data.test_journal import shift
from tests.fakes import CASHIER, NOON

POINTS = AccountKind.POINTS
LEASE = Lease("l1", POINTS, "m1", "12-1", (LeasedLot("a", 100),), 100, NOON.utc_us + 1)


class PowerCutError(BaseException):
    """The program ends here."""


@dataclass
class Office:
    """An account of 100; ``cut`` ends the program after so many reservations were made."""

    left: int = 100
    cut: int = 0
    held: list[str] = field(default_factory=list)

    def available(self, kind: AccountKind, account: str) -> int:
        assert (kind, account) == (POINTS, "m1")
        return self.left

    def reserve(self, hold: Hold) -> None:
        self.held.append(hold.reservation_id)
        if len(self.held) == self.cut:
            raise PowerCutError
        if hold.amount > self.left:
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)


@pytest.fixture
def holds(journal: JournalStore) -> HoldStore:
    journal.append(shift())
    return HoldStore(journal.database)


def spender(journal: JournalStore, office: Office) -> Spending:
    """Spending on the files of ``journal``."""
    return Spending(LeaseStore(journal.database), HoldStore(journal.database), office, bytes)


def sale() -> Sale:
    """A sale that spends 70 points of m1."""
    body = sale_draft(1).body
    assert isinstance(body, Sale)
    return replace(body, points=(PointsEntry("k", "m1", PointsKind.REDEEM, -70, "x"),))


def sell(journal: JournalStore, office: Office) -> Position:
    """Sell it; return where it stands."""
    with spender(journal, office).covering(sale(), NOON) as covered:
        stored = journal.append(Draft(EntryKind.SALE, NOON, CASHIER, covered))
    return Position(stored.incarnation, stored.seq)


def ends(holds: HoldStore) -> tuple[Sequence[tuple[str, Position]], Sequence[str]]:
    """What was sold, and what is to be given back."""
    return holds.sold(), holds.dropped()


def test_a_sale_makes_its_reservation_sold_in_its_own_transaction(journal: JournalStore, holds: HoldStore) -> None:
    office = Office()
    place = sell(journal, office)
    assert ends(holds) == ([(office.held[0], place)], [])
    spender(journal, office)
    holds.drop(office.held)
    assert ends(holds) == ([(office.held[0], place)], [])
    holds.forget(office.held[0])
    assert ends(holds) == ([], [])


def test_a_crash_between_reservation_and_sale_gives_it_back_at_the_next_start(
    journal: JournalStore, holds: HoldStore,
) -> None:
    office = Office(cut=1)
    with pytest.raises(PowerCutError), spender(journal, office).covering(sale(), NOON):
        pytest.fail("the power was cut before")
    # a program that is cut off undoes nothing; this one could
    journal.database.execute("UPDATE hold SET state = 'ASKED'")
    holds.forget(office.held[0])
    assert ends(holds) == ([], [])
    spender(journal, office)
    assert ends(holds) == ([], office.held)


def test_a_sale_the_disk_refused_gives_it_back(journal: JournalStore, holds: HoldStore) -> None:
    office = Office()
    LeaseStore(journal.database).grant(LEASE)

    def refuse() -> None:
        with spender(journal, office).covering(sale(), NOON) as covered:
            lie = replace(covered, lease_uses=(LeaseUse("l1", "a", 101),))
            journal.append(Draft(EntryKind.SALE, NOON, CASHIER, lie))

    head = journal.head()
    with pytest.raises(StationError, match="E317"):
        refuse()
    assert (journal.head(), ends(holds)) == (head, ([], office.held))


def test_offline_the_sale_and_the_use_of_its_lease_are_one(journal: JournalStore, holds: HoldStore) -> None:
    LeaseStore(journal.database).grant(LEASE)
    sell(journal, Office(left=0))
    assert LeaseStore(journal.database).left("l1") == 30
    assert len(holds.dropped()) == 1


def test_a_lease_is_closed_by_its_entry(journal: JournalStore, holds: HoldStore) -> None:
    assert ends(holds) == ([], [])
    leases = LeaseStore(journal.database)
    leases.grant(LEASE)
    journal.append(Draft(EntryKind.LEASE_CLOSED, NOON, SYSTEM, LeaseClosed("l1", 100)))
    assert leases.closed() == [LeaseClosed("l1", 100)]


def test_a_copy_leaves_leases_and_reservations_to_the_file_that_went_on(journal: JournalStore, holds: HoldStore) -> None:
    leases, office = LeaseStore(journal.database), Office()
    leases.grant(LEASE)
    sell(journal, office)
    journal.begin_anew(Cause.CLONED, "test", NOON)
    assert (leases.open(), ends(holds)) == ([], ([], []))
