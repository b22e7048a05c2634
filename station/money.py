"""Money arithmetic in whole minor units: the one rounding and the one spreading of the product.

Every amount is an ``int`` of the currency's smallest unit (rial for IRR, which has exponent 0).
A quantity is an ``int`` of thousandths; a percentage is a decimal string ("12.5") read exactly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

THOUSAND = 1000
_PERCENT = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO 4217 code and exponent (digits after the point in its minor unit)."""

    code: str
    exponent: int


IRR = Currency("IRR", 0)


def half_up(numerator: int, denominator: int) -> int:
    """Return ``numerator / denominator`` rounded to the nearest integer, a half going up.

    ``denominator`` is positive. The rule is design/rules.md "One rounding: half up".
    """
    return (2 * numerator + denominator) // (2 * denominator)


@lru_cache(maxsize=4096)
def percent(text: str) -> Fraction:
    """Return the exact share of one that the decimal string ``text`` percent is ("12.5" → 1/8).

    Raises ``ValueError`` when ``text`` is not an unsigned ASCII decimal with at most six places.
    """
    if not _PERCENT.fullmatch(text):
        message = f"not a percentage: {text!r} (expected a decimal such as '12.5')"
        raise ValueError(message)
    return Fraction(text) / 100


def share_of(amount: int, share: Fraction) -> int:
    """Return ``share`` of ``amount``, rounded once, half up."""
    return half_up(amount * share.numerator, share.denominator)


def tax_within(gross: int, rate: Fraction) -> int:
    """Return the tax contained in the tax-included ``gross``: half-up(gross × r / (1 + r))."""
    return half_up(gross * rate.numerator, rate.denominator + rate.numerator)


def line_amount(price: int, quantity: int) -> int:
    """Return the amount of ``quantity`` thousandths at ``price`` a piece, half up."""
    return half_up(price * quantity, THOUSAND)


def spread(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split ``total`` over ``weights`` by largest remainder; the parts sum to ``total`` exactly.

    Ties go to the earlier place. Weights are not negative; when they are all 0 a ``total`` of 0
    gives zeros and any other total raises ``ValueError``.
    """
    whole = sum(weights)
    if whole == 0:
        if total:
            message = f"cannot spread {total} over weights that sum to 0"
            raise ValueError(message)
        return (0,) * len(weights)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        rests = [total * weight % whole for weight in weights]
        order = sorted(range(len(weights)), key=rests.__getitem__, reverse=True)  # stable: ties keep their order
        for index in order[:left]:
            parts[index] += 1
    return tuple(parts)
