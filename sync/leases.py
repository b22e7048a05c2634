"""Leases and reservations kept up with head office, a step in each round of the sync thread.

Order matters: what is decided goes up first, leases near their end are closed, and only then is
asked for new ones, so that what comes back can be leased again.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from station.errors import ErrorCode, StationError
from station.journal import Position
from station.leases import Lease, LeaseClosed, judged_at
from station.ports import Verifier
from sync import wire_spending as wire

SECOND_US = 1_000_000
ASK_EVERY_US = 15 * 60 * SECOND_US
CLOSE_BEFORE_US = 12 * 3600 * SECOND_US


class LeaseOffice(Protocol):
    """The part of head office that keeps reservations and gives leases."""

    def commit(self, commit: wire.Commit) -> wire.ReservationAnswer | None:
        """Say which sale a reservation was for; None when it is not known there."""
        ...

    def void(self, void: wire.Void) -> wire.ReservationAnswer | None:
        """Give a reservation back; None when it is not known there."""
        ...

    def leases(self, asked: wire.LeasesAsked) -> wire.LeasesGranted:
        """Return the live leases of a journal."""
        ...

    def close_lease(self, closed: wire.CloseLease) -> wire.LeaseAnswer | None:
        """Ask whether the end of a lease is booked; None when it is not known there."""
        ...


class LeaseReplica(Protocol):
    """The leases as kept here."""

    def grant(self, lease: Lease) -> None:
        """Take ``lease``, durably. Raises ``ValueError`` when another one of this id is here."""
        ...

    def left(self, lease_id: str) -> int:
        """Return how much of a lease is not spent."""
        ...

    def open(self) -> Sequence[tuple[str, int]]:
        """Return id and end of every lease that was not closed."""
        ...

    def closed(self) -> Sequence[LeaseClosed]:
        """Return the leases that were closed."""
        ...

    def forget(self, lease_id: str) -> None:
        """Drop a lease that was closed."""
        ...

    def server_us(self) -> int:
        """Return the latest time head office ever told."""
        ...

    def told(self, server_us: int) -> None:
        """Remember head office's time."""
        ...


class HoldReplica(Protocol):
    """The reservations as remembered here."""

    def sold(self) -> Sequence[tuple[str, Position]]:
        """Return those that sales in the journal name."""
        ...

    def dropped(self) -> Sequence[str]:
        """Return those that are to be given back."""
        ...

    def forget(self, reservation_id: str) -> None:
        """Drop one that head office knows the end of."""
        ...


@dataclass(frozen=True, slots=True)
class SpendingStores:
    """The station's side: ``close`` writes a LEASE_CLOSED entry, durably.

    It raises ``StationError`` LEASE_SHORT when a sale spent of the lease meanwhile.
    """

    station: str
    leases: LeaseReplica
    holds: HoldReplica
    close: Callable[[LeaseClosed], None]


class LeaseStep:
    """Keeps leases and reservations up with head office; not for two threads at once."""

    def __init__(
        self, stores: SpendingStores, office: LeaseOffice, verifier: Verifier, clock: Callable[[], int],
    ) -> None:
        """Use ``clock`` (µs since 1970 UTC) where head office's time does not say more."""
        self._stores = stores
        self._office = office
        self._verifier = verifier
        self._clock = clock
        self._ask_at = 0

    def step(self, incarnation: str) -> bool:
        """Do all there is to do for the journal ``incarnation``; return False, for nothing is left then.

        Raises ``StationError``: SIGNATURE_INVALID for a lease that head office did not sign,
        ANSWER_INVALID for one that is not for this journal, 4xx of the disk, or a fault of the line.
        """
        self._reservations()
        self._closed()
        self._close()
        now = self._now()
        if now >= self._ask_at:
            self._ask(incarnation)
            self._ask_at = now + ASK_EVERY_US
        return False

    def _now(self) -> int:
        return judged_at(self._clock(), self._stores.leases.server_us())

    def _reservations(self) -> None:
        """Tell what became of the reservations; one that is not known there was never made or is long over."""
        holds = self._stores.holds
        for reservation_id, sale in holds.sold():
            self._office.commit(wire.Commit(
                reservation_id=reservation_id, incarnation=sale.incarnation, seq=sale.seq))
            holds.forget(reservation_id)
        for reservation_id in holds.dropped():
            self._office.void(wire.Void(reservation_id=reservation_id))
            holds.forget(reservation_id)

    def _closed(self) -> None:
        """Forget the closed leases that head office has booked, and ask for new ones at once."""
        for lease in self._stores.leases.closed():
            answer = self._office.close_lease(wire.CloseLease(lease_id=lease.lease_id, left=lease.left))
            if answer is None or answer.state is not wire.LeaseState.LIVE:
                self._stores.leases.forget(lease.lease_id)
                self._ask_at = 0

    def _close(self) -> None:
        leases = self._stores.leases
        for lease_id, expires_us in leases.open():
            if expires_us - self._now() <= CLOSE_BEFORE_US:
                try:
                    self._stores.close(LeaseClosed(lease_id, leases.left(lease_id)))
                except StationError as fault:
                    if fault.code is not ErrorCode.LEASE_SHORT:  # a sale spent of it meanwhile: next time
                        raise

    def _ask(self, incarnation: str) -> None:
        granted = self._office.leases(wire.LeasesAsked(incarnation=incarnation))
        leases = [self._proven(each, incarnation) for each in granted.leases]
        self._stores.leases.told(granted.server_time_us)
        for lease in leases:
            try:
                self._stores.leases.grant(lease)
            except ValueError:
                raise StationError(ErrorCode.ANSWER_INVALID, reason="lease") from None

    def _proven(self, signed: wire.SignedLease, incarnation: str) -> Lease:
        """Return the lease of ``signed``, once it is proven to be head office's, and for this journal."""
        try:
            document = base64.b64decode(signed.document, validate=True)
            signature = base64.b64decode(signed.signature, validate=True)
        except binascii.Error:
            raise StationError(ErrorCode.ANSWER_INVALID, reason="base64") from None
        if not self._verifier.verify(signature, document):
            raise StationError(ErrorCode.SIGNATURE_INVALID)
        try:
            terms = msgspec.json.decode(document, type=wire.LeaseTerms)
            lease = wire.lease_of(terms)
        except (ValueError, RecursionError) as error:
            raise StationError(ErrorCode.ANSWER_INVALID, reason=type(error).__name__) from None
        if (lease.station, terms.incarnation) != (self._stores.station, incarnation):
            raise StationError(ErrorCode.ANSWER_INVALID, reason="lease")
        return lease
