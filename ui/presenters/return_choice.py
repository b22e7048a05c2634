"""How much of each line comes back: chosen by steps, by digits as they are typed, or all of it. No Qt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from station.money import THOUSAND

_PIECES = re.compile(r"[0-9]{0,5}", re.ASCII)
_WEIGHT = re.compile(r"[0-9]{0,5}(?:\.[0-9]{0,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Offer:
    """``left`` thousandths of line ``line`` can come back; a ``weighed`` one also in part of a unit."""

    line: int
    left: int
    weighed: bool = False


@dataclass(slots=True)
class Choice:
    """What was chosen of ``offers``; ``selected`` is the line that digits and steps act on. Never more than is left."""

    offers: tuple[Offer, ...]
    selected: int | None = None
    chosen: dict[int, int] = field(default_factory=dict)
    _typed: str = ""

    def __post_init__(self) -> None:
        """Select the first line of which something is left."""
        if self.selected is None:
            self.selected = next((each.line for each in self.offers if each.left), None)

    def select(self, line: int) -> None:
        """Let digits and steps act on ``line``."""
        if line != self.selected:
            self.selected, self._typed = line, ""

    def step(self, by: int) -> None:
        """Change the selected line by ``by`` pieces; a weighed one comes back whole or not at all so."""
        offer, self._typed = self._offer(), ""
        if offer and offer.weighed:
            self._set(offer, offer.left if by > 0 else 0)
        elif offer:
            self._set(offer, self.chosen.get(offer.line, 0) + by * THOUSAND)

    def type(self, character: str) -> None:
        """Take an ASCII digit or a decimal point of the selected line's quantity; "⌫" takes the last one out."""
        offer = self._offer()
        if offer is None:
            return
        typed = self._typed[:-1] if character == "⌫" else self._typed + character
        if (_WEIGHT if offer.weighed else _PIECES).fullmatch(typed):
            self._typed = typed
            self._set(offer, int(Decimal(typed or "0") * THOUSAND) if typed != "." else 0)

    def whole_line(self) -> None:
        """Take all that is left of the selected line."""
        offer, self._typed = self._offer(), ""
        if offer:
            self._set(offer, offer.left)

    def everything(self) -> None:
        """Take all that is left of every line; a second time nothing of any."""
        self._typed = ""
        whole = {each.line: each.left for each in self.offers if each.left}
        self.chosen = {} if self.chosen == whole else whole

    def move(self, rows: int) -> None:
        """Select the line so many rows further on, as far as there are any."""
        numbers: Sequence[int] = [each.line for each in self.offers]
        if numbers:
            at = numbers.index(self.selected) + rows if self.selected in numbers else 0
            self.select(numbers[max(0, min(at, len(numbers) - 1))])

    def _offer(self) -> Offer | None:
        return next((each for each in self.offers if each.line == self.selected), None)

    def _set(self, offer: Offer, quantity: int) -> None:
        held = max(0, min(quantity, offer.left))
        self.chosen.pop(offer.line, None)
        if held:
            self.chosen[offer.line] = held
