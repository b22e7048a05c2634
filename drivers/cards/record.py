"""The signed card record as an NDEF message: one external record (NFC Forum NDEF 1.0; RTD 1.0, section 3.4)."""

from station.card_record import RECORD_TYPE

_ONLY_SHORT_EXTERNAL = 0xD4
"""MB, ME and SR set, TNF 4: the first and last record, its payload's length in one byte, of an external type."""


def record_message(packed: bytes) -> bytes:
    """Return the NDEF message that carries the record ``packed``. Raises ``ValueError`` over 255 bytes."""
    kind = RECORD_TYPE.encode()
    return bytes((_ONLY_SHORT_EXTERNAL, len(kind), len(packed))) + kind + packed
