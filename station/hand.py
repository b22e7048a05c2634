"""Prices and discounts that people give by hand: who, why, how much, and who else agreed.

Rules: design "Promotions" (by hand): they come before the first stage; promotions then apply to
what is left, unless they are marked "instead": then no promotion touches those lines.
"""

from dataclasses import dataclass

from station.money import percent
from station.people import Actor


@dataclass(frozen=True, slots=True)
class ByHand:
    """Exactly one of a ``price`` per piece, ``percent`` off or an ``amount`` off, tax-included.

    ``line`` None means the whole basket (a price needs its line). A price only lowers. ``actor``
    gave it for ``reason``; ``approver`` is the second person where the actor's role does not
    reach that far, and agreed to at most ``most`` off (minor units; None: it follows the goods, as
    what one person gives alone does).
    """

    actor: Actor
    reason: str
    line: int | None = None
    price: int | None = None
    percent: str = ""
    amount: int = 0
    instead: bool = False
    approver: Actor | None = None
    most: int | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless it has a reason and is exactly one thing that can be given."""
        if not self.reason.strip():
            message = "what is given by hand needs a reason"
            raise ValueError(message)
        if (self.price is not None) + bool(self.percent) + bool(self.amount) != 1:
            message = "what is given by hand is a price, a percentage or an amount: exactly one"
            raise ValueError(message)
        if (self.price or 0) < 0 or self.amount < 0 or (self.price is not None and self.line is None):
            message = "a price by hand is not negative and has its line, an amount is not negative"
            raise ValueError(message)
        if self.percent and percent(self.percent) > 1:
            message = f"more than 100 percent: {self.percent!r}"
            raise ValueError(message)
        if self.most is not None and (self.approver is None or self.most < 0):
            message = "what was agreed to at most has its approver and is not negative"
            raise ValueError(message)
        if self.approver and self.approver.person == self.actor.person:
            message = "the approver is another person than the one who gives"
            raise ValueError(message)
