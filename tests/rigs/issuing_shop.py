"""A paired station with some members, where cards are given out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from data.derived import decode
from data.key_places import KeyPlace
from data.member_file import CurrentMembers
from station.card import CardLink, CardStatus
from station.card_hash import card_hash
from station.card_life import CardIssued
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.people import Actor, Role
from tests.fakes import member as person
from tests.fakes import pack
from tests.rigs.keyrings import PLACES
from tests.rigs.paired import CARD_KEY, paired_station
from tests.rigs.serial_hand import member
from ui.wiring import Home, Memory, Paired, open_memory

PEOPLE = 12
OLD = 90
"""The place of the one card that is in use: ``m1`` has it."""

CASHIER = Actor("sara", Role.CASHIER)


class IssuingShop:
    """The station in ``folder``: members m1 to m12, of whom only m1 has a card."""

    def __init__(self, folder: Path, places: tuple[KeyPlace, ...] = PLACES) -> None:
        """Pair the station and fill its member book."""
        self.home: Home
        self.who: Paired
        self.home, self.who = paired_station(folder, places)
        with self.open() as memory:
            assert isinstance(memory.members, CurrentMembers)
            old = CardLink(card_hash(CARD_KEY, member(OLD)), CardStatus.ACTIVE)
            records = tuple(MemberRecord(person(i), (old,) if i == 1 else ()) for i in range(1, PEOPLE + 1))
            memory.packs.install(pack(), msgspec.json.encode(pack()), b"signature")
            memory.members.apply(MemberPage("c1", Position("a" * 32, 0), records, (), Stamp(1, 1), last=True))

    @contextmanager
    def open(self) -> Iterator[Memory]:
        """Open the station's files."""
        memory = open_memory(self.home, self.who.enrolment)
        try:
            yield memory
        finally:
            memory.close()

    def given(self) -> list[tuple[int, str]]:
        """Return the cards given out, by look-up hash, and to whom, in the order of the journal."""
        with self.open() as memory:
            bodies = [decode(stored.raw, stored.kind).body for stored in memory.journal.entries(0, 10_000)]
        return [(body.card, body.member_id) for body in bodies if isinstance(body, CardIssued)]


def hash_of(place: int) -> int:
    """Return the look-up hash of the card number of ``place``."""
    return card_hash(CARD_KEY, member(place))


def listed(count: int) -> bytes:
    """Return a list of ``count`` cards, the first for member m1."""
    return "\n".join(["number,member_id", *(f"{member(i)},m{i}" for i in range(1, count + 1))]).encode()
