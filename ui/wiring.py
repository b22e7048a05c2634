"""The one composition root: builds a station's parts from its folder. No Qt here.

Where encryption is not installed the station sells without members, from a plain journal of its own;
an encrypted one stays untouched beside it until encryption is back, and then both are sent.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from data.aside import AsideStore
from data.database import ENCRYPTS
from data.holds import HoldStore
from data.issuer_keys import IssuerKeyStore
from data.journal import JournalStore
from data.key_places import PLACES, KeyPlace
from data.key_store import Held, KeyStore
from data.leases import LeaseStore
from data.member_file import CurrentMembers, MemberFile
from data.no_members import NoMembers
from data.own_cards import LaidOver
from data.sealed import lock, seal, unlock
from data.secret_file import read_secret, write_secret
from data.shelf import PackShelf, ShelfStore
from data.snapshot import BookFiles
from data.staff import StaffStore
from data.witness import WatchedJournal, Witness, machine_id
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.journal import Cause, Draft, EntryKind
from station.leases import LeaseClosed
from station.people import SYSTEM
from station.ports import Outbox, Verifier
from station.protection import Protection
from station.spending import Spending, SpendingOffice
from station.version import VERSION
from station.weighed import LabelLayout
from sync.batches import Sending, beside
from sync.books import sealing_key
from sync.claims import OnlineClaims
from sync.client import HeadOffice, Link, OfficeKey
from sync.door import HeadOfficeDoor
from sync.enrol import Enrolment, enrol
from sync.exchange import StationSync, Stores
from sync.keys import Identity, KeyCare, OwnKeys
from sync.leases import LeaseStep, SpendingStores
from sync.spending import ANSWER_S, CONNECT_S, READ_S, NoSpendingOffice, OnlineSpending
from ui.clock import SystemClock
from ui.folder import default_folder, default_state
from ui.wiring_cards import card_steps, issuer_keys, make_prover

OWNER_FOLDER = 0o700
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Home:
    """The station's folder and what lies where in it.

    ``places`` are where its key may be kept, ``state`` is a folder elsewhere for the second witness.
    """

    folder: Path
    places: tuple[KeyPlace, ...] = PLACES
    state: Path = field(default_factory=default_state)

    @property
    def journal(self) -> Path:
        """The journal and all that is derived from it, goods and packs."""
        return self.folder / "journal.db"

    @property
    def plain_journal(self) -> Path:
        """The journal written while encryption is not installed."""
        return self.folder / "journal-plain.db"

    @property
    def database_key(self) -> Path:
        """What says where the journal's key is; the member book's lies in the journal."""
        return self.folder / "database.key"

    @property
    def sealed_key(self) -> Path:
        """The journal's key, sealed to head office's recovery key."""
        return self.folder / "database.key.sealed"

    @property
    def enrolment(self) -> Path:
        """Who this station is, and its private key; locked under the database key."""
        return self.folder / "station.locked"

    @property
    def keys(self) -> KeyStore:
        """What has the database key; over any of these files no new one is drawn."""
        return KeyStore(self.database_key, (self.enrolment, self.journal), self.places)

    @property
    def settings(self) -> Path:
        """How readers, printer and keyboard are set up (``ui.settings``)."""
        return self.folder / "station.toml"

    @property
    def receipts(self) -> Path:
        """Where the file printer puts receipts."""
        return self.folder / "receipts"


@dataclass(frozen=True, slots=True)
class Paired:
    """A station that belongs to a head office, as kept in its folder."""

    url: str
    enrolment: Enrolment


def default_home() -> Home:
    """Return the platform's folder for this program's data."""
    return Home(default_folder())


def pair(home: Home, url: str, code: str, *, again: bool = False) -> Paired:
    """Ask in at ``url`` with a one-time ``code`` and keep who we are.

    Raises ``StationError`` 4xx or 5xx; ``FileExistsError`` when the folder already belongs to a station:
    pairing anew would orphan its unsent sales, so it goes on only ``again``, with a code for new keys
    of that very station; ``ValueError`` for plain HTTP beyond this machine, because pairing hands
    over the club's card key.
    """
    made = ask_in(home, url, code, again=again)
    keep_pairing(home, made)
    return made


def ask_in(home: Home, url: str, code: str, *, again: bool = False) -> Paired:
    """Ask in and keep nothing yet; raises as ``pair``. The code is spent."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        message = "head office on another machine must be reached by https"
        raise ValueError(message)
    home.folder.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
    before = paired(home).enrolment if again else None
    if not again and home.enrolment.exists():
        raise FileExistsError(home.enrolment)
    home.keys.held()  # a disk or a key store that refuses must not cost the code
    who = enrol(HeadOfficeDoor(url), code)
    if before:
        if before.station != who.station:
            raise FileExistsError(home.enrolment)
        who = replace(who, first=before.first)
    return Paired(url, who)


def keep_pairing(home: Home, paired: Paired) -> None:
    """Keep who we are, after the key that locks it was sealed to head office. Raises ``StationError`` 4xx."""
    key = home.keys.held().key
    write_secret(home.sealed_key, seal(key, paired.enrolment.recovery_key))
    write_secret(home.enrolment, lock(msgspec.json.encode(paired), key))


