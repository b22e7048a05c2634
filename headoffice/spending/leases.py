"""Leases: parts of accounts given to one station for some days, so that it can go on spending without us.

Who gets one: the members who bought most at the station lately, their wallets, and the promotions in
force that have a budget. Who gets none: a revoked station, a journal that is not the station's
newest, one that forked or began as a copy. What such a station holds is neither renewed nor taken
back before its end and the grace are over: it may have been spent.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from headoffice.api.answers import as_base64
from headoffice.intake.entries import decode
from headoffice.intake.models import Alarm, Incarnation
from headoffice.intake.models import Entry as Received
from headoffice.refusal import refuse
from headoffice.register.packs import current, numbered
from headoffice.spending import accounts
from headoffice.spending.accounts import Key, OpenLot, Standing
from headoffice.spending.models import Lease as LeaseRow
from headoffice.spending.reservations import claim, claimed
from headoffice.spending.terms import DAY_US, TERMS, Caps, Terms
from headoffice.stations.models import Station
from station.ids import RANDOM_BYTES, uuid7
from station.journal import Opened
from station.leases import AccountKind, Lease, LeasedLot
from sync.ed25519 import sign_bytes
from sync.wire_spending import (
    CloseLease,
    LeaseAnswer,
    LeasesAsked,
    LeasesGranted,
    LeaseState,
    SignedLease,
    terms_of,
)

FORM = "LEASE"
AT_A_TIME = 100
PERCENT = 100


@dataclass(slots=True)
class _Room:
    """How much more of one kind the station may be given: ``unspent`` at a time, and ``today``."""

    unspent: int
    today: int


def ask(station: Station, asked: LeasesAsked, now_us: int, terms: Terms = TERMS) -> LeasesGranted:
    """Return all leases that are live for the journal ``asked`` names, after giving it new ones."""
    frozen = not trusted(station, asked.incarnation, terms)
    if not frozen:
        wanted = [(each.account, each.kind) for each in sorted(asked.wanted, key=lambda each: -each.uses)]
        keys = list(dict.fromkeys(wanted or _affine(station, now_us, terms)))
        for first in range(0, len(keys), AT_A_TIME):
            _grant(station, asked.incarnation, keys[first:first + AT_A_TIME], now_us, terms)
    live = LeaseRow.objects.filter(
        station=station.id, incarnation=asked.incarnation, state=LeaseState.LIVE.value, expires_us__gt=now_us)
    return LeasesGranted(
        server_time_us=now_us, frozen=frozen,
        leases=tuple(_signed(bytes(each.document)) for each in live.order_by("granted_us", "lease_id")))


def _signed(document: bytes) -> SignedLease:
    """Return ``document`` signed by the office key of now: the one it was granted under may be gone."""
    return SignedLease(
        document=as_base64(document), signature=as_base64(sign_bytes(settings.KEYS.office, document)))


def close(station: Station, asked: CloseLease) -> LeaseAnswer:
    """Tell how a lease stands: its LEASE_CLOSED entry closes it, when it is posted. Raises ``RefusalError`` 404."""
    with connection.cursor() as cursor:
        key = claimed(cursor, station.id, asked.lease_id, FORM)
    if key is None:
        refuse("there is no such lease", 404)
    row = LeaseRow.objects.get(account=key[0], lease_id=asked.lease_id)
    return LeaseAnswer(lease_id=asked.lease_id, state=LeaseState(row.state))


def trusted(station: Station, incarnation: str, terms: Terms = TERMS) -> bool:
    """Return whether this journal of ``station`` may have leases: its newest, no copy, of one history, its beginning here."""
    newest = Incarnation.objects.filter(station=station.id, of="").order_by("-epoch").first()
    if station.revoked or newest is None or newest.incarnation != incarnation:
        return False
    if Alarm.objects.filter(station=station.id, incarnation=incarnation).exists():
        return False
    first = Received.objects.filter(station=station.id, incarnation=incarnation, seq=1).first()
    try:
        opened = decode(bytes(first.raw)).body if first else None
    except ValueError:
        return False
    return isinstance(opened, Opened) and opened.cause in terms.causes


def _affine(station: Station, now_us: int, terms: Terms) -> Iterator[Key]:
    """Yield the accounts head office leases by itself: budgets, then members by their sales here, with their wallets."""
    held = current()
    pack = numbered(held.number) if held else None
    for each in pack.promotions if pack else ():
        if each.limits.budget:
            yield each.id, AccountKind.BUDGET
    since = (date.fromisoformat(accounts.local_day(now_us)) - timedelta(days=terms.days)).isoformat()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT member FROM ledger_sale WHERE station = %s AND business_date >= %s AND member IS NOT NULL"
            " GROUP BY member ORDER BY count(*) DESC, member LIMIT %s", [station.id, since, terms.members])
        members = [row[0] for row in cursor.fetchall()]
        for member in members:
            yield member, AccountKind.POINTS
            cursor.execute(
                "SELECT account FROM ledger_valueaccount WHERE member = %s AND purpose = %s ORDER BY account",
                [member, AccountKind.WALLET.value])
            for row in cursor.fetchall():
                yield row[0], AccountKind.WALLET


def _grant(station: Station, incarnation: str, keys: list[Key], now_us: int, terms: Terms) -> None:
    """Give leases of ``keys`` in one transaction; the first are served first, locked are they in their order."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Its row is locked, so that a station that asks many times at once does not get past its caps.
        Station.objects.select_for_update(no_key=True).get(id=station.id)
        rooms = {kind: _room(cursor, station.id, kind, caps, now_us) for kind, caps in terms.caps.items()}
        standings = accounts.lock_all(cursor, keys)
        for key in keys:
            standing, caps = standings[key], terms.caps.get(key[1])
            accounts.tidy(cursor, standing, now_us)
            if caps and not _holds(cursor, station.id, incarnation, key, now_us):
                there, lots = accounts.free(cursor, standing, now_us)
                room = rooms[key[1]]
                amount = min(_share(cursor, standing, there, caps, now_us), there, room.unspent, room.today)
                if amount >= terms.least:
                    _write(cursor, (station.id, incarnation), standing, accounts.draw(lots, amount), now_us, terms)
                    room.unspent -= amount
                    room.today -= amount
            accounts.save(cursor, standing)


