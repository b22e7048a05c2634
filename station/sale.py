"""A closed sale: frozen, with the engine's complete input, so that anyone can recompute it."""

from dataclasses import dataclass

from station.basket import Basket
from station.card import Medium
from station.points import Earn, PointsEntry, PointsKind, Redeem
from station.priced import Priced
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
    """Return the ledger entries a sale priced as ``priced`` makes for ``member_id``: spent, then earned."""
    spent = (
        PointsEntry(_key(sale_id, f"spent/{each.rule}"), member_id, PointsKind.REDEEM, -each.points, each.rule)
        for each in priced.paid_points)
    earned = (
        PointsEntry(_key(sale_id, each.rule), member_id, PointsKind.EARN, each.points, each.rule)
        for each in priced.earned if each.points)
    return (*spent, *earned)


def requests_of(sale_id: str, member_id: str, day: str, priced: Priced) -> tuple[Redeem | Earn, ...]:
    """Return the same as requests to the points ledger on local ``day``, with the terms of their lots."""
    spent = (
        Redeem(_key(sale_id, f"spent/{each.rule}"), member_id, day, each.points, each.rule, sale_id)
        for each in priced.paid_points)
    earned = (
        Earn(_key(sale_id, each.rule), member_id, day, each.points, each.rule, sale_id, each.terms)
        for each in priced.earned if each.points)
    return (*spent, *earned)


def value_of(sale: Sale) -> tuple[Redeem | Earn, ...]:
    """Return what ``sale`` asks of the ledger of stored value: payments, then cards sold and top-ups.

    What is loaded in a sale cannot pay in it: the ledger keeps a sale's own money out of its reach.
    """
    day = sale.basket.opened.date
    paid = (
        Redeem(_key(sale.sale_id, f"tender/{i}"), each.account, day, each.amount, each.kind.value, sale.sale_id)
        for i, each in enumerate(sale.tenders, 1) if each.kind.stored_value)
    totals = {line.line: line.total for line in sale.priced.lines}
    loaded = (
        Earn(_key(sale.sale_id, f"line/{line.line}"), line.account, day, totals[line.line],
             line.product.kind.value, sale.sale_id)
        for line in sale.basket.lines if line.account and totals[line.line])
    return (*paid, *loaded)


def _key(sale_id: str, part: str) -> str:
    return f"{sale_id}/{part}"
