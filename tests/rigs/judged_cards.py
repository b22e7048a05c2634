"""Cards and phones with real signatures, and what a station holds to judge them: all in memory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from station import card_record, member_pass, sun
from station.card import Medium, Proof, ProofKind, Tap
from station.card_record import CardRecord
from station.card_seen import CardSeen
from station.card_trust import IssuerKey, Window
from station.clock import Moment
from station.journal import Draft
from station.member_pass import Grant, MemberPass
from station.proving import Prover
from station.sun import SunMessage
from sync.ed25519 import Ed25519Verifier, public_key, sign_bytes
from tests.fakes import NOON

NUMBER, OTHER_NUMBER = "9364000000000076", "9364000000000084"
UID, OTHER_UID = "04DE5F1EACC040", "04A1B2C3D4E5F6"
EXPIRES = "2030-03-20"
KEY_ID = 1
ISSUER = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PHONE = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
"""RFC 8032, 7.1, TEST 1 and TEST 2."""
PUBLIC = IssuerKey(KEY_ID, public_key(ISSUER), NOON.utc_us - 1_000_000)
SECOND_US = 1_000_000


def card_hash(number: str) -> int:
    """A look-up hash; which key it is made with does not matter here."""
    return int.from_bytes(hashlib.sha256(number.encode()).digest()[:8], "big") >> 1


def record(uid: str = UID, number: str = NUMBER, expires: str = EXPIRES, key: bytes = ISSUER) -> CardRecord:
    """A record as head office signs it."""
    bare = CardRecord(KEY_ID, expires, uid, number)
    return replace(bare, signature=sign_bytes(key, card_record.signed_part(bare)))


def grant(number: str = NUMBER, not_after: str = EXPIRES, key: bytes = ISSUER) -> Grant:
    """A grant for the phone."""
    bare = Grant(KEY_ID, not_after, number, public_key(PHONE))
    return replace(bare, signature=sign_bytes(key, member_pass.granted_part(bare)))


def code(at: Moment = NOON, seconds: int = 0, given: Grant | None = None, key: bytes = PHONE) -> MemberPass:
    """The code a phone makes ``seconds`` after ``at``."""
    bare = MemberPass(given or grant(), member_pass.moment_of(at.utc_us) + seconds)
    return replace(bare, signature=sign_bytes(key, member_pass.signed_part(bare)))


def tapped(counter: int, uid: str = UID) -> SunMessage:
    """What the chip says at this tap. Its MAC is no AES: the station never looks at it but through its hash."""
    return SunMessage(uid, counter, hashlib.sha256(f"{uid}/{counter}".encode()).digest()[:8])


def window(first: int, count: int = 32, known: int | None = None) -> Window:
    """What head office sends of the chip: ``count`` answers from ``first`` on."""
    answers = b"".join(sun.answer(tapped(counter)) for counter in range(first, first + count))
    return Window(first - 1 if known is None else known, first, answers)


def of_record(content: CardRecord) -> Proof:
    """A record as a reader hands it on."""
    return Proof(ProofKind.RECORD, card_record.pack(content))


def of_tap(message: SunMessage) -> Proof:
    """A tap's code as a reader hands it on."""
    return Proof(ProofKind.SUN, sun.pack(message))


def of_phone(content: MemberPass) -> Proof:
    """A phone's code as a reader hands it on."""
    return Proof(ProofKind.PASS, member_pass.pack(content))


def on_chip(*proofs: Proof, number: str = NUMBER, uid: str = UID) -> Tap:
    """A chip on a reader."""
    return Tap("pcsc:1", Medium.CHIP, number, uid=uid, proofs=proofs)


def as_code(*proofs: Proof, number: str = NUMBER) -> Tap:
    """A code before a scanner."""
    return Tap("qr:1", Medium.QR, number, proofs=proofs)


@dataclass
class Trust:
    """``IssuerKeys`` and ``TapAnswers``; what was taken is read out of ``drafts``, those of a journal in memory."""

    keys: dict[int, IssuerKey] = field(default_factory=lambda: {KEY_ID: PUBLIC})
    windows: dict[int, Window] = field(default_factory=dict)
    drafts: Sequence[Draft] = ()
    looked: int = 0

    def key(self, key_id: int) -> IssuerKey | None:
        self.looked += 1
        return self.keys.get(key_id)

    def window(self, card: int) -> Window | None:
        self.looked += 1
        found = self.windows.get(card)
        used = [each.counter for each in self._taken() if each.card == card and each.kind is ProofKind.SUN]
        return replace(found, counter=max((found.counter, *used))) if found else None

    def was_taken(self, card: int, moment: int, mark: str) -> bool:
        return any(each.code == (card, ProofKind.PASS, moment, mark) for each in self._taken())

    def _taken(self) -> list[CardSeen]:
        return [each.body for each in self.drafts if isinstance(each.body, CardSeen) and each.body.is_taken]

    def prover(self) -> Prover:
        """A prover over this, with real signatures."""
        return Prover(self, self, Ed25519Verifier, card_hash)
