"""The one composition root: builds a station's parts from its folder. No Qt here."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from platformdirs import user_data_path

from data.journal import JournalStore
from data.members import MemberStore
from data.secret_file import read_secret, secret, write_secret
from data.shelf import PackShelf, ShelfStore
from station.counter import Counter, Place, World
from station.errors import ErrorCode, StationError
from station.version import VERSION
from sync.client import HeadOffice, Identity, Link
from sync.enrol import Enrolment, enrol
from sync.signatures import Ed25519Verifier
from sync.worker import StationSync, Stores
from ui.clock import SystemClock

DATABASE_KEY_BYTES = 32
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Home:
    """The station's folder and what lies where in it."""

    folder: Path

    @property
    def journal(self) -> Path:
        """The journal and all that is derived from it, goods and packs."""
        return self.folder / "journal.db"

    @property
    def members(self) -> Path:
        """The member cache."""
        return self.folder / "members.db"

    @property
    def database_key(self) -> Path:
        """The key of both databases."""
        return self.folder / "database.key"

    @property
    def enrolment(self) -> Path:
        """Who this station is, and its private key."""
        return self.folder / "station.json"

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
    return Home(user_data_path("card-station", appauthor=False))


def pair(home: Home, url: str, code: str) -> Paired:
    """Ask in at ``url`` with a one-time ``code`` and keep who we are.

    Raises ``StationError`` 5xx; ``FileExistsError`` when the folder already belongs to a station:
    pairing anew would orphan its unsent sales; ``ValueError`` for plain HTTP beyond this machine,
    because pairing hands over the club's card key.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        message = "head office on another machine must be reached by https"
        raise ValueError(message)
    home.folder.mkdir(parents=True, exist_ok=True)
    if home.enrolment.exists():
        raise FileExistsError(home.enrolment)
    office = HeadOffice(Link(url))
    try:
        paired = Paired(url, enrol(office, code))
    finally:
        office.close()
    write_secret(home.enrolment, msgspec.json.encode(paired))
    return paired


def paired(home: Home) -> Paired:
    """Return who this station is. Raises ``StationError`` NOT_PAIRED."""
    kept = read_secret(home.enrolment)
    if kept is None:
        raise StationError(ErrorCode.NOT_PAIRED)
    return msgspec.json.decode(kept, type=Paired)


@dataclass(frozen=True, slots=True)
class Memory:
    """The station's two files, open for one thread."""

    journal: JournalStore
    members: MemberStore
    shelf: ShelfStore
    packs: PackShelf

    def close(self) -> None:
        """Close both files."""
        try:
            self.journal.close()
        finally:
            self.members.close()


def open_memory(home: Home, who: Enrolment) -> Memory:
    """Open the station's files for the calling thread, made on first use.

    Raises ``StationError`` 4xx.
    """
    key = secret(home.database_key, DATABASE_KEY_BYTES)
    journal = JournalStore(home.journal, key)
    try:
        journal.found(who.station, VERSION, SystemClock().now())
        members = MemberStore(home.members, key, who.card_key)
    except BaseException:
        journal.close()
        raise
    return Memory(journal, members, ShelfStore(journal.database), PackShelf(journal.database))


def make_counter(who: Enrolment, memory: Memory) -> Counter:
    """Return the counter of station ``who`` over ``memory``; it lives on the calling thread."""
    place = Place(who.station, who.shop, who.shop_name)
    return Counter(place, World(
        SystemClock(), secrets.token_bytes, memory.members, memory.shelf, memory.packs, memory.journal))


def sync_opener(home: Home, paired_as: Paired) -> Callable[[], StationSync]:
    """Return what opens a ``StationSync`` with files of its own, in the thread that calls it."""
    def open_sync() -> StationSync:
        who = paired_as.enrolment
        memory = open_memory(home, who)
        office = HeadOffice(Link(paired_as.url), Identity(who.station, who.key))
        stores = Stores(memory.journal, memory.members, memory.shelf, memory.packs, memory.close)
        return StationSync(stores, office, Ed25519Verifier(who.office_key), office.close)
    return open_sync
