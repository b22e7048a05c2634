"""Labels of scales: a code of the shop's own that says which good lies in the packet, and its weight or price. Pure.

Source: GS1 General Specifications, "Restricted Circulation Numbers" (GS1 Prefixes 02 and 20 to 29 are
for use within a company; how their digits are used is agreed there) and "Check digit calculations for
price/weight fields" (weighting factors 2-, 3, 5+ and 5-).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LABEL_LENGTH = 13
_PREFIX = re.compile(r"(02|2)[0-9]*", re.ASCII)
_CODE = re.compile(r"[0-9]{12,13}", re.ASCII)
_TWO_MINUS, _THREE = (0, 2, 4, 6, 8, 9, 1, 3, 5, 7), (0, 3, 6, 9, 2, 5, 8, 1, 4, 7)
_FIVE_PLUS, _FIVE_MINUS = (0, 5, 1, 6, 2, 7, 3, 8, 4, 9), (0, 5, 9, 4, 8, 3, 7, 2, 6, 1)
_SHORT, _LONG = 4, 5
_WEIGHTS = {
    _SHORT: (_TWO_MINUS, _TWO_MINUS, _THREE, _FIVE_MINUS),
    _LONG: (_FIVE_PLUS, _TWO_MINUS, _FIVE_MINUS, _FIVE_PLUS, _TWO_MINUS)}


class Figure(StrEnum):
    """What the figure on a label says."""

    WEIGHT = "weight"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class LabelLayout:
    """How the digits of one kind of label follow each other: prefix, item, figure, check digit of EAN-13.

    ``item`` and ``digits`` are how many digits the good's number and the ``figure`` have; with
    ``check`` a check digit of the figure stands before it (for 4 or 5 digits). One in the last digit
    of the figure is ``unit`` thousandths of a kilogram, or minor units of money.
    """

    prefix: str
    item: int
    figure: Figure
    digits: int
    unit: int = 1
    check: bool = False

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a prefix that others use, or parts that are no EAN-13 together."""
        if not _PREFIX.fullmatch(self.prefix):
            message = f"the prefix of a label is 02 or 20 to 29, with more digits or none: {self.prefix!r}"
            raise ValueError(message)
        length = len(self.prefix) + self.item + self.check + self.digits + 1
        if min(self.item, self.digits, self.unit) < 1 or length != LABEL_LENGTH:
            message = f"prefix, item, figure and check digits make {length} digits, expected {LABEL_LENGTH}"
            raise ValueError(message)
        if self.check and self.digits not in _WEIGHTS:
            message = f"a check digit of the figure is for 4 or 5 digits, not {self.digits}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says: the good, by the codes it may be listed under, and ``amount`` of what ``figure`` is.

    A weight is in thousandths, a price in minor units.
    """

    barcodes: tuple[str, ...]
    figure: Figure
    amount: int


def read_label(code: str, layouts: Sequence[LabelLayout]) -> Label | None:
    """Return what the label with this ``code`` says by the layout with the longest prefix that fits; None for no label.

    The good is listed by the code with a figure of zeros, or by its number alone. A 12-digit code is
    the UPC-A form of one that begins with 0. A wrong check digit makes it no label.
    """
    if not _CODE.fullmatch(code):
        return None
    code = code.zfill(LABEL_LENGTH)
    fitting = [each for each in layouts if code.startswith(each.prefix)]
    if not fitting or ean_check(code[:-1]) != code[-1]:
        return None
    layout = max(fitting, key=lambda each: len(each.prefix))
    end = len(layout.prefix) + layout.item
    item, figure = code[len(layout.prefix):end], code[-1 - layout.digits:-1]
    if layout.check and figure_check(figure) != code[end]:
        return None
    zeros = code[:end] + "0" * (LABEL_LENGTH - 1 - end)
    return Label((zeros + ean_check(zeros), item), layout.figure, int(figure) * layout.unit)


def ean_check(digits: str) -> str:
    """Return the check digit of the 12 ``digits`` of an EAN-13: weights 1 and 3 in turn, to the next ten."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-total % 10)


def figure_check(figure: str) -> str:
    """Return the check digit of a ``figure`` of 4 or 5 digits.

    Of 4: three times the sum of the weighted digits. Of 5: the digit that weighted by 5- is what the
    sum lacks to the next ten.
    """
    weights = _WEIGHTS[len(figure)]
    total = sum(weight[int(digit)] for weight, digit in zip(weights, figure, strict=True))
    return str(total * 3 % 10 if len(figure) == _SHORT else _FIVE_MINUS.index(-total % 10))
