"""Record, phone and tap checks per second at the station, beside the bare signature check or hash each contains.

With the stores as they are: an encrypted ``journal.db`` that holds 50 000 cards' answers and a list of issuing keys.
"""

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from data.issuer_keys import IssuerKeyStore
from data.journal import JournalStore
from data.tap_answers import TapAnswerStore
from station import card_record, sun
from station.card import CardTier, Tap
from station.card_trust import AnswersPage, Window
from station.member_pass import from_text, to_text
from station.proving import Prover
from sync.ed25519 import Ed25519Verifier, public_key
from tests.benchmarks.figure import Figure, in_turn
from tests.fakes import NOON
from tests.rigs.judged_cards import (
    ISSUER,
    NUMBER,
    PUBLIC,
    as_code,
    card_hash,
    code,
    of_phone,
    of_record,
    of_tap,
    on_chip,
    record,
    tapped,
    window,
)

CARDS = 50_000
AHEAD = 32
ROUNDS = 60
TIMES = 50
MS_PER_S = 1000


def measure(folder: Path) -> list[Figure]:
    """Medians of rounds in which each check and its limit take turns."""
    with closing(JournalStore(folder / "journal.db", bytes(range(32)))) as journal:
        journal.found("12-1", "bench", NOON)
        prover = Prover(_keys(journal), _answers(journal), Ed25519Verifier, card_hash)
        return _figures(prover)


def _keys(journal: JournalStore) -> IssuerKeyStore:
    keys = IssuerKeyStore(journal.database, lambda *_: (PUBLIC,))
    keys.install(1, b"list", b"signature")
    return keys


def _answers(journal: JournalStore) -> TapAnswerStore:
    answers = TapAnswerStore(journal.database)
    others = tuple((card_hash(str(number)), Window(0, 1, bytes(AHEAD * sun.ANSWER_BYTES))) for number in range(CARDS))
    answers.apply(AnswersPage("bench", 1, (*others, (card_hash(NUMBER), window(60))), ()))
    return answers


def _figures(prover: Prover) -> list[Figure]:
    chip, phone, tap = on_chip(of_record(record())), as_code(of_phone(code())), on_chip(of_tap(tapped(61)))
    text = to_text(code())
    verifier = Ed25519Verifier(public_key(ISSUER))
    signed, message = record().signature, card_record.signed_part(record())
    hashed = sun.ANSWERED + sun.pack(tapped(61))

    def scanned() -> None:
        _prove(prover, replace(phone, proofs=(of_phone(from_text(text)),)), CardTier.CHANGING_CODE)

    record_ms, phone_ms, code_ms, tap_ms, verify_ms, hash_ms = in_turn(
        ROUNDS,
        _times(lambda: _prove(prover, chip, CardTier.ISSUED)),
        _times(lambda: _prove(prover, phone, CardTier.CHANGING_CODE)),
        _times(scanned),
        _times(lambda: _prove(prover, tap, CardTier.CHANGING_CODE)),
        _times(lambda: verifier.verify(signed, message)),
        _times(lambda: hashlib.sha256(hashed).digest()))
    bare, two = "bare Ed25519 verify", "2 bare Ed25519 verifies"
    return [
        _per_second("record judged", record_ms, bare, verify_ms),
        _per_second("phone's code judged", phone_ms, two, 2 * verify_ms),
        _per_second("phone's code, from its QR text", code_ms, two, 2 * verify_ms),
        _per_second("tap judged by its answer", tap_ms, "bare SHA-256 of 35 bytes", hash_ms),
    ]


def _prove(prover: Prover, tap: Tap, tier: CardTier) -> None:
    assert prover.prove(tap, NOON).tier is tier


def _times(action: Callable[[], object]) -> Callable[[], None]:
    def repeated() -> None:
        for _ in range(TIMES):
            action()
    return repeated


def _per_second(name: str, taken_ms: float, limit_name: str, limit_ms: float) -> Figure:
    return Figure(name, TIMES * MS_PER_S / taken_ms, "/s", limit_name, TIMES * MS_PER_S / limit_ms)
