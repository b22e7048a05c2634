"""What the checkout works with, and whose own card is refused at it."""

from collections.abc import Callable
from dataclasses import dataclass

from station.card import Tap
from station.clock import Clock, Moment
from station.counter import Counter, Settled
from station.errors import ErrorCode, StationError
from station.member import Member
from station.pack import Pack
from station.ports import MemberBook
from ui.presenters.at_till import AtTill


@dataclass(frozen=True, slots=True)
class Closed:
    """A sale that is durable, with what its receipt needs beside it."""

    settled: Settled
    member: Member | None
    pack: Pack
    at: Moment


@dataclass(frozen=True, slots=True)
class Desk:
    """The counter, and who stands at it. ``on_closed`` gets each sale after it is durable and shown.

    ``on_closed`` may raise ``StationError`` (no printer): the screen says so, the sale stands.
    """

    counter: Counter
    members: MemberBook
    clock: Clock
    at_till: AtTill
    on_closed: Callable[[Closed], None]

    def tap(self, tap: Tap) -> None:
        """Give the basket to the member a card proves. Raises ``StationError`` as ``Counter.tap``, CARD_OWN."""
        self.counter.tap(tap)
        self.refuse_own()

    def identify(self, member_id: str) -> None:
        """Give the basket to a member without a card. Raises ``StationError`` MEMBER_UNKNOWN, CARD_OWN."""
        if member_id and member_id == self.at_till.person.member_id:
            raise StationError(ErrorCode.CARD_OWN)
        self.counter.identify(member_id)

    def refuse_own(self) -> None:
        """Take the member out, and raise ``StationError`` CARD_OWN, who is the person at the till."""
        member, own = self.counter.member, self.at_till.person.member_id
        if member and member.member_id == own:
            self.counter.forget_member()
            raise StationError(ErrorCode.CARD_OWN)
