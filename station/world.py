"""What the counter stands on: where it is, what it reaches through ports, and what a closed sale is told by."""

from collections.abc import Callable
from dataclasses import dataclass

from station.clock import Clock
from station.coupons import CouponOffice
from station.ports import Journal, MemberBook, Packs, Shelf
from station.proving import Prover
from station.sale import Sale
from station.spending import Spending
from station.text import Text
from station.weighed import LabelLayout


@dataclass(frozen=True, slots=True)
class Place:
    """Which station this is: its id, its shop's id, and the shop's name for people."""

    station: str
    shop: str
    shop_name: Text


@dataclass(frozen=True, slots=True)
class Settled:
    """A sale that is durable, its receipt number, its place in the journal and the balance after it."""

    sale: Sale
    receipt: str
    place: int
    points_after: int | None


@dataclass(frozen=True, slots=True)
class World:
    """Everything the counter reaches through ports, and the ``labels`` of the shop's scales.

    Without ``spending`` nothing is set aside, as in a calculator; without ``prover`` a card is a number;
    without ``coupons`` those of other stations cannot be asked for. ``own`` returns the membership of the
    person at the till, who gets nothing by it on the sales they make; "" for none, and while nobody is there.
    """

    clock: Clock
    random: Callable[[int], bytes]
    members: MemberBook
    shelf: Shelf
    packs: Packs
    journal: Journal
    spending: Spending | None = None
    prover: Prover | None = None
    labels: tuple[LabelLayout, ...] = ()
    coupons: CouponOffice | None = None
    own: Callable[[], str] = str
