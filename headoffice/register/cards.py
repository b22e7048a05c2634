"""The life of a card as people at head office change it, and the conflicts of what stations did.

Every change goes to the block list and the member feed.
"""

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from headoffice.feeds.versions import BLOCKS, members_changed, take
from headoffice.register.models import Card, CardDeed, Holder, Member
from station.card import CardStatus
from station.card_life import Holder as StationHolder


def set_status(digest: int, status: CardStatus) -> bool:
    """Set the status of the card with look-up value ``digest``; return whether there is such a card."""
    with transaction.atomic(), connection.cursor() as cursor:
        card = Card.objects.select_for_update().filter(hash=digest).first()
        if card is None:
            return False
        if card.status != status.value:
            _become(cursor, card, status)
            members_changed(cursor, {card.member: ""})
        return True


def replace(old: int, new: int) -> None:
    """Give card ``new`` in the place of ``old``, which is REPLACED; points and all else stay with the account.

    Raises ``LookupError`` when ``old`` is no card that can be replaced, ``ValueError`` when ``new`` is given out already.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        held = {card.hash: card for card in Card.objects.select_for_update().filter(hash__in=(old, new)).order_by("hash")}
        if new in held:
            message = "the new card is given out already"
            raise ValueError(message)
        if old not in held or held[old].status in (CardStatus.REPLACED.value, CardStatus.EXPIRED.value):
            message = "the old card is not one that can be replaced"
            raise LookupError(message)
        card = held[old]
        _become(cursor, card, CardStatus.REPLACED)
        Card.objects.create(hash=new, member=card.member, status=CardStatus.ACTIVE.value, holder=card.holder)
        members_changed(cursor, {card.member: ""})


def set_holder(digest: int, holder: str) -> None:
    """Let ``holder`` of its account carry the card, or ("") the member. Raises ``LookupError`` for a card or person nobody knows."""
    with transaction.atomic(), connection.cursor() as cursor:
        card = Card.objects.select_for_update().filter(hash=digest).first()
        if card is None:
            message = "this is not a card of the club"
            raise LookupError(message)
        if holder and not Holder.objects.filter(member=card.member, holder_id=holder).exists():
            message = "nobody holds cards of this account by this id"
            raise LookupError(message)
        card.holder = holder
        card.save(update_fields=["holder"])
        members_changed(cursor, {card.member: ""})


def holders(member: str) -> Sequence[StationHolder]:
    """Return who beside the member holds cards of the account, in order of their ids."""
    return [StationHolder(row.holder_id, row.name, row.points_per_day, row.value_per_day)
            for row in Holder.objects.filter(member=member).order_by("holder_id")]


def keep_holder(member: str, who: StationHolder) -> None:
    """Let ``who`` hold cards of ``member``'s account, with these limits from now on; without a name the one held stays.

    Raises ``LookupError`` when there is no such member.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not Member.objects.filter(id=member, gone=False).exists():
            message = "nobody is a member by this id"
            raise LookupError(message)
        named = {"name": who.name} if who.name else {}
        Holder.objects.update_or_create(pk=(member, who.holder_id), defaults={
            **named, "points_per_day": who.points_per_day, "value_per_day": who.value_per_day})
        members_changed(cursor, {member: ""})


def erase_holder(member: str, holder_id: str) -> bool:
    """Forget the name of somebody who holds cards; cards and limits stay. Return whether there was somebody."""
    with transaction.atomic(), connection.cursor() as cursor:
        found = bool(Holder.objects.filter(member=member, holder_id=holder_id).update(name=""))
        members_changed(cursor, {member: ""})
        return found


def conflicts(*, closed: bool = False) -> Sequence[CardDeed]:
    """Return what stations did to cards and was not done here, latest first; ``closed``: also those somebody looked into."""
    found = CardDeed.objects.exclude(conflict="").order_by("-decided_us", "station", "seq", "card")
    return list(found if closed else found.filter(closed_us=None))


def close_conflict(station: str, incarnation: str, seq: int, now_us: int) -> bool:
    """Note that somebody looked into the conflicts of an entry; return whether there were any open."""
    return bool(CardDeed.objects.exclude(conflict="").filter(
        station=station, incarnation=incarnation, seq=seq, closed_us=None).update(closed_us=now_us))


def _become(cursor: CursorWrapper, card: Card, status: CardStatus) -> None:
    card.status = status.value
    [card.block_version] = take(cursor, BLOCKS, 1)
    card.save()
