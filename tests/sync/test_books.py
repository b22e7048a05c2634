"""A whole member book comes down: nothing unproven, each piece once, and not in the way of anything else."""

import base64
import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from station.card import Card
from station.errors import ErrorCode, StationError
from station.feed import BookFile, MemberPage, Stamp
from station.journal import Position
from station.protection import Protection
from sync import wire_feeds
from sync.books import BookPull, BookWatch, sealing_key, sealing_public
from sync.ed25519 import Ed25519Verifier, new_key, public_key, sign_bytes
from sync.exchange import Course, StationSync, Stores
from sync.push import PushResult
from sync.state import BookState, SyncState
from sync.worker import Worker
from tests.rigs.books import INCARNATION as SIGNED_FOR
from tests.rigs.books import OFFICE_KEY, VERIFIER, BookShop, Desk, make_book, person
from tests.sync.memory import INCARNATION, MemoryMembers, MemoryOffice, MemoryOutbox, MemoryPacks, MemoryShelf

PIECES = (b"first piece", b"second", b"third")


def manifest(**told: object) -> wire_feeds.BookManifest:
    made = wire_feeds.BookManifest(
        form="card-station member book 1", incarnation=INCARNATION, version=7, taken_us=70, schema="members_0001",
        digest="ab" * 32, size=23, chunk_size=11, chunks=("11" * 32, "22" * 32, "33" * 32), members=3, named=2, cards=4,
        blocked=1, sealed_key="AAEC", cursor="c7", projected=5)
    return msgspec.structs.replace(made, **told)


def signed(document: bytes, key: bytes = OFFICE_KEY) -> wire_feeds.SignedBook:
    return wire_feeds.SignedBook(
        document=base64.b64encode(document).decode(), signature=base64.b64encode(sign_bytes(key, document)).decode())


def offer(**told: object) -> wire_feeds.SignedBook:
    return signed(msgspec.json.encode(manifest(**told)))


BOOK = BookFile(
    Stamp(7, 70), "members_0001", b"\xab" * 32, 23, 11, (b"\x11" * 32, b"\x22" * 32, b"\x33" * 32), b"\x00\x01\x02", "c7",
    Position(INCARNATION, 5))


@dataclass
class MemoryInstaller:
    """Puts books together in a list; ``refuse`` is what the next call meets."""

    wanted: bool = True
    have: int = 0
    refuse: StationError | None = None
    kept: list[tuple[int, bytes]] = field(default_factory=list)
    installed: list[BookFile] = field(default_factory=list)

    def wants(self, book: BookFile) -> bool:
        assert book == BOOK
        return self.wanted

    def first_missing(self, book: BookFile) -> int:
        assert book == BOOK
        return self.have

    def put(self, book: BookFile, number: int, chunk: bytes) -> None:
        assert book == BOOK
        self._meet()
        self.kept.append((number, chunk))
        self.have = number + 1

    def install(self, book: BookFile) -> None:
        self._meet()
        self.installed.append(book)

    def _meet(self) -> None:
        refuse, self.refuse = self.refuse, None
        if refuse:
            raise refuse


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice(offered=offer(), chunks=list(PIECES))


def test_it_comes_piece_by_piece_and_is_then_put_in_force(office: MemoryOffice) -> None:
    installer = MemoryInstaller()
    pull = BookPull(installer, office, VERIFIER)
    assert pull.percent is None
    seen: list[int | None] = []
    while pull.step(INCARNATION):
        seen.append(pull.percent)
    assert seen == [0, 33, 66, 100]
    assert pull.percent is None
    assert installer.kept == list(enumerate(PIECES))
    assert installer.installed == [BOOK]
    assert office.calls == ["book", "chunk", "chunk", "chunk"]


def test_what_is_here_is_not_asked_for(office: MemoryOffice) -> None:
    installer = MemoryInstaller(have=2)
    pull = BookPull(installer, office, VERIFIER)
    while pull.step(INCARNATION):
        pass
    assert installer.kept == [(2, PIECES[2])]
    assert installer.installed == [BOOK]


