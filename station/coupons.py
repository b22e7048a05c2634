"""Coupons that a sale gave for a later visit: what they are called on paper, and whether they may still be used. Pure.

The sale names a coupon by a long code of its own (``station.priced.IssuedCoupon``). Printed is a
number made of that, short enough to be typed; so whoever has the sale has the number, and nobody
else can make one: the sale's id holds 74 random bits.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from station.basket import Coupon
from station.errors import ErrorCode, StationError
from station.sale import Sale, SaleReturn

LEAD = "C"
"""What a scanned coupon begins with: no barcode of goods has a letter."""

_DIGITS = 11
_MARK = b"card-station coupon "
_SCANNED = re.compile(r"[Cc]-?([0-9]{4})-?([0-9]{4})-?([0-9]{4})", re.ASCII)
_TYPED = re.compile(r"[Ccز]?([0-9]{12})", re.ASCII)
"""The letter may be missing, or what a Persian keyboard makes of its key."""
_GAPS = re.compile(r"[\s\u200e\u200f-]+")


class CouponDeed(StrEnum):
    """What became of a coupon: a sale gave it, a sale used it, a return ended it unless it was used."""

    GIVEN = "GIVEN"
    USED = "USED"
    ENDED = "ENDED"


class CouponState(StrEnum):
    """OPEN: it may be used. USED wins over ENDED: a coupon that was used stays so whatever comes back."""

    OPEN = "OPEN"
    USED = "USED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class CouponNote:
    """One deed to the coupon ``code``. ``member_id`` is whose sale it was, "" for nobody's.

    GIVEN and USED name the ``promotion`` it opens and its ``last_day``; ENDED leaves them "".
    """

    deed: CouponDeed
    code: str
    member_id: str
    promotion: str = ""
    last_day: str = ""


@dataclass(frozen=True, slots=True)
class GivenCoupon:
    """A coupon that opens ``promotion`` through ``last_day``, for ``member_id`` alone, or for whoever brings it ("")."""

    code: str
    promotion: str
    last_day: str
    member_id: str = ""
    state: CouponState = CouponState.OPEN

    @property
    def shown(self) -> Coupon:
        """The same as a basket holds it."""
        return Coupon(self.code, self.promotion, self.last_day)


class CouponOffice(Protocol):
    """Head office as it is asked for coupons of other stations."""

    def called(self, number: str) -> Sequence[GivenCoupon]:
        """Return the coupons with this printed number, with what became of them. Raises ``StationError`` 5xx."""
        ...


def coupon_number(code: str) -> str:
    """Return what is printed of the coupon ``code``: C, 11 digits of its SHA-256, a check digit (ISO 7064, MOD 11,10)."""
    digest = int.from_bytes(hashlib.sha256(_MARK + code.encode()).digest(), "big")
    body = f"{digest % 10**_DIGITS:0{_DIGITS}}"
    return f"{LEAD}{body}{_check_digit(body)}"


def grouped(number: str) -> str:
    """Return a coupon's number as it is read by people: C-1234-5678-9012."""
    return "-".join((number[0], *(number[start:start + 4] for start in range(1, len(number), 4))))


def read_coupon(text: str) -> str | None:
    """Return the coupon's number that ``text`` is (ASCII digits), as a scanner sends it or people write it, or None."""
    found = _SCANNED.fullmatch(text.strip())
    return _proven("".join(found.groups())) if found else None


def read_typed_coupon(text: str) -> str | None:
    """Return the coupon's number that was typed (ASCII digits) where a coupon is asked for, or None."""
    found = _TYPED.fullmatch(_GAPS.sub("", text))
    return _proven(found[1]) if found else None


def _proven(digits: str) -> str | None:
    return f"{LEAD}{digits}" if _check_digit(digits[:-1]) == digits[-1] else None


def _check_digit(digits: str) -> str:
    """Return the check digit by ISO 7064, MOD 11,10: it finds every wrong digit and nearly every swap."""
    held = 10
    for digit in digits:
        held = ((held + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - held) % 10)


def notes_of(body: Sale | SaleReturn) -> tuple[CouponNote, ...]:
    """Return what a sale or a return did to coupons, one note a coupon: it was used where it was shown and its promotion given."""
    if isinstance(body, SaleReturn):
        return tuple(CouponNote(CouponDeed.ENDED, code, body.member_id or "") for code in dict.fromkeys(body.coupons))
    member = member_of(body)
    given = (CouponNote(CouponDeed.GIVEN, each.code, member, each.promotion, each.last_day) for each in body.priced.coupons)
    used = (CouponNote(CouponDeed.USED, each.code, member, each.promotion, each.last_day) for each in used_in(body))
    return tuple({note.code: note for note in (*given, *used)}.values())


def member_of(sale: Sale) -> str:
    """Return the id of the member whose sale it was, "" for nobody's."""
    return sale.basket.member.member_id if sale.basket.member else ""


