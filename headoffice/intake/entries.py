"""Reading one journal entry: strictly, or not at all. Pure.

A field that is not known here is passed over: the entry's bytes are kept as they came, and a newer
program finds it there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from headoffice.intake.upcast import UPCASTERS, Upcaster, upcast
from station.basket import Basket
from station.card_life import CardChanged, CardIssued, HolderAdded
from station.clock import MINUTES_PER_DAY
from station.enrolling import MemberEnrolled
from station.journal import ENTRY_TYPES, ENTRY_VERSION, Body, Entry
from station.leases import LeaseClosed
from station.matter import AnswersTold, MemberAsked
from station.points import PointsEntry
from station.sale import Sale, SaleReturn
from station.shift import CashMoved, Correction, Reading, Shift, ShiftClosed
from station.telling import MemberTold
from station.totals import Total
from station.unknown_return import UnknownReturn

# Beyond any sum a shop can have or microsecond a clock can show, and far inside 64 bits.
MOST_FIGURE = 10**16
MOST_POINTS_ENTRIES = 100
MOST_TENDERS = 100
MOST_TEXT = 100
MOST_STATION = 24
_INCARNATION = re.compile(r"[0-9a-f]{32}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
# JSON writes it in one way only, and no database of ours can hold it in a text.
_NUL = b"\\u0000"
_BACKSLASH = b"\\\\"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry was found: its name for ever."""

    station: str
    incarnation: str
    seq: int


class NotKnownError(ValueError):
    """The entry is of a version or kind that this program does not know; a newer one may."""


class _Label(msgspec.Struct, frozen=True):
    """What must be known of an entry before the rest can be read."""

    version: int
    kind: str = ""


_LABEL = msgspec.json.Decoder(_Label)
_DOCUMENT = msgspec.json.Decoder(dict[str, Any])
_ENTRY = {kind.value: msgspec.json.Decoder(form) for kind, form in ENTRY_TYPES.items()}


def read_entry(raw: bytes, place: Place, upcasters: Mapping[int, Upcaster] = UPCASTERS) -> Entry[Body]:
    """Return the entry stored as ``raw``, found at ``place``, in the form of today.

    Raises ``NotKnownError`` when its version or kind is not known here, any other ``ValueError``
    with the reason it cannot be posted: it is not the JSON of its version and kind, it names
    another place than its own, or it holds figures no shop can have.
    """
    entry = decode(raw, upcasters)
    if (entry.station, entry.incarnation, entry.seq) != (place.station, place.incarnation, place.seq):
        message = "the entry names another place than its own"
        raise ValueError(message)
    _check(entry)
    return entry


def decode(raw: bytes, upcasters: Mapping[int, Upcaster] = UPCASTERS) -> Entry[Body]:
    """Return the entry stored as ``raw`` without asking whether its figures and its place can be.

    Raises as ``read_entry``.
    """
    if _NUL in raw and _NUL in raw.replace(_BACKSLASH, b""):
        message = "a text holds the character NUL"
        raise ValueError(message)
    try:
        label = _LABEL.decode(raw)
        if label.version != ENTRY_VERSION:
            return decode(_renewed(raw, label.version, upcasters), {})
        if label.kind not in _ENTRY:
            message = f"the kind {label.kind[:MOST_TEXT]!r} is not known here"
            raise NotKnownError(message)
        entry: Entry[Body] = _ENTRY[label.kind].decode(raw)
    except RecursionError as fault:
        message = "the entry is nested too deep"
        raise ValueError(message) from fault
    return entry


def _renewed(raw: bytes, version: int, upcasters: Mapping[int, Upcaster]) -> bytes:
    """Return ``raw`` as this version writes it."""
    if not 0 <= version < ENTRY_VERSION or version not in upcasters:
        message = f"version {version} is not known here"
        raise NotKnownError(message)
    return msgspec.json.encode(upcast(_DOCUMENT.decode(raw), version, ENTRY_VERSION, upcasters))


def _check(entry: Entry[Body]) -> None:
    """Refuse what could not be stored or summed; what is merely wrong is the audit's affair."""
    if not 0 <= entry.at.utc_us <= MOST_FIGURE or abs(entry.at.offset) > MINUTES_PER_DAY:
        message = "the moment is out of all bounds"
        raise ValueError(message)
    _check_texts((entry.actor.person, entry.approver.person if entry.approver else ""))
    match entry.body:
        case Sale() as sale:
            _check_sale(sale)
        case SaleReturn() as back:
            _check_return(back)
        case Shift(number, cashier, business_date, opening_float):
            _check_figures((number, opening_float))
            _check_texts((cashier,))
            _check_date(business_date)
        case CashMoved(shift, amount):
            _check_figures((shift, amount))
        case Correction(shift, of_shift, _, amount):
            _check_figures((shift, of_shift, amount))
        case Reading(shift, number, cash, totals):
            _check_totals((shift, number, cash), totals)
        case ShiftClosed(shift, number, counted, cash, _, totals):
            _check_totals((shift, number, counted or 0, cash), totals)
        case LeaseClosed() | UnknownReturn() | CardIssued() | CardChanged() | MemberEnrolled() | MemberAsked() | HolderAdded() | MemberTold() | AnswersTold() as small:
            _check_small(small)


def _check_enrolled(body: MemberEnrolled) -> None:
    admitted = body.admitted
    _check_figures((
        admitted.pack, admitted.purchase, admitted.spent, admitted.visits, admitted.fee_paid,
        *(each.at_us for each in body.consents)))
    _check_texts((body.tier, body.area, body.referrer, *body.tastes, *admitted.receipts))
    _check_uuid("the member's id", body.member_id)


