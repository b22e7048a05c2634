"""Coupons over all stations: noted in the transaction that posts, told in the member feed, and each use looked at.

A station knows its own coupons at once, and those of members by the feed. Within the feed's delay, or
without a line, two stations may take the same coupon: both sales stand, and the one that is posted
later is flagged. A sale that was voided used nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper

from headoffice.audit.recompute import Breach
from headoffice.audit.review import DIFFERENCE, MOST_DETAIL
from headoffice.clock import MICROSECONDS, now_us
from headoffice.feeds.versions import members_changed
from headoffice.ledger.rows import columns, found, insert
from headoffice.ledger.steps import Step
from station.coupons import CouponDeed, CouponNote, GivenCoupon, coupon_number, notes_of, standing
from station.journal import Body, Entry
from station.sale import Sale, SaleReturn

TABLE = "coupons_note"
COLUMNS = columns("code station incarnation deed member promotion last_day", "seq number at_us")

_VOID = (
    "FROM ledger_salereturn AS back WHERE back.station = {0}.station AND back.sale_incarnation = {0}.incarnation"
    " AND back.sale_seq = {0}.seq AND back.cause = 'VOID'")
_OF_NOTE, _OF_OTHER = _VOID.format("note"), _VOID.format("other")
_STANDING = f"""
    SELECT code, deed, member, promotion, last_day, station, incarnation, seq, at_us,
        (SELECT min(back.incarnation) {_OF_NOTE}), (SELECT min(back.seq) {_OF_NOTE})
    FROM coupons_note AS note WHERE code IN ({{keys}}) ORDER BY at_us, station, incarnation, seq"""  # noqa: S608 - our names
OPEN = f"""
    SELECT given.member, given.code, given.promotion, given.last_day FROM coupons_note AS given {{join}}
    WHERE given.deed = 'GIVEN' AND given.last_day >= {{since}} AND {{whose}} AND NOT EXISTS (
        SELECT 1 FROM coupons_note AS other WHERE other.code = given.code
        AND (other.deed = 'ENDED' OR other.deed = 'USED' AND NOT EXISTS (SELECT 1 {_OF_OTHER})))
    ORDER BY given.member, given.code"""  # noqa: S608 - our names
"""The open coupons of members (``whose``) that are not over before a day (``since``); ``join`` may say who is meant."""

_OPEN_OF = OPEN.format(join="", since="%s", whose="given.member IN ({keys})")

Place = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class _Held:
    """A note as it is held, where its entry lies, and the void of that sale ("" and 0: none)."""

    note: CouponNote
    place: Place
    at_us: int
    voided: tuple[str, int]

    def is_before(self, place: Place) -> bool:
        """Whether this was posted before the entry at ``place``, which was posted just now."""
        return self.place[:2] != place[:2] or self.place[2] < place[2]

    def is_void(self, place: Place) -> bool:
        """Whether it was voided before the entry at ``place``."""
        incarnation, seq = self.voided
        return bool(seq) and ((self.place[0], incarnation) != place[:2] or seq < place[2])

    def words(self) -> str:
        """Name the entry."""
        station, incarnation, seq = self.place
        return f"entry {seq} of {station}/{incarnation}"


def note(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """Keep what ``entries``, just posted in ``step``, did to coupons; flag uses that ought not to have been."""
    noted = [(entry, each) for entry in entries if isinstance(entry.body, Sale | SaleReturn) for each in notes_of(entry.body)]
    insert(cursor, TABLE, COLUMNS, [
        (each.code, entry.station, entry.incarnation, each.deed.value, each.member_id, each.promotion, each.last_day,
         entry.seq, stored(coupon_number(each.code)), entry.at.utc_us) for entry, each in noted])
    used = [(entry, each) for entry, each in noted if each.deed is CouponDeed.USED]
    held = _held(cursor, {each.code for _, each in used})
    wrong: dict[int, list[str]] = {}
    for entry, each in used:
        wrong.setdefault(entry.seq, []).extend(_wrong(entry, each, held[each.code]))
    insert(cursor, "audit_difference", DIFFERENCE, [
        (entry.station, entry.incarnation, Breach.COUPON.value, entry.body.sale_id, "; ".join(wrong[entry.seq])[:MOST_DETAIL],
         entry.seq, step.at_us)
        for entry in entries if isinstance(entry.body, Sale) and wrong.get(entry.seq)])


def drop(cursor: CursorWrapper) -> None:
    """Drop what follows from the journals, before a rebuild."""
    cursor.execute("DELETE FROM coupons_note")


def rebuilt(cursor: CursorWrapper) -> None:
    """Put the members who were given coupons that are not over on top of their feed, after a rebuild."""
    cursor.execute(
        "SELECT DISTINCT member FROM coupons_note WHERE deed = 'GIVEN' AND member <> '' AND last_day >= %s", [since()])
    members_changed(cursor, {member: "" for member, in cursor.fetchall()})


def open_of(members: Collection[str]) -> Mapping[str, Sequence[GivenCoupon]]:
    """Return the open coupons of ``members``, by member, in order of their codes."""
    told: dict[str, list[GivenCoupon]] = {}
    with connection.cursor() as cursor:
        for member, code, promotion, last_day in found(cursor, _OPEN_OF, [(member,) for member in members], since()):
            told.setdefault(member, []).append(GivenCoupon(code, promotion, last_day, member))
    return told


def called(number: str) -> Sequence[GivenCoupon]:
    """Return the coupons with this printed number, as far as their stations sent what they did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT code FROM coupons_note WHERE number = %s", [stored(number)])
        held = _held(cursor, {code for code, in cursor.fetchall()})
    return standing((each.note for notes in held.values() for each in notes if not each.voided[1]), (), frozenset())


def since() -> str:
    """Return the first day that is today, or still to come, anywhere on earth: a coupon that ended before it is over."""
    now = datetime.fromtimestamp(now_us() / MICROSECONDS, UTC)
    return (now - timedelta(days=1)).date().isoformat()


def stored(number: str) -> int:
    """Return a printed number as it is stored: its digits."""
    return int(number[1:])


def _held(cursor: CursorWrapper, codes: Collection[str]) -> dict[str, list[_Held]]:
    held: dict[str, list[_Held]] = {}
    for code, deed, member, promotion, last_day, station, incarnation, seq, at_us, voided_by, voided_at in found(
            cursor, _STANDING, [(code,) for code in sorted(codes)]):
        held.setdefault(code, []).append(_Held(
            CouponNote(CouponDeed(deed), code, member, promotion, last_day), (station, incarnation, seq), at_us,
            (voided_by or "", voided_at or 0)))
    return held


def _wrong(entry: Entry[Body], use: CouponNote, held: Sequence[_Held]) -> Iterator[str]:
    """Yield what is wrong with the ``use`` of a coupon in ``entry``, by all notes that are ``held`` of it."""
    place = (entry.station, entry.incarnation, entry.seq)
    before = [each for each in held if each.is_before(place)]
    given = next((each.note for each in before if each.note.deed is CouponDeed.GIVEN), None)
    if given is None:
        yield "no sale gave this coupon"
    elif (given.promotion, given.last_day) != (use.promotion, use.last_day):
        yield f"given for {given.promotion} through {given.last_day}"
    elif given.member_id not in ("", use.member_id):
        yield "given to another member"
    for each in before:
        if each.note.deed is CouponDeed.USED and not each.is_void(place):
            yield f"{each.words()} used it"
        elif each.note.deed is CouponDeed.ENDED and each.at_us < entry.at.utc_us:
            yield f"{each.words()} took its sale back"
