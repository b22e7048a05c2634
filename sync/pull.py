"""What comes down: members, goods and the rule pack, one page a step; the cursor is kept with the page."""

import base64
import binascii
from dataclasses import dataclass
from typing import Protocol

from station.bonus import Birth
from station.card import CardLink
from station.card_life import Holder
from station.coupons import GivenCoupon
from station.errors import ErrorCode, StationError
from station.feed import BlocksPage, MemberPage, MemberRecord, ShelfPage, ShelfRecord, StaffPage, Stamp
from station.journal import Position
from station.member import Member
from station.pack import Pack
from station.people import StaffRecord
from station.ports import BlocksReplica, MemberReplica, PackStore, ShelfReplica, StaffReplica, Verifier
from station.told import NOTHING_TOLD
from sync import wire_feeds
from sync.documents import read_pack


class _Page(Protocol):
    """What all pages have."""

    @property
    def cursor(self) -> str: ...

    @property
    def more(self) -> bool: ...


class Downlink(Protocol):
    """The part of head office that hands down."""

    def members_page(self, cursor: str, incarnation: str) -> wire_feeds.MembersPage:
        """Return the page of the member feed after ``cursor``."""
        ...

    def blocks_page(self, cursor: str) -> wire_feeds.BlocksPage:
        """Return the page of the block list after ``cursor``."""
        ...

    def shelf_page(self, cursor: str) -> wire_feeds.ShelfPage:
        """Return the page of the goods feed after ``cursor``."""
        ...

    def staff_page(self, cursor: str) -> wire_feeds.StaffPage:
        """Return the page of the staff feed after ``cursor``."""
        ...

    def next_pack(self, after: int) -> wire_feeds.NextPack:
        """Return the next rule pack above number ``after`` that is or will be in force."""
        ...


def members_step(replica: MemberReplica, office: Downlink, incarnation: str) -> bool:
    """Take one page of members as ``incarnation`` may count it; return whether more are waiting.

    Raises ``StationError`` ANSWER_INVALID when the feed does not move on, MEMBERS_OLDER when head
    office stands behind what is held, or a fault of the line.
    """
    cursor = replica.cursor()
    page = office.members_page(cursor, incarnation)
    _require_progress(cursor, page)
    replica.apply(MemberPage(
        cursor=page.cursor,
        projected=Position(incarnation, page.projected),
        changed=tuple(_record(change) for change in page.changes if not change.gone),
        gone=tuple(change.member_id for change in page.changes if change.gone),
        stamp=Stamp(page.version, page.taken_us),
        last=not page.more,
    ))
    return page.more


def shelf_step(replica: ShelfReplica, office: Downlink) -> bool:
    """Take one page of goods; return whether more are waiting. Raises as ``members_step``."""
    cursor = replica.cursor()
    page = office.shelf_page(cursor)
    _require_progress(cursor, page)
    replica.apply(ShelfPage(
        cursor=page.cursor,
        version=page.version,
        changed=tuple(
            ShelfRecord(change.product, change.barcodes, tuple((each.from_us, each.product) for each in change.planned))
            for change in page.changes if change.product is not None),
        gone=tuple(change.product_id for change in page.changes if change.product is None),
    ))
    return page.more


def blocks_step(replica: BlocksReplica, office: Downlink) -> bool:
    """Take one page of the block list; return whether more are waiting. Raises as ``members_step``, FEED_OLDER for older."""
    cursor = replica.blocks_cursor()
    page = office.blocks_page(cursor)
    _require_progress(cursor, page)
    replica.block(BlocksPage(
        page.cursor, page.version, tuple((each.hash, each.member_id, each.status) for each in page.changes)))
    return page.more


def staff_step(replica: StaffReplica, office: Downlink) -> bool:
    """Take one page of people; return whether more are waiting. Raises as ``blocks_step``."""
    cursor = replica.cursor()
    page = office.staff_page(cursor)
    _require_progress(cursor, page)
    replica.apply(StaffPage(
        cursor=page.cursor,
        version=page.version,
        changed=tuple(
            StaffRecord(change.staff_id, change.name, change.role, change.badge, change.pin, change.must_change,
                        change.resets, change.member_id)
            for change in page.changes if change.role is not None),
        gone=tuple(change.staff_id for change in page.changes if change.role is None),
    ))
    return page.more


def pack_step(store: PackStore, office: Downlink, verifier: Verifier) -> bool:
    """Install the next rule pack that is or will be in force; return whether there was one, and perhaps more.

    Raises ``StationError`` PACK_OLDER when head office knows no pack as high as ours, ANSWER_INVALID when
    it is not above ours, or as ``proven_pack``, or a fault of the line; the packs that are kept then
    stay as they are.
    """
    held = store.number()
    answer = office.next_pack(held)
    signed = answer.pack
    if answer.highest < held:
        raise StationError(ErrorCode.PACK_OLDER, pack=answer.highest, held=held)
    if signed is None:
        return False
    if signed.number <= held:
        raise StationError(ErrorCode.ANSWER_INVALID, pack=signed.number)
    proven = proven_pack(signed, verifier)
    store.install(proven.pack, proven.document, proven.signature)
    return True


@dataclass(frozen=True, slots=True)
class ProvenPack:
    """A rule pack, read from ``document``, whose ``signature`` is head office's."""

    pack: Pack
    document: bytes
    signature: bytes


def proven_pack(signed: wire_feeds.SignedPack, verifier: Verifier) -> ProvenPack:
    """Return the rule pack that was handed down as ``signed``; the signature is checked before anything in it is looked at.

    Raises ``StationError`` SIGNATURE_INVALID when it is not head office's, PACK_INVALID (``reason``: path,
    value, what was expected) when it is not a pack, ANSWER_INVALID when it is another than it is said to be.
    """
    try:
        document = base64.b64decode(signed.document, validate=True)
        signature = base64.b64decode(signed.signature, validate=True)
    except binascii.Error:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="base64") from None
    if not verifier.verify(signature, document):
        raise StationError(ErrorCode.SIGNATURE_INVALID, pack=signed.number)
    try:
        pack = read_pack(document)
    except ValueError as error:
        raise StationError(ErrorCode.PACK_INVALID, pack=signed.number, reason=str(error)) from error
    if pack.number != signed.number:  # the number beside the document is not signed
        raise StationError(ErrorCode.ANSWER_INVALID, pack=signed.number)
    return ProvenPack(pack, document, signature)


def _require_progress(cursor: str, page: _Page) -> None:
    if page.more and page.cursor == cursor:
        raise StationError(ErrorCode.ANSWER_INVALID, reason="cursor")


def _record(change: wire_feeds.MemberChange) -> MemberRecord:
    birth, told = change.birth, change.told
    member = Member(
        change.member_id, change.name, change.phone, change.tier, change.points, change.last_visit,
        change.segments, Birth(birth.calendar, birth.month, birth.day) if birth else None, change.purchases,
        NOTHING_TOLD.after(told.tastes, told.area, told.agreed, ()) if told else NOTHING_TOLD, change.answers)
    return MemberRecord(
        member, tuple(CardLink(card.hash, card.status, card.holder) for card in change.cards),
        tuple(Holder(each.holder_id, each.name, each.points_per_day, each.value_per_day) for each in change.holders),
        tuple(GivenCoupon(each.code, each.promotion, each.last_day, change.member_id) for each in change.coupons))
