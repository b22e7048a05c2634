"""What a card proved, judged at the station: offline, and with no key that could make or open a card.

Head office's issuing keys are public. The next codes of a chip are known by hashes alone
(``station.sun.answer``). What cannot be judged here proves nothing and is said so, it is never
guessed; what is wrong is refused. Rules: docs/cards.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from station import card_record, member_pass, sun
from station.card import CardTier, Medium, Proof, ProofKind, Tap
from station.card_seen import CardSeen
from station.card_trust import IssuerKeys, TapAnswers
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.ports import Verifier

_SECOND_US = 1_000_000
_CHIPS = frozenset({Medium.NFC_UID, Medium.CHIP})
_RANDOM_DIGITS, _RANDOM_FIRST = 8, "08"
_PROVES = {
    ProofKind.RECORD: CardTier.ISSUED, ProofKind.SUN: CardTier.CHANGING_CODE,
    ProofKind.PASS: CardTier.CHANGING_CODE, ProofKind.SECRET: CardTier.SHARED_SECRET}


class ProofNote(StrEnum):
    """Why a card proves less than it could.

    KEY_UNKNOWN, KEY_NOT_IN_FORCE, KEY_WITHDRAWN: of the issuing key its record or pass was signed with.
    NOT_CHECKED: nothing is held here to check it with; head office could tell.
    """

    KEY_UNKNOWN = "KEY_UNKNOWN"
    KEY_NOT_IN_FORCE = "KEY_NOT_IN_FORCE"
    KEY_WITHDRAWN = "KEY_WITHDRAWN"
    NOT_CHECKED = "NOT_CHECKED"


class ForgedReason(StrEnum):
    """What does not fit of a forged card: the detail ``reason`` of CARD_FORGED."""

    SIGNATURE = "SIGNATURE"
    UID = "UID"
    NUMBER = "NUMBER"
    MAC = "MAC"
    SECRET = "SECRET"  # noqa: S105 - no password


@dataclass(frozen=True, slots=True)
class Proven:
    """What a card proved. ``seen`` is to be written down, ``refusal`` raised after that."""

    tier: CardTier
    notes: tuple[ProofNote, ...] = ()
    seen: tuple[CardSeen, ...] = ()
    refusal: StationError | None = None


@dataclass(frozen=True, slots=True)
class Prover:
    """Judges taps. ``verifier`` makes one of a raw Ed25519 public key, ``card_hash`` the look-up hash of a number."""

    issuers: IssuerKeys
    answers: TapAnswers
    verifier: Callable[[bytes], Verifier]
    card_hash: Callable[[str], int]

    def prove(self, tap: Tap, now: Moment) -> Proven:
        """Return what ``tap`` proves at ``now``: the best of its proofs, unless one of them is wrong.

        A refusal is CARD_FORGED (``reason``), CARD_REPLAYED, CARD_OUT_OF_DATE, PASS_OUT_OF_TIME, or
        CARD_UNREADABLE where a proof has not the form of its kind. Raises ``StationError`` 4xx when what
        is held here cannot be read.
        """
        judged = [self._judge(proof, tap, now) for proof in tap.proofs]
        tier = max((tap.tier, *(each.tier for each in judged)))
        notes = (each.note for proof, each in zip(tap.proofs, judged, strict=True) if _PROVES[proof.kind] > tier)
        return Proven(
            tier, tuple(dict.fromkeys(note for note in notes if note)),
            tuple(each.seen for each in judged if each.seen),
            next((each.refusal for each in judged if each.refusal), None))

    def _judge(self, proof: Proof, tap: Tap, now: Moment) -> "_Judged":
        try:
            if proof.kind is ProofKind.RECORD:
                return self._record(card_record.unpack(proof.content), tap, now)
            if proof.kind is ProofKind.PASS:
                return self._pass(member_pass.unpack(proof.content), proof.content, tap, now)
            if proof.kind is ProofKind.SUN and tap.tier <= CardTier.CHANGING_CODE and not sun.is_sealed(proof.content):
                return self._tap_code(sun.unpack(proof.content), tap)
        except ValueError:
            return _Judged(refusal=StationError(ErrorCode.CARD_UNREADABLE, proof=proof.kind.value))
        # Head office alone can tell, and ``tap.tier`` says when it has; of a chip that it asked, a code adds nothing.
        return _Judged(note=ProofNote.NOT_CHECKED)

    def _record(self, record: card_record.CardRecord, tap: Tap, now: Moment) -> "_Judged":
        if record.number != tap.number:
            return _forged(ForgedReason.NUMBER)
        if record.uid and tap.medium in _CHIPS and not tap.uid:
            return _Judged(note=ProofNote.NOT_CHECKED)  # this reader does not tell whose chip it is
        if record.uid != tap.uid or bool(record.uid) != (tap.medium in _CHIPS):
            return _forged(ForgedReason.UID)
        unsigned = self._unsigned(record.key_id, record.signature, card_record.signed_part(record), now)
        if unsigned:
            return unsigned
        if record.expires and record.expires < now.date:
            return _Judged(refusal=StationError(ErrorCode.CARD_OUT_OF_DATE))
        return _Judged(CardTier.ISSUED)

    def _pass(self, code: member_pass.MemberPass, content: bytes, tap: Tap, now: Moment) -> "_Judged":
        found = self._passed(code, tap, now)
        mark, card = member_pass.mark_of(content), self.card_hash(tap.number)
        if found.tier and self.answers.was_taken(card, code.moment, mark):
            found = _Judged(refusal=StationError(ErrorCode.CARD_REPLAYED))
        return found.seen_as(card, ProofKind.PASS, code.moment, mark)

    def _passed(self, code: member_pass.MemberPass, tap: Tap, now: Moment) -> "_Judged":
        grant = code.grant
        if grant.number != tap.number:
            return _forged(ForgedReason.NUMBER)
        unsigned = self._unsigned(grant.key_id, grant.signature, member_pass.granted_part(grant), now)
        if unsigned:
            return unsigned
        if not self.verifier(grant.phone_key).verify(code.signature, member_pass.signed_part(code)):
            return _forged(ForgedReason.SIGNATURE)
        if grant.not_after < now.date:
            return _Judged(refusal=StationError(ErrorCode.CARD_OUT_OF_DATE))
        age_us = now.utc_us - code.utc_us
        if not -member_pass.AHEAD_S * _SECOND_US <= age_us <= member_pass.LIFE_S * _SECOND_US:
            return _Judged(refusal=StationError(ErrorCode.PASS_OUT_OF_TIME))
        return _Judged(CardTier.CHANGING_CODE)

    def _tap_code(self, message: sun.SunMessage, tap: Tap) -> "_Judged":
        mark, card = sun.answer(message), self.card_hash(tap.number)
        return self._tapped(message, mark, card, tap).seen_as(card, ProofKind.SUN, message.counter, mark.hex())

    def _tapped(self, message: sun.SunMessage, mark: bytes, card: int, tap: Tap) -> "_Judged":
        if tap.medium not in _CHIPS or (tap.uid not in ("", message.uid) and not _is_random(tap.uid)):
            return _forged(ForgedReason.UID)
        if tap.tier >= CardTier.CHANGING_CODE:
            return _Judged(CardTier.CHANGING_CODE)  # head office looked, and knows more than is known here
        window = self.answers.window(card)
        if window and message.counter <= window.counter:
            return _Judged(refusal=StationError(ErrorCode.CARD_REPLAYED))
        expected = window.answer(message.counter) if window else None
        if expected is None:
            return _Judged(note=ProofNote.NOT_CHECKED)
        return _Judged(CardTier.CHANGING_CODE) if expected == mark else _forged(ForgedReason.MAC)

    def _unsigned(self, key_id: int, signature: bytes, message: bytes, now: Moment) -> "_Judged | None":
        """Return why the signature of issuing key ``key_id`` proves nothing or is wrong; None when it is good."""
        key = self.issuers.key(key_id)
        if key is None:
            return _Judged(note=ProofNote.KEY_UNKNOWN)
        if key.withdrawn_us is not None:
            return _Judged(note=ProofNote.KEY_WITHDRAWN)
        if now.utc_us < key.from_us or (key.until_us is not None and now.utc_us >= key.until_us):
            return _Judged(note=ProofNote.KEY_NOT_IN_FORCE)
        return None if self.verifier(key.public).verify(signature, message) else _forged(ForgedReason.SIGNATURE)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What one proof proved."""

    tier: CardTier = CardTier.NUMBER
    note: ProofNote | None = None
    refusal: StationError | None = None
    seen: CardSeen | None = None

    def seen_as(self, card: int, kind: ProofKind, counter: int, mark: str) -> "_Judged":
        """Return the same with what is to be written down of it."""
        refused = self.refusal.code.name if self.refusal else ""
        return _Judged(self.tier, self.note, self.refusal, CardSeen(card, kind, counter, mark, self.tier, refused))


def _forged(reason: ForgedReason) -> _Judged:
    return _Judged(refusal=StationError(ErrorCode.CARD_FORGED, reason=reason.value))


def _is_random(uid: str) -> bool:
    """Return whether a chip draws this UID anew at each tap (ISO/IEC 14443-3, 6.5.4)."""
    return len(uid) == _RANDOM_DIGITS and uid.startswith(_RANDOM_FIRST)
