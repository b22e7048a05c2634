"""The part of the composition root that has to do with the people who work here."""

from collections.abc import Callable

from data.pins import ArgonPins
from station.clock import Clock
from station.staff_desk import StaffDesk
from ui.presenters.at_till import AtTill, Person
from ui.qt.staff_gate import StaffParts
from ui.wiring import Memory, card_book, make_world


def staff_parts(memory: Memory, at_till: AtTill, clock: Clock, came: Callable[[Person], None]) -> StaffParts:
    """Return what the till's door needs, over ``memory``; ``came`` gets who signed in."""
    desk = StaffDesk(make_world(memory), memory.staff, ArgonPins())
    return StaffParts(desk, card_book(memory).card_hash, at_till, clock, came)
