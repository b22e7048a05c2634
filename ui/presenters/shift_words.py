"""The words of a shift: reasons, means, and what a count looks like. No Qt."""

from station.cash_count import DENOMINATIONS, MOST_PIECES, CashCount
from station.errors import StationError
from station.shift import CashReason, CountReason
from station.tender import TenderKind
from ui.format import Format, fold_digits
from ui.presenters.payment import amount_typed
from ui.presenters.report_paper import REASONS
from ui.text import Words, mark
from ui.views_shift import PieceView

TAKEN_FOR: dict[CashReason, str] = {
    CashReason.BANK: mark("To the bank or the safe"), CashReason.EXPENSE: mark("An expense is paid"),
    CashReason.FLOAT: mark("Less change is needed"), CashReason.OTHER: mark("Another reason")}
PUT_FOR: dict[CashReason, str] = {
    CashReason.FLOAT: mark("Change is needed"), CashReason.EXPENSE: mark("The rest of an expense"),
    CashReason.OTHER: mark("Another reason")}
"""Why cash goes out of the drawer, and in, without a sale."""

CORRECTED: tuple[TenderKind, ...] = (TenderKind.CASH, TenderKind.DEBIT, TenderKind.WALLET, TenderKind.GIFT_CARD)
"""The means whose sum of a closed shift may turn out to have been wrong."""


def reasons(chosen: tuple[CountReason, ...], words: Words) -> tuple[tuple[CountReason, str], ...]:
    """Return ``chosen`` with what each is called."""
    return tuple((each, words(REASONS[each])) for each in chosen)


def amount_of(text: str, style: Format) -> int | None:
    """Return the minor units that ``text`` means in the unit of ``style``; None when it is no amount."""
    try:
        return amount_typed(text, style.unit)
    except StationError:
        return None


def many_of(text: str) -> int | None:
    """Return how many pieces ``text`` means, nothing being none; None when it is no such number."""
    plain = fold_digits(text).strip()
    if not plain:
        return 0
    return int(plain) if plain.isascii() and plain.isdecimal() and int(plain) <= MOST_PIECES else None


def pieces(count: CashCount, currency: str, style: Format) -> tuple[PieceView, ...]:
    """Return each denomination of ``currency`` with how many pieces were counted."""
    return tuple(
        PieceView(value, style.amount(value), many := count.of(value), style.amount(value * many) if many else "")
        for value in DENOMINATIONS.get(currency, ()))
