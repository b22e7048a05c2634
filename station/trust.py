"""How far a basket's member is trusted with points: by the card, by what was proven beside it, by whose card it is. Pure."""

from station.basket import Basket
from station.card import CardTier
from station.pack import Pack


def most_points(pack: Pack, basket: Basket) -> int | None:
    """Return the most points the sale takes for payment by the pack's ``card_caps``, None for no limit.

    No card proves nothing. A step-up of the basket's own member lifts each cap to its
    ``most_points_proven``.
    """
    card = CardTier.NUMBER if basket.card is None else basket.card
    caps = [each for each in pack.card_caps if card <= each.card]
    if is_stepped_up(basket):
        return min((each.most_points_proven for each in caps if each.most_points_proven is not None), default=None)
    return min((each.most_points for each in caps), default=None)


def spendable_points(basket: Basket) -> int:
    """Return the points of the basket's member that may go in this sale, also for rewards; a holder's are limited by the day."""
    points = basket.member.points if basket.member else 0
    left = basket.spender.points_left if basket.spender else None
    return points if left is None else min(points, left)


def is_stepped_up(basket: Basket) -> bool:
    """Return whether the basket's member has proven to be there, by a PIN or a code."""
    return bool(basket.member and basket.step_up and basket.step_up.member_id == basket.member.member_id)
