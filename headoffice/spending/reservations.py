"""Reservations: set aside, pinned by a commit, given back. Each is named by the id its station drew."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from headoffice.clock import MICROSECONDS
from headoffice.refusal import RefusalError, refuse
from headoffice.register.families import left_today
from headoffice.spending import accounts
from headoffice.spending.accounts import Key, Standing
from headoffice.spending.terms import TERMS, Terms
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


@dataclass(frozen=True, slots=True)
class Lost:
    """A reservation of ``amount`` units that was let go, for its sale has not come."""

    reservation_id: str
    station: str
    kind: AccountKind
    amount: int


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

    Raises ``RefusalError`` NOT_ENOUGH (``available``), HOLDER_LIMIT (``available``) where a holder's day
    does not reach, or INVALID for other terms under the same id.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        standing = accounts.lock(cursor, (asked.account, asked.kind))
        if not claim(cursor, station.id, asked.reservation_id, FORM, (asked.account, asked.kind)):
            return _answered(cursor, station, asked)
        accounts.tidy(cursor, standing, now_us)
        there, lots = accounts.free(cursor, standing, now_us)
        _require_day(cursor, asked)
        if asked.amount > there:
            raise RefusalError(409, ProblemCode.NOT_ENOUGH, "there is not this much", available=there)
        answer = Reserved(
            reservation_id=asked.reservation_id, available=there - asked.amount,
            expires_us=now_us + asked.hold_s * MICROSECONDS,
            lots=tuple(LotOfAccount(lot_id=each.lot_id, amount=each.left, expires_us=each.expires_us)
                       for each in accounts.draw(lots, asked.amount)))
        cursor.execute(
            "INSERT INTO spending_reservation (account, reservation_id, kind, station, amount, hold_s, made_us,"
            " expires_us, state, answer, holder) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [asked.account, asked.reservation_id, asked.kind.value, station.id, asked.amount, asked.hold_s, now_us,
             answer.expires_us, ReservationState.HELD.value, msgspec.json.encode(answer), _day_of(asked)])
        if not cursor.rowcount:
            refuse("this reservation is another station's")
        standing.reserved += asked.amount
        accounts.save(cursor, standing)
        return answer


def commit(station: Station, asked: Commit, now_us: int) -> ReservationAnswer:
    """Keep a reservation until the sale that names it arrives, or ``release_lost`` gives it up.

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


def release_lost(now_us: int, terms: Terms = TERMS) -> Iterator[Lost]:
    """Let go, one by one, what sales were committed to that have not come in ``terms.lost_us``, and yield it.

    Such a sale can still come: then it is posted, takes what is available, and the club bears the rest.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account, kind, reservation_id FROM spending_reservation WHERE state = %s AND made_us <= %s"
            " ORDER BY made_us, account, reservation_id", [ReservationState.COMMITTED.value, now_us - terms.lost_us])
        found = cursor.fetchall()
    for account, kind, name in found:
        with transaction.atomic(), connection.cursor() as cursor:
            standing = accounts.lock(cursor, (account, AccountKind(kind)))
            cursor.execute(
                "UPDATE spending_reservation SET state = %s, lost_us = %s WHERE account = %s AND reservation_id = %s"
                " AND state = %s RETURNING station, amount",
                [ReservationState.RELEASED.value, now_us, account, name, ReservationState.COMMITTED.value])
            lost = [Lost(name, station, standing.kind, amount) for station, amount in cursor.fetchall()]
            standing.reserved -= sum(each.amount for each in lost)
            accounts.save(cursor, standing)
        yield from lost


def _require_day(cursor: CursorWrapper, asked: Reserve) -> None:
    """Refuse what the holder's limits of the day do not let go, less what is reserved for that day; under the account's lock."""
    who = asked.holder
    left = left_today(who.member_id, who.holder_id, who.day, asked.kind) if who else None
    if left is None:
        return
    cursor.execute(
        "SELECT coalesce(sum(amount), 0) FROM spending_reservation WHERE account = %s AND kind = %s AND holder = %s"
        " AND state IN (%s, %s)",
        [asked.account, asked.kind.value, _day_of(asked), ReservationState.HELD.value, ReservationState.COMMITTED.value])
    left = max(0, left - int(cursor.fetchone()[0]))
    if asked.amount > left:
        raise RefusalError(409, ProblemCode.HOLDER_LIMIT, "the holder of the card may not spend this much today", available=left)


def _day_of(asked: Reserve) -> str:
    return f"{asked.holder.member_id}/{asked.holder.holder_id}/{asked.holder.day}" if asked.holder else ""


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
