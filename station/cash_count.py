"""Cash as it is counted: so many pieces of each denomination, and a sum of what is counted otherwise. Pure.

Denominations are data: a value in minor units is one line to be counted, whether it is a coin, a
note or a cash cheque, for those of one value lie in one heap.
"""

from dataclasses import dataclass

DENOMINATIONS: dict[str, tuple[int, ...]] = {
    "IRR": (2_000_000, 1_000_000, 500_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000)}
"""By ISO 4217 code, the largest first; a currency that is not here is counted as one sum.

IRR: Central Bank of Iran; coins of 1 000 to 5 000 rial and notes of 1 000 to 100 000
(en.wikipedia.org/wiki/Iranian_rial), cash cheques of 500 000 and 1 000 000
(geldscheine-online.com, "Iran: Neue 1.000.000-Rials-Schecks", 2020) and of 2 000 000
(papermoneybook.com, "Iran new 2,000,000 rials cheque", 2023).
"""

MOST_PIECES = 99_999
"""More pieces of one denomination lie in no drawer: then something else was typed."""

MOST_COUNTS = 2
"""So often a count may differ before the reason has to be given: who could count on would find out the figure."""


@dataclass(frozen=True, slots=True)
class CashCount:
    """``pieces``: (denomination, how many), each denomination once; ``rest``: a sum beside them. Minor units."""

    pieces: tuple[tuple[int, int], ...] = ()
    rest: int = 0

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for what cannot lie in a drawer."""
        if self.rest < 0 or any(value <= 0 or not 0 <= many <= MOST_PIECES for value, many in self.pieces):
            message = "no count of cash"
            raise ValueError(message)
        if len(dict(self.pieces)) != len(self.pieces):
            message = "a denomination is counted twice"
            raise ValueError(message)

    @property
    def total(self) -> int:
        """The cash counted, in minor units."""
        return self.rest + sum(value * many for value, many in self.pieces)

    def of(self, denomination: int) -> int:
        """Return how many pieces of ``denomination`` were counted."""
        return dict(self.pieces).get(denomination, 0)

    def having(self, denomination: int, many: int) -> "CashCount":
        """Return the count with ``many`` pieces of ``denomination``. Raises ``ValueError`` for too many."""
        held = {**dict(self.pieces), denomination: many}
        return CashCount(tuple((value, count) for value, count in sorted(held.items(), reverse=True) if count), self.rest)


@dataclass(frozen=True, slots=True)
class Counting:
    """Where the count of ``shift`` stands, so that a lock or a power cut loses nothing of it.

    ``differed`` is how often it was handed in and was not what is ``expected``, a figure that is told to
    nobody; ``shown``: by how much has been shown to a second person, so it is not counted again.
    """

    shift: int
    count: CashCount = CashCount()
    differed: int = 0
    shown: bool = False
    expected: int = 0

    @property
    def may_count_again(self) -> bool:
        """Whether it may be counted once more."""
        return not self.shown and self.differed < MOST_COUNTS

    def now(self, expected: int) -> "Counting":
        """Return the count as it stands now that so much is expected: cash that came or went since asks for a new one."""
        return self if expected == self.expected else Counting(self.shift, self.count, expected=expected)
