"""What a stolen station can cost: what it has leased and not spent, and what it could still get in a day."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from headoffice.ledger.rows import found
from headoffice.spending.terms import TERMS, Terms
from headoffice.stations.models import Station
from station.leases import AccountKind
from sync.wire_spending import LeaseState


@dataclass(frozen=True, slots=True)
class Loss:
    """Of one kind, in its units: ``leased`` and unspent, ``daily`` it is given at most in 24 hours, ``written_off`` ever."""

    leased: int
    daily: int
    written_off: int

    @property
    def bound(self) -> int:
        """The most that is lost when the theft is noticed within a day."""
        return self.leased + self.daily


def losses(station: str | None = None, terms: Terms = TERMS) -> Mapping[str, Mapping[AccountKind, Loss]]:
    """Return by station, or of one, and by kind what a theft could cost. A revoked station is given nothing any more."""
    stations = Station.objects.order_by("id")
    if station is not None:
        stations = stations.filter(id=station)
    rows = list(stations.values_list("id", "revoked"))
    names = [(name,) for name, _ in rows]
    with connection.cursor() as cursor:
        leased = {(name, kind): int(amount) for name, kind, amount in found(
            cursor, "SELECT station, kind, sum(amount - used) FROM spending_lease WHERE state = %s"
            " AND station IN ({keys}) GROUP BY station, kind", names, LeaseState.LIVE.value)}
        written = {(name, kind): int(amount) for name, kind, amount in found(
            cursor, "SELECT station, kind, sum(written_off) FROM spending_settlement WHERE written_off > 0"
            " AND station IN ({keys}) GROUP BY station, kind", names)}
    daily = {kind: terms.caps[kind].station_daily if kind in terms.caps else 0 for kind in AccountKind}
    return {
        name: {kind: Loss(leased.get((name, kind.value), 0), 0 if revoked else daily[kind], written.get((name, kind.value), 0))
               for kind in AccountKind}
        for name, revoked in rows}
