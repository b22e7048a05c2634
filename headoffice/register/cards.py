"""The life of a card: given out, blocked, put back to use. Every change goes to the block list and the member feed."""

from django.db import connection, transaction

from headoffice.feeds.versions import BLOCKS, members_changed, take
from headoffice.register.models import Card
from station.card import CardStatus


def set_status(digest: int, status: CardStatus) -> bool:
    """Set the status of the card with look-up value ``digest``; return whether there is such a card."""
    with transaction.atomic(), connection.cursor() as cursor:
        card = Card.objects.select_for_update().filter(hash=digest).first()
        if card is None:
            return False
        if card.status != status.value:
            card.status = status.value
            [card.block_version] = take(cursor, BLOCKS, 1)
            card.save()
            members_changed(cursor, {card.member: ""})
        return True
