"""How a sale was paid. Change is computed, never tendered."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from station.errors import ErrorCode, StationError


class TenderKind(StrEnum):
    """Means of payment, by their ARTS names. Bank cards are paid on the bank's own terminal."""

    CASH = "CASH"
    DEBIT = "DEBIT"
    WALLET = "WALLET"
    GIFT_CARD = "GIFT_CARD"

    @property
    def stored_value(self) -> bool:
        """Whether it draws on an account of the second ledger."""
        return self in (TenderKind.WALLET, TenderKind.GIFT_CARD)


@dataclass(frozen=True, slots=True)
class Tender:
    """``amount`` minor units handed over.

    ``trace`` is the bank terminal's trace number or ""; ``account`` the wallet or gift card that
    pays, "" for other means.
    """

    kind: TenderKind
    amount: int
    trace: str = ""
    account: str = ""


def means_of(kinds: Sequence[TenderKind]) -> tuple[TenderKind, ...]:
    """Return each of ``kinds`` once, in the order in which they are defined."""
    return tuple(kind for kind in TenderKind if kind in kinds)


def change_due(total: int, tenders: Sequence[Tender]) -> int:
    """Return the cash to hand back when ``tenders`` pay ``total``.

    Raises ``StationError``: TENDER_INVALID on an amount that is not positive, on stored value
    without its account (or an account without it) or on more than ``total`` by other means than
    cash, TENDER_SHORT (``missing``) when they do not reach it.
    """
    if any(tender.amount <= 0 or tender.kind.stored_value != bool(tender.account) for tender in tenders):
        raise StationError(ErrorCode.TENDER_INVALID)
    cashless = sum(tender.amount for tender in tenders if tender.kind is not TenderKind.CASH)
    if cashless > total:
        raise StationError(ErrorCode.TENDER_INVALID, over=cashless - total)
    paid = sum(tender.amount for tender in tenders)
    if paid < total:
        raise StationError(ErrorCode.TENDER_SHORT, missing=total - paid)
    return paid - total
