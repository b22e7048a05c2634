"""A closed sale: frozen, with the engine's complete input, so that anyone can recompute it."""

from dataclasses import dataclass
from enum import StrEnum

from station.basket import Basket
from station.card import Medium
from station.leases import LeaseUse
from station.points import Earn, PointsEntry, PointsKind, Redeem
from station.priced import Priced, TaxTotal
from station.tender import Tender, TenderKind


@dataclass(frozen=True, slots=True)
class Sale:
    """What was sold, at what price and why, and how it was paid.

    ``sale_id`` is a UUIDv7 given by the station and equals the basket's id; ``business_date`` is
    the shift's local Gregorian date; ``medium`` says how the member was identified ("" when the
    member was found without a card). What it spends of points, stored value and budgets is covered
    by ``lease_uses`` and by the ``reservations`` head office made (their ids): see ``station.spending``.
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
    lease_uses: tuple[LeaseUse, ...] = ()
    reservations: tuple[str, ...] = ()

    @property
    def pays_cash(self) -> bool:
        """Whether cash was handed over, so that the drawer has to open."""
        return any(tender.kind is TenderKind.CASH for tender in self.tenders)


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """``quantity`` thousandths of line ``line`` come back.

    For a sold gift card or a top-up, ``balance`` is what its account still holds: no more comes back.
    """

    line: int
    quantity: int
    balance: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when nothing comes back, or on a negative balance."""
        if self.quantity <= 0 or (self.balance or 0) < 0:
            message = f"what comes back of line {self.line}: quantity {self.quantity}, balance {self.balance}"
            raise ValueError(message)


class ReturnCause(StrEnum):
    """Why a sale was taken back: its goods came back, or it ought not to have been made."""

    RETURNED = "RETURNED"
    VOID = "VOID"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A sale that is not in the journal its goods came back in: it is of ``station``, whose ``receipt`` was shown.

    ``sale`` is what head office told of it, so that what was reckoned and printed can be gone over from here.
    """

    station: str
    receipt: str
    sale: Sale


@dataclass(frozen=True, slots=True)
class SaleReturn:
    """Goods of a sale that came back, and what went back for them.

    ``return_id`` is a UUIDv7 given by the station. ``sale_id`` names the sale, ``incarnation`` and
    ``seq`` its entry, of this station's journal unless it was made ``elsewhere``. ``tenders`` are what was given back, one for each tender of the sale, with the
    bank terminal's trace number of the refund; ``taxes`` the tax that fell with it. ``points`` are the entries that
    take earned points back and give spent ones back; ``coupons`` those that die unless used. A VOID brings
    back all that was left of the sale.
    """

    return_id: str
    sale_id: str
    incarnation: str
    seq: int
    business_date: str
    shift: int
    member_id: str | None
    lines: tuple[ReturnedLine, ...]
    money: int
    tenders: tuple[Tender, ...]
    taxes: tuple[TaxTotal, ...]
    points: tuple[PointsEntry, ...]
    coupons: tuple[str, ...]
    cause: ReturnCause = ReturnCause.RETURNED
    elsewhere: Elsewhere | None = None


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
