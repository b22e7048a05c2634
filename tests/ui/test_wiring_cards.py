"""What cards are judged with, put together as a station has it: down from head office, through files, to the counter."""

import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from station.card import CardTier
from station.card_hash import CardHasher
from station.journal import Draft, EntryKind
from station.people import SYSTEM
from station.proving import ProofNote, Proven
from sync.ed25519 import Ed25519Verifier, new_key, public_key, sign_bytes
from sync.wire_cards import (
    AnswersChange,
    AnswersPage,
    IssuerKeyLine,
    IssuerKeyList,
    IssuerKeysAnswer,
    SignedIssuerKeys,
)
from tests.fakes import NOON
from tests.rigs.judged_cards import ISSUER, KEY_ID, NUMBER, of_record, of_tap, on_chip, record, tapped, window
from tests.rigs.paired import CARD_KEY, paired_station
from ui.wiring import Home, Memory, Paired, open_memory
from ui.wiring_cards import card_steps, make_prover
from ui.wiring_lines import EnrolmentRing

OFFICE = bytes(32)
"""The private key of the head office that ``paired_station`` belongs to."""
RECORD, TAP = on_chip(of_record(record())), on_chip(of_tap(tapped(61)))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Office:
    """Head office in two answers, the list signed with ``key``."""

    def __init__(self, key: bytes = OFFICE) -> None:
        document = msgspec.json.encode(IssuerKeyList(form="card-station issuer keys 1", version=3, keys=(IssuerKeyLine(
            key_id=KEY_ID, public=b64(public_key(ISSUER)), from_us=1, until_us=None, withdrawn_us=None),)))
        self.signed = SignedIssuerKeys(document=b64(document), signature=b64(sign_bytes(key, document)))

    def issuer_keys(self, after: int) -> IssuerKeysAnswer:
        return IssuerKeysAnswer(version=3, keys=self.signed if after < 3 else None)

    def answers_page(self, cursor: str) -> AnswersPage:
        assert cursor == ""
        held = window(60)
        return AnswersPage(cursor="1", more=False, version=1, changes=(AnswersChange(
            hash=CardHasher(CARD_KEY).hash(NUMBER), counter=held.counter, first=held.first, answers=b64(held.answers)),))


@pytest.fixture
def station(tmp_path: Path) -> tuple[Home, Paired]:
    return paired_station(tmp_path)


@pytest.fixture
def memory(station: tuple[Home, Paired]) -> Iterator[Memory]:
    home, who = station
    opened = open_memory(home, who.enrolment)
    yield opened
    opened.close()


def judged(memory: Memory) -> list[Proven]:
    prover = make_prover(memory.issuers, memory.journal.database, CARD_KEY)
    return [prover.prove(tap, NOON) for tap in (RECORD, TAP)]


def pull(memory: Memory, key: bytes = OFFICE) -> None:
    steps = card_steps(memory.issuers, memory.journal.database, Office(key), Ed25519Verifier(public_key(key)))
    assert [step() for step in steps] == [False, False]


def test_what_comes_down_judges_cards(memory: Memory) -> None:
    assert [(each.tier, each.notes) for each in judged(memory)] == [
        (CardTier.NUMBER, (ProofNote.KEY_UNKNOWN,)), (CardTier.NUMBER, (ProofNote.NOT_CHECKED,))]
    pull(memory)
    signed, fresh = judged(memory)
    assert (signed.tier, fresh.tier) == (CardTier.ISSUED, CardTier.CHANGING_CODE)
    for seen in fresh.seen:
        memory.journal.append(Draft(EntryKind.CARD_SEEN, NOON, SYSTEM, seen))
    _, again = judged(memory)
    assert again.refusal is not None
    assert again.refusal.code.name == "CARD_REPLAYED"


def test_a_list_signed_with_head_offices_next_key_is_believed_once_that_is(
    station: tuple[Home, Paired], memory: Memory,
) -> None:
    following = new_key()
    pull(memory, following)
    assert judged(memory)[0].notes == (ProofNote.KEY_UNKNOWN,)
    assert memory.issuers.version(Ed25519Verifier(public_key(OFFICE))) == 0
    EnrolmentRing(station[0]).keep_office(public_key(following))
    restarted = open_memory(station[0], station[1].enrolment)
    assert judged(restarted)[0].tier is CardTier.ISSUED
    restarted.close()
