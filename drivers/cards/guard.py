"""Payment cards and phones among chip cards, told by what they let be selected, before anything is read.

PPSE, the payment directory of contactless cards, is asked for first (EMV Contactless Book B, 3.3),
at a contact card PSE as well (EMV Book 1, 12.2), then the wallets' OSE.VAS.01. The answers list
applications and hold no number. What would give the number away (GET PROCESSING OPTIONS, READ
RECORD) is never sent.
"""

from collections.abc import Callable

from drivers.apdu import Answer, Command
from drivers.cards.iso7816 import is_fci, select_application
from station.errors import ErrorCode, StationError

PPSE = b"2PAY.SYS.DDF01"
PSE = b"1PAY.SYS.DDF01"
WALLET = b"OSE.VAS.01"
_SELECTED = frozenset((0x90, 0x61, 0x62, 0x63))
"""First status bytes of a selection that took place, warnings included (ISO/IEC 7816-4, table 5)."""
_ABSENT = frozenset((0x67, 0x6A, 0x6B, 0x6D, 0x6E, *range(0x91, 0xA0)))
"""First status bytes of a name the card does not know. What failed otherwise may hide a bank card."""
_BLOCKED = 0x6A81
"""What a blocked bank card answers to every SELECT (EMV Book 1, 12.2.2)."""


def refuse_payment_and_phones(transmit: Callable[[Command], Answer], *, contact: bool = False) -> None:
    """Raise ``StationError`` for what is no membership card: CARD_IS_PHONE or CARD_IS_BANK_CARD.

    A phone with a payment card in its wallet answers to both names and is called a phone. Raises
    CARD_UNREADABLE also for an answer that leaves it open whether the card pays.
    """
    pays = _pays(transmit, PPSE) or (contact and _pays(transmit, PSE))
    if _is_selection(transmit(select_application(WALLET))):
        raise StationError(ErrorCode.CARD_IS_PHONE)
    if pays:
        raise StationError(ErrorCode.CARD_IS_BANK_CARD)


def _pays(transmit: Callable[[Command], Answer], directory: bytes) -> bool:
    """Tell whether the card has the payment ``directory``."""
    answer = transmit(select_application(directory))
    if _is_selection(answer):
        return True
    if answer.status == _BLOCKED or answer.status >> 8 not in _ABSENT:
        raise StationError(ErrorCode.CARD_UNREADABLE, status=f"{answer.status:04X}")
    return False


def _is_selection(answer: Answer) -> bool:
    """Tell whether ``answer`` says that an application was selected; without data it is believed too."""
    if answer.status >> 8 not in _SELECTED:
        return False
    if answer.data and not is_fci(answer.data):
        raise StationError(ErrorCode.CARD_UNREADABLE, bytes=len(answer.data))
    return True
