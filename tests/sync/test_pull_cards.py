"""The downlink of what cards are judged with: signed keys and pages of answers, and every bad answer."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from station.card_trust import AnswersPage, IssuerKey, Window
from station.errors import ErrorCode, StationError
from station.ports import Verifier
from sync import wire_cards
from sync.ed25519 import Ed25519Verifier, public_key, sign_bytes
from sync.pull_cards import answers_step, issuer_keys_step, read_issuers
from sync.wire_cards import AnswersChange, IssuerKeyLine, IssuerKeysAnswer, SignedIssuerKeys
from tests.rigs.judged_cards import ISSUER, PHONE

OFFICE, STRANGER = ISSUER, PHONE
VERIFIER = Ed25519Verifier(public_key(OFFICE))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


KEY = IssuerKeyLine(key_id=1, public=b64(bytes(32)), from_us=5, until_us=None, withdrawn_us=9)


def listed(version: int = 3, *keys: IssuerKeyLine) -> bytes:
    return msgspec.json.encode(wire_cards.IssuerKeyList(
        form="card-station issuer keys 1", version=version, keys=keys or (KEY,)))


def answered(document: bytes, version: int = 3, key: bytes = OFFICE) -> IssuerKeysAnswer:
    return IssuerKeysAnswer(
        version=version, keys=SignedIssuerKeys(document=b64(document), signature=b64(sign_bytes(key, document))))


@dataclass
class Office:
    """Head office in two answers."""

    keys: IssuerKeysAnswer = field(default_factory=lambda: answered(listed()))
    page: wire_cards.AnswersPage = field(
        default_factory=lambda: wire_cards.AnswersPage(cursor="c1", more=False, version=1, changes=()))
    asked: list[object] = field(default_factory=list)

    def issuer_keys(self, after: int) -> IssuerKeysAnswer:
        self.asked.append(after)
        return self.keys

    def answers_page(self, cursor: str) -> wire_cards.AnswersPage:
        self.asked.append(cursor)
        return self.page


@dataclass
class Kept:
    """Both replicas in memory."""

    held: int = 0
    at: str = "c0"
    installed: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    pages: list[AnswersPage] = field(default_factory=list)

    def version(self, verifier: Verifier) -> int:
        assert verifier is VERIFIER
        return self.held

    def install(self, version: int, document: bytes, signature: bytes) -> None:
        self.installed.append((version, document, signature))

    def cursor(self) -> str:
        return self.at

    def apply(self, page: AnswersPage) -> None:
        self.pages.append(page)


def refused(code: ErrorCode) -> "pytest.RaisesExc[StationError]":
    return pytest.RaisesExc(StationError, check=lambda error: error.code is code)


def test_a_newer_list_is_kept_as_it_was_signed() -> None:
    office, kept = Office(), Kept(held=2)
    assert not issuer_keys_step(kept, office, VERIFIER)
    assert office.asked == [2]
    [(version, document, signature)] = kept.installed
    assert (version, document) == (3, listed())
    found = read_issuers(document, signature, VERIFIER)
    assert (found.version, found.keys) == (3, (IssuerKey(1, bytes(32), 5, None, 9),))


@pytest.mark.parametrize("held", [0, 3])
def test_nothing_new_changes_nothing(held: int) -> None:
    kept = Kept(held=held)
    assert not issuer_keys_step(kept, Office(IssuerKeysAnswer(version=held, keys=None)), VERIFIER)
    assert kept.installed == []


SIGNED = SignedIssuerKeys(document=b64(listed()), signature=b64(sign_bytes(OFFICE, listed())))


@pytest.mark.parametrize(("answer", "code"), [
    (IssuerKeysAnswer(version=1, keys=None), ErrorCode.FEED_OLDER),
    (answered(listed(1), 1), ErrorCode.FEED_OLDER),
    (answered(listed(), key=STRANGER), ErrorCode.SIGNATURE_INVALID),
    (IssuerKeysAnswer(version=3, keys=SignedIssuerKeys(document=b64(listed(3, KEY, KEY)), signature=SIGNED.signature)),
     ErrorCode.SIGNATURE_INVALID),
    (IssuerKeysAnswer(version=3, keys=SignedIssuerKeys(document="A", signature=SIGNED.signature)), ErrorCode.ANSWER_INVALID),
    (IssuerKeysAnswer(version=3, keys=SignedIssuerKeys(document=SIGNED.document, signature="=")), ErrorCode.ANSWER_INVALID),
    (answered(b"{}"), ErrorCode.ANSWER_INVALID),
    (answered(listed().replace(b"issuer keys 1", b"issuer keys 2")), ErrorCode.ANSWER_INVALID),
    (answered(listed(4)), ErrorCode.ANSWER_INVALID),
    (answered(listed(3, KEY, KEY)), ErrorCode.ANSWER_INVALID),
    (answered(b"\xff"), ErrorCode.ANSWER_INVALID),
    (answered(listed(3, msgspec.structs.replace(KEY, public=b64(bytes(31))))), ErrorCode.ANSWER_INVALID),
    (answered(listed(3, msgspec.structs.replace(KEY, public="A"))), ErrorCode.ANSWER_INVALID),
])
def test_a_bad_list_leaves_what_is_held(answer: IssuerKeysAnswer, code: ErrorCode) -> None:
    kept = Kept(held=2)
    with refused(code):
        issuer_keys_step(kept, Office(answer), VERIFIER)
    assert kept.installed == []


def test_a_list_signed_by_another_is_not_read() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        read_issuers(listed(), sign_bytes(STRANGER, listed()), VERIFIER)


def page(*changes: AnswersChange, cursor: str = "c1", more: bool = False) -> wire_cards.AnswersPage:
    return wire_cards.AnswersPage(cursor=cursor, more=more, version=4, changes=changes)


def change(answers: str | None) -> AnswersChange:
    return AnswersChange(hash=7, counter=60, first=61, answers=answers)


def test_answers_come_page_by_page() -> None:
    office, kept = Office(page=page(change(b64(b"A" * 16)), change(None), more=True)), Kept()
    assert answers_step(kept, office)
    assert office.asked == ["c0"]
    assert kept.pages == [AnswersPage("c1", 4, ((7, Window(60, 61, b"A" * 16)),), (7,))]
    assert not answers_step(kept, Office())


@pytest.mark.parametrize("made", [
    lambda: page(cursor="c0", more=True), lambda: page(change("A")), lambda: page(change(b64(b"A" * 7))),
    lambda: page(change(b64(b"A" * 8 * 257))),
])
def test_a_bad_page_changes_nothing(made: Callable[[], wire_cards.AnswersPage]) -> None:
    kept = Kept()
    with refused(ErrorCode.ANSWER_INVALID):
        answers_step(kept, Office(page=made()))
    assert kept.pages == []


@pytest.mark.parametrize(("kind", "text"), [
    (IssuerKeyLine, '{"key_id":0,"public":"","from_us":0,"until_us":null,"withdrawn_us":null}'),
    (IssuerKeyLine, '{"key_id":65536,"public":"","from_us":0,"until_us":null,"withdrawn_us":null}'),
    (IssuerKeyLine, '{"key_id":1,"public":"","from_us":0,"until_us":null,"withdrawn_us":null,"x":1}'),
    (AnswersChange, '{"hash":1,"counter":16777216,"first":0,"answers":null}'),
    (AnswersChange, '{"hash":-1,"counter":0,"first":0,"answers":null}'),
])
def test_messages_are_strict(kind: Any, text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=kind)
