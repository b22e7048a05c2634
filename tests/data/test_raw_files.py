"""Every byte a busy station leaves on its disk, searched for its people, its cards and its keys."""

import base64
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import msgspec
import pytest

from data.key_places import FilePlace
from data.no_members import NoMembers
from station.bonus import Birth
from station.card import CardLink, CardStatus, Medium, Tap
from station.card_hash import card_hash
from station.counter import Counter
from station.dates import Calendar
from station.errors import StationError
from station.feed import MemberPage, MemberRecord, ShelfPage, ShelfRecord, Stamp
from station.journal import Draft, EntryKind, Position
from station.member import Member
from station.protection import Protection
from station.shift import Reading
from station.tender import Tender, TenderKind
from sync.state import SyncState
from sync.worker import Worker
from tests.fakes import CASHIER, NOON, pack, product
from tests.rigs.keyrings import MemoryKeyring
from tests.rigs.paired import CARD_KEY, STATION_KEY, paired_station
from ui.wiring import Home, Memory, Paired, make_counter, open_memory
from ui.wiring_lines import sync_opener

PEOPLE = 40
DIGITS = tuple(str.maketrans("0123456789", digits) for digits in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"))


def person(number: int) -> Member:
    return Member(
        f"member-{number}", f"شیرین‌دخت فرهمندیان {number}", f"09357{number:06d}", "gold", 700 + number, "2026-11-03",
        ("family",), Birth(Calendar.JALALI, 12, 30), 3)


def card(number: int) -> str:
    return f"9364777{number:09d}"


def spellings(text: str) -> set[str]:
    return {text, *(text.translate(digits) for digits in DIGITS)}


def needles(key: bytes) -> dict[bytes, str]:
    """What may not be found, by its bytes: in UTF-8 and UTF-16; keys raw, in hexadecimal and base64."""
    made: dict[bytes, str] = {}
    texts = {"name": "شیرین‌دخت فرهمندیان", "first name": "شیرین", "phone": person(7).phone, "phone's end": "7000007",
             "card": card(7), "card's end": "7000000007", "personal": "nobody shall read this"}
    for label, text in texts.items():
        for spelling in spellings(text):
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                made[spelling.encode(encoding)] = f"{label} in {encoding}"
    for label, secret in {"database key": key, "station key": STATION_KEY, "card key": CARD_KEY}.items():
        for form in (secret, secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret),
                     base64.urlsafe_b64encode(secret)):
            made[form] = label
    return made


def found(folder: Path, wanted: dict[bytes, str]) -> list[str]:
    """Where what is found, over all files below ``folder`` and their names."""
    return [
        f"{path.name}: {label}"
        for path in sorted(folder.rglob("*")) if path.is_file()
        for content in (path.read_bytes() + path.name.encode(),)
        for needle, label in wanted.items() if needle in content]


@pytest.fixture
def station(tmp_path: Path) -> Iterator[tuple[Home, Paired]]:
    """A paired station that logs as the program does, but everything."""
    MemoryKeyring.clear()
    home, who = paired_station(tmp_path)
    log = logging.FileHandler(tmp_path / "station.log", encoding="utf-8")
    root = logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    yield home, who
    root.removeHandler(log)
    root.setLevel(level)
    log.close()


def fill(memory: Memory) -> None:
    """Members, goods and rules as head office hands them down."""
    assert not isinstance(memory.members, NoMembers)
    position = Position(memory.journal.head().incarnation, 0)
    records = tuple(
        MemberRecord(person(number), (CardLink(card_hash(CARD_KEY, card(number)), CardStatus.ACTIVE),))
        for number in range(PEOPLE))
    memory.members.apply(MemberPage("c1", position, records, (), Stamp(1, NOON.utc_us), last=True))
    changed = replace(records[7], member=replace(person(7), points=1))
    memory.members.apply(MemberPage("c2", position, (changed,), ("member-8",), Stamp(2, NOON.utc_us), last=True))
    memory.shelf.apply(ShelfPage("c1", 1, tuple(ShelfRecord(product(number)) for number in range(1, 9)), ()))
    memory.packs.install(pack(), msgspec.json.encode(pack()), b"signature")


def sell(counter: Counter, number: int) -> None:
    """One sale to the owner of card ``number``, and some cards and phones that come to nothing."""
    for unknown in (card(number + PEOPLE), person(number).phone):
        try:
            counter.tap(Tap("reader", Medium.NFC_UID, unknown))
        except StationError as fault:
            logging.getLogger(__name__).warning("refused: %s", fault)
    logging.getLogger(__name__).info("%r", counter.tap(Tap("reader", Medium.NFC_UID, card(number))))
    counter.scan(product(1 + number % 8).barcode)
    priced = counter.priced()
    assert priced is not None
    counter.settle([Tender(TenderKind.CASH, priced.total)], CASHIER)


def sync_in_vain(home: Home, who: Paired) -> None:
    """Let the sync thread meet a head office that is not there, with its files open."""
    told = Event()
    worker = Worker(sync_opener(home, who), lambda state: told.set() if state != SyncState() and state.error else None)
    worker.start()
    assert told.wait(20)
    assert worker.stop(20)


def test_nothing_of_people_cards_or_keys_can_be_read(station: tuple[Home, Paired]) -> None:
    home, who = station
    memory = open_memory(home, who.enrolment)
    fill(memory)
    counter = make_counter(who.enrolment, memory)
    counter.open_shift(CASHIER, 0)
    for number in (7, *range(10, 30)):
        sell(counter, number)
    memory.journal.append(Draft(
        EntryKind.READING, NOON, CASHIER, Reading(1, 1, 0, ()), personal=b'{"note":"nobody shall read this"}'))
    counter.tap(Tap("reader", Medium.NFC_UID, card(7)))  # a basket stays open, receipts wait to be printed
    counter.scan(product(1).barcode)
    assert len(memory.journal.waiting_prints()) == 22  # 21 receipts and the report
    sync_in_vain(home, who)
    wanted = needles(home.keys.held().key)
    open_files = {path.name for path in home.folder.iterdir()}
    assert {"journal.db", "journal.db-wal", "journal.db-shm", "station.log", "station.locked"} <= open_files
    assert found(home.folder, wanted) == []
    memory.close()
    assert found(home.folder, wanted) == []
    assert len((home.folder / "station.log").read_bytes()) > 1000


def test_a_key_in_a_file_is_as_weak_as_it_is_called(tmp_path: Path) -> None:
    home, _ = paired_station(tmp_path, (FilePlace(),))
    held = home.keys.held()
    assert held.protection is Protection.FILE
    assert found(tmp_path, needles(held.key)) == ["database.key: database key"]


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    key = bytes(range(32))
    for number, needle in enumerate(needles(key)):
        (tmp_path / f"{number}.db-wal").write_bytes(b"x" + needle + b"y")
    held = set(needles(key).values())
    assert {line.partition(": ")[2] for line in found(tmp_path, needles(key))} == held
    assert len(list(tmp_path.iterdir())) == len(needles(key)) > 40
