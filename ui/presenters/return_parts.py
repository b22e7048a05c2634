"""What the desk for returns works with. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from station.approval import Operation
from station.counter import World
from station.elsewhere import ReturnOffice
from station.leases import AccountKind
from station.past_sale import PastSale, ReceiptName, Wanted
from station.people import Actor, StaffRecord
from ui.presenters.at_till import AtTill
from ui.views_return import ReturnView


class Past(Protocol):
    """The sales of this station (``data.past_sales``). Both raise ``StationError`` 4xx."""

    def places_of(self, receipt: ReceiptName) -> Sequence[int]:
        """Return the places of the sales that ``receipt`` may name, the latest first."""
        ...

    def find(self, wanted: Wanted) -> Sequence[PastSale]:
        """Return the sales that are ``wanted``, the latest first."""
        ...


class ReturnScreen(Protocol):
    """The page the presenter speaks to."""

    def show_return(self, view: ReturnView) -> None:
        """Show ``view``."""
        ...


@dataclass(frozen=True, slots=True)
class ReturnParts:
    """What the desk works with.

    ``station`` is this station's id, ``balance`` asks head office what an account holds (None: it cannot be
    reached), ``people`` tells who works here, ``approved`` has an operation approved as ``ui.qt.tool.Till``
    says, ``done`` is told of a return that is durable, and whether cash has to come out of the drawer,
    ``reprint`` prints the return receipt at a place again. ``office`` is head office as it is asked about sales
    (None: there is none to ask, as in training); about this station's own only while it is ``online``.
    """

    station: str
    world: World
    past: Past
    at_till: AtTill
    balance: Callable[[AccountKind, str], int | None]
    people: Callable[[], Sequence[StaffRecord]]
    approved: Callable[[Operation, str, Callable[[Actor | None], None]], None]
    done: Callable[[bool], None]
    reprint: Callable[[int], None]
    office: ReturnOffice | None = None
    online: Callable[[], bool] = lambda: True
