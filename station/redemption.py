"""Paying with points: how many points a sale may take, and what they are worth. Pure.

Rules: design "Points": rate, blocks, minimum, largest share of the sale; the till offers at most
the spendable. What is paid with points is a discount, spread over the pieces by the engine.
"""

from dataclasses import dataclass

from station.money import percent


@dataclass(frozen=True, slots=True)
class RedemptionRules:
    """Each ``block`` of points is worth ``worth`` minor units, so no rounding ever arises.

    ``minimum`` is the fewest points one payment takes; ``largest_share`` the percent of the sale
    (a decimal string, of the total after promotions, with tax) that points may pay.
    """

    block: int
    worth: int
    minimum: int = 0
    largest_share: str = "100"

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a rate that is not positive, a negative minimum or more than 100 percent."""
        if self.block <= 0 or self.worth <= 0 or self.minimum < 0:
            message = f"paying with points: {self.block} points for {self.worth}, minimum {self.minimum}"
            raise ValueError(message)
        if percent(self.largest_share) > 1:
            message = f"points cannot pay {self.largest_share} percent of a sale"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Redemption:
    """``points`` to take, worth ``amount`` minor units; both 0 when nothing may be paid."""

    points: int
    amount: int


def redeemable(rules: RedemptionRules, spendable: int, total: int, asked: int | None = None) -> Redemption:
    """Return the most that points may pay of ``total``, not more than ``asked`` points when given.

    ``spendable`` is what the ledger lets go. Whole blocks only; what does not reach the minimum is
    nothing.
    """
    share = percent(rules.largest_share)
    by_share = total * share.numerator // share.denominator // rules.worth
    held = spendable if asked is None else min(spendable, asked)
    blocks = max(0, min(held // rules.block, by_share))
    if blocks * rules.block < rules.minimum:
        blocks = 0
    return Redemption(blocks * rules.block, blocks * rules.worth)
