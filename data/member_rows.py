"""Members as rows of a member file, as small as they go: a shop may hold ten million cards.

- An id that is a UUID is its 16 bytes, any other the text it is.
- A member's row ends with the hashes of the cards, 8 bytes each, so that a change of the member
  finds the old cards without an index.
- Phones are stored backwards: one index then finds a whole phone and the last four digits.
- A name is stored from each of its words on (``station.search.starts``), one byte a letter, so that
  a search is one walk along the table's own key.
"""

import re
from collections.abc import Iterable, Sequence
from struct import pack, unpack

import msgspec

from data.database import Row
from data.own_coupons import number_stored
from station.bonus import Birth
from station.card import CardStatus
from station.card_life import Holder
from station.coupons import GivenCoupon, coupon_number
from station.dates import Calendar
from station.member import Member
from station.search import fold, starts
from station.told import AGREEMENTS, NOTHING_TOLD, Agreement, Told

STATUSES = (
    CardStatus.ACTIVE, CardStatus.BLOCKED, CardStatus.LOST, CardStatus.REPLACED, CardStatus.EXPIRED)
"""What a card's number of status means; 0 takes no room in a row."""

CALENDARS = (Calendar.JALALI, Calendar.GREGORIAN)
MEMBER_FIELDS = (
    "m.member_id, p.name, p.phone, m.tier, m.points, m.last_visit, m.segments, p.birth, m.purchases, m.told")
"""The columns that ``member`` reads, of ``member AS m`` and ``person AS p``."""

_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_ESCAPE = b"\xff"
_AFTER_ALL = b"\xff\xff"  # no UTF-8 byte is as high, so nothing that is written sorts behind it
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_CODE_OF = {status: code for code, status in enumerate(STATUSES)}
_SEGMENTS = msgspec.json.Decoder(tuple[str, ...])
_TOLD = msgspec.json.Decoder(tuple[int, str, tuple[str, ...], tuple[str, ...]])
_MONTH, _CALENDAR = 100, 10_000

Id = bytes | str


class _Codes(dict[int, str]):
    """The bytes of each letter, as characters of Latin-1; those of another script are made when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = made = (_ESCAPE + chr(code).encode()).decode("latin-1")
        return made


_CODES = _Codes({ord(letter): chr(code) for code, letter in enumerate(_LETTERS, 1)})


def id_stored(member_id: str) -> Id:
    """Return ``member_id`` as it is stored."""
    return bytes.fromhex(member_id.replace("-", "")) if _UUID.fullmatch(member_id) else member_id


def id_read(stored: Id) -> str:
    """Return the id that is ``stored``."""
    if isinstance(stored, str):
        return stored
    return f"{stored[:4].hex()}-{stored[4:10].hex('-', 2)}-{stored[10:].hex()}"


def status_stored(status: CardStatus) -> int:
    """Return the number of ``status``."""
    return _CODE_OF[status]


def hashes_stored(hashes: Sequence[int]) -> bytes:
    """Return the hashes of a member's cards in one value."""
    return pack(f">{len(hashes)}Q", *hashes)


def hashes_read(stored: bytes) -> tuple[int, ...]:
    """Return the hashes in ``stored``."""
    return unpack(f">{len(stored) // 8}Q", stored)


def text_stored(folded: str) -> bytes:
    """Return a folded text, one byte a letter; a letter of another script is 255 and its UTF-8."""
    return folded.translate(_CODES).encode("latin-1")


def texts_from(beginning: str) -> tuple[bytes, bytes]:
    """Return between which stored texts those with this ``beginning`` lie; the second is none of them."""
    stored = text_stored(beginning)
    return stored, stored + _AFTER_ALL


def starts_stored(name: str) -> list[bytes]:
    """Return where ``name`` stands in the table of names."""
    return list(dict.fromkeys(map(text_stored, starts(fold(name)))))


def member_row(member: Member, hashes: Sequence[int], person: int | None) -> Row:
    """Return the row of table ``member``, which tells nobody who it is; ``hashes`` are those of the cards."""
    return (
        id_stored(member.member_id), member.tier, member.points, member.purchases, member.last_visit or None,
        msgspec.json.encode(member.segments) if member.segments else None, hashes_stored(hashes), person,
        _told_stored(member))


def person_row(member: Member) -> Row | None:
    """Return the row of table ``person`` without its number, or None: nothing is known of who it is.

    What changes with each purchase is not in it, so that a change seldom touches it.
    """
    birth = member.birth
    stored = birth and CALENDARS.index(birth.calendar) * _CALENDAR + birth.month * _MONTH + birth.day
    row = (member.name, member.phone[::-1], stored)
    return (id_stored(member.member_id), *row) if any(row) else None


def holder_row(holder: Holder, member_id: Id) -> Row:
    """Return the row of table ``holder``."""
    return (member_id, holder.holder_id, holder.name, holder.points_per_day, holder.value_per_day)


def coupon_row(coupon: GivenCoupon, member_id: Id) -> Row:
    """Return the row of table ``coupon``."""
    return (member_id, coupon.code, number_stored(coupon_number(coupon.code)), coupon.promotion, coupon.last_day)


def member_read(row: Row) -> Member:
    """Return the member in the columns ``MEMBER_FIELDS``; those of a person may be NULL."""
    member_id, name, phone, tier, points, last_visit, segments, birth, purchases, told = row
    return Member(
        id_read(member_id), name or "", phone[::-1] if phone else "", tier, points, last_visit or "",
        _SEGMENTS.decode(segments) if segments else (), _birth(birth) if birth else None, purchases,
        *_told(told))


def agreements_stored(agreed: Iterable[Agreement]) -> int:
    """Return agreements in one number: one bit for each, by its place in ``AGREEMENTS``."""
    return sum(1 << AGREEMENTS.index(each) for each in agreed)


def agreements_read(stored: int) -> tuple[Agreement, ...]:
    """Return the agreements in ``stored``."""
    return tuple(each for place, each in enumerate(AGREEMENTS) if stored >> place & 1)


def _told_stored(member: Member) -> bytes | None:
    """Return what a member told and is to be answered, None for nothing: so it takes no room where nobody was asked."""
    told = member.told
    if told == NOTHING_TOLD and not member.answers:
        return None
    return msgspec.json.encode((agreements_stored(told.agreed), told.area, told.tastes, member.answers))


def _told(stored: bytes | None) -> tuple[Told, tuple[str, ...]]:
    if stored is None:
        return NOTHING_TOLD, ()
    agreed, area, tastes, answers = _TOLD.decode(stored)
    return Told(tastes, area, agreements_read(agreed)), answers


def _birth(stored: int) -> Birth:
    calendar, day = divmod(stored, _CALENDAR)
    return Birth(CALENDARS[calendar], *divmod(day, _MONTH))