def _check_small(
    body: LeaseClosed | UnknownReturn | CardIssued | CardChanged | MemberEnrolled | MemberAsked | HolderAdded | MemberTold
    | AnswersTold,
) -> None:
    if isinstance(body, UnknownReturn):
        _check_unknown_return(body)
        return
    if isinstance(body, MemberEnrolled):
        _check_enrolled(body)
    elif isinstance(body, MemberAsked):
        _check_uuid("the question's id", body.ask_id)
        _check_texts((body.member_id,))
    elif isinstance(body, HolderAdded):
        _check_uuid("the holder's id", body.holder_id)
        _check_texts((body.member_id,))
    elif isinstance(body, MemberTold):
        _check_figures((0, *(each.at_us for each in (*body.given, *body.withdrawn))))
        _check_texts((body.member_id,))
    elif isinstance(body, AnswersTold):
        _check_figures([each.answered_us for each in body.answers])
        _check_texts((body.member_id, *(each.ask_id for each in body.answers)))
    elif isinstance(body, LeaseClosed):
        _check_figures((body.left,))
        _check_texts((body.lease_id,))
    elif isinstance(body, CardIssued):
        _check_texts((body.member_id, body.holder))
    else:
        _check_texts((body.member_id,))


def _check_sale(sale: Sale) -> None:
    priced = sale.priced
    _check_figures((
        sale.shift, sale.change, sale.basket.pack, priced.listed, priced.discount, priced.total, priced.tax,
        priced.points, *[line.product.price for line in sale.basket.lines], *[tender.amount for tender in sale.tenders],
        *[use.amount for use in sale.lease_uses]))
    member = sale.basket.member
    _check_texts((
        sale.basket.shop, member.member_id if member else "", *[line.account for line in sale.basket.lines],
        *[tender.account for tender in sale.tenders], *[use.lease_id for use in sale.lease_uses], *sale.reservations))
    _check_proof(sale.basket)
    _check_points(sale.points)
    _check_uuid("the sale id", sale.sale_id)
    _check_date(sale.business_date)


def _check_proof(basket: Basket) -> None:
    """Check who of the family bought, and what was proven beside the card."""
    spender, step_up = basket.spender, basket.step_up
    if spender:
        _check_figures((spender.points_left or 0, spender.value_left or 0))
        _check_texts((spender.holder,))
    if step_up:
        _check_figures((step_up.until_us,))
        _check_texts((step_up.claim_id, step_up.member_id))


def _check_return(back: SaleReturn) -> None:
    _check_figures((
        back.shift, back.seq, back.money, *(tender.amount for tender in back.tenders),
        *(figure for tax in back.taxes for figure in (tax.gross, tax.tax)),
        *(figure for line in back.lines for figure in (line.line, line.quantity, line.balance or 0))))
    _check_texts((back.member_id or "", *(tender.account for tender in back.tenders)))
    if back.elsewhere:
        _check_station(back.elsewhere.station)
        _check_texts((back.elsewhere.receipt,))
        _check_sale(back.elsewhere.sale)
    _check_points(back.points)
    _check_uuid("the return's id", back.return_id)
    _check_uuid("the sale id", back.sale_id)
    _check_date(back.business_date)
    if not _INCARNATION.fullmatch(back.incarnation) or len(back.tenders) > MOST_TENDERS:
        message = f"a return of entry {back.incarnation[:MOST_TEXT]} by {len(back.tenders)} tenders"
        raise ValueError(message)


def _check_unknown_return(back: UnknownReturn) -> None:
    _check_figures((
        back.shift, back.pack, back.money, *(figure for tax in back.taxes for figure in (tax.gross, tax.tax)),
        *(figure for line in back.lines for figure in (line.line, line.quantity, line.product.price))))
    _check_texts((back.receipt, back.reason))
    _check_uuid("the return's id", back.return_id)
    _check_date(back.business_date)


def _check_totals(figures: Iterable[int], totals: Iterable[Total]) -> None:
    _check_figures((*figures, *(each.amount for each in totals)))
    _check_texts((*(each.name for each in totals), ""))


def _check_points(points: Sequence[PointsEntry]) -> None:
    if len(points) > MOST_POINTS_ENTRIES:
        message = f"{len(points)} points entries in one entry"
        raise ValueError(message)
    for each in points:
        _check_figures((each.points,))
        _check_texts((each.key, each.member_id, each.rule))


def _check_figures(figures: Sequence[int]) -> None:
    if max(figures) > MOST_FIGURE or min(figures) < -MOST_FIGURE:
        message = "a figure is out of all bounds"
        raise ValueError(message)


def _check_texts(texts: Sequence[str]) -> None:
    if max(map(len, texts)) > MOST_TEXT:
        message = f"a name or id is longer than {MOST_TEXT} characters"
        raise ValueError(message)


def _check_station(text: str) -> None:
    if len(text) > MOST_STATION:
        message = f"the name of a station is longer than {MOST_STATION} characters"
        raise ValueError(message)


def _check_uuid(what: str, text: str) -> None:
    if not _UUID.fullmatch(text):
        message = f"{what} is not a UUID in its usual form"
        raise ValueError(message)


def _check_date(text: str) -> None:
    if date.fromisoformat(text).isoformat() != text:
        message = "the business date is not YYYY-MM-DD"
        raise ValueError(message)
