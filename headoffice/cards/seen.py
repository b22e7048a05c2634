"""Codes that stations saw, compared with each other once they are posted: whatever the order they come in.

Called in the transaction that posts. What is found follows from the entries and the order of the
steps alone, so a rebuild finds the same.

1. A code is one tap. The same counter of a chip at a second place, or the same code of a phone, is
   SAME_CODE or PASS_TWICE: two stations without a line may both have believed it. Within one journal
   the same code again, proven now and within ``ONE_TAP_US``, is the same tap: head office was asked.
2. A chip counts up. A counter below one that was proven *before* it was shown is OLD_CODE: somebody
   kept the code of an earlier tap. Which came before says the journal, within one journal; between
   two their moments do, with ``TOLERANCE_US`` for clocks that differ. So an honest tap of an hour ago
   that arrives after a later one is none: its moment lies before. And a later tap that arrives
   first shows up the earlier one's counter only when that one has come.
3. What a station refused as replayed or forged is an alert by itself. It counts for nothing else,
   for anybody can show a chip's number with any counter.

Only a proven code shows another one to be old, and only a proven one moves the counter. A code that
nobody could check yet is still compared: it may be the copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from headoffice.cards import windows
from headoffice.cards.models import MOST_REFUSED, AlertKind, Standing
from headoffice.clock import MICROSECONDS
from headoffice.ledger.steps import Step
from headoffice.stations.models import Station
from station.card import CardTier, ProofKind
from station.card_seen import CardSeen
from station.errors import ErrorCode
from station.journal import Body, Entry

TOLERANCE_US = 600 * MICROSECONDS
"""How far the clocks of two stations may differ."""

ONE_TAP_US = 60 * MICROSECONDS
"""How long a card may lie at a reader."""

REFUSED = {ErrorCode.CARD_REPLAYED.name: AlertKind.REPLAYED, ErrorCode.CARD_FORGED.name: AlertKind.FORGED}
TWICE = {ProofKind.SUN: AlertKind.SAME_CODE, ProofKind.PASS: AlertKind.PASS_TWICE}
DERIVED = ("cards_seen", "cards_standing", "cards_clonealert")

_SEEN = (
    "INSERT INTO cards_seen (card, station, incarnation, seq, kind, counter, mark, tier, refused, at_us)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)")
_STANDING = (
    "INSERT INTO cards_standing (card, kind, counter, top, latest_us) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (card, kind) DO UPDATE SET counter = excluded.counter, top = excluded.top, latest_us = excluded.latest_us")
_ALERT = (
    "INSERT INTO cards_clonealert (card, station, incarnation, seq, kind, counter, at_us,"
    " other_station, other_incarnation, other_seq, found_us) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (card, station, incarnation, seq) DO NOTHING")
_FOUND = (
    "SELECT station, incarnation, seq, counter, at_us FROM cards_seen"
    " WHERE card = %s AND kind = %s AND refused = '' AND counter {} %s AND {} ORDER BY counter, at_us, station, incarnation, seq")
_SAME = _FOUND.format("=", "(mark = %s OR kind = 'SUN') AND NOT (station = %s AND incarnation = %s AND mark = %s AND at_us > %s)")
_BEFORE = _FOUND.format(">", "tier >= %s AND CASE WHEN station = %s AND incarnation = %s THEN seq < %s ELSE at_us < %s END")
_AFTER = _FOUND.format("<", "CASE WHEN station = %s AND incarnation = %s THEN seq > %s ELSE at_us > %s END")


@dataclass(frozen=True, slots=True)
class _Tap:
    """A code and where it was shown."""

    station: str
    incarnation: str
    seq: int
    counter: int
    at_us: int


@dataclass(slots=True)
class _Far:
    """As ``Standing``."""

    counter: int = -1
    top: int = -1
    latest_us: int = 0


def note(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """Keep the codes among ``entries``, just posted in ``step``; raise alerts; tell shops how far chips have come."""
    seen = [(entry, entry.body) for entry in entries if isinstance(entry.body, CardSeen)]
    if not seen:
        return
    log = _Log(cursor, {body.card for _, body in seen}, step)
    shops = dict(Station.objects.filter(id__in={entry.station for entry, _ in seen}).values_list("id", "shop"))
    at_shops: dict[tuple[int, str], int] = {}
    for entry, body in seen:
        at_us = log.add(entry, body)
        if not body.refused and entry.station in shops:
            key = (body.card, shops[entry.station])
            at_shops[key] = max(at_us, at_shops.get(key, 0))
    log.write()
    windows.moved(cursor, at_shops, log.counters())


def drop(cursor: CursorWrapper) -> None:
    """Drop what follows from the journals, before a rebuild."""
    for table in DERIVED:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our names


def rebuilt(cursor: CursorWrapper) -> None:
    """Tell shops of chips that are not as far, after a rebuild, as they were told."""
    windows.set_right(cursor, dict(Standing.objects.filter(kind=ProofKind.SUN.value).values_list("card", "counter")))


class _Log:
    """The codes of some cards, those of one step among them."""

    def __init__(self, cursor: CursorWrapper, cards: set[int], step: Step) -> None:
        self._cursor = cursor
        self._step = step
        self._far = {(row.card, ProofKind(row.kind)): _Far(row.counter, row.top, row.latest_us)
                     for row in Standing.objects.filter(card__in=cards)}
        self._moved: set[tuple[int, ProofKind]] = set()
        self._unwritten: list[tuple[int | str, ...]] = []

    def add(self, entry: Entry[Body], body: CardSeen) -> int:
        """Compare a code with all before it, and keep it; return its moment."""
        tap = _Tap(entry.station, entry.incarnation, entry.seq, body.counter, min(entry.at.utc_us, self._step.at_us))
        if body.refused in REFUSED:
            self._alert(body.card, REFUSED[body.refused], tap)
        elif not body.refused and body.kind in TWICE:
            self._compare(tap, body)
        self._unwritten.append((
            body.card, tap.station, tap.incarnation, tap.seq, body.kind.value, body.counter, body.mark, int(body.tier),
            body.refused[:MOST_REFUSED], tap.at_us))
        return tap.at_us

    def write(self) -> None:
        """Write what is not written yet."""
        self._write_seen()
        self._cursor.executemany(_STANDING, [
            [card, kind.value, far.counter, far.top, far.latest_us]
            for (card, kind), far in sorted((key, self._far[key]) for key in self._moved)])

    def counters(self) -> dict[int, int]:
        """Return how far the chips' codes have come."""
        return {card: far.counter for (card, kind), far in self._far.items() if kind is ProofKind.SUN}

    def _compare(self, tap: _Tap, body: CardSeen) -> None:
        far = self._far.setdefault((body.card, body.kind), _Far())
        proven = body.tier >= CardTier.CHANGING_CODE
        # Nearly every tap is above all before it, and later: then there is nothing to ask.
        if tap.counter <= far.top:
            since_us = tap.at_us - ONE_TAP_US if proven else self._step.at_us
            for other in self._found(_SAME, body, body.mark, tap.station, tap.incarnation, body.mark, since_us)[:1]:
                self._alert(body.card, TWICE[body.kind], tap, other)
        if body.kind is ProofKind.SUN and tap.counter < far.counter:
            for other in self._found(
                    _BEFORE, body, int(CardTier.CHANGING_CODE), tap.station, tap.incarnation, tap.seq,
                    tap.at_us - TOLERANCE_US)[-1:]:
                self._alert(body.card, AlertKind.OLD_CODE, tap, other)
        if body.kind is ProofKind.SUN and proven and tap.at_us <= far.latest_us:
            for other in self._found(_AFTER, body, tap.station, tap.incarnation, tap.seq, tap.at_us + TOLERANCE_US):
                self._alert(body.card, AlertKind.OLD_CODE, other, tap)
        far.counter = max(far.counter, tap.counter) if proven else far.counter
        far.top, far.latest_us = max(far.top, tap.counter), max(far.latest_us, tap.at_us)
        self._moved.add((body.card, body.kind))

    def _found(self, question: str, body: CardSeen, *more: int | str) -> list[_Tap]:
        self._write_seen()
        self._cursor.execute(question, [body.card, body.kind.value, body.counter, *more])
        return [_Tap(*row) for row in self._cursor.fetchall()]

    def _write_seen(self) -> None:
        if self._unwritten:
            self._cursor.executemany(_SEEN, self._unwritten)
            self._unwritten.clear()

    def _alert(self, card: int, kind: AlertKind, tap: _Tap, other: _Tap | None = None) -> None:
        place = (other.station, other.incarnation, other.seq) if other else ("", "", 0)
        self._cursor.execute(_ALERT, [
            card, tap.station, tap.incarnation, tap.seq, kind.value, tap.counter, tap.at_us, *place, self._step.at_us])
