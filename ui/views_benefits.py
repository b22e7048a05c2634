"""What the page of a member's own report shows: the facts in no language, and the page told in one."""

from dataclasses import dataclass, field
from enum import StrEnum

from station.benefits import Benefits
from station.clock import Moment
from station.errors import StationError
from station.pack import Pack
from ui.views_period import Part
from ui.views_report import Card


class BenefitPart(StrEnum):
    """The parts of the page."""

    PURCHASES = "PURCHASES"
    DISCOUNTS = "DISCOUNTS"
    POINTS = "POINTS"
    EXPIRING = "EXPIRING"
    MATTERS = "MATTERS"


@dataclass(frozen=True, slots=True)
class BenefitsView:
    """The report ``told`` for the member called ``name``, looked at ``now``; names of rules are those of ``pack``.

    ``can_ask``: head office may be asked for all shops; ``fault`` is why it did not tell.
    """

    told: Benefits
    name: str = field(repr=False)
    phone: str = field(repr=False)
    now: Moment
    pack: Pack | None = None
    can_ask: bool = False
    fault: StationError | None = None


@dataclass(frozen=True, slots=True)
class BenefitsScreen:
    """The page in one language: ``source`` says whose figures these are and of when."""

    heading: str
    source: str
    cards: tuple[Card, ...]
    parts: dict[BenefitPart, Part]
    said: str = ""
