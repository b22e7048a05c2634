"""The part of the composition root that has to do with the lines to head office, and what goes over them.

It loads what signs, packs and speaks HTTP, so the counter has it loaded late (``ui.late``).
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import msgspec

from data.aside import AsideStore
from data.holds import HoldStore
from data.leases import LeaseStore
from data.no_members import NoMembers
from data.sealed import lock
from data.secret_file import write_secret
from data.snapshot import BookFiles
from station.journal import Draft, EntryKind
from station.leases import LeaseClosed
from station.people import SYSTEM
from station.ports import Verifier
from sync.batches import Sending, beside
from sync.benefits import OnlineBenefits
from sync.books import sealing_key
from sync.claims import OnlineClaims
from sync.client import HeadOffice, Link, OfficeKey
from sync.coupons import OnlineCoupons
from sync.door import HeadOfficeDoor
from sync.enrol import Enrolment, enrol
from sync.exchange import StationSync, Stores
from sync.key_holder import OnlineKeyHolder
from sync.keys import Identity, KeyCare, OwnKeys
from sync.leases import LeaseStep, SpendingStores
from sync.phones import PhoneLinks
from sync.returns import OnlineReturns
from sync.spending import ANSWER_S, CONNECT_S, READ_S, OnlineSpending
from ui.clock import SystemClock
from ui.wiring import OWNER_FOLDER, Home, Memory, Paired, keep_pairing, open_memory, paired
from ui.wiring_cards import card_steps

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


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
    return _brief(home, paired_as)[0]


def _brief(home: Home, paired_as: Paired) -> tuple[HeadOffice, OfficeKey]:
    """Return that, and head office's key as it is believed."""
    ring = EnrolmentRing(home)
    who = ring.who()
    link = Link(paired_as.url, who.ca, CONNECT_S, READ_S, ANSWER_S)
    believed = OfficeKey(who.office_key, ring.keep_office)
    return HeadOffice(link, ring.identity(), believed, look=ring.identity), believed


def spending_office(home: Home, paired_as: Paired) -> OnlineSpending:
    """Return head office as the counter asks it about spending, briefly."""
    return OnlineSpending(brief_office(home, paired_as), time.monotonic)


def benefits_office(home: Home, paired_as: Paired) -> OnlineBenefits:
    """Return head office as the counter asks it for a member's own report, briefly."""
    return OnlineBenefits(brief_office(home, paired_as))


def coupon_office(home: Home, paired_as: Paired) -> OnlineCoupons:
    """Return head office as the counter asks it for a coupon of another station, briefly."""
    return OnlineCoupons(brief_office(home, paired_as), time.monotonic)


def returns_office(home: Home, paired_as: Paired) -> OnlineReturns:
    """Return head office as the counter asks it about sales whose goods come back, briefly."""
    office, believed = _brief(home, paired_as)
    return OnlineReturns(office, believed, time.monotonic)


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
            card_steps(memory.issuers, memory.journal.database, office, believed) if members else (), AsideStore(memory.journal.database),
            lambda: memory.packs.confirm(office.now_us()))
        return StationSync(stores, office, believed, office.close, sending, tend)
    return open_sync


def phone_links(home: Home, paired_as: Paired) -> PhoneLinks:
    """Return head office as the counter asks it to make a phone a card, briefly."""
    return PhoneLinks(brief_office(home, paired_as))


def key_holder(home: Home, paired_as: Paired) -> OnlineKeyHolder:
    """Return head office as the holder of the cards' keys, over a line of its own; to be closed."""
    return OnlineKeyHolder(brief_office(home, paired_as), paired_as.enrolment.card_key, time.monotonic)