def _room(cursor: CursorWrapper, station: str, kind: AccountKind, caps: Caps, now_us: int) -> _Room:
    cursor.execute(
        "SELECT coalesce(sum(CASE WHEN state = %s THEN amount - used ELSE 0 END), 0),"
        " coalesce(sum(CASE WHEN granted_us > %s THEN amount ELSE 0 END), 0) FROM spending_lease"
        " WHERE station = %s AND kind = %s AND (state = %s OR granted_us > %s)",
        [LeaseState.LIVE.value, now_us - DAY_US, station, kind.value, LeaseState.LIVE.value, now_us - DAY_US])
    unspent, today = cursor.fetchone()
    return _Room(caps.station - int(unspent), caps.station_daily - int(today))


def _holds(cursor: CursorWrapper, station: str, incarnation: str, key: Key, now_us: int) -> bool:
    """Return whether the journal has a lease of ``key`` already: a station gets another when that one is closed."""
    cursor.execute(
        "SELECT 1 FROM spending_lease WHERE account = %s AND kind = %s AND station = %s AND incarnation = %s"
        " AND state = %s AND expires_us > %s LIMIT 1",
        [key[0], key[1].value, station, incarnation, LeaseState.LIVE.value, now_us])
    return cursor.fetchone() is not None


def _share(cursor: CursorWrapper, standing: Standing, there: int, caps: Caps, now_us: int) -> int:
    """Return how much more of an account may be out on lease: of all, and of what was given in the last 24 hours."""
    cursor.execute(
        "SELECT coalesce(sum(CASE WHEN state = %s THEN amount ELSE used END), 0) FROM spending_lease"
        " WHERE account = %s AND kind = %s AND granted_us > %s",
        [LeaseState.LIVE.value, standing.account, standing.kind.value, now_us - DAY_US])
    today = int(cursor.fetchone()[0])
    return min((there + standing.leased) * caps.share // PERCENT - standing.leased, caps.daily - today)


def _write(
    cursor: CursorWrapper, holder: tuple[str, str], standing: Standing, parts: list[OpenLot], now_us: int, terms: Terms,
) -> None:
    """Write a lease of ``parts`` to ``holder``: a station and its journal."""
    station, incarnation = holder
    lots = tuple(LeasedLot(each.lot_id, each.left, each.expires_us) for each in parts)
    lease = Lease(
        uuid7(now_us, secrets.token_bytes(RANDOM_BYTES)), standing.kind, standing.account, station, lots,
        sum(each.amount for each in lots), now_us + terms.life_us)
    document = msgspec.json.encode(terms_of(lease, incarnation))
    claim(cursor, station, lease.lease_id, FORM, (lease.account, lease.kind))
    cursor.execute(
        "INSERT INTO spending_lease (account, lease_id, kind, station, incarnation, amount, used, granted_us, expires_us,"
        " reclaim_us, state, document) VALUES (%s, %s, %s, %s, %s, %s, 0, %s, %s, %s, %s, %s)",
        [lease.account, lease.lease_id, lease.kind.value, station, incarnation, lease.amount, now_us, lease.expires_us,
         lease.expires_us + terms.skew_us + terms.grace_us, LeaseState.LIVE.value, document])
    cursor.executemany(
        "INSERT INTO spending_leasepart (account, lease_id, lot, amount, used, expires_us) VALUES (%s, %s, %s, %s, 0, %s)",
        [(lease.account, lease.lease_id, each.lot_id, each.amount, each.expires_us) for each in lots])
    standing.leased += lease.amount
