"""Reservations: set aside, pinned by a commit, given back. Each is named by the id its station drew."""

import msgspec
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from headoffice.clock import MICROSECONDS
from headoffice.refusal import RefusalError, refuse
from headoffice.spending import accounts
from headoffice.spending.accounts import Key, Standing
from headoffice.stations.models import Station
from station.leases import AccountKind
from sync.wire import ProblemCode
from sync.wire_spending import (
    Available,
    AvailableAsked,
    Commit,
    LotOfAccount,
    ReservationAnswer,
    ReservationState,
    Reserve,
    Reserved,
    Void,
)

FORM = "RESERVATION"
_GIVEN_BACK = (ReservationState.RELEASED, ReservationState.VOIDED)


def available(asked: AvailableAsked, now_us: int) -> Available:
    """Return how much of an account can be reserved at ``now_us``. It changes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        standing = accounts.lock(cursor, (asked.account, asked.kind))
        accounts.tidy(cursor, standing, now_us)
        there, _ = accounts.free(cursor, standing, now_us)
        transaction.set_rollback(True)
    return Available(available=there)


def reserve(station: Station, asked: Reserve, now_us: int) -> Reserved:
    """Set aside what ``asked`` says, for its time from ``now_us`` on; the same again gets the same answer.

    Raises ``RefusalError`` NOT_ENOUGH (``available``), or INVALID for other terms under the same id.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        standing = accounts.lock(cursor, (asked.account, asked.kind))
        if not claim(cursor, station.id, asked.reservation_id, FORM, (asked.account, asked.kind)):
            return _answered(cursor, station, asked)
        accounts.tidy(cursor, standing, now_us)
        there, lots = accounts.free(cursor, standing, now_us)
        if asked.amount > there:
            raise RefusalError(409, ProblemCode.NOT_ENOUGH, "there is not this much", available=there)
        answer = Reserved(
            reservation_id=asked.reservation_id, available=there - asked.amount,
            expires_us=now_us + asked.hold_s * MICROSECONDS,
            lots=tuple(LotOfAccount(lot_id=each.lot_id, amount=each.left, expires_us=each.expires_us)
                       for each in accounts.draw(lots, asked.amount)))
        cursor.execute(
            "INSERT INTO spending_reservation (account, reservation_id, kind, station, amount, hold_s, made_us,"
            " expires_us, state, answer) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [asked.account, asked.reservation_id, asked.kind.value, station.id, asked.amount, asked.hold_s, now_us,
             answer.expires_us, ReservationState.HELD.value, msgspec.json.encode(answer)])
        if not cursor.rowcount:
            refuse("this reservation is another station's")
        standing.reserved += asked.amount
        accounts.save(cursor, standing)
        return answer


def commit(station: Station, asked: Commit, now_us: int) -> ReservationAnswer:
    """Keep a reservation until the sale that names it arrives, however long that takes.

    One that was given back is set aside again if there is still enough; the sale is posted in any
    case. Raises ``RefusalError`` 404 when it is not known.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        standing, amount, state = _locked(cursor, station, asked.reservation_id)
        if state is ReservationState.HELD:
            state = ReservationState.COMMITTED
        elif state in _GIVEN_BACK:
            accounts.tidy(cursor, standing, now_us)
            there, _ = accounts.free(cursor, standing, now_us)
            if amount <= there:
                state = ReservationState.COMMITTED
                standing.reserved += amount
        return _moved(cursor, standing, asked.reservation_id, state)


def void(station: Station, asked: Void) -> ReservationAnswer:
    """Give a reservation back; one that a sale was committed to or posted with stays. Raises as ``commit``."""
    with transaction.atomic(), connection.cursor() as cursor:
        standing, amount, state = _locked(cursor, station, asked.reservation_id)
        if state is ReservationState.HELD:
            state = ReservationState.VOIDED
            standing.reserved -= amount
        return _moved(cursor, standing, asked.reservation_id, state)


def claim(cursor: CursorWrapper, station: str, name: str, form: str, key: Key) -> bool:
    """Note what ``name`` of ``station`` is of; False when it is known already."""
    cursor.execute(
        "INSERT INTO spending_claim (station, claim, form, account, kind) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING", [station, name, form, key[0], key[1].value])
    return bool(cursor.rowcount)


def claimed(cursor: CursorWrapper, station: str, name: str, form: str) -> Key | None:
    """Return the account that ``name`` of ``station`` is of, or None."""
    cursor.execute(
        "SELECT account, kind FROM spending_claim WHERE station = %s AND claim = %s AND form = %s", [station, name, form])
    row = cursor.fetchone()
    return (row[0], AccountKind(row[1])) if row else None


def _answered(cursor: CursorWrapper, station: Station, asked: Reserve) -> Reserved:
    """Return the answer of a reservation that is known already. Raises ``RefusalError`` INVALID on other terms."""
    key = claimed(cursor, station.id, asked.reservation_id, FORM)
    cursor.execute(
        "SELECT answer FROM spending_reservation WHERE account = %s AND kind = %s AND reservation_id = %s"
        " AND amount = %s AND hold_s = %s",
        [asked.account, asked.kind.value, asked.reservation_id, asked.amount, asked.hold_s])
    row = cursor.fetchone()
    if row is None or key != (asked.account, asked.kind):
        refuse("this reservation has other terms")
    return msgspec.json.decode(bytes(row[0]), type=Reserved)


def _locked(cursor: CursorWrapper, station: Station, name: str) -> tuple[Standing, int, ReservationState]:
    """Return the account of a reservation, locked, and its amount and state under that lock."""
    key = claimed(cursor, station.id, name, FORM)
    if key is None:
        refuse("there is no such reservation", 404)
    standing = accounts.lock(cursor, key)
    cursor.execute(
        "SELECT amount, state FROM spending_reservation WHERE account = %s AND reservation_id = %s", [key[0], name])
    amount, state = cursor.fetchone()
    return standing, amount, ReservationState(state)


def _moved(cursor: CursorWrapper, standing: Standing, name: str, state: ReservationState) -> ReservationAnswer:
    cursor.execute(
        "UPDATE spending_reservation SET state = %s WHERE account = %s AND reservation_id = %s",
        [state.value, standing.account, name])
    accounts.save(cursor, standing)
    return ReservationAnswer(reservation_id=name, state=state)
