"""Two tills that spend, and a head office that is asked the way its views ask it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest
from django.db import connection, transaction

from headoffice.clock import now_us
from headoffice.ledger import books, own
from headoffice.ledger.models import Balance, ValueAccount
from headoffice.refusal import RefusalError
from headoffice.spending import accounts, leases, reservations
from headoffice.spending.models import Account, Settlement
from headoffice.spending.terms import TERMS, Caps, Terms
from headoffice.stations.models import Station
from station.ids import uuid7
from station.journal import EntryKind
from station.leases import AccountKind, Lease, LeaseClosed, LeaseUse
from station.lots import LotTerms
from station.people import SYSTEM
from station.points import PointsEntry, PointsKind
from station.posting import Stated
from station.tender import Tender, TenderKind
from sync import wire_spending as wire
from sync.wire import ProblemCode
from tests.headoffice.shop import Till, sale

AT = 1_795_343_700_000_000
DAY = "2026-11-22"
POINTS, WALLET, GIFT_CARD = AccountKind.POINTS, AccountKind.WALLET, AccountKind.GIFT_CARD
ALL = Caps(share=100, daily=10**12, station=10**12, station_daily=10**12)
GENEROUS = Terms(caps={kind: ALL for kind in AccountKind if kind is not GIFT_CARD})


def give(account: str, amount: int, kind: AccountKind = POINTS, terms: LotTerms | None = None, day: str = DAY) -> None:
    """Put ``amount`` on ``account`` as one lot, formed on ``day``."""
    book = books.POINTS if kind is POINTS else books.VALUE
    if kind is not POINTS:
        ValueAccount.objects.get_or_create(account=account, defaults={"purpose": kind.value, "member": "m"})
    with transaction.atomic(), connection.cursor() as cursor:
        own.give(cursor, book, [Stated(
            f"gift-{Drawn.more()}", account, PointsKind.ADJUST, amount, "gift", day, terms=terms)], now_us())


def take(account: str, amount: int) -> None:
    """Have a return take points back that were spent already or are set aside."""
    with transaction.atomic(), connection.cursor() as cursor:
        own.give(cursor, books.POINTS, [Stated(
            f"back-{Drawn.more()}", account, PointsKind.REVERSE, -amount, "back", DAY)], now_us())


class Drawn:
    """Names that never come twice."""

    count = 0

    @classmethod
    def more(cls) -> int:
        cls.count += 1
        return cls.count


def new_id(at_us: int) -> str:
    """A reservation's id."""
    return uuid7(at_us, Drawn.more().to_bytes(10, "big"))


@dataclass
class Desk:
    """A paired till at head office, by its station row; ``at_us`` is head office's time."""

    till: Till
    station: Station
    at_us: int
    sent: int = 0
    held: dict[str, Lease] = field(default_factory=dict)

    def reserve(self, amount: int, account: str = "m", kind: AccountKind = POINTS, **facts: object) -> wire.Reserved:
        """Reserve; ``reservation_id`` and ``hold_s`` may be told."""
        asked: dict[str, object] = {"reservation_id": new_id(self.at_us), "hold_s": 60} | facts
        return reservations.reserve(self.station, wire.Reserve(
            kind=kind, account=account, amount=amount, **asked), self.at_us)  # type: ignore[arg-type] # each by its name

    def commit(self, name: str) -> wire.ReservationState:
        """Say that its sale is durable."""
        return reservations.commit(self.station, wire.Commit(
            reservation_id=name, incarnation=self.till.journal.incarnation, seq=1), self.at_us).state

    def void(self, name: str) -> wire.ReservationState:
        """Give it back."""
        return reservations.void(self.station, wire.Void(reservation_id=name)).state

    def ask(self, *wanted: tuple[AccountKind, str], terms: Terms = GENEROUS) -> list[Lease]:
        """Ask for leases, of ``wanted`` or of head office's choice; return those that are new, by account."""
        granted = leases.ask(self.station, wire.LeasesAsked(
            incarnation=self.till.journal.incarnation,
            wanted=tuple(wire.Wanted(kind=kind, account=account) for kind, account in wanted)), self.at_us, terms)
        found = [wire.lease_of(msgspec.json.decode(
            base64.b64decode(each.document), type=wire.LeaseTerms)) for each in granted.leases]
        fresh = sorted((lease for lease in found if lease.lease_id not in self.held), key=lambda lease: lease.account)
        self.held |= {lease.lease_id: lease for lease in fresh}
        return fresh

    def sell(
        self, spent: int, *, account: str = "m", kind: AccountKind = POINTS, uses: Sequence[LeaseUse] = (),
        reserved: Sequence[str] = (), sends: bool = True,
    ) -> int:
        """Write a sale that spends, and send it; return its seq."""
        made = sale(lease_uses=tuple(uses), reservations=tuple(reserved))
        if kind is POINTS:
            made = replace(made, points=(PointsEntry(f"{made.sale_id}/spent/x", account, PointsKind.REDEEM, -spent, "x"),))
        else:
            made = replace(made, tenders=(Tender(TenderKind(kind.value), spent, account=account), *made.tenders))
        seq = self.till.journal.append(made)
        if sends:
            self.send()
        return seq

    def close(self, lease: Lease, left: int, *, sends: bool = True) -> None:
        """Write that a lease is closed, and send it."""
        self.till.journal.append(LeaseClosed(lease.lease_id, left), kind=EntryKind.LEASE_CLOSED, actor=SYSTEM)
        if sends:
            self.send()

    def send(self) -> None:
        """Send what is not sent."""
        last = len(self.till.journal.raws)
        if last > self.sent:
            assert self.till.put(self.sent + 1, last).status == 200
            self.sent = last


