"""What comes down to judge cards with: the signed list of issuing keys, and pages of the next answers of chips."""

import base64
import binascii
from dataclasses import dataclass
from typing import Protocol

import msgspec

from station.card_bytes import KEY_BYTES
from station.card_trust import AnswersPage, AnswersReplica, IssuerKey, IssuerKeyReplica, Window, keys_by_id
from station.errors import ErrorCode, StationError
from station.ports import Verifier
from station.sun import ANSWER_BYTES
from sync import wire_cards
from sync.ed25519 import decoded


class CardsDownlink(Protocol):
    """The part of head office that hands down what cards are judged with."""

    def issuer_keys(self, after: int) -> wire_cards.IssuerKeysAnswer:
        """Return the list of issuing keys when its version is above ``after``."""
        ...

    def answers_page(self, cursor: str) -> wire_cards.AnswersPage:
        """Return the page of the answers after ``cursor``."""
        ...


@dataclass(frozen=True, slots=True)
class IssuerList:
    """A list of issuing keys, proven to be head office's."""

    version: int
    keys: tuple[IssuerKey, ...]


def read_issuers(document: bytes, signature: bytes, verifier: Verifier) -> IssuerList:
    """Return the list in ``document``. Raises ``ValueError`` when it is not signed by head office or is none."""
    if not verifier.verify(signature, document):
        message = "the signature does not hold"
        raise ValueError(message)
    said = msgspec.json.decode(document, type=wire_cards.IssuerKeyList)
    keys = tuple(
        IssuerKey(each.key_id, decoded(each.public, KEY_BYTES), each.from_us, each.until_us, each.withdrawn_us)
        for each in said.keys)
    keys_by_id(keys)
    return IssuerList(said.version, keys)


def issuer_keys_step(store: IssuerKeyReplica, office: CardsDownlink, verifier: Verifier) -> bool:
    """Take the present list of issuing keys when it is newer; return False, for there is no more then.

    Raises ``StationError`` FEED_OLDER when head office has an older list than is held, SIGNATURE_INVALID
    when it did not sign the list, ANSWER_INVALID when that is no list or another than it is said to be,
    or a fault of the line; what is held then stays.
    """
    held = store.version(verifier)
    answer = office.issuer_keys(held)
    if answer.version < held:
        raise StationError(ErrorCode.FEED_OLDER, feed="issuer keys", offered=answer.version, held=held)
    if answer.keys is None:
        return False
    try:
        document = base64.b64decode(answer.keys.document, validate=True)
        signature = base64.b64decode(answer.keys.signature, validate=True)
    except binascii.Error:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="base64") from None
    if not verifier.verify(signature, document):
        raise StationError(ErrorCode.SIGNATURE_INVALID, issuer_keys=answer.version)
    try:
        found = read_issuers(document, signature, verifier)
    except ValueError as error:
        raise StationError(ErrorCode.ANSWER_INVALID, reason=str(error)) from error
    if found.version != answer.version:  # the version beside the document is not signed
        raise StationError(ErrorCode.ANSWER_INVALID, issuer_keys=found.version)
    store.install(found.version, document, signature)
    return False


def answers_step(replica: AnswersReplica, office: CardsDownlink) -> bool:
    """Take one page of answers; return whether more are waiting.

    Raises ``StationError`` ANSWER_INVALID when the feed does not move on or an answer is no answer,
    FEED_OLDER when head office stands behind what is held, or a fault of the line.
    """
    cursor = replica.cursor()
    page = office.answers_page(cursor)
    if page.more and page.cursor == cursor:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="cursor")
    changed, gone = list[tuple[int, Window]](), list[int]()
    for change in page.changes:
        if change.answers is None:
            gone.append(change.hash)
        else:
            changed.append((change.hash, Window(change.counter, change.first, _answers(change.answers))))
    replica.apply(AnswersPage(page.cursor, page.version, tuple(changed), tuple(gone)))
    return page.more


def _answers(text: str) -> bytes:
    """Return the answers that ``text`` is the base 64 of. Raises ``StationError`` ANSWER_INVALID."""
    try:
        answers = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="base64") from None
    if len(answers) % ANSWER_BYTES or len(answers) > wire_cards.MOST_ANSWERS * ANSWER_BYTES:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="answers")
    return answers
