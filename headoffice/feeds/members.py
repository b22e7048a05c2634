"""The member feed, exact for a station that sells while it reads.

A station shows ``points of the feed + its own points after projected``, and so for the purchases.
After every page, for every member it holds, what is fed must count exactly its entries up to that
page's ``projected``: not one twice, not one missing. Pages are many, and sales arrive between them.

The rule. The cursor holds (version, incarnation, projected p). A page moves p to p' and consists of

1. every member with a sale, a points entry, a card's deed, an enrolment, a new holder or what a member told, of this journal in (p, p'], whatever its version, and
2. the next members by version after the cursor's,

all with points = balance − points of this journal after p', and purchases likewise. (A sale may
earn nothing and still be a purchase. What the station itself did to a card it lays over the book
until that counts the entry: so the page that does brings the cards as they became.) Members the page leaves out have neither in (p, p'], so what
the station holds of them counts up to p' as well. p' goes as far as part 1 fits on the page, and never
beyond what was projected; ``more`` is true while members or entries are left. With an empty cursor
the station holds nobody, so p' is at once everything projected.

The projector may run between two pages, not within one: a page is read from one state of the books,
in which ``Incarnation.projected`` and the rows up to it were written by the same transactions. What
is posted later for an entry at or before p (one that comes out of quarantine) is not of (p, p'] ever
again; it puts its members on top of the feed, and part 2 brings them.

A cursor of another incarnation, or one from a future that a restored head office does not know, is
answered from the beginning: the rule then holds for each member from when it is sent again. Stations
refuse a feed whose version falls, so a restored head office goes on from the highest version that a
station shows it; a cursor is sealed, and nobody else can make one.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from django.db.models import Count, Sum

from headoffice.clock import now_us
from headoffice.coupons.notes import open_of
from headoffice.feeds.cursor import seal, unseal
from headoffice.feeds.versions import MEMBERS, is_known, last_version, life
from headoffice.intake.models import Incarnation
from headoffice.ledger.models import Balance, PointsEntry, Sale
from headoffice.questions.matters import waiting
from headoffice.register.models import Card, CardDeed, Consent, Enrolment, Holder, Member, NewHolder, Telling
from headoffice.transactions import one_state
from station.card import CardStatus
from station.dates import Calendar
from station.told import Channel, Purpose
from sync.wire_feeds import (
    BirthOfMember,
    CardOfMember,
    CouponOfMember,
    HolderOfMember,
    MemberChange,
    MembersPage,
    ToldByMember,
)

PAGE = 1000


class MembersPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a station stands: all changes up to ``version`` of a ``life``, its own entries up to ``projected``."""

    version: int
    incarnation: str
    projected: int
    life: str = ""


def page(station: str, incarnation: str, cursor: str, size: int = PAGE) -> MembersPage:
    """Return the page after ``cursor`` ("" for the first) for a journal of ``station``.

    At most ``size`` changes, no fewer than one sale can make. Raises ``RefusalError`` INVALID on a cursor not made here.
    """
    with one_state():
        posted = _posted(station, incarnation)
        place = _resume(cursor, incarnation, posted)
        projected, touched = _advance(station, place, posted, size)
        following = list(
            Member.objects.filter(version__gt=place.version).order_by("version")[:size - len(touched) + 1])
        listed = following[:size - len(touched)]
        members = {member.id: member for member in (*Member.objects.filter(id__in=touched), *listed)}
        changes = _changes(station, incarnation, projected, members.values())
        version = listed[-1].version if listed else place.version
        return MembersPage(
            cursor=seal(MembersPlace(version, incarnation, projected, life())),
            more=len(following) > len(listed) or projected < posted,
            projected=projected, version=last_version(MEMBERS), taken_us=now_us(), changes=changes)


def _posted(station: str, incarnation: str) -> int:
    known = Incarnation.objects.filter(station=station, incarnation=incarnation).first()
    return known.projected if known else 0


def _resume(cursor: str, incarnation: str, posted: int) -> MembersPlace:
    if not cursor:
        return MembersPlace(0, incarnation, posted)
    place = unseal(cursor, MembersPlace)
    if (is_known(MEMBERS, place.version, place.life)
            and place.projected <= posted and place.incarnation == incarnation):
        return place
    return MembersPlace(0, incarnation, 0)


