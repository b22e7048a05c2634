"""Whether what is set aside adds up, for ``headoffice verify``: account by account, from the rows themselves."""

from collections.abc import Iterator

from django.db import connection
from django.db.backends.utils import CursorWrapper

from headoffice.ledger.books import POINTS, VALUE
from headoffice.spending import accounts
from headoffice.transactions import one_state
from station.leases import AccountKind

_SUMS = """
SELECT account, kind, leased, reserved,
    (SELECT coalesce(sum(amount - used), 0) FROM spending_lease AS lease
        WHERE lease.account = each.account AND lease.kind = each.kind AND state = 'LIVE'),
    (SELECT coalesce(sum(amount), 0) FROM spending_reservation AS reservation
        WHERE reservation.account = each.account AND reservation.kind = each.kind AND state IN ('HELD', 'COMMITTED'))
FROM spending_account AS each ORDER BY account, kind
"""
_PARTS = """
SELECT lease.account, lease.lease_id FROM spending_lease AS lease
JOIN spending_leasepart AS part ON part.account = lease.account AND part.lease_id = lease.lease_id
GROUP BY lease.account, lease.lease_id, lease.amount, lease.used
HAVING sum(part.amount) <> lease.amount OR sum(part.used) <> lease.used OR max(part.used - part.amount) > 0
ORDER BY lease.account, lease.lease_id
"""
_SETTLED = """
SELECT account, station, incarnation, seq FROM spending_settlement
WHERE leased + reserved + charged + written_off <> amount ORDER BY account, station, incarnation, seq
"""


def check() -> list[str]:
    """Return all ``differences``, in a transaction of its own."""
    with one_state(), connection.cursor() as cursor:
        return list(differences(cursor))


def differences(cursor: CursorWrapper) -> Iterator[str]:
    """Yield a sentence for everything that does not add up; none when leased + reserved + available = balance.

    An account may owe no more than what returns, expiries and corrections took of it: sales take nothing of what is set aside.
    """
    yield from _accounts(cursor)
    yield from _rows(cursor)


def _accounts(cursor: CursorWrapper) -> Iterator[str]:
    cursor.execute(_SUMS)
    for account, kind, leased, reserved, live, held in cursor.fetchall():
        name = f"{kind} account {account}"
        if (leased, reserved) != (live, held):
            yield f"{name}: leased {leased}, live leases {live}; reserved {reserved}, live reservations {held}"
        standing = accounts.look(cursor, (account, AccountKind(kind)))
        owed = max(0, -standing.margin)
        if owed and owed > _taken(cursor, account, AccountKind(kind)):
            yield f"{name}: {owed} more is set aside or spent than there is"


def _taken(cursor: CursorWrapper, account: str, kind: AccountKind) -> int:
    """Return what others than sales took of an account."""
    if kind is AccountKind.BUDGET:
        return 0
    book = POINTS if kind is AccountKind.POINTS else VALUE
    cursor.execute(
        f"SELECT coalesce(sum(-{book.amount}), 0) FROM {book.entries}"  # noqa: S608 - our names
        f" WHERE {book.account} = %s AND {book.amount} < 0 AND kind <> 'REDEEM'", [account])
    return int(cursor.fetchone()[0])


def _rows(cursor: CursorWrapper) -> Iterator[str]:
    cursor.execute(_PARTS)
    for account, lease in cursor.fetchall():
        yield f"lease {lease} of {account}: its parts do not make it up"
    cursor.execute(_SETTLED)
    for account, station, incarnation, seq in cursor.fetchall():
        yield f"entry {seq} of {station} {incarnation}: what it took of {account} is not covered as a whole"
