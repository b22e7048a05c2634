"""A closed sale: frozen, with the engine's complete input, so that anyone can recompute it."""

from dataclasses import dataclass

from station.basket import Basket
from station.card import Medium
from station.points import PointsEntry, PointsKind
from station.pricing import Priced
from station.tender import Tender, TenderKind


@dataclass(frozen=True, slots=True)
class Sale:
    """What was sold, at what price and why, and how it was paid.

    ``sale_id`` is a UUIDv7 given by the station and equals the basket's id; ``business_date`` is
    the shift's local Gregorian date; ``medium`` says how the member was identified ("" when the
    member was found without a card).
    """

    sale_id: str
    business_date: str
    shift: int
    basket: Basket
    priced: Priced
    tenders: tuple[Tender, ...]
    change: int
    medium: Medium | None
    points: tuple[PointsEntry, ...]

    @property
    def pays_cash(self) -> bool:
        """Whether cash was handed over, so that the drawer has to open."""
        return any(tender.kind is TenderKind.CASH for tender in self.tenders)


def points_of(sale_id: str, member_id: str, priced: Priced) -> tuple[PointsEntry, ...]:
    """Return the ledger entries a sale priced as ``priced`` makes for ``member_id``."""
    return tuple(
        PointsEntry(f"{sale_id}/{earned.rule}", member_id, PointsKind.EARN, earned.points, earned.rule)
        for earned in priced.earned if earned.points)
