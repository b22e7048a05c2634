"""A card number that was typed, or came through a barcode scanner that types. No Qt."""

import re

from station.card import Medium, Tap
from ui.format import fold_digits

KEYED_READER = "keyboard"
_CARD = re.compile(r"9364[0-9]{10,}", re.ASCII)


def keyed_card(text: str) -> Tap | None:
    """Return the tap of the card whose number ``text`` is, in whatever digits; None when it is none."""
    code = fold_digits(text).strip()
    return Tap(KEYED_READER, Medium.BARCODE, code) if _CARD.fullmatch(code) else None
