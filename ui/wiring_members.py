"""The part of the composition root that has to do with members beside selling."""

import secrets

from data.no_members import NoMembers
from station.card_desk import CardDesk
from station.claiming import Claiming, NoClaimOffice
from station.clock import Clock
from station.counter import Counter
from station.step_up import ClaimOffice
from sync.phones import PhoneLinks
from ui.presenters.member_cards import MemberParts
from ui.wiring import Home, Memory, Paired, brief_office, make_world
from ui.wiring_writers import card_book


def phone_links(home: Home, paired_as: Paired) -> PhoneLinks:
    """Return head office as the counter asks it to make a phone a card, briefly."""
    return PhoneLinks(brief_office(home, paired_as))


def member_parts(counter: Counter, memory: Memory, clock: Clock, office: ClaimOffice | None) -> MemberParts | None:
    """Return what is done with members at ``counter``, over ``memory``; None where there are none, without encryption."""
    if isinstance(memory.members, NoMembers):
        return None
    book = card_book(memory)

    def in_hand() -> int | None:
        return book.card_hash(counter.shown.number) if counter.shown.number else None

    return MemberParts(
        Claiming(counter, office or NoClaimOffice(), clock, secrets.token_bytes),
        CardDesk(make_world(memory), book, in_hand))
