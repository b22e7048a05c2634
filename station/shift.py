"""One operator's time at the till."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shift:
    """Shift ``number`` (gapless per journal) of ``cashier``, booked on ``business_date``.

    ``opening_float`` is the cash in the drawer at the start, in minor units.
    """

    number: int
    cashier: str
    business_date: str
    opening_float: int
