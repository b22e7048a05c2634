"""How a total can be paid: sensible cash amounts, what a means of payment brings, the tender of what was typed."""

import re
from collections.abc import Callable, Sequence

from station.errors import ErrorCode, StationError
from station.leases import AccountKind
from station.priced import Priced, Refusal, RefusalCode
from station.spending import Spendable
from station.tender import Tender, TenderKind
from ui.format import Format, Unit, fold_digits
from ui.text import Words
from ui.views import CashView

NOTES = (100_000, 500_000, 1_000_000, 2_000_000)
"""Rials: the notes and cash cheques in use, to which customers round up."""

QUICK = 3
MOST_CHANGE = 10_000_000
"""Rials. More change than any customer wants back: then a barcode was scanned into the cash field."""

ACCOUNT_KINDS = {TenderKind.WALLET: AccountKind.WALLET, TenderKind.GIFT_CARD: AccountKind.GIFT_CARD}

_AMOUNT = re.compile(r"[0-9]{1,12}", re.ASCII)
_TRACE = re.compile(r"[0-9]{1,12}", re.ASCII)
"""A system trace audit number has 6 digits (ISO 8583, field 11), a retrieval reference number 12 (field 37)."""
_MARKS = str.maketrans("", "", ",٬،  \u00a0")


def rounded_up(total: int) -> tuple[int, ...]:
    """Return up to three cash amounts above ``total``, each the next full multiple of a note."""
    amounts = {-(-total // note) * note for note in NOTES}
    return tuple(sorted(amount for amount in amounts if amount > total))[:QUICK]


def quick_cash(rest: int, words: Words, fit: Format, typed: Format) -> tuple[CashView, ...]:
    """Return the buttons for what a customer may hand over for ``rest`` rials, in the unit of ``fit``.

    They name it where the field beside them is ``typed`` in another one.
    """
    name = fit.amount if fit == typed else fit.money
    return (CashView(words("Exact cash"), rest), *(CashView(name(each), each) for each in rounded_up(rest)))


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


def cash(rest: int, given: int) -> Tender | None:
    """Return the tender of ``given`` rials in cash; 0 means exactly ``rest``, and None that nothing has to be paid.

    Raises ``StationError`` TENDER_INVALID when the change would be absurd.
    """
    amount = given or rest
    if amount - rest >= MOST_CHANGE:
        raise StationError(ErrorCode.TENDER_INVALID)
    return Tender(TenderKind.CASH, amount) if amount else None


def bank(rest: int, given: int, trace: str, taken: Sequence[Tender]) -> Tender:
    """Return the tender of ``given`` rials (0: all of ``rest``) on the bank's terminal.

    ``trace`` is the number the terminal printed, digits of any script. Raises ``StationError``
    TENDER_OVER, or TRACE_INVALID when it is none, or the number of one of those ``taken``.
    """
    number = fold_digits(trace).strip()
    if not _TRACE.fullmatch(number) or any(each.trace == number for each in taken):
        raise StationError(ErrorCode.TRACE_INVALID)
    return Tender(TenderKind.DEBIT, _within(rest, given or rest), number)


def value(kind: TenderKind, account: str, rest: int, given: int, left: Spendable | None) -> Tender:
    """Return the tender of ``given`` rials (0: as much of ``rest`` as there is) from a wallet or gift card.

    ``left`` is what its account can spend beside what was taken of it, None where nobody is asked.
    Raises ``StationError`` TENDER_OVER, or SPENDING_SHORT (``available``) or LEASE_SHORT
    (``spendable``) for more than that.
    """
    most = rest if left is None else left.amount
    amount = given or min(rest, most)
    if left is not None and (amount > most or not amount):
        raise (StationError(ErrorCode.SPENDING_SHORT, available=most) if left.online
               else StationError(ErrorCode.LEASE_SHORT, spendable=most))
    return Tender(kind, _within(rest, amount), account=account)


def _within(rest: int, amount: int) -> int:
    if not 0 < amount <= rest:
        raise StationError(ErrorCode.TENDER_OVER)
    return amount


def offered(
    refusals: Sequence[Refusal], means: Sequence[TenderKind], price: Callable[[Sequence[TenderKind]], Priced | None],
) -> tuple[Refusal, ...]:
    """Return those of ``refusals`` that are of promotions which are given when all is paid by one of ``means``."""
    asked = [each for each in refusals if each.code is RefusalCode.PAYMENT]
    given: set[str] = set()
    for each in means if asked else ():
        priced = price((each,))
        given.update(priced.applied if priced else ())
    return tuple(each for each in asked if each.rule in given)
