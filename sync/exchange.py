"""One exchange with head office, step by step: what the sync thread and ``stationctl sync`` drive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from station.errors import ErrorCode, StationError
from station.ports import (
    BlocksReplica,
    BookInstaller,
    ChosenPins,
    MemberReplica,
    PackStore,
    ShelfReplica,
    StaffReplica,
    Uploads,
    Verifier,
)
from station.protection import Protection
from station.put_aside import AsideBook
from sync.aside import AsideOffice, aside_step
from sync.batches import Sending
from sync.books import BookOffice, BookPull, BookWatch, KeptBook
from sync.pins import PinOffice, pins_step
from sync.pull import Downlink, blocks_step, members_step, pack_step, shelf_step, staff_step
from sync.push import Push, PushResult, Uplink, unsent
from sync.state import BookState
from sync.wire import Welcome

REFUSED = frozenset({
    ErrorCode.PACK_INVALID, ErrorCode.PACK_OLDER, ErrorCode.MEMBERS_INVALID, ErrorCode.MEMBERS_OLDER,
    ErrorCode.FEED_OLDER})
DOUBT_AFTER = 10
"""Rounds of pulling after which the chains are compared again: a station that sells nothing would not notice
that head office was restored from an older backup, and lacks what only this station has."""

_LATER = REFUSED | {
    ErrorCode.SIGNATURE_INVALID, ErrorCode.ANSWER_INVALID, ErrorCode.HEAD_OFFICE_REFUSED,
    ErrorCode.DATABASE_NEWER, ErrorCode.DISK_FULL}
"""What is wrong with members and is told only when goods and rules have come down as well."""


@dataclass(frozen=True, slots=True)
class Course:
    """How many entries a ``batch`` may have now, and what head office said to HELLO last, None before it spoke."""

    batch: int
    welcome: Welcome | None = None


class Sync(Protocol):
    """What the thread drives: opened, used and closed in it. Every method raises ``StationError``."""

    @property
    def members_percent(self) -> int | None:
        """How much of a whole new member book has come down, None while none does."""
        ...

    def book(self) -> BookState | None:
        """Return how the member book in use stands, None where none is kept."""
        ...

    def unsent(self) -> int:
        """Return how many entries are not acknowledged."""
        ...

    def course(self) -> Course:
        """Return how large batches are now, and what head office wishes."""
        ...

    def check_book(self) -> None:
        """Let the next pull ask for a whole member book, night or not."""
        ...

    def push(self) -> PushResult:
        """Send one batch, if there is anything to send."""
        ...

    def pull(self) -> bool:
        """Take one page of what changed; return whether there is more to take."""
        ...

    def close(self) -> None:
        """Close the files and the line."""
        ...


class Office(Uplink, Downlink, BookOffice, PinOffice, AsideOffice, Protocol):
    """Both directions of head office."""


class Members(MemberReplica, BlocksReplica, Protocol):
    """The member book as both feeds see it."""


class People(StaffReplica, ChosenPins, Protocol):
    """Who works here, as both directions see it."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The station's memory as the sync thread has it open; ``close`` closes all of it.

    ``members``, ``books``, ``kept`` and ``staff`` are None where none are kept, because the files are not encrypted.
    ``cards`` are the steps of ``sync.pull_cards``; ``aside`` keeps what head office put aside; ``confirmed``
    takes note that the rule packs are all that head office has.
    """

    uploads: Uploads
    members: Members | None
    shelf: ShelfReplica
    packs: PackStore
    protection: Protection
    close: Callable[[], None]
    books: BookInstaller | None = None
    kept: KeptBook | None = None
    staff: People | None = None
    spending: Callable[[str], bool] | None = None
    cards: tuple[Callable[[], bool], ...] = ()
    aside: AsideBook | None = None
    confirmed: Callable[[], None] | None = None


class StationSync:
    """The ``Sync`` of a station: its stores on one side, head office on the other."""

    def __init__(
        self, stores: Stores, office: Office, verifier: Verifier, close_office: Callable[[], None],
        sending: Sending | None = None, tend: Callable[[], object] | None = None,
    ) -> None:
        """Exchange ``stores`` with ``office``; what is ``sending`` outlives this connection where it is given.

        ``tend`` replaces the station's key when it is due.
        """
        self._stores = stores
        self._office = office
        self._verifier = verifier
        self._close_office = close_office
        self._push = Push(stores.uploads, office, stores.protection, sending, stores.aside)
        self._books = BookPull(stores.books, office, verifier) if stores.books else None
        self._watch = BookWatch(stores.kept) if stores.kept else None
        self._tend = tend
        self._pulled = 0
        self._asked = False
        self._is_time = False
        self._refused: StationError | None = None
        self._steps: tuple[Callable[[], bool], ...] = ()

    @property
    def members_percent(self) -> int | None:
        """How much of a whole new member book has come down, None while none does."""
        return self._books.percent if self._books else None

    def book(self) -> BookState | None:
        """Return how the member book in use stands, None where none is kept."""
        return self._watch.look() if self._watch else None

    def unsent(self) -> int:
        """Return how many entries are not acknowledged."""
        return unsent(self._stores.uploads)

    def course(self) -> Course:
        """Return how large batches are now, and what head office wishes."""
        return Course(self._push.size.entries, self._push.welcome)

    def check_book(self) -> None:
        """Let the next pull ask for a whole member book, night or not."""
        self._asked, self._is_time = False, True

    def push(self) -> PushResult:
        """Send one batch; as ``Push.step``."""
        return self._push.step()

    def pull(self) -> bool:
        """Take one piece or page: blocked cards first of all, members, goods, people, rule packs, what was put aside, keys of cards.

        Returns whether there is more to take. Raises as the steps of ``sync.books`` and ``sync.pull``,
        and begins again with the members after that; what is refused of members is raised last, for
        it must not keep goods and rules from coming down.
        """
        if not self._steps:
            self._pulled += 1
            if self._pulled % DOUBT_AFTER == 0:
                self._push.doubt()
        step, *rest = self._steps or (
            self._blocks, self._spending, self._book, self._members, self._goods, self._people, self._pack, self._key, self._put_aside,
            *self._stores.cards)
        self._steps = ()
        try:
            more = step()
        except StationError as refusal:
            if refusal.code not in _LATER or not rest:
                self._refused = None
                raise
            self._refused, more = self._refused or refusal, False
        self._steps = (step, *rest) if more else tuple(rest)
        refused = self._refused
        if refused and not self._steps:
            self._refused = None
            raise refused
        return bool(self._steps)

    def close(self) -> None:
        """Close the stores and the line."""
        try:
            self._stores.close()
        finally:
            self._close_office()

    def _incarnation(self) -> str:
        return self._stores.uploads.branches()[-1].head().incarnation

    def _book(self) -> bool:
        """Ask for a whole book once, and whenever there is none here; then take it to its end.

        Where there is one, asking waits for the night when head office gave a slot in it.
        """
        members, books, welcome = self._stores.members, self._books, self._push.welcome
        waits = not self._is_time and welcome is not None and welcome.slot_us is not None
        if books is None or members is None or ((self._asked or waits) and books.percent is None and members.cursor()):
            return False
        self._asked = True
        return books.step(self._incarnation())

    def _members(self) -> bool:
        if self._stores.members is None:
            return False
        return members_step(self._stores.members, self._office, self._incarnation())

    def _blocks(self) -> bool:
        return self._stores.members is not None and blocks_step(self._stores.members, self._office)

    def _spending(self) -> bool:
        return self._stores.spending is not None and self._stores.spending(self._incarnation())

    def _goods(self) -> bool:
        return shelf_step(self._stores.shelf, self._office)

    def _people(self) -> bool:
        """Take who works here, then hand up the PINs that were chosen: they are for the people as they are now."""
        staff = self._stores.staff
        return staff is not None and (staff_step(staff, self._office) or pins_step(staff, self._office))

    def _pack(self) -> bool:
        more = pack_step(self._stores.packs, self._office, self._verifier)
        if not more and self._stores.confirmed:
            self._stores.confirmed()
        return more

    def _put_aside(self) -> bool:
        return self._stores.aside is not None and aside_step(self._stores.aside, self._office)

    def _key(self) -> bool:
        if self._tend:
            self._tend()
        return False