def _advance(station: str, place: MembersPlace, posted: int, size: int) -> tuple[int, set[str]]:
    """Return how far p can go on one page, and the members with sales or points between."""
    touched: set[str] = set()
    for seq, member in _moves(station, place.incarnation, place.projected):
        if member not in touched and len(touched) == size:
            return seq - 1, touched
        touched.add(member)
    return posted, touched


def _moves(station: str, incarnation: str, after: int) -> Iterator[tuple[int, str]]:
    """Return entry and member of every sale, points entry, deed to a card, enrolment, new holder and telling of a journal, in its order."""
    here = {"station": station, "incarnation": incarnation, "seq__gt": after}
    points = PointsEntry.objects.filter(**here).order_by("seq").values_list("seq", "member")
    sales = Sale.objects.filter(**here, member__isnull=False).order_by("seq").values_list("seq", "member")
    deeds = CardDeed.objects.filter(**here).order_by("seq").values_list("seq", "member")
    joined = Enrolment.objects.filter(**here).order_by("seq").values_list("seq", "member")
    taken_in = NewHolder.objects.filter(**here).order_by("seq").values_list("seq", "member")
    told = Telling.objects.filter(**here).order_by("seq").values_list("seq", "member")
    moves = (each.iterator() for each in (points, sales, deeds, joined, taken_in, told))
    return heapq.merge(*moves, key=lambda move: move[0])


def _changes(
    station: str, incarnation: str, projected: int, members: Iterable[Member],
) -> tuple[MemberChange, ...]:
    """Return ``members`` as the feed carries them, points and purchases as of entry ``projected``."""
    members = list(members)
    ids = [member.id for member in members]
    here = {"station": station, "incarnation": incarnation, "seq__gt": projected, "member__in": ids}
    balances = {each.member: each for each in Balance.objects.filter(member__in=ids)}
    earned = dict(PointsEntry.objects.filter(**here).values_list("member").annotate(Sum("points")))
    bought = dict(Sale.objects.filter(**here).values_list("member").annotate(Count("seq")))
    cards: dict[str, list[CardOfMember]] = {}
    for digest, owner, status, holder in Card.objects.filter(
            member__in=ids).order_by("hash").values_list("hash", "member", "status", "holder"):
        cards.setdefault(owner, []).append(CardOfMember(hash=digest, status=CardStatus(status), holder=holder))
    holders: dict[str, list[HolderOfMember]] = {}
    for each in Holder.objects.filter(member__in=ids).order_by("holder_id"):
        holders.setdefault(each.member, []).append(HolderOfMember(
            holder_id=each.holder_id, name=each.name, points_per_day=each.points_per_day, value_per_day=each.value_per_day))
    agreed: dict[str, list[tuple[Purpose, Channel]]] = {}
    for owner, purpose, channel in Consent.objects.filter(member__in=ids, withdrawn_us=None).order_by(
            "member", "purpose", "channel").values_list("member", "purpose", "channel"):
        agreed.setdefault(owner, []).append((Purpose(purpose), Channel(channel)))
    answers = waiting(ids)
    coupons = open_of(ids)
    nothing = Balance(points=0, purchases=0)
    return tuple(
        _gone(member) if member.gone else MemberChange(
            member_id=member.id, name=member.name, phone=member.phone, tier=member.tier,
            points=balances.get(member.id, nothing).points - int(earned.get(member.id, 0)),
            last_visit=member.last_visit, segments=tuple(member.segments), birth=_birth(member),
            purchases=balances.get(member.id, nothing).purchases - bought.get(member.id, 0),
            cards=tuple(cards.get(member.id, ())), holders=tuple(holders.get(member.id, ())),
            told=_told(member, agreed.get(member.id, ())), answers=answers.get(member.id, ()),
            coupons=tuple(CouponOfMember(code=each.code, promotion=each.promotion, last_day=each.last_day)
                          for each in coupons.get(member.id, ())))
        for member in members)


def _birth(member: Member) -> BirthOfMember | None:
    if not member.birth_calendar:
        return None
    return BirthOfMember(
        calendar=Calendar(member.birth_calendar), month=member.birth_month, day=member.birth_day)


def _told(member: Member, agreed: Sequence[tuple[Purpose, Channel]]) -> ToldByMember | None:
    if not (member.tastes or member.area or agreed):
        return None
    return ToldByMember(tastes=tuple(member.tastes), area=member.area, agreed=tuple(agreed))


def _gone(member: Member) -> MemberChange:
    return MemberChange(
        member_id=member.id, name="", phone="", tier="", points=0, last_visit="", segments=(), birth=None,
        purchases=0, cards=(), gone=True)