def test_a_book_that_is_not_wanted_or_not_there_is_not_fetched(office: MemoryOffice) -> None:
    assert not BookPull(MemoryInstaller(wanted=False), office, VERIFIER).step(INCARNATION)
    office.offered = None
    assert not BookPull(MemoryInstaller(), office, VERIFIER).step(INCARNATION)
    assert office.calls == ["book", "book"]


def test_after_a_fault_of_the_line_it_goes_on_where_it_was(office: MemoryOffice) -> None:
    installer = MemoryInstaller()
    pull = BookPull(installer, office, VERIFIER)
    assert pull.step(INCARNATION)
    assert pull.step(INCARNATION)
    office.fail = [StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)]
    with pytest.raises(StationError, match="E501"):
        pull.step(INCARNATION)
    assert pull.percent is None
    while pull.step(INCARNATION):
        pass
    assert installer.kept == list(enumerate(PIECES))


@pytest.mark.parametrize(("offered", "code", "detail"), [
    (signed(msgspec.json.encode(manifest()), new_key()), ErrorCode.SIGNATURE_INVALID, {}),
    (msgspec.structs.replace(offer(), document=offer(version=8).document), ErrorCode.SIGNATURE_INVALID, {}),
    (msgspec.structs.replace(offer(), signature="AAAA"), ErrorCode.SIGNATURE_INVALID, {}),
    (msgspec.structs.replace(offer(), signature="A"), ErrorCode.ANSWER_INVALID, {"reason": "base64"}),
    (msgspec.structs.replace(offer(), document="ab!"), ErrorCode.ANSWER_INVALID, {"reason": "base64"}),
    (signed(b"not JSON"), ErrorCode.ANSWER_INVALID, {"reason": "DecodeError"}),
    (signed(b"\xff"), ErrorCode.ANSWER_INVALID, {"reason": "DecodeError"}),
    # what head office signs for other ends is no book: a rule pack, another form
    (signed(b'{"version":1,"number":3}'), ErrorCode.ANSWER_INVALID, {"reason": "ValidationError"}),
    (offer(form="card-station member book 2"), ErrorCode.ANSWER_INVALID, {"reason": "ValidationError"}),
    (offer(size=0), ErrorCode.ANSWER_INVALID, {"reason": "ValidationError"}),
    (offer(chunk_size=0), ErrorCode.ANSWER_INVALID, {"reason": "ValidationError"}),
    (offer(chunk_size=2**30), ErrorCode.ANSWER_INVALID, {"reason": "ValidationError"}),
    (offer(digest="../../../etc/passwd"), ErrorCode.ANSWER_INVALID, {"reason": "ValidationError"}),
    (offer(incarnation="b" * 32), ErrorCode.ANSWER_INVALID, {"reason": "incarnation"}),
    (offer(size=22), ErrorCode.ANSWER_INVALID, {"reason": "chunks"}),  # two pieces of 11, not three
    (offer(size=34), ErrorCode.ANSWER_INVALID, {"reason": "chunks"}),
    (offer(chunks=()), ErrorCode.ANSWER_INVALID, {"reason": "chunks"}),
    (offer(sealed_key="A"), ErrorCode.ANSWER_INVALID, {"reason": "base64"}),
])
def test_an_unproven_or_senseless_offer_is_refused(
    offered: wire_feeds.SignedBook, code: ErrorCode, detail: dict[str, str],
) -> None:
    office = MemoryOffice(offered=offered)
    with pytest.raises(StationError) as refused:
        BookPull(MemoryInstaller(), office, VERIFIER).step(INCARNATION)
    assert (refused.value.code, refused.value.detail) == (code, detail)
    assert office.calls == ["book"]


