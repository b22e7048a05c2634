"""What a means of payment is called, alone and as a tender of a sale. No Qt."""

from station.tender import Tender, TenderKind
from ui.format import Format
from ui.text import Words, mark

NAMES = {
    TenderKind.CASH: mark("Cash"), TenderKind.DEBIT: mark("Bank terminal"), TenderKind.WALLET: mark("Wallet"),
    TenderKind.GIFT_CARD: mark("Gift card"),
}


def tender_name(tender: Tender, words: Words, style: Format) -> str:
    """Return what stands beside the amount of ``tender``: its means, and the terminal's trace number."""
    if tender.trace:
        return words("Bank terminal, trace {trace}", trace=style.digits(tender.trace))
    return words(NAMES[tender.kind])
