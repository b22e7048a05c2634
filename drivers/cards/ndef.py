"""What an NDEF message says of a card: its number, its signed record, the code of this tap.

NFC Forum NDEF 1.0; Text, URI and Smart Poster records, and the club's own external record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from drivers.bank_cards import Lane
from drivers.club_profile import ClubProfile
from drivers.reading import refuse_bank_card
from drivers.uid import number_of
from station import card_record, sun
from station.card import Evidence, Medium, Proof, ProofKind, Tap
from station.errors import ErrorCode, StationError

LIBRARY = "ndeflib"
LONGEST = 1024
"""Bytes of a message that a card number is looked for in; cards hold less than this."""
_RECORD_TYPE = f"urn:nfc:ext:{card_record.RECORD_TYPE}"


@dataclass(frozen=True, slots=True)
class Message:
    """A card of the club by its NDEF message; ``names_chip``: its record is good on one chip alone."""

    number: str = field(repr=False)
    proofs: tuple[Proof, ...] = ()
    names_chip: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """One text or record: ``candidates`` for a number, its proof, and the ``form``.

    The form is bytes of the message that are no text but one of the club's own forms; the guard would
    find digits in them by chance.
    """

    candidates: tuple[str, ...] = field(repr=False)
    text: str = field(default="", repr=False)
    proof: Proof | None = None
    form: bytes = field(default=b"", repr=False)
    names_chip: bool = False


def read_message(message: bytes, club: ClubProfile) -> Message | None:
    """Return the card of ``club`` that ``message`` is of, or None, also when that is no NDEF.

    Its number is the first one in: the whole text of a Text record, a URI's last path segment,
    fragment or value in its query, a signed record. Of each kind the first proof is taken; that they
    are of this number nobody has checked. Raises ``StationError`` CARD_IS_BANK_CARD,
    READER_DRIVER_MISSING without ndeflib.
    """
    message = message[:LONGEST]
    said = [_known(each, club) for each in _said(message)]
    rest = message
    for each in said:
        rest = rest.replace(each.form, b"\0") if each.form else rest
    refuse_bank_card(rest, Lane.TEXT, club)
    for each in said:
        refuse_bank_card(each.text, Lane.TEXT, club)
    numbers = [number for each in said for number in each.candidates if _is_number(number, club)]
    if not numbers:
        return None
    proofs: dict[ProofKind, Proof] = {}
    for proof in (each.proof for each in said if each.proof is not None):
        proofs.setdefault(proof.kind, proof)
    return Message(numbers[0], tuple(proofs.values()), any(each.names_chip for each in said))


def tap_of_message(message: Message, uid: Callable[[], bytes], reader: str) -> Tap:
    """Return the tap at ``reader`` of the card of this ``message``; ``uid`` asks the chip, if there is a proof.

    A chip that draws its UID anew each time has none to compare. Raises ``StationError`` as
    ``number_of``: CARD_NUMBER_RANDOM only where the signed record is of one chip, since nobody can say
    whether it is this one; and what ``uid`` raises.
    """
    told = ""
    if message.proofs:
        try:
            told = number_of(uid())
        except StationError as fault:
            if fault.code is not ErrorCode.CARD_NUMBER_RANDOM or message.names_chip:
                raise
    return Tap(reader, Medium.CHIP, message.number, Evidence.NDEF, uid=told, proofs=message.proofs)


def _is_number(candidate: str, club: ClubProfile) -> bool:
    return candidate.isascii() and club.accepts(candidate.encode())


def _known(said: _Said, club: ClubProfile) -> _Said:
    """Return ``said``; without its proof and form if it is of another club, so that the guard hears all of it."""
    if said.proof is None or _is_number(said.candidates[0], club):
        return said
    return _Said(said.candidates, said.text or said.candidates[0])


def _said(message: bytes) -> list[_Said]:
    """Return what the records of ``message`` say, nothing when it is malformed."""
    try:
        library: Any = import_module("ndef")
    except ImportError as fault:
        raise StationError(ErrorCode.READER_DRIVER_MISSING, library=LIBRARY) from fault
    try:
        return [said for record in library.message_decoder(message, errors="relax")
                for said in _said_by(library, record)]
    # Some of its decoders let out what they stumbled over.
    except (library.DecodeError, ValueError):
        return []


def _said_by(library: Any, record: Any) -> Iterator[_Said]:
    if isinstance(record, library.TextRecord):
        text = record.text.strip()
        yield _Said((text, *_parts(text)), text)
    elif isinstance(record, library.UriRecord):
        yield _address(record.iri)
    elif isinstance(record, library.SmartposterRecord):
        for uri in record.uri_records:
            yield _address(uri.iri)
    elif record.type.lower() == _RECORD_TYPE:
        yield from _signed(bytes(record.data))


def _address(address: str) -> _Said:
    """Return what a URI says; the address of a tap is a proof (``station.sun``)."""
    try:
        number, content = sun.from_address(address)
    except ValueError:
        return _Said((address, *_parts(address)), address)
    asked = address.partition("?")[2].encode()
    return _Said((number,), proof=Proof(ProofKind.SUN, content), form=asked)


def _signed(data: bytes) -> Iterator[_Said]:
    """Yield a signed record that holds together."""
    try:
        record = card_record.unpack(data)
    except ValueError:
        return
    yield _Said((record.number,), proof=Proof(ProofKind.RECORD, data), form=data, names_chip=bool(record.uid))


def _parts(text: str) -> tuple[str, ...]:
    """Return where a number may stand if ``text`` is a URI: last path segment, fragment, query values."""
    try:
        split = urlsplit(text)
        values = [value for _, value in parse_qsl(split.query)]
    except ValueError:
        return ()
    return (split.path.rstrip("/").rpartition("/")[2], split.fragment, *values)
