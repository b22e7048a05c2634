"""What the checkout works with, and what a card that was shown is there."""

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


def no_gift_card(code: str) -> str:
    """Know no gift cards, as without the club's key. Raises ``StationError`` GIFT_CARD_INVALID."""
    raise StationError(ErrorCode.GIFT_CARD_INVALID, characters=len(code))


@dataclass(frozen=True, slots=True)
class Desk:
    """The counter, and who stands at it. ``on_closed`` gets each sale after it is durable and shown.

    ``on_closed`` may raise ``StationError`` (no printer): the screen says so, the sale stands.
    ``gift_card`` returns the account of the gift card with a printed code, under the club's key.
    ``is_badge`` tells whether a number is the badge of somebody who works here.
    """

    counter: Counter
    members: MemberBook
    clock: Clock
    at_till: AtTill
    on_closed: Callable[[Closed], None]
    gift_card: Callable[[str], str] = no_gift_card
    is_badge: Callable[[str], bool] = lambda _number: False

    def tap(self, tap: Tap) -> None:
        """Give the basket to the member a card proves.

        Raises ``StationError`` as ``Counter.tap``, CARD_IS_BADGE, so that nobody enrols a member with a badge.
        """
        try:
            self.counter.tap(tap)
        except StationError as fault:
            if fault.code is ErrorCode.CARD_UNKNOWN and self.is_badge(tap.number):
                raise StationError(ErrorCode.CARD_IS_BADGE) from None
            raise
