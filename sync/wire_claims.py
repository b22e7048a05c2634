"""Messages about claims: somebody at the counter proves to be a member by a PIN or a one-time code. As ``sync.wire``.

A claim is named by the UUIDv7 the station drew for it; the same again is the same claim. Tries are
numbered from 1: the same answer to the same try again is no other try. Every answer is the same for
a phone that nobody has. Spans are in seconds from the answer on, so that no clock matters.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from station.step_up import ClaimMethod
from sync.wire import API, Count, Message
from sync.wire_spending import Uuid7

CLAIM_PATH = f"{API}/claims"
CLAIM_ANSWER_PATH = f"{API}/claims/answer"
MOST_TRIES = 5

Phone = Annotated[str, msgspec.Meta(pattern="^[0-9]{4,20}$")]
Digits = Annotated[str, msgspec.Meta(pattern="^[0-9]{4,12}$")]


class ClaimState(StrEnum):
    """How a claim stands: OPEN for answers, PROVEN, REFUSED (a wrong answer, or the claim is over), or LOCKED.

    LOCKED: there were too many wrong answers, or codes, for this phone or from this station.
    """

    OPEN = "OPEN"
    PROVEN = "PROVEN"
    REFUSED = "REFUSED"
    LOCKED = "LOCKED"


class ClaimBegin(Message, frozen=True, kw_only=True):
    """Who has this ``phone`` stands here; ``member_id`` is whom the station takes them for ("": it does not know)."""

    claim_id: Uuid7
    phone: Phone
    method: ClaimMethod
    member_id: Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[^\x00]*$")] = ""

    def __repr__(self) -> str:
        return f"ClaimBegin(claim_id={self.claim_id!r}, …)"


class ClaimBegun(Message, frozen=True, kw_only=True):
    """OPEN: it may be answered for ``seconds``. LOCKED: nothing is for ``seconds``. As if a code were on its way, also if not."""

    claim_id: Uuid7
    state: ClaimState
    tries_left: Count
    seconds: Count


class ClaimAnswer(Message, frozen=True, kw_only=True):
    """The ``answer`` in try ``number``: the member's PIN, or the code."""

    claim_id: Uuid7
    number: Annotated[int, msgspec.Meta(ge=1, le=MOST_TRIES)]
    answer: Digits

    def __repr__(self) -> str:
        return f"ClaimAnswer(claim_id={self.claim_id!r}, number={self.number}, …)"


class ClaimJudged(Message, frozen=True, kw_only=True):
    """PROVEN: ``member_id`` stands there, for ``seconds``. REFUSED: ``tries_left``. LOCKED: nothing is for ``seconds``."""

    claim_id: Uuid7
    state: ClaimState
    tries_left: Count
    seconds: Count
    member_id: Annotated[str, msgspec.Meta(max_length=100)] = ""


