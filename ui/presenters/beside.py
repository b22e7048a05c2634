"""What stands beside the card in the member's pane: what was proven, and whose card of a family it is."""

from dataclasses import replace

from station.basket import Basket
from station.step_up import ClaimMethod
from station.trust import is_stepped_up
from ui.format import Format
from ui.text import Words
from ui.views import MemberView


def with_what_is_beside(view: MemberView, basket: Basket, words: Words, style: Format) -> MemberView:
    """Return ``view`` with what the basket says of its member beside the card, first: there may not be room for all."""
    said = []
    if is_stepped_up(basket) and basket.step_up:
        by_pin = basket.step_up.method is ClaimMethod.PIN
        said.append(words("Proven by the PIN") if by_pin else words("Proven by a code"))
    if basket.spender:
        left = basket.spender.points_left
        said.append(words("Card of the family") if left is None else words(
            "Family: {points} points left today", points=style.number(left)))
    return replace(view, proof=" · ".join(filter(None, (*said, view.proof))))
