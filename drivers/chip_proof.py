"""What a chip proves once it lies there: it answers head office, or head office knows the code of its tap."""

from dataclasses import replace

from drivers.apdu import GET_UID, Exchange
from drivers.cards.atr import CardKind
from drivers.cards.chip_type import technology_of
from drivers.key_relay import relay
from station.card import CardTier, ProofKind, Tap
from station.card_task import CardPurpose, CardTask, KeyHolder, Outcome, Verdict
from station.errors import ErrorCode, StationError

UID_DIGITS = 14
"""Hexadecimal digits of the UID of a chip that has keys of its own; a random one has 8."""

DISPROOFS = frozenset({ErrorCode.CARD_FORGED, ErrorCode.CARD_REPLAYED})
"""What a card is refused with; every other fault leaves it as little proven as it was."""


def proven(exchange: Exchange, kind: CardKind, tap: Tap, key_holder: KeyHolder) -> Tap | None:
    """Return ``tap`` with what the card that ``exchange`` talks to has proven to ``key_holder``, None for nothing.

    Another card than that of ``tap`` proves nothing. Raises ``StationError``: CARD_FORGED or CARD_REPLAYED
    (``reason``), 5xx when head office does not answer, CARD_UNREADABLE and the like when the card does not.
    """
    uid = ""
    if kind is CardKind.CHIP:
        uid = exchange(GET_UID).require_success().hex().upper()
        if tap.uid and tap.uid != uid:
            return None
        technology = technology_of(exchange)
        if technology and len(uid) == UID_DIGITS:
            verdict = relay(exchange, key_holder, CardTask(CardPurpose.AUTHENTICATE, technology, uid, tap.number))
            if _is_proven(verdict):
                return replace(tap, uid=uid, tier=CardTier.SHARED_SECRET)
    for proof in tap.proofs:
        if proof.kind is ProofKind.SUN and _is_proven(key_holder.check_sun(tap.number, proof.content)):
            return replace(tap, uid=tap.uid or uid, tier=CardTier.CHANGING_CODE)
    return None


def _is_proven(verdict: Verdict) -> bool:
    """Tell whether it is. Raises the ``StationError`` of a refusal."""
    if verdict.refusal is not None:
        raise StationError(verdict.refusal, reason=verdict.reason)
    return verdict.outcome is Outcome.PROVEN