def paired(home: Home) -> Paired:
    """Return who this station is. Raises ``StationError`` NOT_PAIRED, KEY_LOST or another 4xx."""
    locked = _locked_enrolment(home)
    return _enrolment(home, locked, home.keys.held().key)


def paired_under(home: Home, key: bytes) -> Paired:
    """Return the same of a folder whose database ``key`` is at hand: a backup is such a folder. Raises as ``paired``."""
    return _enrolment(home, _locked_enrolment(home), key)


def put_back(home: Home, key: bytes) -> Held:
    """Keep the ``key`` that head office rescued in the best place there is, once it has opened what is here.

    Raises ``StationError`` NOT_PAIRED when nothing is here, DATABASE_KEY_WRONG or another 4xx.
    """
    paired_under(home, key)
    if ENCRYPTS and home.journal.exists():
        JournalStore(home.journal, key).close()
    return home.keys.keep(key)


def _locked_enrolment(home: Home) -> bytes:
    locked = read_secret(home.enrolment)
    if locked is None:
        raise StationError(ErrorCode.NOT_PAIRED)
    return locked


def _enrolment(home: Home, locked: bytes, key: bytes) -> Paired:
    try:
        content = unlock(locked, key)
    except ValueError as error:
        raise StationError(ErrorCode.DATABASE_KEY_WRONG, file=home.enrolment.name) from error
    return msgspec.json.decode(content, type=Paired)


@dataclass(frozen=True, slots=True)
class Memory:
    """The station's two files, open for one thread, and how well they are protected.

    It is ``station.ports.Uploads`` of all there is to send: of the journal, and of ``earlier`` ones
    that were written while encryption was not installed. ``alarm`` is JOURNAL_OLDER or JOURNAL_COPIED
    when a new incarnation had to begin and head office does not know of it yet.
    """

    journal: JournalStore
    members: CurrentMembers | NoMembers
    shelf: ShelfStore
    staff: StaffStore
    packs: PackShelf
    issuers: IssuerKeyStore
    protection: Protection
    earlier: tuple[JournalStore, ...]
    alarm: ErrorCode | None = None

    def branches(self) -> Sequence[Outbox]:
        """Return the incarnations of all journals; the last goes on."""
        return [branch for each in (*self.earlier, self.journal) for branch in each.branches()]

    def begin_anew(self) -> None:
        """Begin a new incarnation of the journal that goes on."""
        self.journal.begin_anew(Cause.FORKED, VERSION, SystemClock().now())

    def split(self, incarnation: str, base: int) -> None:
        """Part the entries after ``base`` from the incarnation that head office has another history of."""
        self._holder(incarnation).split(incarnation, base)

    def join(self, incarnation: str) -> None:
        """Let what was parted from the incarnation belong to it again."""
        self._holder(incarnation).join(incarnation)

    def _holder(self, incarnation: str) -> JournalStore:
        return next(each for each in (*self.earlier, self.journal)
                    if any(branch.incarnation == incarnation for branch in each.branches()))

    def close(self) -> None:
        """Close the files."""
        with ExitStack() as opened:
            for each in (self.journal, self.members, *self.earlier):
                opened.callback(each.close)


def open_memory(home: Home, who: Enrolment) -> Memory:
    """Open the station's files for the calling thread, made on first use.

    Without encryption that is a plain journal and nobody in the member book. Raises ``StationError``
    KEY_LOST or another 4xx.
    """
    held = home.keys.held() if ENCRYPTS else None
    if held and not home.sealed_key.exists():
        write_secret(home.sealed_key, seal(held.key, who.recovery_key))
    files: list[tuple[Path, bytes | None]] = [(home.journal, held.key)] if held else [(home.plain_journal, None)]
    if held and home.plain_journal.exists():
        files.append((home.plain_journal, None))
    with ExitStack() as opened:
        journals = []
        for path, key in files:
            journal = WatchedJournal(path, key, witness_of(home, path, who))
            opened.callback(journal.close)
            journal.found(who.station, VERSION, SystemClock().now())
            journals.append(journal)
        members = CurrentMembers(MemberFile(journals[0].database), who.card_key) if held else NoMembers()
        alarm = journals[0].examine(VERSION, SystemClock().now())
        opened.pop_all()
    first, *earlier = journals
    return Memory(
        first, members, ShelfStore(first.database), StaffStore(first.database), PackShelf(first.database),
        issuer_keys(first.database, who, lambda: paired(home).enrolment),
        held.protection if held else Protection.NONE, tuple(earlier), alarm)


def witness_of(home: Home, journal: Path, who: Enrolment) -> Witness:
    """Return the witness of the ``journal`` of station ``who``: a file beside it, and one in the state folder.

    The second is named after the key the station was first paired with, so that another station has
    another.
    """
    name = hashlib.sha256(who.first).hexdigest()[:32]
    far = home.state / f"{name}-{journal.stem}.witness"
    return Witness((journal.with_suffix(".witness"), far), machine_id(home.state))


