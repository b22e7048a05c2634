"""Goods that came back without their sale: a second person agreed, and the shelf's price of now went back in cash.

Rules: design "Returns". Without the sale nobody knows what was paid, nor by whom: no points move, and
money in another form does not come back so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station.basket import BasketLine
from station.errors import ErrorCode, StationError
from station.goods import lay_out
from station.pack import Pack
from station.people import Actor
from station.priced import TaxTotal
from station.product import ProductKind


@dataclass(frozen=True, slots=True)
class UnknownReturn:
    """``lines`` came back and ``money`` went back in cash, at the prices of now and the taxes of ``pack``.

    ``return_id`` is a UUIDv7 given by the station; ``receipt`` is the number on the customer's paper, ""
    for none; ``reason`` is the English sentence the cashier chose.
    """

    return_id: str
    business_date: str
    shift: int
    pack: int
    lines: tuple[BasketLine, ...]
    money: int
    taxes: tuple[TaxTotal, ...]
    receipt: str
    reason: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` without goods or without a reason."""
        if not self.lines or not self.reason.strip():
            message = f"a return of {len(self.lines)} lines without a sale, for {self.reason!r}"
            raise ValueError(message)


def worth_now(pack: Pack, lines: Sequence[BasketLine]) -> tuple[int, tuple[TaxTotal, ...]]:
    """Return the shelf's price of ``lines`` and the tax in it, by rate.

    Raises ``StationError`` RETURN_NOT_ALLOWED when money in another form (a gift card, a top-up) is among them.
    """
    if any(line.product.kind is not ProductKind.GOODS for line in lines):
        raise StationError(ErrorCode.RETURN_NOT_ALLOWED)
    goods = lay_out(pack, lines)
    return sum(goods.listed), goods.taxes(goods.listed)


def require_second(cashier: Actor, approver: Actor | None) -> None:
    """Raise ``StationError`` RETURN_NOT_ALLOWED unless another person than ``cashier`` approves."""
    if approver is None or approver.person == cashier.person:
        raise StationError(ErrorCode.RETURN_NOT_ALLOWED)
