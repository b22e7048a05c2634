"""The card number in an NDEF message (NFC Forum NDEF 1.0; Text, URI and Smart Poster records)."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from drivers.bank_cards import Lane
from drivers.club_profile import ClubProfile
from drivers.reading import refuse_bank_card
from station.errors import ErrorCode, StationError

LIBRARY = "ndeflib"
LONGEST = 1024
"""Bytes of a message that a card number is looked for in; cards hold less than this."""


def number_in(message: bytes, club: ClubProfile) -> str | None:
    """Return the first card number of ``club`` in ``message``, or None, also when that is no NDEF.

    It is the whole text of a Text record, or a URI's last path segment, fragment or value in its
    query. Raises ``StationError`` CARD_IS_BANK_CARD, READER_DRIVER_MISSING without ndeflib.
    """
    message = message[:LONGEST]
    refuse_bank_card(message, Lane.TEXT, club)
    for text in _texts(message):
        refuse_bank_card(text, Lane.TEXT, club)
        for candidate in (text, *_parts(text)):
            if candidate.isascii() and club.accepts(candidate.encode()):
                return candidate
    return None


def _texts(message: bytes) -> list[str]:
    """Return the texts and URIs of ``message``, none when it is malformed."""
    try:
        library: Any = import_module("ndef")
    except ImportError as fault:
        raise StationError(ErrorCode.READER_DRIVER_MISSING, library=LIBRARY) from fault
    try:
        return [text for record in library.message_decoder(message, errors="relax")
                for text in _texts_of(library, record)]
    # Some of its decoders let out what they stumbled over.
    except (library.DecodeError, ValueError):
        return []


def _texts_of(library: Any, record: Any) -> Iterator[str]:
    if isinstance(record, library.TextRecord):
        yield record.text.strip()
    elif isinstance(record, library.UriRecord):
        yield record.iri
    elif isinstance(record, library.SmartposterRecord):
        for uri in record.uri_records:
            yield uri.iri


def _parts(text: str) -> tuple[str, ...]:
    """Return where a number may stand if ``text`` is a URI: last path segment, fragment, query values."""
    try:
        split = urlsplit(text)
        values = [value for _, value in parse_qsl(split.query)]
    except ValueError:
        return ()
    return (split.path.rstrip("/").rpartition("/")[2], split.fragment, *values)
