"""What cards give to be believed, as functions of bytes: their forms, and the judge with real keys."""

from collections.abc import Callable
from typing import TypeVar

from station import card_record, member_pass, sun
from station.card import CardTier, Medium, Proof, ProofKind, Tap
from station.errors import ErrorCode
from tests.fakes import NOON
from tests.rigs.judged_cards import NUMBER, UID, Trust, card_hash, code, record, tapped, window

GivenT = TypeVar("GivenT")
ReadT = TypeVar("ReadT")
_REFUSALS = frozenset({
    ErrorCode.CARD_FORGED, ErrorCode.CARD_REPLAYED, ErrorCode.CARD_OUT_OF_DATE, ErrorCode.PASS_OUT_OF_TIME,
    ErrorCode.CARD_UNREADABLE})
_MEDIA = (Medium.CHIP, Medium.NFC_UID, Medium.QR, Medium.STRIPE, Medium.BARCODE)
_KINDS = tuple(ProofKind)
_PROVER = Trust(windows={card_hash(NUMBER): window(60)}).prover()

RECORDS = (card_record.pack(record()), card_record.pack(record(uid="", expires="")))
PASSES = (member_pass.pack(code()),)
TAPS = (sun.pack(tapped(61)), bytes(sun.SEALED_BYTES))
GENUINE = {
    ProofKind.RECORD: frozenset((*RECORDS, card_record.pack(record(uid="")))), ProofKind.PASS: frozenset(PASSES),
    ProofKind.SUN: frozenset(sun.pack(tapped(counter)) for counter in range(60, 92)), ProofKind.SECRET: frozenset[bytes]()}
CODES = (card_record.to_text(record(uid="")).encode(), member_pass.to_text(code()).encode())
TRACKS = ("\n".join(card_record.to_tracks(record(uid=""))).encode(),)
ADDRESSES = (
    sun.to_address("club.example", NUMBER, tapped(61)).encode(),
    f"https://club.example/c/{NUMBER}?p=EF963FF7828658A599F3041510671E88&m=94EED9EE65337086".encode())


def record_form(data: bytes) -> None:
    """A record as bytes, as a code and on two tracks; what is read is written as it was."""
    found = _read(card_record.unpack, data)
    assert found is None or card_record.pack(found) == data
    text = data.decode("latin-1")
    found = _read(card_record.from_text, text)
    assert found is None or card_record.to_text(found) == text
    track_1, _, track_3 = text.partition("\n")
    found = _read(lambda tracks: card_record.from_tracks(NUMBER, *tracks), (track_1, track_3))
    assert found is None or card_record.to_tracks(found) == (track_1, track_3)


def pass_form(data: bytes) -> None:
    """A phone's code and its grant; what is read is written as it was."""
    found = _read(member_pass.unpack, data)
    assert found is None or member_pass.pack(found) == data
    grant = _read(member_pass.unpack_grant, data)
    assert grant is None or member_pass.pack_grant(grant) == data
    text = data.decode("latin-1")
    found = _read(member_pass.from_text, text)
    assert found is None or member_pass.to_text(found) == text


def tap_form(data: bytes) -> None:
    """The address of a tap, and the bytes of its proof."""
    found = _read(sun.unpack, data)
    assert found is None or (sun.pack(found) == data and len(sun.answer(found)) == sun.ANSWER_BYTES)
    address = _read(sun.from_address, data.decode("utf-8", "replace"))
    assert address is None or len(address[1]) in (sun.MESSAGE_BYTES, sun.SEALED_BYTES)


def judged(data: bytes) -> None:
    """Any bytes as a proof of any kind on any medium: only what was signed or reckoned ahead is believed."""
    head, content = data[:2].ljust(2, b"\0"), data[2:]
    kind, medium = _KINDS[head[0] % len(_KINDS)], _MEDIA[head[1] % len(_MEDIA)]
    uid = UID if medium in (Medium.CHIP, Medium.NFC_UID) else ""
    proven = _PROVER.prove(Tap("fuzz:1", medium, NUMBER, uid=uid, proofs=(Proof(kind, content),)), NOON)
    assert proven.tier is CardTier.NUMBER or content in GENUINE[kind]
    if proven.refusal:
        assert proven.refusal.code in _REFUSALS
        assert proven.tier is CardTier.NUMBER
        assert NUMBER not in str(proven.refusal)


JUDGED = tuple(
    bytes((_KINDS.index(kind), medium)) + content
    for kind, contents in ((ProofKind.RECORD, RECORDS), (ProofKind.PASS, PASSES), (ProofKind.SUN, TAPS))
    for medium in (0, 2) for content in contents)


def _read(work: Callable[[GivenT], ReadT], given: GivenT) -> ReadT | None:
    """Return what ``work`` reads, None for what it refuses; a refusal shows no card number."""
    try:
        return work(given)
    except ValueError as error:
        refusal = str(error)
    assert NUMBER not in refusal
    return None