def test_a_station_opens_what_was_sealed_to_its_signing_key() -> None:
    # seed, private and public key of libsodium's test of crypto_sign_ed25519_*_to_curve25519 (ed25519_convert)
    seed = bytes.fromhex("421151a459faeade3d247115f94aedae42318124095afabe4d1451a559faedee")
    assert sealing_public(public_key(seed)).hex() == "f1814f0e8ff1043d8a44d25babff3cedcae6c22c3edaa48f857ae70de2baae50"


@given(st.binary(min_size=32, max_size=32))
def test_both_halves_of_the_sealing_key_belong_together(seed: bytes) -> None:
    private = X25519PrivateKey.from_private_bytes(sealing_key(seed))
    assert sealing_public(public_key(seed)) == private.public_key().public_bytes_raw()


def test_what_is_no_signing_key_has_no_sealing_key() -> None:
    with pytest.raises(ValueError, match="32"):
        sealing_key(b"short")


class Station:
    """A ``StationSync`` over memory, with a book installer."""

    def __init__(self, office: MemoryOffice, members: MemoryMembers | None = None) -> None:
        self.office = office
        self.members = members or MemoryMembers()
        self.installer = MemoryInstaller()
        self.sync = StationSync(
            Stores(MemoryOutbox(), self.members, MemoryShelf(), MemoryPacks(), Protection.FILE, lambda: None, self.installer),
            office, Ed25519Verifier(public_key(OFFICE_KEY)), lambda: None)

    def round(self) -> list[str]:
        """Pull all there is; return what was asked of head office."""
        before = len(self.office.calls)
        while self.sync.pull():
            pass
        return self.office.calls[before:]


def test_the_book_comes_first_then_the_feed_and_next_time_the_feed_alone(office: MemoryOffice) -> None:
    office.members = {"": wire_feeds.MembersPage(cursor="c", more=False, projected=0, version=7, taken_us=7, changes=())}
    station = Station(office)
    assert station.round() == ["blocks", "book", "chunk", "chunk", "chunk", "members", "shelf", "pack"]
    assert station.round() == ["blocks", "members", "shelf", "pack"]


def test_while_nothing_is_here_a_book_is_asked_for_each_time(office: MemoryOffice) -> None:
    station = Station(office)
    office.offered = None
    assert station.round() == station.round() == ["blocks", "book", "members", "shelf", "pack"]


@pytest.mark.parametrize(("code", "reason"), [
    (ErrorCode.MEMBERS_INVALID, "chunk"), (ErrorCode.MEMBERS_OLDER, ""), (ErrorCode.DISK_FULL, ""), (ErrorCode.DATABASE_NEWER, ""),
    (ErrorCode.HEAD_OFFICE_REFUSED, "")])
def test_a_book_that_is_refused_keeps_nothing_else_from_coming_down(office: MemoryOffice, code: ErrorCode, reason: str) -> None:
    station = Station(office)
    station.installer.refuse = StationError(code, reason=reason)
    with pytest.raises(StationError) as told:
        station.round()
    assert told.value.code is code
    assert office.calls == ["blocks", "book", "chunk", "members", "shelf", "pack"]
    assert len(station.members.pages) == 1
    # it is told once, and tried again
    assert station.round()[:2] == ["blocks", "book"]


def test_a_feed_that_is_refused_keeps_goods_and_rules_from_nothing(office: MemoryOffice) -> None:
    class Further(MemoryMembers):
        def apply(self, page: MemberPage) -> None:
            raise StationError(ErrorCode.MEMBERS_OLDER, offered=page.stamp.version, held=9)

    station = Station(office, Further())
    office.offered = None
    with pytest.raises(StationError) as told:
        station.round()
    assert (told.value.code, told.value.detail) == (ErrorCode.MEMBERS_OLDER, {"offered": 0, "held": 9})
    assert office.calls == ["blocks", "book", "members", "shelf", "pack"]


