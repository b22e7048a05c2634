"""A member's account as it stands at this counter: what the book knows, and this station's own entries since."""

from dataclasses import replace

from station.card_life import Spender
from station.clock import Moment
from station.errors import ErrorCode, StationError
from station.journal import Position
from station.member import Member
from station.ports import Journal, MemberBook
from station.sale import Sale
from station.tender import TenderKind


def member_now(members: MemberBook, journal: Journal, member_id: str) -> Member:
    """Return the member with this station's own points and purchases counted in. Raises ``StationError`` MEMBER_UNKNOWN."""
    known, counted = _known(members, member_id)
    return replace(
        known, points=known.points + journal.points_after(member_id, counted),
        purchases=known.purchases + journal.purchases_after(member_id, counted))


def _known(members: MemberBook, member_id: str) -> tuple[Member, Position | None]:
    """Return the member as cached and up to where that counts; both of one page of the feed."""
    while True:
        counted = members.projected_through()
        known = members.member(member_id)
        if known is None:
            raise StationError(ErrorCode.MEMBER_UNKNOWN)
        if members.projected_through() == counted:
            return known, counted


def spender_of(members: MemberBook, journal: Journal, member_id: str, holder: str, date: str) -> Spender | None:
    """Return what ``holder`` of the account may still spend on local ``date``; None for the member.

    It is the limits less what this station's own sales of the day took: what other stations sold
    only head office knows, and it is asked when something is set aside. A holder nobody knows may
    spend nothing.
    """
    if not holder:
        return None
    limits = next((each for each in members.holders(member_id) if each.holder_id == holder), None)
    if limits is None:
        return Spender(holder, 0, 0)
    points, value = journal.spent_by(member_id, holder, date)
    return Spender(holder, _left(limits.points_per_day, points), _left(limits.value_per_day, value))


def check_sale(sale: Sale, now: Moment) -> None:
    """Check what only the moment of paying shows.

    Raises ``StationError`` CLAIM_REFUSED (``tries`` 0) when what was proven beside the card is too
    old by now, HOLDER_LIMIT (``available``) when the holder pays more from wallets than the day allows.
    """
    step_up, spender = sale.basket.step_up, sale.basket.spender
    if step_up and step_up.until_us <= now.utc_us:
        raise StationError(ErrorCode.CLAIM_REFUSED, tries=0)
    if spender and spender.value_left is not None and value_spent(sale) > spender.value_left:
        raise StationError(ErrorCode.HOLDER_LIMIT, available=spender.value_left)


def value_spent(sale: Sale) -> int:
    """Return what ``sale`` took from wallets; a gift card is whoever's has it, and has no holder."""
    return sum(each.amount for each in sale.tenders if each.kind is TenderKind.WALLET)


def _left(limit: int | None, spent: int) -> int | None:
    return None if limit is None else max(0, limit - spent)
