"""The answers feed: what the chips that a shop sees will say at their next taps, so that it can check them without a line.

The answers are hashes (``station.sun.answer``): nobody can make a tap of them. They are made for each
page by the key service, which alone has the keys; a table of them would be larger than all else here,
and wrong after every tap.
"""

from collections.abc import Callable

from headoffice.api.answers import as_base64
from headoffice.cards.models import Chip, Window
from headoffice.cards.windows import FORGOTTEN
from headoffice.feeds.paging import listed
from headoffice.feeds.versions import ANSWERS
from headoffice.transactions import one_state
from station.sun import MOST_COUNTER
from sync.wire_cards import AnswersChange, AnswersPage

PAGE = 200
AHEAD = 32
"""How many taps are told ahead: a member's own phone counts the card up as well."""

Answering = Callable[[str, int, int, int], bytes]
"""Gets a chip's UID, the version of its keys, a counter and how many.

Returns 8 bytes for each code from that counter on, fewer where the counter ends, none without its keys.
"""


def page(shop: str, cursor: str, answers: Answering, size: int = PAGE) -> AnswersPage:
    """Return at most ``size`` chips for ``shop`` after ``cursor``; as ``headoffice.feeds.paging.listed``.

    Raises what ``answers`` raises.
    """
    with one_state():
        found = listed(ANSWERS, Window.objects.filter(shop=shop), "version", cursor, size)
        chips = {chip.card: chip for chip in Chip.objects.filter(card__in=[row.card for row in found.rows])}
    return AnswersPage(
        cursor=found.cursor, more=found.more, version=found.version,
        changes=tuple(_change(row, chips[row.card], answers) for row in found.rows))


def _change(row: Window, chip: Chip, answers: Answering) -> AnswersChange:
    first = row.counter + 1
    found = answers(chip.uid, chip.key_version, first, AHEAD) if FORGOTTEN < row.counter < MOST_COUNTER else b""
    if not found:
        return AnswersChange(hash=row.card, counter=max(row.counter, 0), first=0, answers=None)
    return AnswersChange(hash=row.card, counter=row.counter, first=first, answers=as_base64(found))
