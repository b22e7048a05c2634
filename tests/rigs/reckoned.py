"""What a station's journal says must be at head office, compared with what is there: lost, doubled, wrong."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

import msgspec

from data.journal import JournalStore
from station.journal import Entry, EntryKind, Stored
from station.sale import Sale
from tests.rigs.heads import SOUND, Head
from tests.rigs.station_process import Confirmed
from ui.wiring import Home

EVERYTHING = 1_000_000
LIMIT_S = 120.0
Balances = dict[str, int]


@dataclass(frozen=True)
class Reckoning:
    """``sales`` in the journals; of these ``lost`` and ``doubled`` at head office; ``wrong`` says what else is."""

    sales: int
    lost: int
    doubled: int
    wrong: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether all is there once and the books are right."""
        return (self.lost, self.doubled, self.wrong) == (0, 0, ())


def entries_of(home: Home) -> list[Stored]:
    """Every entry of a station's journal that nobody has open, of all its incarnations; its witness is not asked."""
    with closing(JournalStore(home.journal, home.keys.held().key)) as journal:
        return [stored for branch in journal.branches() for stored in branch.after(0, EVERYTHING)]


def balances(head: Head) -> Balances:
    """The points of each member, as head office has them."""
    return dict(head.rows("SELECT member, points FROM ledger_balance"))


def await_projected(head: Head, limit_s: float = LIMIT_S) -> bool:
    """Wait until all that is acknowledged is projected; False when it is not in time."""
    until = time.monotonic() + limit_s
    while head.rows("SELECT count(*) FROM intake_incarnation WHERE projected < acknowledged")[0][0]:
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def reckon(
    head: Head, homes: Iterable[Home], confirmed: Sequence[Confirmed], before: Balances, aside: int = 0,
) -> Reckoning:
    """Compare the journals in ``homes``, nobody having them open, with the books of ``head``.

    ``confirmed`` are the sales that were called done, ``before`` the balances that were there before
    any of them, ``aside`` how many sales are in quarantine.
    """
    ours = {(each.incarnation, each.seq): each for home in homes for each in entries_of(home)}
    wrong = [] if await_projected(head) else ["the projector stands still"]
    there = head.rows("SELECT incarnation, seq, hash FROM intake_entry")
    posted = head.rows("SELECT incarnation, seq, sale_id FROM ledger_sale")
    sales = {place: msgspec.json.decode(each.raw, type=Entry[Sale]).body
             for place, each in ours.items() if each.kind is EntryKind.SALE}
    if {(incarnation, seq): bytes(digest) for incarnation, seq, digest in there} != {
            place: each.hash for place, each in ours.items()}:
        wrong.append(f"{len(there)} entries there, {len(ours)} in the journals")
    held = {(incarnation, seq): sale_id for incarnation, seq, sale_id in posted}
    expected = {place: sale.sale_id for place, sale in sales.items()}
    expected |= {(each.incarnation, each.seq): each.sale_id for each in confirmed}
    lost = sum(held.get(place) != sale_id for place, sale_id in expected.items()) - aside
    doubled = sum(count - 1 for times in (
        Counter((row[0], row[1]) for row in there), Counter((row[0], row[1]) for row in posted),
        Counter(row[2] for row in posted)) for count in times.values())
    folded = Counter(before)
    for place, sale in sales.items():
        for each in sale.points:
            folded[each.member_id] += each.points if place in held else 0
    if {member: points for member, points in balances(head).items() if points} != {
            member: points for member, points in folded.items() if points}:
        wrong.append("the balances are not the sum of the journals")
    if (said := head.ask("verify")) != SOUND:
        wrong.append(said)
    return Reckoning(len(sales), lost, doubled, tuple(wrong))
