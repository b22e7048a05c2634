"""What a counter is given by the program around it: the things that hang on it, and what its threads open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.port import Driver
from drivers.printers.display import LineDisplay
from drivers.readers.keyboard import KeyboardDecoder
from station.coupons import CouponOffice
from station.spending import SpendingOffice
from station.step_up import ClaimOffice
from station.weighed import LabelLayout
from ui.devices import Paper
from ui.late import LatePhones
from ui.look import Look
from ui.making import Making
from ui.qt.simulator import Simulator
from ui.wiring import Home, Memory

if TYPE_CHECKING:
    from sync.exchange import Sync


@dataclass(frozen=True, slots=True)
class Hardware:
    """What hangs on the station, and the ``labels`` of its scales; ``simulator`` is the demo's panel.

    ``drivers`` returns the readers to serve, given what takes the codes that are no card; it is called on their thread.
    """

    drivers: Callable[[Callable[[str], None]], Sequence[Driver]]
    keyboard: KeyboardDecoder
    paper: Paper
    display: LineDisplay | None = None
    simulator: Simulator | None = None
    labels: tuple[LabelLayout, ...] = ()


@dataclass(frozen=True, slots=True)
class Threads:
    """What the threads beside the screen open for themselves, and what the counter asks about spending and ``coupons``.

    ``making`` is how cards are made here, None where none are; ``claims`` whom the counter asks who
    somebody is, and ``phones`` who makes a phone a card, None without a line.
    ``home`` is the station's folder, which diagnostics look into. Without ``sync`` nothing is ever sent.
    ``training`` tells whether all this is training (None: nobody can go there); ``keep_look`` remembers a new look
    and may raise ``StationError``.
    """

    sync: "Callable[[], Sync] | None"
    memory: Callable[[], Memory]
    spending: SpendingOffice | None = None
    making: Making | None = None
    claims: ClaimOffice | None = None
    phones: LatePhones | None = None
    home: Home | None = None
    training: bool | None = None
    keep_look: Callable[[Look], None] = lambda _look: None
    coupons: CouponOffice | None = None