def make_counter(
    who: Enrolment, memory: Memory, office: SpendingOffice | None = None, labels: tuple[LabelLayout, ...] = (),
) -> Counter:
    """Return the counter of station ``who`` over ``memory``; it lives on the calling thread.

    Without an ``office`` to ask only what is leased can be spent; ``labels`` are those of the shop's scales. Raises ``StationError`` 4xx.
    """
    database, world = memory.journal.database, make_world(memory)
    spending = Spending(
        LeaseStore(database), HoldStore(database), office or NoSpendingOffice(), world.random)
    prover = None if isinstance(memory.members, NoMembers) else make_prover(memory.issuers, database, who.card_key)
    return Counter(Place(who.station, who.shop, who.shop_name), replace(world, spending=spending, prover=prover, labels=labels))


def make_world(memory: Memory) -> World:
    """Return what the counter reaches of ``memory``; it lives on the calling thread."""
    members = LaidOver(memory.members, memory.journal)
    return World(SystemClock(), secrets.token_bytes, members, memory.shelf, memory.packs, memory.journal)


class EnrolmentRing:
    """``sync.keys.Ring``, and where head office's newer key is kept: the locked enrolment of ``home``."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def who(self) -> Enrolment:
        """Return who this station is now. Raises ``StationError`` 4xx."""
        return paired(self._home).enrolment

    def keys(self) -> OwnKeys:
        """Return the keys as they are kept now."""
        return self.who().own

    def identity(self) -> Identity:
        """Return who signs now."""
        who = self.who()
        return Identity(who.station, who.own.key, who.own.former)

    def keep(self, keys: OwnKeys) -> None:
        """Keep ``keys`` instead."""
        self._write(own=keys)

    def keep_office(self, key: bytes) -> None:
        """Keep head office's newer raw public ``key``."""
        self._write(office_key=key)

    def _write(self, **changes: Any) -> None:
        held = paired(self._home)
        changed = replace(held, enrolment=replace(held.enrolment, **changes))
        write_secret(self._home.enrolment, lock(msgspec.json.encode(changed), self._home.keys.held().key))


def head_office(home: Home, paired_as: Paired) -> tuple[HeadOffice, OfficeKey, KeyCare]:
    """Return the line to head office, its key as it is believed, and what replaces the station's own."""
    ring = EnrolmentRing(home)
    who = ring.who()
    believed = OfficeKey(who.office_key, ring.keep_office)
    office = HeadOffice(Link(paired_as.url, who.ca), ring.identity(), believed, look=ring.identity)
    return office, believed, KeyCare(who.station, office, ring)


def brief_office(home: Home, paired_as: Paired) -> HeadOffice:
    """Return head office over a line of its own that waits for 2 seconds: somebody stands at the counter."""
    ring = EnrolmentRing(home)
    who = ring.who()
    link = Link(paired_as.url, who.ca, CONNECT_S, READ_S, ANSWER_S)
    return HeadOffice(link, ring.identity(), OfficeKey(who.office_key, ring.keep_office), look=ring.identity)


def spending_office(home: Home, paired_as: Paired) -> OnlineSpending:
    """Return head office as the counter asks it about spending, briefly."""
    return OnlineSpending(brief_office(home, paired_as), time.monotonic)


def claims_office(home: Home, paired_as: Paired) -> OnlineClaims:
    """Return head office as the counter asks it who somebody is, briefly."""
    return OnlineClaims(brief_office(home, paired_as), SystemClock())


def spending_step(memory: Memory, who: Enrolment, office: HeadOffice, verifier: Verifier) -> LeaseStep:
    """Return what keeps the leases and reservations of ``memory`` up with head office."""
    def close(lease: LeaseClosed) -> None:
        memory.journal.append(Draft(EntryKind.LEASE_CLOSED, SystemClock().now(), SYSTEM, lease))

    database = memory.journal.database
    stores = SpendingStores(who.station, LeaseStore(database), HoldStore(database), close)
    return LeaseStep(stores, office, verifier, office.now_us)


def sync_opener(home: Home, paired_as: Paired) -> Callable[[], StationSync]:
    """Return what opens a ``StationSync`` with files of its own, in the thread that calls it."""
    sending = Sending(carry=beside)

    def open_sync() -> StationSync:
        memory = open_memory(home, paired_as.enrolment)
        office, believed, care = head_office(home, paired_as)
        members = None if isinstance(memory.members, NoMembers) else memory.members
        ring = EnrolmentRing(home)
        books = BookFiles(members, sealing_key(ring.keys().key)) if members else None

        def tend() -> None:
            if care.tend() and books:
                books.open_by(sealing_key(ring.keys().key))

        stores = Stores(memory, members, memory.shelf, memory.packs, memory.protection, memory.close, books, members,
            memory.staff if members else None, spending_step(memory, paired_as.enrolment, office, believed).step,
            card_steps(memory.issuers, memory.journal.database, office, believed) if members else (), AsideStore(memory.journal.database))
        return StationSync(stores, office, believed, office.close, sending, tend)
    return open_sync
