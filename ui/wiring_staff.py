"""The part of the composition root that has to do with the people who work here."""

from collections.abc import Callable
from dataclasses import replace

from data.pins import ArgonPins
from station.clock import Clock
from station.people import Actor, Role
from station.staff_desk import StaffDesk
from ui.presenters.at_till import AtTill, Person
from ui.qt.staff_gate import StaffParts
from ui.wiring import Memory, card_book, make_world


def staff_desk(memory: Memory) -> StaffDesk:
    """Return where people sign in and what they do is written down, over ``memory``."""
    return StaffDesk(make_world(memory), memory.staff, ArgonPins())


def alone(who: Person) -> Person:
    """Return ``who`` as one acts where nobody signs in."""
    return replace(who, actor=Actor(who.actor.person, Role.ALONE))


def staff_parts(
    desk: StaffDesk, memory: Memory, at_till: AtTill, clock: Clock, came: Callable[[Person], None],
) -> StaffParts:
    """Return what the till's door needs, over ``memory``; ``came`` gets who signed in."""
    return StaffParts(desk, card_book(memory).card_hash, at_till, clock, came)
