"""Leases and reservations in the sync thread: proven, told, closed in time, and whole again after any lost answer."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import msgspec
import pytest

from station.errors import ErrorCode, StationError
from station.journal import Position
from station.leases import AccountKind, Lease, LeaseClosed, LeasedLot
from sync import wire_spending as wire
from sync.ed25519 import Ed25519Verifier, new_key, public_key, sign_bytes
from sync.leases import ASK_EVERY_US, CLOSE_BEFORE_US, LeaseStep, SpendingStores
from tests.sync.memory import INCARNATION

KEY = new_key()
NOW = 1_795_343_700_000_000
END = NOW + 3 * 86_400_000_000
ID = "01a202d2-d020-7000-8000-00000000000{}"
LEASE = Lease(ID.format(1), AccountKind.POINTS, "m", "12-1", (LeasedLot("a", 70), LeasedLot("b", 30, END)), 100, END)


def signed(lease: Lease = LEASE, incarnation: str = INCARNATION, key: bytes = KEY) -> wire.SignedLease:
    """A lease as head office hands it out."""
    document = msgspec.json.encode(wire.terms_of(lease, incarnation))
    return wire.SignedLease(
        document=base64.b64encode(document).decode(), signature=base64.b64encode(sign_bytes(key, document)).decode())


@dataclass
class Kept:
    """The station's leases and reservations; both stores in one."""

    taken: dict[str, Lease] = field(default_factory=dict)
    done: list[LeaseClosed] = field(default_factory=list)
    told_us: int = 0
    sold_: list[tuple[str, Position]] = field(default_factory=list)
    dropped_: list[str] = field(default_factory=list)

    def grant(self, lease: Lease) -> None:
        if self.taken.setdefault(lease.lease_id, lease) != lease:
            raise ValueError(lease.lease_id)

    def left(self, lease_id: str) -> int:
        return self.taken[lease_id].amount

    def open(self) -> Sequence[tuple[str, int]]:
        closed = [each.lease_id for each in self.done]
        return [(each.lease_id, each.expires_us) for each in self.taken.values() if each.lease_id not in closed]

    def closed(self) -> Sequence[LeaseClosed]:
        return list(self.done)

    def server_us(self) -> int:
        return self.told_us

    def told(self, server_us: int) -> None:
        self.told_us = server_us

    def sold(self) -> Sequence[tuple[str, Position]]:
        return list(self.sold_)

    def dropped(self) -> Sequence[str]:
        return list(self.dropped_)

    def forget(self, name: str) -> None:
        self.done = [each for each in self.done if each.lease_id != name]
        self.taken.pop(name, None)
        self.sold_ = [each for each in self.sold_ if each[0] != name]
        self.dropped_ = [each for each in self.dropped_ if each != name]


@dataclass
class Office:
    """Head office: what it was told, in order, and what it answers; ``lose`` that many answers get lost."""

    granted: tuple[wire.SignedLease, ...] = ()
    states: dict[str, wire.LeaseState] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    lose: int = 0
    time_us: int = NOW

    def commit(self, commit: wire.Commit) -> None:
        self._called("commit", f"{commit.reservation_id}@{commit.seq}")

    def void(self, void: wire.Void) -> wire.ReservationAnswer | None:
        self._called("void", void.reservation_id)
        return wire.ReservationAnswer(reservation_id=void.reservation_id, state=wire.ReservationState.VOIDED)

    def leases(self, asked: wire.LeasesAsked) -> wire.LeasesGranted:
        self._called("ask", asked.incarnation)
        return wire.LeasesGranted(server_time_us=self.time_us, frozen=False, leases=self.granted)

    def close_lease(self, closed: wire.CloseLease) -> wire.LeaseAnswer | None:
        self._called("close", f"{closed.lease_id}={closed.left}")
        state = self.states.get(closed.lease_id)
        return wire.LeaseAnswer(lease_id=closed.lease_id, state=state) if state else None

    def _called(self, what: str, which: str) -> None:
        self.calls.append((what, which))
        if self.lose:
            self.lose -= 1
            raise StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)


@dataclass
class World:
    """A step and both its sides; ``at_us`` is this station's clock, ``refuse`` what closing meets."""

    kept: Kept = field(default_factory=Kept)
    office: Office = field(default_factory=Office)
    at_us: int = NOW
    refuse: ErrorCode | None = None

    def __post_init__(self) -> None:
        stores = SpendingStores("12-1", self.kept, self.kept, self._close)
        self.step_ = LeaseStep(stores, self.office, Ed25519Verifier(public_key(KEY)), lambda: self.at_us)

    def _close(self, lease: LeaseClosed) -> None:
        if self.refuse:
            raise StationError(self.refuse)
        self.kept.done.append(lease)

    def step(self) -> list[tuple[str, str]]:
        """Do one step; return what head office heard."""
        self.office.calls.clear()
        assert self.step_.step(INCARNATION) is False
        return self.office.calls


@pytest.fixture
def world() -> World:
    return World()


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def test_leases_are_asked_for_taken_and_asked_for_again_after_a_while(world: World) -> None:
    world.office.granted = (signed(),)
    assert world.step() == [("ask", INCARNATION)]
    assert (world.kept.taken, world.kept.told_us) == ({LEASE.lease_id: LEASE}, NOW)
    world.at_us += ASK_EVERY_US - 1
    assert world.step() == []
    world.at_us += 1
    assert world.step() == [("ask", INCARNATION)]


