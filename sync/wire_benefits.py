"""Messages about what a member had of the club, asked at the counter for the member who stands there. As ``sync.wire``."""

from typing import Annotated

import msgspec

from station.matter import AskKind, MatterState, Subject
from station.points import PointsKind
from sync.wire import API, Count, Message, Name

HISTORY_PATH = f"{API}/members/history"

Day = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Figure = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class HistoryAsked(Message, frozen=True, kw_only=True):
    """The query: a member, and the business dates ``first`` through ``last``, at most five years of them."""

    member_id: Name
    first: Day
    last: Day


class BoughtAnywhere(Message, frozen=True, kw_only=True):
    """A purchase, or goods of one that came back (``is_back``: ``total`` is negative); amounts in minor units.

    ``day`` is the business date, ``minute`` the local one of the day, ``points`` all it moved, signed.
    """

    day: Day
    minute: Annotated[int, msgspec.Meta(ge=0, lt=24 * 60)]
    receipt: str
    shop: str
    total: Figure
    discount: Figure
    points: Figure
    is_back: bool = False


class GivenByRule(Message, frozen=True, kw_only=True):
    """What one rule took off in all, in so many purchases."""

    rule: str
    times: Count
    amount: Figure


class PointsMoved(Message, frozen=True, kw_only=True):
    """Points that moved on local ``day``, signed."""

    day: Day
    kind: PointsKind
    points: Figure
    rule: str


class PointsEnding(Message, frozen=True, kw_only=True):
    """Points that may be spent through local ``last_day``."""

    last_day: Day
    points: Count


class MatterTold(Message, frozen=True, kw_only=True):
    """What the member said at a counter, and what became of it (``station.matter.Matter``). The words stay out of ``repr``."""

    at_us: Count
    kind: AskKind
    subject: Subject
    words: str
    state: MatterState
    answer: str
    answered_us: Count | None
    ask_id: str = ""
    waits: bool = False

    def __repr__(self) -> str:
        return f"MatterTold(at_us={self.at_us}, …)"


class MemberHistory(Message, frozen=True, kw_only=True):
    """All that head office has posted of a member in the days asked for, as of ``as_of_us`` (µs since 1970 UTC).

    Purchases and moves come latest first, at most 500 of each; ``more`` where there are others.
    ``expiring`` is as of now, in order of day; ``balance`` is the sum of all the member's points;
    ``matters`` are the latest 20, and those whose answer waits to be told at a counter, whatever the days.
    Only the id is in ``repr``.
    """

    member_id: str
    as_of_us: Count
    balance: Figure
    purchases: tuple[BoughtAnywhere, ...]
    given: tuple[GivenByRule, ...]
    moves: tuple[PointsMoved, ...]
    expiring: tuple[PointsEnding, ...]
    matters: tuple[MatterTold, ...]
    more: bool
    untold: Count = 0

    def __repr__(self) -> str:
        return f"MemberHistory(member_id={self.member_id!r}, …)"