def desk(number: int, at_us: int) -> Desk:
    """Pair till ``number`` of shop 12, its first entry sent."""
    name = f"12-{number}"
    till = Till(name)
    station, _ = Station.objects.get_or_create(id=name, defaults={"shop": "12", "public_key": till.public, "paired_us": 0})
    if bytes(station.public_key) != till.public:
        station.public_key = till.public
        station.save()
    made = Desk(till, station, at_us)
    made.send()
    return made


@pytest.fixture
def one(office: Path) -> Desk:
    """Till 12-1; member m has 100 points."""
    assert office.exists()
    give("m", 100)
    return desk(1, AT)


@pytest.fixture
def two(one: Desk) -> Desk:
    """Till 12-2."""
    return desk(2, one.at_us)


def standing(account: str = "m", kind: AccountKind = POINTS, at_us: int = AT) -> tuple[int, int, int, int]:
    """Balance, leased, reserved and what can be set aside at ``at_us``; nothing is changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        held = accounts.lock(cursor, (account, kind))
        accounts.tidy(cursor, held, at_us)
        found = held.balance, held.leased, held.reserved, accounts.free(cursor, held, at_us)[0]
        transaction.set_rollback(True)
    return found


def balance(account: str = "m") -> int:
    """A member's points."""
    return Balance.objects.get(member=account).points


def written_off() -> list[tuple[int, str]]:
    """What the club bore, and why."""
    return [(row.written_off, row.reason) for row in Settlement.objects.filter(written_off__gt=0).order_by("seq")]


def reclaim(made: Desk, lease: Lease, account: str = "m", kind: AccountKind = POINTS) -> None:
    """Let time pass until ``lease`` is taken back, and have its account looked at."""
    made.at_us = lease.expires_us + TERMS.skew_us + TERMS.grace_us
    look_at(account, made.at_us, kind)


def look_at(account: str, at_us: int, kind: AccountKind = POINTS) -> None:
    """Have an account tidied at ``at_us``, as any question about it does."""
    with transaction.atomic(), connection.cursor() as cursor:
        held = accounts.lock(cursor, (account, kind))
        accounts.tidy(cursor, held, at_us)
        accounts.save(cursor, held)


def live() -> tuple[int, int]:
    """All that is leased and reserved, of all accounts."""
    rows = Account.objects.values_list("leased", "reserved")
    return sum(row[0] for row in rows), sum(row[1] for row in rows)


def refused(code: ProblemCode, available: int | None = None) -> "pytest.RaisesExc[RefusalError]":
    """Expect a refusal that says so."""
    return pytest.RaisesExc(RefusalError, check=lambda fault: (fault.problem.code, fault.problem.available) == (code, available))


def uses(lease: Lease, amount: int) -> list[LeaseUse]:
    """So much out of the first lot of a lease."""
    return [LeaseUse(lease.lease_id, lease.lots[0].lot_id, amount)]