def test_a_lost_answer_is_asked_for_again_at_once(world: World) -> None:
    world.office.granted, world.office.lose = (signed(),), 1
    with refused(ErrorCode.HEAD_OFFICE_UNREACHABLE):
        world.step()
    world.step()
    assert list(world.kept.taken) == [LEASE.lease_id]


@pytest.mark.parametrize(("lease", "code"), [
    (signed(key=new_key()), ErrorCode.SIGNATURE_INVALID),
    (msgspec.structs.replace(signed(), document=signed(replace(LEASE, expires_us=END + 1)).document), ErrorCode.SIGNATURE_INVALID),
    (msgspec.structs.replace(signed(), document="A"), ErrorCode.ANSWER_INVALID),
    (signed(replace(LEASE, station="12-2")), ErrorCode.ANSWER_INVALID),
    (signed(incarnation="b" * 32), ErrorCode.ANSWER_INVALID)])
def test_a_lease_that_is_altered_or_for_another_is_refused_and_none_with_it_taken(
    world: World, lease: wire.SignedLease, code: ErrorCode,
) -> None:
    world.office.granted = (signed(replace(LEASE, lease_id=ID.format(2))), lease)
    with refused(code):
        world.step()
    assert (world.kept.taken, world.kept.told_us) == ({}, 0)


@pytest.mark.parametrize("document", [b"{}", b"\xff", b"[" * 100_000])
def test_signed_nonsense_is_no_lease(world: World, document: bytes) -> None:
    world.office.granted = (wire.SignedLease(
        document=base64.b64encode(document).decode(), signature=base64.b64encode(sign_bytes(KEY, document)).decode()),)
    with refused(ErrorCode.ANSWER_INVALID):
        world.step()


def test_a_signed_lease_that_does_not_add_up_is_none(world: World) -> None:
    terms = msgspec.structs.replace(wire.terms_of(LEASE, INCARNATION), amount=101)
    document = msgspec.json.encode(terms)
    world.office.granted = (wire.SignedLease(
        document=base64.b64encode(document).decode(), signature=base64.b64encode(sign_bytes(KEY, document)).decode()),)
    with refused(ErrorCode.ANSWER_INVALID):
        world.step()


def test_a_lease_with_other_terms_than_the_one_here_is_refused(world: World) -> None:
    world.kept.grant(LEASE)
    world.office.granted = (signed(replace(LEASE, expires_us=END + 1)),)
    with refused(ErrorCode.ANSWER_INVALID):
        world.step()
    assert world.kept.taken == {LEASE.lease_id: LEASE}


def test_a_lease_near_its_end_is_closed_and_forgotten_once_it_is_booked(world: World) -> None:
    world.kept.grant(LEASE)
    world.step()
    world.at_us = END - CLOSE_BEFORE_US - 1
    world.step()
    assert world.kept.done == []
    world.at_us += 1
    world.step()
    assert world.kept.done == [LeaseClosed(LEASE.lease_id, 100)]
    world.office.states[LEASE.lease_id] = wire.LeaseState.LIVE
    assert world.step() == [("close", f"{LEASE.lease_id}=100")]
    world.office.states[LEASE.lease_id] = wire.LeaseState.CLOSED
    # what came back can be leased again at once
    assert world.step() == [("close", f"{LEASE.lease_id}=100"), ("ask", INCARNATION)]
    assert world.step() == []


def test_a_closed_lease_that_head_office_does_not_know_is_forgotten(world: World) -> None:
    world.kept.done = [LeaseClosed("l9", 5)]
    world.step()
    assert world.kept.done == []


def test_by_head_offices_time_a_lease_is_closed_though_the_clock_was_set_back(world: World) -> None:
    world.kept.grant(LEASE)
    world.kept.told_us = END
    world.at_us = 0
    world.step()
    assert [each.lease_id for each in world.kept.done] == [LEASE.lease_id]


def test_a_lease_that_a_sale_spent_of_meanwhile_is_closed_the_next_time(world: World) -> None:
    world.kept.grant(LEASE)
    world.at_us, world.refuse = END, ErrorCode.LEASE_SHORT
    world.step()
    assert world.kept.done == []
    world.refuse = ErrorCode.DISK_FULL
    with refused(ErrorCode.DISK_FULL):
        world.step()
    world.refuse = None
    world.step()
    assert len(world.kept.done) == 1


def test_what_became_of_reservations_is_told_before_anything_else(world: World) -> None:
    world.kept.sold_ = [(ID.format(3), Position(INCARNATION, 7))]
    world.kept.dropped_ = [ID.format(4)]
    world.office.lose = 1
    with refused(ErrorCode.HEAD_OFFICE_UNREACHABLE):
        world.step()
    assert world.kept.sold_
    assert world.step() == [("commit", f"{ID.format(3)}@7"), ("void", ID.format(4)), ("ask", INCARNATION)]
    assert (world.kept.sold_, world.kept.dropped_) == ([], [])