def test_a_line_that_drops_during_a_book_ends_the_round_and_the_next_goes_on(office: MemoryOffice) -> None:
    station = Station(office)
    office.fail = [None, None, None, StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)]
    with pytest.raises(StationError, match="E501"):
        station.round()
    assert office.calls == ["blocks", "book", "chunk", "chunk"]
    assert station.sync.members_percent is None
    assert station.round() == ["blocks", "book", "chunk", "chunk", "members", "shelf", "pack"]
    assert station.installer.installed == [BOOK]


def test_a_fault_after_a_refusal_is_the_one_that_is_told(office: MemoryOffice) -> None:
    station = Station(office)
    station.installer.refuse = StationError(ErrorCode.MEMBERS_INVALID)
    office.fail = [None, None, None, StationError(ErrorCode.HEAD_OFFICE_UNREACHABLE)]
    with pytest.raises(StationError, match="E501"):
        station.round()
    assert station.round()[-1] == "pack"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[BookShop, Desk]]:
    (tmp_path / "office").mkdir()
    desk = Desk(tmp_path)
    yield make_book(tmp_path / "office" / "b.db", [person(i) for i in range(30)], Stamp(7, 70)), desk
    desk.close()


def to_the_end(pull: BookPull) -> None:
    while pull.step(SIGNED_FOR):
        pass


def test_on_real_files_a_dropped_line_costs_nothing_that_has_arrived(shop: tuple[BookShop, Desk]) -> None:
    office, desk = shop
    office.line_drops_at = 3
    pull = BookPull(desk.books, office, VERIFIER)
    with pytest.raises(StationError, match="E501"):
        to_the_end(pull)
    assert desk.members.count() == 0
    to_the_end(pull)
    assert office.chunks_given == list(range(len(office.offered().chunks)))
    assert isinstance(desk.members.card("93647"), Card)


class Kept:
    """A member book that counts how often it was counted."""

    def __init__(self) -> None:
        self.now: Stamp | None = None
        self.counted = 0

    def stamp(self) -> Stamp | None:
        return self.now

    def count(self) -> int:
        self.counted += 1
        return 10 * self.counted


def test_a_book_is_counted_again_only_when_its_version_is_another() -> None:
    kept = Kept()
    watch = BookWatch(kept)
    seen = []
    for stamp in (None, None, Stamp(7, 70), Stamp(7, 80), Stamp(8, 90)):
        kept.now = stamp
        seen.append(watch.look())
    assert seen == [
        BookState(10, None), BookState(20, None), BookState(30, Stamp(7, 70)), BookState(30, Stamp(7, 80)),
        BookState(40, Stamp(8, 90))]


class LongPull:
    """A ``Sync`` whose book comes in four steps; a sale is made during the second."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.members_percent: int | None = None
        self.sell: Callable[[], None] = lambda: None
        self.done = threading.Event()

    def book(self) -> BookState | None:
        return None

    def unsent(self) -> int:
        return 0

    def course(self) -> Course:
        return Course(1000)

    def check_book(self) -> None:
        self.steps.append("check")

    def push(self) -> PushResult:
        self.steps.append("push")
        return PushResult(0, 0, 0)

    def pull(self) -> bool:
        self.steps.append("pull")
        pulled = self.steps.count("pull")
        if pulled == 2:
            self.sell()
        self.members_percent = pulled * 25 if pulled < 4 else None
        if pulled == 4:
            self.done.set()
        return pulled < 4

    def close(self) -> None:
        self.steps.append("close")


def test_the_thread_tells_how_far_a_book_is_and_sends_sales_meanwhile() -> None:
    sync, states = LongPull(), list[SyncState]()
    worker = Worker(lambda: sync, states.append)
    sync.sell = worker.wake
    worker.start()
    assert sync.done.wait(10)
    assert worker.stop(10)
    assert sync.steps == ["push", "pull", "pull", "push", "pull", "pull", "close"]
    percents = [state.members_percent for state in states]
    assert [each for each, _ in itertools.groupby(percents)] == [None, 25, 50, 75, None]
