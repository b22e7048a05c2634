"""The part of the composition root that has to do with members beside selling."""

import secrets
from dataclasses import replace

from data.enrol_receipts import EnrolReceipts
from data.no_members import NoMembers
from station.card_desk import CardDesk
from station.claiming import Claiming, NoClaimOffice
from station.clock import Clock
from station.counter import Counter, World
from station.enrol_desk import EnrolDesk
from station.step_up import ClaimOffice
from station.tell_desk import TellDesk
from ui.presenters.member_cards import MemberParts
from ui.wiring import Memory, Paired, card_book, make_world
from ui.wiring_cards import make_prover


def member_parts(
    counter: Counter, memory: Memory, clock: Clock, office: ClaimOffice | None, card_key: bytes,
) -> MemberParts | None:
    """Return what is done with members at ``counter``, over ``memory``; None where there are none, without encryption."""
    if isinstance(memory.members, NoMembers):
        return None
    book = card_book(memory)

    def in_hand() -> int | None:
        return book.card_hash(counter.shown.number) if counter.shown.number else None

    return MemberParts(
        Claiming(counter, office or NoClaimOffice(), clock, secrets.token_bytes),
        CardDesk(_judging(memory, card_key), book, in_hand))


def enrol_desk(counter: Counter, memory: Memory, paired_as: Paired) -> EnrolDesk | None:
    """Return where members are enrolled at ``counter``, over ``memory``; None without encryption: nobody may be kept."""
    if isinstance(memory.members, NoMembers):
        return None

    def purchase() -> int:
        priced = counter.priced()
        return priced.total if priced else 0

    receipts = EnrolReceipts(paired_as.enrolment.station, memory.journal, memory.journal.database)
    return EnrolDesk(_judging(memory, paired_as.enrolment.card_key), card_book(memory), receipts, purchase)


def tell_desk(memory: Memory) -> TellDesk | None:
    """Return where members tell about themselves, over ``memory``; None without encryption: nobody may be kept."""
    return None if isinstance(memory.members, NoMembers) else TellDesk(make_world(memory), card_book(memory))


def _judging(memory: Memory, card_key: bytes) -> World:
    """Return the world in which cards that are given out are judged by what they prove."""
    return replace(make_world(memory), prover=make_prover(memory.issuers, memory.journal.database, card_key))
