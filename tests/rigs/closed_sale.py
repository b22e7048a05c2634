"""Closed sales made from a pack and a basket, as the counter makes them, and what returns bring back."""

from collections.abc import Sequence
from dataclasses import dataclass

from station.basket import Basket, BasketLine
from station.member import MemberSnapshot
from station.pack import HandLimit, Pack, Tier
from station.people import Role
from station.pricing import Engine
from station.product import Product, ProductKind
from station.promotion import EarningRule, Promotion
from station.redemption import RedemptionRules
from station.returns import NOTHING, GoneBack, Returned, take_back
from station.sale import ReturnedLine, Sale, points_of
from station.tender import Tender, TenderKind, change_due
from tests.fakes import NAME, NOON, product

MEMBER = MemberSnapshot("m1", "gold", 500)
BY_HAND = (HandLimit(Role.CASHIER, "20"),)


def rules(
    *promotions: Promotion, earning: Sequence[EarningRule] = (), redemption: RedemptionRules | None = None,
) -> Pack:
    """A pack of these; a cashier may give 20 %."""
    return Pack(1, 1, "IRR", (Tier("gold", 1, NAME),), promotions, tuple(earning), redemption=redemption, by_hand=BY_HAND)


def goods(*lines: tuple[Product, int], **facts: object) -> Basket:
    """A basket of ``lines``, numbered from 1; cards and top-ups load the account ``a`` and their line."""
    made = tuple(
        BasketLine(i, good, quantity, "" if good.kind is ProductKind.GOODS else f"a{i}")
        for i, (good, quantity) in enumerate(lines, 1))
    return Basket("s1", "12", 1, NOON, made, next_line=len(made) + 1, **facts)  # type: ignore[arg-type] # as named


def pieces(*amounts: tuple[int, int], **facts: object) -> Basket:
    """A basket of (price, pieces), each of a product of its own: p1, p2 and so on."""
    return goods(*((product(i, price), count * 1000) for i, (price, count) in enumerate(amounts, 1)), **facts)


def closed(pack: Pack, basket: Basket, *tenders: Tender) -> Sale:
    """The sale of ``basket``, paid by ``tenders`` or, without any, in exact cash."""
    priced = Engine(pack).price(basket)
    paid = tenders or ((Tender(TenderKind.CASH, priced.total),) if priced.total else ())
    points = points_of(basket.basket_id, basket.member.member_id, priced) if basket.member else ()
    return Sale(
        basket.basket_id, basket.opened.date, 1, basket, priced, paid, change_due(priced.total, paid), None, points)


@dataclass
class Desk:
    """A desk where one sale is brought back, piece by piece."""

    pack: Pack
    sale: Sale
    gone: GoneBack = NOTHING

    def back(self, *lines: tuple[int, int], balance: int | None = None) -> Returned:
        """Take (line, pieces) back; ``balance`` is that of a card among them."""
        returned = take_back(
            Engine(self.pack), self.sale,
            [ReturnedLine(line, count * 1000, balance) for line, count in lines], self.gone)
        self.gone = returned.gone
        return returned

    def money(self, *lines: tuple[int, int]) -> int:
        """Take them back and return the money that goes back."""
        return self.back(*lines).money
