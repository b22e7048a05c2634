"""The part of the composition root that has to do with what cards prove."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from data.database import Database
from data.issuer_keys import IssuerKeyStore
from data.tap_answers import TapAnswerStore
from station.card_hash import CardHasher
from station.card_trust import IssuerKey
from station.ports import Verifier
from station.proving import Prover
from sync.ed25519 import Ed25519Verifier
from sync.enrol import Enrolment

if TYPE_CHECKING:
    from sync.pull_cards import CardsDownlink


def issuer_keys(database: Database, who: Enrolment, now: Callable[[], Enrolment]) -> IssuerKeyStore:
    """Return the issuing keys kept in ``database``, as head office's key of ``who`` proves them.

    ``now`` returns the enrolment as it is kept at present: head office may have another key by then.
    """
    def read(document: bytes, signature: bytes) -> Sequence[IssuerKey]:
        from sync.pull_cards import read_issuers

        try:
            return read_issuers(document, signature, Ed25519Verifier(who.office_key)).keys
        except ValueError:
            return read_issuers(document, signature, Ed25519Verifier(now().office_key)).keys
    return IssuerKeyStore(database, read)


def make_prover(issuers: IssuerKeyStore, database: Database, card_key: bytes) -> Prover:
    """Return the judge of cards over what is kept in ``database``."""
    return Prover(issuers, TapAnswerStore(database), Ed25519Verifier, CardHasher(card_key).hash)


def card_steps(
    issuers: IssuerKeyStore, database: Database, office: "CardsDownlink", verifier: Verifier,
) -> tuple[Callable[[], bool], ...]:
    """Return the steps of the exchange that take down what cards are judged with."""
    from sync.pull_cards import answers_step, issuer_keys_step

    answers = TapAnswerStore(database)
    return (lambda: issuer_keys_step(issuers, office, verifier), lambda: answers_step(answers, office))
