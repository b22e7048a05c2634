"""Head office as the counter asks it who somebody is: briefly, and with its spans put on the station's clock."""

from typing import Protocol

from station.clock import MICROSECONDS_PER_MINUTE, Clock
from station.errors import ErrorCode, StationError
from station.step_up import ClaimAsked, ClaimOpen, StepUp
from sync.wire_claims import ClaimAnswer, ClaimBegin, ClaimBegun, ClaimJudged, ClaimState

_MICROSECONDS, _SECONDS_PER_MINUTE = 1_000_000, 60
MARGIN_US = MICROSECONDS_PER_MINUTE
"""What was proven is used a minute before its time is over, so that it is not while the customer pays."""


class ClaimClient(Protocol):
    """The part of head office that judges claims."""

    def begin_claim(self, begin: ClaimBegin) -> ClaimBegun:
        """Begin a claim."""
        ...

    def answer_claim(self, answer: ClaimAnswer) -> ClaimJudged | None:
        """Judge an answer; None for a claim that head office does not know."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class OnlineClaims:
    """``station.step_up.ClaimOffice``; a fault of the line is told as it is: without head office nobody is proven."""

    def __init__(self, client: ClaimClient, clock: Clock) -> None:
        """Ask ``client``, whose answers are awaited briefly; ``clock`` is the station's."""
        self._client = client
        self._clock = clock

    def begin(self, asked: ClaimAsked) -> ClaimOpen:
        """Begin a claim. Raises ``StationError`` CLAIM_LOCKED (``minutes``) or 5xx."""
        begun = self._client.begin_claim(ClaimBegin(
            claim_id=asked.claim_id, phone=asked.phone, method=asked.method, member_id=asked.member_id))
        if begun.claim_id != asked.claim_id or begun.state not in (ClaimState.OPEN, ClaimState.LOCKED):
            raise StationError(ErrorCode.ANSWER_INVALID, reason="claim")
        if begun.state is ClaimState.LOCKED:
            raise _locked(begun.seconds)
        return ClaimOpen(asked.claim_id, asked.method, self._after(begun.seconds), begun.tries_left)

    def answer(self, claim: ClaimOpen, answer: str) -> StepUp:
        """Answer a claim. Raises ``StationError`` CLAIM_REFUSED (``tries``), CLAIM_LOCKED (``minutes``) or 5xx."""
        judged = self._client.answer_claim(ClaimAnswer(claim_id=claim.claim_id, number=claim.number, answer=answer))
        if judged is None:
            raise StationError(ErrorCode.CLAIM_REFUSED, tries=0)
        if judged.claim_id != claim.claim_id or judged.state is ClaimState.OPEN or (
                judged.state is ClaimState.PROVEN and not judged.member_id):
            raise StationError(ErrorCode.ANSWER_INVALID, reason="claim")
        if judged.state is ClaimState.LOCKED:
            raise _locked(judged.seconds)
        if judged.state is ClaimState.REFUSED:
            raise StationError(ErrorCode.CLAIM_REFUSED, tries=judged.tries_left)
        return StepUp(claim.claim_id, judged.member_id, claim.method, self._after(judged.seconds) - MARGIN_US)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _after(self, seconds: int) -> int:
        return self._clock.now().utc_us + seconds * _MICROSECONDS


def _locked(seconds: int) -> StationError:
    return StationError(ErrorCode.CLAIM_LOCKED, minutes=max(1, -(-seconds // _SECONDS_PER_MINUTE)))
