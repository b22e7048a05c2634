"""Which shop is given the next answers of which chip, and when anew: the order of the answers feed.

A shop is given those of chips that were issued there, or seen there in the last ``KEPT_US``. A chip's
answers go on top of the feed of each such shop when its counter moves. A shop that it was not seen
at for so long is told once to forget it, the next time it moves.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from headoffice.cards.models import Chip, Window
from headoffice.clock import MICROSECONDS
from headoffice.feeds.versions import ANSWERS, take
from station.card_task import Technology

KEPT_US = 90 * 86_400 * MICROSECONDS
FORGOTTEN = -1
"""In place of a counter: the shop is told to forget the chip."""

_WRITTEN = (
    "INSERT INTO cards_window (card, shop, counter, last_us, version) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (card, shop) DO UPDATE SET counter = excluded.counter, last_us = excluded.last_us, version = excluded.version")
_Key = tuple[int, str]


@dataclass(slots=True)
class _Held:
    """A window as it is, or is to be: ``version`` 0 is one yet to be given out."""

    counter: int
    last_us: int
    version: int


def moved(cursor: CursorWrapper, seen: Mapping[_Key, int], counters: Mapping[int, int]) -> None:
    """Follow what was just posted or issued: ``seen`` says when a card was at a shop last.

    ``counters`` are how far codes have come now, where that is known. Cards without a chip that can be
    answered for are passed over. In the caller's transaction.
    """
    issued = _issued({card for card, _ in seen})
    _write(cursor, _changed(_held(issued), {key: at_us for key, at_us in seen.items() if key[0] in issued}, {
        card: max(counter, counters.get(card, 0)) for card, counter in issued.items()}))


def set_right(cursor: CursorWrapper, counters: Mapping[int, int]) -> None:
    """Put on top of the feeds what is not as far as ``counters`` say, which were made anew."""
    wrong = {}
    issued = dict(Chip.objects.values_list("card", "counter"))
    for row in Window.objects.exclude(counter=FORGOTTEN).iterator():
        counter = max(issued[row.card], counters.get(row.card, 0))
        if row.counter != counter:
            wrong[row.card, row.shop] = _Held(counter, row.last_us, 0)
    _write(cursor, wrong)


def _issued(cards: Collection[int]) -> dict[int, int]:
    """Return which of ``cards``, no more than a step has entries, have a chip whose codes can be told ahead, and from where."""
    return dict(Chip.objects.filter(card__in=cards, technology=Technology.NTAG424.value).values_list("card", "counter"))


def _held(cards: Collection[int]) -> dict[_Key, _Held]:
    return {(row.card, row.shop): _Held(row.counter, row.last_us, row.version)
            for row in Window.objects.filter(card__in=cards)}


def _changed(held: Mapping[_Key, _Held], seen: Mapping[_Key, int], counters: Mapping[int, int]) -> dict[_Key, _Held]:
    """Return the windows that change. Pure."""
    changed = {}
    latest: dict[int, int] = {}
    for (card, _), at_us in seen.items():
        latest[card] = max(latest.get(card, 0), at_us)
    for key in held.keys() | seen.keys():
        before = held.get(key, _Held(FORGOTTEN, 0, 0))
        counter = max(before.counter, counters[key[0]])
        last_us = max(before.last_us, seen.get(key, 0))
        if last_us < latest[key[0]] - KEPT_US:
            counter = FORGOTTEN
        if (counter, last_us) != (before.counter, before.last_us):
            changed[key] = _Held(counter, last_us, before.version if counter == before.counter else 0)
    return changed


def _write(cursor: CursorWrapper, windows: Mapping[_Key, _Held]) -> None:
    fresh = sorted(key for key, each in windows.items() if not each.version)
    versions = dict(zip(fresh, take(cursor, ANSWERS, len(fresh)), strict=True)) if fresh else {}
    cursor.executemany(_WRITTEN, [
        [*key, each.counter, each.last_us, versions.get(key, each.version)] for key, each in sorted(windows.items())])
