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
    number = len(held.basket.by_hand) + 1
    for role in _WHO_AGREES:
        agreed = replace(given, approver=Actor("", role)) if role else given
        try:
            priced = held.engine.price(replace(held.basket, by_hand=(*held.basket.by_hand, agreed)))
        except StationError:
            continue
        off = sum(each.amount for each in priced.discounts if each.rule == f"{HAND}/{number}")
        return HandTry(off, priced.total, role)
    raise StationError(ErrorCode.HAND_NOT_ALLOWED, number=number)
