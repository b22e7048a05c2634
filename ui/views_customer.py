"""What the customer's screen shows: frozen values of finished text. Nothing here names a person fully."""

from dataclasses import dataclass, field
from enum import StrEnum

from ui.views import LineView, SumView


class Face(StrEnum):
    """IDLE: nobody is served; BASKET: goods are rung up; THANKS: a sale was just closed."""

    IDLE = "IDLE"
    BASKET = "BASKET"
    THANKS = "THANKS"


@dataclass(frozen=True, slots=True)
class CustomerView:
    """The whole screen.

    ``title`` and ``text`` are the words of IDLE and THANKS, ``change`` is set large below them. The
    others belong to BASKET: ``latest`` is the number of the line to keep in sight, ``unit`` the money
    unit of the columns, ``gains`` what each rule took off, ``gained`` their sum, ``invite`` what
    joining would have brought. ``greeting`` holds the first name alone; "" where there is none.
    """

    face: Face
    shop: str
    title: str = field(default="", repr=False)
    text: str = ""
    change: str = ""
    lines: tuple[LineView, ...] = ()
    latest: int | None = None
    unit: str = ""
    count: str = ""
    greeting: str = field(default="", repr=False)
    points: str = ""
    gains: tuple[SumView, ...] = ()
    gained: str = ""
    invite: str = ""
    total: str = ""