def used_in(sale: Sale) -> tuple[Coupon, ...]:
    """Return the given coupons that ``sale`` uses up."""
    return tuple(each for each in sale.basket.coupons if each.promotion in sale.priced.applied)


def standing(notes: Iterable[CouponNote], fed: Iterable[GivenCoupon], counted: frozenset[str]) -> tuple[GivenCoupon, ...]:
    """Return the coupons of this station's ``notes`` and of the member book (``fed``, all open there), with their state.

    ``counted`` are the codes of those given here of which the book ought to know: one of a member
    that is not in it was used at another station. Of one that was given elsewhere and used here it is
    known at least that it was used.
    """
    given = {each.code: each for each in fed}
    open_there = frozenset(given)
    deeds: dict[str, set[CouponDeed]] = {}
    for note in notes:
        deeds.setdefault(note.code, set()).add(note.deed)
        if note.deed is not CouponDeed.ENDED:
            owner = note.member_id if note.deed is CouponDeed.GIVEN else ""
            given.setdefault(note.code, GivenCoupon(note.code, note.promotion, note.last_day, owner))
    return tuple(
        GivenCoupon(each.code, each.promotion, each.last_day, each.member_id,
                    _state(deeds.get(each.code, set()), missing=bool(
                        each.member_id and each.code in counted and each.code not in open_there)))
        for each in given.values())


def _state(deeds: set[CouponDeed], *, missing: bool) -> CouponState:
    if CouponDeed.USED in deeds:
        return CouponState.USED
    if CouponDeed.ENDED in deeds:
        return CouponState.ENDED
    return CouponState.USED if missing else CouponState.OPEN


def usable(found: Sequence[GivenCoupon], member_id: str, day: str) -> GivenCoupon:
    """Return the one of ``found`` that ``member_id`` ("" for nobody) may use on local ``day``.

    Two coupons may have one number by chance. Raises ``StationError`` COUPON_UNKNOWN when there is
    none, COUPON_OF_ANOTHER, COUPON_USED, COUPON_ENDED, COUPON_OVER (``day``: the last one).
    """
    fault = StationError(ErrorCode.COUPON_UNKNOWN)
    for each in found:
        wrong = _fault(each, member_id, day)
        if wrong is None:
            return each
        fault = wrong
    raise fault


def open_on(found: Iterable[GivenCoupon], day: str) -> tuple[GivenCoupon, ...]:
    """Return those of ``found`` that may be used on local ``day``, the one that ends first first."""
    good = (each for each in found if each.state is CouponState.OPEN and each.last_day >= day)
    return tuple(sorted(good, key=lambda each: (each.last_day, each.code)))


def with_given(coupons: tuple[Coupon, ...], given: GivenCoupon) -> tuple[Coupon, ...]:
    """Return the ``coupons`` of a basket with ``given``; one that is there already changes nothing.

    A promotion is given once a sale, so a second coupon for it would be spent in vain: ``StationError`` COUPON_TWICE.
    """
    shown = given.shown
    if shown in coupons:
        return coupons
    if any(each.promotion == shown.promotion for each in coupons):
        raise StationError(ErrorCode.COUPON_TWICE)
    return (*coupons, shown)


def check_used(sale: Sale, called: Callable[[str], Sequence[GivenCoupon]]) -> None:
    """Check that each given coupon ``sale`` uses may be used now: another basket may have used it meanwhile.

    ``called`` returns the coupons with a printed number that are known here; of another one head
    office said that it may. Raises ``StationError`` as ``usable``.
    """
    for each in used_in(sale):
        found = [given for given in called(coupon_number(each.code)) if given.code == each.code]
        if found:
            usable(found, member_of(sale), sale.basket.opened.date)


def find_coupon(number: str, called: Callable[[str], Sequence[GivenCoupon]], office: CouponOffice | None) -> Sequence[GivenCoupon]:
    """Return the coupons with a printed ``number`` that are known here; head office is asked when there is none.

    Raises ``StationError`` COUPON_ELSEWHERE when it cannot be asked.
    """
    found = called(number)
    if found:
        return found
    if office is None:
        raise StationError(ErrorCode.COUPON_ELSEWHERE)
    try:
        return office.called(number)
    except StationError as fault:
        raise StationError(ErrorCode.COUPON_ELSEWHERE) from fault


def _fault(coupon: GivenCoupon, member_id: str, day: str) -> StationError | None:
    if coupon.member_id not in ("", member_id):
        return StationError(ErrorCode.COUPON_OF_ANOTHER)
    if coupon.state is CouponState.USED:
        return StationError(ErrorCode.COUPON_USED)
    if coupon.state is CouponState.ENDED:
        return StationError(ErrorCode.COUPON_ENDED)
    if coupon.last_day < day:
        return StationError(ErrorCode.COUPON_OVER, day=coupon.last_day)
    return None
