"""Training: a station beside the real one, in a folder of its own, that belongs to no head office. No Qt here.

It is made anew from the real station's goods, rules and people each time (``data.training``), under a
name and keys of its own, which are nowhere kept: no other program run can go on with it, and
head office would take nothing from it. Its files are encrypted under a key that only the real
station's key opens.
"""

import base64
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from data.database import ENCRYPTS
from data.files import disk_faults
from data.key_places import KeyPlace
from data.member_file import MemberFile
from data.no_members import NoMembers
from data.sealed import lock, unlock
from data.training import TrainingMembers, copy_shop, first_page, made_up
from station.errors import ErrorCode, StationError
from station.journal import Position
from station.leases import AccountKind
from station.member import Member
from station.protection import Protection
from station.spending import Hold
from station.text import Text
from sync.ed25519 import new_key, public_key
from sync.keys import OwnKeys
from ui.clock import SystemClock
from ui.settings import PrinterSettings, Settings, read_settings
from ui.wiring import OWNER_FOLDER, Home, Memory, Paired, open_memory

MARK = "T-"
"""What the training station's name begins with, and so every number of its receipts."""

STORED_VALUE = 10_000_000
"""Rial on every wallet and gift card of training."""


@dataclass(frozen=True, slots=True)
class StationKeyPlace:
    """``data.key_places.KeyPlace``: keeps a key locked under the database key of the real station, ``outer``."""

    outer: bytes = field(repr=False)
    protection: Protection
    name: str = "the station's key"

    def keep(self, key: bytes) -> str:
        """Return ``key`` locked, in base64."""
        return base64.b64encode(lock(key, self.outer)).decode()

    def give(self, kept: str) -> bytes | None:
        """Return the key, None when it was locked under another one."""
        try:
            return unlock(base64.b64decode(kept, validate=True), self.outer)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Training:
    """The training station: its folder, and who it says it is."""

    home: Home
    who: Paired

    def open(self) -> Memory:
        """Open its files for the calling thread. Raises ``StationError`` 4xx."""
        memory = open_memory(self.home, self.who.enrolment)
        if isinstance(memory.members, NoMembers):
            return memory
        memory.members.close()
        members = TrainingMembers(MemberFile(memory.journal.database), self.who.enrolment.card_key)
        return replace(memory, members=members)


def begin_training(home: Home, who: Paired, real: Memory) -> Training:
    """Make the training station of ``who`` anew, from what ``real`` holds. Raises ``StationError`` 4xx.

    Nothing is written into the real station's files. ``station.toml`` in the training folder stays. Until
    ``end_training`` the folder says that training goes on.
    """
    training = Training(_fresh(home), _named(who))
    memory = training.open()
    try:
        copy_shop(real.journal.database, memory.journal.database)
        if isinstance(memory.members, TrainingMembers):
            head = memory.journal.head()
            memory.members.apply(first_page(made_up(_tiers(memory)), Position(head.incarnation, head.seq)))
    finally:
        memory.close()
    with disk_faults(training.home.folder):
        home.training_mark.touch()
    return training


def end_training(home: Home) -> None:
    """Empty the training folder of the station in ``home``: what was practised is over. Raises ``StationError`` 4xx."""
    _fresh(home)


def _fresh(home: Home) -> Home:
    """Return the emptied training folder inside ``home``."""
    folder = home.training
    with disk_faults(folder):
        folder.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
        for each in folder.iterdir():
            if each.is_dir():
                shutil.rmtree(each)
            elif each.name != home.settings.name:
                each.unlink()
    held = home.keys.held() if ENCRYPTS else None
    places: tuple[KeyPlace, ...] = (StationKeyPlace(held.key, held.protection),) if held else ()
    return Home(folder, places, folder / "state")


def _named(who: Paired) -> Paired:
    """Return who trains: marked as such wherever the shop's name stands, and with keys nobody knows."""
    key, shop = new_key(), who.enrolment.shop_name
    return Paired("", replace(
        who.enrolment, station=f"{MARK}{who.enrolment.station}", own=OwnKeys(key), first=public_key(key), ca="",
        shop_name=Text(f"آموزشی · {shop.fa}", f"TRAINING · {shop.en}")))


def _tiers(memory: Memory) -> Sequence[str]:
    """Return the ids of the tiers of the rules in force, lowest first; none before there are rules."""
    try:
        pack = memory.packs.current(SystemClock().now().utc_us)
    except StationError as fault:
        if fault.code is not ErrorCode.PACK_MISSING:
            raise
        return ()
    return [tier.id for tier in sorted(pack.tiers, key=lambda tier: tier.rank)]


def training_printer(training: Training, real: Settings) -> PrinterSettings:
    """Return the printer of training: its own if its folder names one, else the real one; the drawer stays shut.

    Raises ``ValueError`` when its settings are not understood.
    """
    own = read_settings(training.home.settings).printer if training.home.settings.exists() else real.printer
    return msgspec.structs.replace(own, drawer=False)


class TrainingOffice:
    """``station.spending.SpendingOffice``: what head office would say, if all were real."""

    def __init__(self, member: Callable[[str], Member | None]) -> None:
        """Ask ``member`` for the points of somebody."""
        self._member = member

    def available(self, kind: AccountKind, account: str) -> int:
        """Return the member's points, or as much stored value as everybody has."""
        if kind is not AccountKind.POINTS:
            return STORED_VALUE
        member = self._member(account)
        return member.points if member else 0

    def reserve(self, hold: Hold) -> None:
        """Set aside what is there. Raises ``StationError`` SPENDING_SHORT (``available``)."""
        available = self.available(hold.kind, hold.account)
        if hold.amount > available:
            raise StationError(ErrorCode.SPENDING_SHORT, available=available)
