"""A station with thousands of sales that head office has not heard of, written in one transaction."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import replace

from station.journal import Draft, EntryKind
from station.people import Actor, Role
from station.sale import Sale, points_of
from tests.rigs.seller import CASHIER, ring_up
from ui.clock import SystemClock
from ui.wiring import Memory, Paired, make_counter

MOST_PATTERNS = 4


def stock(memory: Memory, who: Paired, members: Sequence[str], count: int, *, weighty: bool = False) -> None:
    """Write ``count`` sales, every second one to one of ``members``: some rung up, the rest like them.

    They are so alike that they pack to a quarter of what a shop's do; ``weighty`` ones do not.
    """
    counter = make_counter(who.enrolment, memory)
    buyers = [each for member in members[:MOST_PATTERNS] for each in ("", member)]
    patterns = [memory.journal.sale(ring_up(counter, memory, buyer)).body for buyer in buyers]
    with memory.journal.database.writing():
        for number in range(count - len(patterns)):
            made = draft(patterns[number % len(patterns)])
            memory.journal._write(replace(made, actor=_somebody(), approver=_somebody()) if weighty else made)


def _somebody() -> Actor:
    return Actor(secrets.token_urlsafe(75), Role.MANAGER)


def draft(pattern: Sale, **facts: object) -> Draft:
    """A sale like ``pattern`` under an id of its own, but for ``facts``."""
    sale_id = str(uuid.uuid4())
    member = pattern.basket.member
    made = replace(
        pattern, sale_id=sale_id, basket=replace(pattern.basket, basket_id=sale_id),
        points=points_of(sale_id, member.member_id, pattern.priced) if member else ())
    return Draft(EntryKind.SALE, SystemClock().now(), CASHIER, replace(made, **facts))  # type: ignore[arg-type]
