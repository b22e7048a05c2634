"""The line of the basket that quantity and removal act on. No Qt."""

from collections.abc import Sequence

from station.basket import BasketLine
from station.counter import Counter
from station.in_hand import Removed


class SelectedLine:
    """``number`` is that of the line that is selected in the basket of a counter, None for none."""

    def __init__(self, counter: Counter) -> None:
        """Select nothing."""
        self._counter = counter
        self.number: int | None = None

    @property
    def line(self) -> BasketLine | None:
        """The line that is selected, None where the basket has none of this number."""
        return next((each for each in self._lines() if each.line == self.number), None)

    def drop(self, number: int) -> Removed:
        """Remove line ``number`` and select the one that takes its place. Raises ``StationError`` as ``Counter.remove``."""
        taken = self._counter.remove(number)
        numbers = [each.line for each in self._lines()]
        after = [each for each in numbers if each > number]
        self.number = after[0] if after else numbers[-1] if numbers else None
        return taken

    def restore(self, taken: Removed) -> None:
        """Put a line back that was removed, and select it. Raises ``StationError`` as ``Counter.put_back``."""
        self._counter.put_back(taken.line, taken.by_hand)
        self.number = taken.line.line

    def _lines(self) -> Sequence[BasketLine]:
        return self._counter.basket.lines if self._counter.basket else ()
