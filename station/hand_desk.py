"""What a price or a discount by hand would come to before it is given, and who has to agree to it. Pure.

Rules: design "Promotions" (by hand); the limits of the roles are the pack's.
"""

from dataclasses import dataclass, replace

from station.errors import ErrorCode, StationError
from station.hand import ByHand
from station.in_hand import InHand
from station.pack import HAND
from station.people import Actor, Role

_WHO_AGREES = (None, Role.SENIOR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class HandTry:
    """``amount`` off the goods by hand and the ``total`` with it, in minor units.

    ``needs`` is the least role of the second person, None where who gives may do so alone.
    """

    amount: int
    total: int
    needs: Role | None


def try_by_hand(held: InHand, given: ByHand) -> HandTry:
    """Return what ``given`` would come to on the basket ``held``; nothing is changed.

    Raises ``StationError`` HAND_NOT_ALLOWED when nobody may give it: it raises a price, is given on
    money, or is more than any role may give.
    """
    for role in _WHO_AGREES:
        agreed = replace(given, approver=Actor("", role)) if role else given
        try:
            return HandTry(*_with(held, agreed), role)
        except StationError:
            continue
    raise StationError(ErrorCode.HAND_NOT_ALLOWED, number=len(held.basket.by_hand) + 1)


def as_approved(held: InHand, given: ByHand) -> ByHand:
    """Return ``given`` bound to what it comes to on ``held``, where somebody agreed: that is what was agreed to.

    Raises ``StationError`` HAND_NOT_ALLOWED when those who give may not.
    """
    return replace(given, most=_with(held, given)[0]) if given.approver else given


def _with(held: InHand, given: ByHand) -> tuple[int, int]:
    """Return what ``given`` takes off on ``held``, and the total with it. Raises ``StationError`` HAND_NOT_ALLOWED."""
    by_hand = (*held.basket.by_hand, given)
    priced = held.engine.price(replace(held.basket, by_hand=by_hand))
    off = sum(each.amount for each in priced.discounts if each.rule == f"{HAND}/{len(by_hand)}")
    return off, priced.total
