"""The member book of a station without encryption: it keeps nobody, and says so."""

from collections.abc import Sequence

from station.card import Card, CardLink
from station.card_life import Holder
from station.coupons import GivenCoupon
from station.errors import ErrorCode, StationError
from station.journal import Position
from station.member import Member


class NoMembers:
    """``station.ports.MemberBook`` without a file.

    A card or a search is refused with NO_PERSONAL_DATA: "not a card of the club" would be a lie.
    """

    def card(self, number: str) -> Card | None:
        """Raise ``StationError`` NO_PERSONAL_DATA, whatever the ``number``."""
        del number
        raise StationError(ErrorCode.NO_PERSONAL_DATA)

    def card_hash(self, number: str) -> int:
        """Raise ``StationError`` NO_PERSONAL_DATA, whatever the ``number``."""
        del number
        raise StationError(ErrorCode.NO_PERSONAL_DATA)

    def card_of(self, card: int) -> Card | None:
        """Raise ``StationError`` NO_PERSONAL_DATA, whatever the ``card``."""
        del card
        raise StationError(ErrorCode.NO_PERSONAL_DATA)

    def cards(self, member_id: str) -> Sequence[CardLink]:
        """Know no card of ``member_id``."""
        del member_id
        return ()

    def holders(self, member_id: str) -> Sequence[Holder]:
        """Know nobody who holds a card of ``member_id``."""
        del member_id
        return ()

    def coupons(self, member_id: str, day: str) -> Sequence[GivenCoupon]:
        """Know no coupon of ``member_id``, on whatever ``day``."""
        del member_id, day
        return ()

    def coupons_called(self, number: str) -> Sequence[GivenCoupon]:
        """Know no member's coupon, whatever the ``number``."""
        del number
        return ()

    def member(self, member_id: str) -> Member | None:
        """Know nobody."""
        del member_id
        return None

    def search(self, text: str) -> Sequence[Member]:
        """Raise ``StationError`` NO_PERSONAL_DATA, whatever the ``text``."""
        del text
        raise StationError(ErrorCode.NO_PERSONAL_DATA)

    def projected_through(self) -> Position | None:
        """Count no entry of the journal."""
        return None

    def count(self) -> int:
        """Return 0."""
        return 0

    def close(self) -> None:
        """Close nothing."""
