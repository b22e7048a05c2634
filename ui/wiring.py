"""The one composition root: builds a station's parts from its folder. No Qt here.

Where encryption is not installed the station sells without members, from a plain journal of its own;
an encrypted one stays untouched beside it until encryption is back, and then both are sent.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

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
from data.staff import StaffStore
from data.witness import WatchedJournal, Witness, machine_id
from station.counter import Counter, Place, World
from station.coupons import CouponOffice
from station.errors import ErrorCode, StationError
from station.journal import Cause
from station.ports import Outbox
from station.protection import Protection
from station.spending import Spending, SpendingOffice
from station.version import VERSION
from station.weighed import LabelLayout
from sync.enrol import Enrolment
from sync.spending import NoSpendingOffice
from ui.clock import SystemClock
from ui.folder import default_folder, default_state
from ui.wiring_cards import issuer_keys, make_prover

OWNER_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class Home:
    """The station's folder and what lies where in it.

    ``places`` are where its key may be kept, ``state`` is a folder elsewhere for the second witness.
    ``held`` is what the places gave so far: a TPM takes a second for each answer.
    """

    folder: Path
    places: tuple[KeyPlace, ...] = PLACES
    state: Path = field(default_factory=default_state)
    held: dict[bytes, Held] = field(default_factory=dict, init=False, repr=False, compare=False)

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
        return KeyStore(self.database_key, (self.enrolment, self.journal), self.places, self.held)

    @property
    def settings(self) -> Path:
        """How readers, printer and keyboard are set up (``ui.settings``)."""
        return self.folder / "station.toml"

    @property
    def training(self) -> Path:
        """Training's own folder."""
        return self.folder / "training"

    @property
    def training_mark(self) -> Path:
        """Lies there while training runs; found at the start it says that training never ended: the program was killed, or fell."""
        return self.training / "running"

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
    own: Callable[[], str] = str, coupons: CouponOffice | None = None,
) -> Counter:
    """Return the counter of station ``who`` over ``memory``; it lives on the calling thread.

    Without an ``office`` to ask only what is leased can be spent, without ``coupons`` none of another
    station be found; ``labels`` are those of the shop's scales, ``own`` returns whose membership stands at
    the till. Raises ``StationError`` 4xx.
    """
    database, world = memory.journal.database, make_world(memory)
    spending = Spending(
        LeaseStore(database), HoldStore(database), office or NoSpendingOffice(), world.random)
    prover = None if isinstance(memory.members, NoMembers) else make_prover(memory.issuers, database, who.card_key)
    return Counter(Place(who.station, who.shop, who.shop_name), replace(
        world, spending=spending, prover=prover, labels=labels, own=own, coupons=coupons))


def make_world(memory: Memory) -> World:
    """Return what the counter reaches of ``memory``; it lives on the calling thread."""
    members = LaidOver(memory.members, memory.journal)
    return World(SystemClock(), secrets.token_bytes, members, memory.shelf, memory.packs, memory.journal)


def card_book(memory: Memory) -> LaidOver:
    """Return the cards as they are now: the member book, and over it what this station did since."""
    return LaidOver(memory.members, memory.journal)
