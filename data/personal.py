"""What is personal in a basket or an entry, and may not be kept where files are not encrypted."""

from dataclasses import replace

from station.basket import HeldBasket
from station.journal import Draft
from station.sale import Sale


def anonymous(held: HeldBasket) -> HeldBasket:
    """Return ``held`` with no more of its member than an id and what prices need."""
    member = held.basket.member
    return replace(held, basket=replace(held.basket, member=replace(member, birth=None))) if member else held


def is_personal(draft: Draft) -> bool:
    """Return whether ``draft`` says more of anybody than an id."""
    member = draft.body.basket.member if isinstance(draft.body, Sale) else None
    return bool(draft.personal) or (member is not None and member.birth is not None)
