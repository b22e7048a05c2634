"""How a total can be paid: sensible cash amounts, and the tenders of what the cashier typed."""

import re

from station.errors import ErrorCode, StationError
from station.tender import Tender, TenderKind
from ui.format import Unit, fold_digits

NOTES = (100_000, 500_000, 1_000_000, 2_000_000)
"""Rials: the notes and cash cheques in use, to which customers round up."""

QUICK = 3
MOST_CHANGE = 10_000_000
"""Rials. More change than any customer wants back: then a barcode was scanned into the cash field."""

_AMOUNT = re.compile(r"[0-9]{1,12}", re.ASCII)
_MARKS = str.maketrans("", "", ",٬،  \u00a0")


def rounded_up(total: int) -> tuple[int, ...]:
    """Return up to three cash amounts above ``total``, each the next full multiple of a note."""
    amounts = {-(-total // note) * note for note in NOTES}
    return tuple(sorted(amount for amount in amounts if amount > total))[:QUICK]


def amount_typed(text: str, unit: Unit) -> int:
    """Return the rials that ``text`` in ``unit`` means; 0 when it is empty.

    Digits of any script, grouped or not. Raises ``StationError`` TENDER_INVALID on anything else.
    """
    plain = fold_digits(text).translate(_MARKS)
    if not plain:
        return 0
    if not _AMOUNT.fullmatch(plain):
        raise StationError(ErrorCode.TENDER_INVALID)
    return int(plain) * unit.value


def cash(total: int, given: int) -> tuple[Tender, ...]:
    """Return the tenders of ``given`` rials in cash; nothing typed means the exact amount.

    Raises ``StationError`` TENDER_INVALID when the change would be absurd.
    """
    amount = given or total
    if amount - total >= MOST_CHANGE:
        raise StationError(ErrorCode.TENDER_INVALID)
    return (Tender(TenderKind.CASH, amount),) if amount else ()


def bank(total: int, given: int, trace: str) -> tuple[Tender, ...]:
    """Return the tenders of ``given`` rials in cash and the rest on the bank's terminal.

    ``trace`` is the number the terminal printed, digits of any script. Raises ``StationError``
    TENDER_INVALID when cash leaves no rest.
    """
    if given >= total:
        raise StationError(ErrorCode.TENDER_INVALID)
    rest = Tender(TenderKind.DEBIT, total - given, fold_digits(trace).strip())
    return (Tender(TenderKind.CASH, given), rest) if given else (rest,)
