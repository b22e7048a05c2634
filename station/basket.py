"""The open basket: goods with the shelf's facts frozen at the scan, and the member if one was proven."""

from dataclasses import dataclass, replace

from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.member import MemberSnapshot
from station.money import THOUSAND, line_amount, percent
from station.text import Text

MOST_QUANTITY = 9_999 * THOUSAND


@dataclass(frozen=True, slots=True)
class Product:
    """A good as the shelf sells it.

    ``price`` is per piece (or per kilogram when ``weighed``), in minor units; ``tax_percent`` a
    decimal string; ``tax_included`` says whether the price already holds that tax.
    """

    product_id: str
    barcode: str
    name: Text
    price: int
    tax_percent: str
    tax_included: bool
    tags: tuple[str, ...] = ()
    weighed: bool = False

    def __post_init__(self) -> None:
        """Raise ``ValueError`` on a negative price or a tax that is not a percentage."""
        if self.price < 0:
            message = f"negative price {self.price} of product {self.product_id}"
            raise ValueError(message)
        percent(self.tax_percent)


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line: ``quantity`` thousandths of ``product``. ``line`` counts from 1 and is never reused."""

    line: int
    product: Product
    quantity: int

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the quantity is not positive or beyond 9 999 pieces."""
        if not 0 < self.quantity <= MOST_QUANTITY:
            message = f"quantity {self.quantity} on line {self.line}"
            raise ValueError(message)

    @property
    def shelf_amount(self) -> int:
        """Price × quantity, rounded once; tax is in it when the price includes tax."""
        return line_amount(self.product.price, self.quantity)


@dataclass(frozen=True, slots=True)
class Basket:
    """The engine's complete input but for the pack itself; stored in the sale as it was.

    ``pack`` is the number of the rule pack fixed at ``opened``; ``next_line`` the number the next
    new line gets.
    """

    basket_id: str
    shop: str
    pack: int
    opened: Moment
    lines: tuple[BasketLine, ...] = ()
    member: MemberSnapshot | None = None
    next_line: int = 1

    def with_product(self, product: Product, quantity: int) -> "Basket":
        """Return the basket with ``quantity`` more of ``product``.

        Pieces of one product at the same shelf facts share a line; each weighing is a line of its
        own. Raises ``StationError`` QUANTITY_INVALID outside (0, 9 999] pieces.
        """
        for held in self.lines:
            if held.product == product and not product.weighed:
                return self.with_quantity(held.line, held.quantity + quantity)
        _check_quantity(quantity)
        added = BasketLine(self.next_line, product, quantity)
        return replace(self, lines=(*self.lines, added), next_line=self.next_line + 1)

    def with_quantity(self, line: int, quantity: int) -> "Basket":
        """Return the basket with line number ``line`` at ``quantity`` thousandths.

        Raises ``StationError`` QUANTITY_INVALID outside (0, 9 999] pieces, ``KeyError`` when there
        is no such line.
        """
        _check_quantity(quantity)
        self._require(line)
        return replace(self, lines=tuple(
            replace(held, quantity=quantity) if held.line == line else held for held in self.lines))

    def without(self, line: int) -> "Basket":
        """Return the basket without line number ``line``; ``KeyError`` when there is none."""
        self._require(line)
        return replace(self, lines=tuple(held for held in self.lines if held.line != line))

    def with_line(self, line: BasketLine) -> "Basket":
        """Return the basket with ``line`` put back in its place (the undo of ``without``)."""
        others = (held for held in self.lines if held.line != line.line)
        return replace(self, lines=tuple(sorted((*others, line), key=lambda held: held.line)))

    def with_member(self, member: MemberSnapshot | None) -> "Basket":
        """Return the basket belonging to ``member``, or to nobody."""
        return replace(self, member=member)

    def _require(self, line: int) -> None:
        if all(held.line != line for held in self.lines):
            raise KeyError(line)


def _check_quantity(quantity: int) -> None:
    if not 0 < quantity <= MOST_QUANTITY:
        raise StationError(ErrorCode.QUANTITY_INVALID, quantity=quantity)
