"""How a total can be paid: sensible cash amounts, what a means of payment brings, the tenders of what was typed."""

import re
from collections.abc import Callable, Sequence

from station.errors import ErrorCode, StationError
from station.priced import Priced, Refusal, RefusalCode
from station.tender import Tender, TenderKind
from ui.format import Format, Unit, fold_digits
from ui.presenters.basket_view import Reckoned, fitting
from ui.presenters.reasons import Reasons
from ui.text import Words
from ui.views import CashView, PayView

MEANS = TenderKind.CASH, TenderKind.DEBIT
"""What this till takes."""

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


def offered(
    reckoned: Reckoned, price: Callable[[Sequence[TenderKind]], Priced | None],
) -> tuple[Refusal, ...]:
    """Return the promotions that are refused for now, and given when all is paid by one of ``MEANS``."""
    asked = [each for each in reckoned.quote.refusals if each.code is RefusalCode.PAYMENT]
    given: set[str] = set()
    for means in MEANS if asked else ():
        priced = price((means,))
        given.update(priced.applied if priced else ())
    return tuple(each for each in asked if each.rule in given)


def describe(reckoned: Reckoned, offers: Sequence[Refusal], problem: str, words: Words, style: Format) -> PayView:
    """Return the payment of ``reckoned``: ``problem`` is the sentence of what was refused last, or "".

    Cash is typed in the unit of ``style``, whatever unit the basket's amounts need.
    """
    fit, total = fitting(style, reckoned), reckoned.priced.total
    reasons = Reasons(reckoned.pack, words, fit)
    quick = tuple(CashView(fit.amount(each), each) for each in rounded_up(total))
    told = tuple(reasons.refusal(each) for each in offers if each.rule not in reckoned.priced.applied)
    return PayView(fit.money(total), style.unit_name, (CashView(words("Exact cash"), total), *quick), problem, told)
