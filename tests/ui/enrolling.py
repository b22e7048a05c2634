"""A counter over real files where members are enrolled: member 1, whose phone is 09120000001, has card 9364000000000100."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from data.derived import decode
from data.enrol_receipts import EnrolReceipts
from data.journal import JournalStore
from data.members import MemberStore
from data.own_cards import LaidOver
from station.admission import AdmissionPolicy
from station.approval import Operation
from station.card import CardLink, CardStatus, Medium, Tap
from station.card_hash import card_hash
from station.counter import Counter, Place, World
from station.enrol_desk import EnrolDesk
from station.enrolling import MemberEnrolled, Person, read_person
from station.feed import MemberPage, MemberRecord, Stamp
from station.journal import Position
from station.people import Actor
from station.text import Text
from tests.fakes import CASHIER, NOON, FixedClock, MemoryPacks, MemoryShelf, member, pack
from tests.ui.till import MILK, SHOP
from ui.presenters.at_till import AtTill
from ui.presenters.at_till import Person as AtTheTill
from ui.presenters.desk import Desk

KEY, CARD_KEY = bytes(range(32)), bytes(reversed(range(32)))
KNOWN, LOST, FRESH = (Tap("pcsc", Medium.NFC_UID, f"9364000000000{each}") for each in (100, 101, 700))
TEXTS = {"taste:tea": Text("چای", "Tea"), "taste:bread": Text("نان", "Bread"), "area:12": Text("منطقهٔ ۱۲", "District 12")}


class EnrolShop:
    """``approver`` is who approves what is asked; ``asked`` what was."""

    def __init__(self, folder: Path) -> None:
        self.journal = JournalStore(folder / "journal.db", KEY)
        self.journal.found("12-1", "test", NOON)
        self.members = MemberStore(folder / "members.db", KEY, CARD_KEY)
        cards = (CardLink(card_hash(CARD_KEY, KNOWN.number), CardStatus.ACTIVE),
                 CardLink(card_hash(CARD_KEY, LOST.number), CardStatus.LOST))
        self.members.apply(MemberPage("c", Position(self.journal.head().incarnation, 0), (
            MemberRecord(member(1), cards), MemberRecord(replace(member(2), name="مهرداد رضایی"), ())), (), Stamp(1, 1), last=True))
        self.book = LaidOver(self.members, self.journal)
        self.packs = MemoryPacks(replace(pack(), texts=TEXTS))
        self.goods = {MILK.barcode: MILK}
        self.world = World(
            FixedClock(), secrets.token_bytes, self.book, MemoryShelf(self.goods), self.packs, self.journal)
        self.counter = Counter(Place("12-1", "12", SHOP), self.world)
        self.counter.open_shift(CASHIER, 0)
        self.at_till = AtTill(AtTheTill(CASHIER, Text("سارا", "Sara")))
        self.desk = Desk(self.counter, self.book, self.world.clock, self.at_till, lambda _closed: None)
        self.approver: Actor | None = None
        self.asked: list[tuple[Operation, str]] = []

    def enrol_desk(self) -> EnrolDesk:
        return EnrolDesk(self.world, self.book, self.receipts(), self.purchase)

    def receipts(self) -> EnrolReceipts:
        return EnrolReceipts("12-1", self.journal, self.journal.database)

    def purchase(self) -> int:
        priced = self.counter.priced()
        return priced.total if priced else 0

    def asks(self, **policy: object) -> None:
        self.packs.held = replace(self.packs.held, admission=AdmissionPolicy(**policy))  # type: ignore[arg-type] # each by its name

    def approved(self, operation: Operation, what: str, then: Callable[[Actor | None], None]) -> None:
        self.asked.append((operation, what))
        if self.approver:
            then(self.approver)

    def enrolled(self) -> list[tuple[MemberEnrolled, Person]]:
        """Who was enrolled, with what is kept of them."""
        entries = [(decode(each.raw, each.kind).body, self.journal.personal(each.place)) for each in self.journal.entries(0, 100)]
        return [(body, read_person(kept)) for body, kept in entries if isinstance(body, MemberEnrolled) and kept]

    def close(self) -> None:
        self.members.close()
        self.journal.close()
