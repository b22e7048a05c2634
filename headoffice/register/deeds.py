"""Cards that stations gave out or changed, in the order in which their entries are posted.

Called in the transaction that posts. What becomes of an entry is decided once, by
``station.card_life.done`` on the card as it stands in the register then, and kept in ``CardDeed``:
who came first keeps the card, and what contradicts that is listed as a conflict, and changes nothing.
The register is not derived, for people change cards here as well; so a rebuild finds each entry
decided and leaves it.
"""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

from headoffice.feeds.versions import BLOCKS, members_changed, take
from headoffice.ledger.steps import Step
from headoffice.register.models import Card as Row
from headoffice.register.models import CardDeed as Decided
from headoffice.register.models import Member
from station.card import Card, CardStatus
from station.card_life import CardChanged, CardConflict, CardDeed, CardIssued, done
from station.enrolling import MemberEnrolled, card_deeds
from station.journal import Body, Entry

MOST_ID = 36
"""Characters of a member's or holder's id here."""

_Key = tuple[str, str, int, int]


def post(cursor: CursorWrapper, entries: Sequence[Entry[Body]], step: Step) -> None:
    """Do what ``entries``, just posted in ``step``, say of cards, unless it is decided already."""
    said = [(entry, deed) for entry in entries if isinstance(entry.body, CardIssued | CardChanged | MemberEnrolled)
            for deed in card_deeds(entry.body)]
    if not said:
        return
    station, seqs = entries[0].station, [entry.seq for entry, _ in said]
    known = set(Decided.objects.filter(
        station=station, incarnation=entries[0].incarnation, seq__range=(min(seqs), max(seqs)),
    ).values_list("station", "incarnation", "seq", "card"))
    fresh = [(entry, deed) for entry, deed in said if _key(entry, deed) not in known]
    book = _Book(cursor, [deed for _, deed in fresh])
    Decided.objects.bulk_create([_decided(entry, deed, book, step) for entry, deed in fresh])
    members_changed(cursor, dict.fromkeys(book.members, ""))


class _Book:
    """The cards that some deeds are about, locked; ``members`` are those whose cards have changed."""

    def __init__(self, cursor: CursorWrapper, deeds: Sequence[CardDeed]) -> None:
        self._cursor = cursor
        self._rows = {row.hash: row for row in Row.objects.select_for_update().filter(
            hash__in={deed.card for deed in deeds}).order_by("hash")}
        self._known = set(Member.objects.filter(
            id__in={deed.member_id for deed in deeds}, gone=False).values_list("id", flat=True))
        self.members: set[str] = set()

    def held(self, card: int) -> Card | None:
        """Return the card as the register has it."""
        row = self._rows.get(card)
        return Card(row.member, CardStatus(row.status), row.holder) if row else None

    def do(self, deed: CardDeed) -> CardConflict | None:
        """Let ``deed`` change the register, or return why it does not."""
        held = self.held(deed.card)
        made = done(held, deed)
        if isinstance(made, CardConflict):
            return made
        if held is None and (made.member_id not in self._known or len(made.holder) > MOST_ID):
            return CardConflict.UNKNOWN
        if held != made:
            self._write(deed.card, made, moved=held is not None)
        return None

    def _write(self, card: int, made: Card, *, moved: bool) -> None:
        """Write ``made``; a card whose status ``moved`` takes its place in the block list."""
        row = self._rows.get(card) or Row(hash=card)
        row.member, row.status, row.holder = made.member_id, made.status.value, made.holder
        if moved:
            [row.block_version] = take(self._cursor, BLOCKS, 1)
        row.save()
        self._rows[card] = row
        self.members.add(made.member_id)


def _key(entry: Entry[Body], deed: CardDeed) -> _Key:
    return entry.station, entry.incarnation, entry.seq, deed.card


def _decided(entry: Entry[Body], deed: CardDeed, book: _Book, step: Step) -> Decided:
    before = book.held(deed.card)
    conflict = book.do(deed)
    return Decided(
        station=entry.station, incarnation=entry.incarnation, seq=entry.seq, card=deed.card, member=deed.member_id,
        status=deed.status.value, was=deed.was and deed.was.value, holder=deed.holder, by=entry.actor.person,
        at_us=entry.at.utc_us, conflict=conflict.value if conflict else "", owner=before.member_id if before else "",
        stood=before.status.value if before else "", decided_us=step.at_us)
