"""The invariants: what is known to have happened, and whether both sides agree with it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from station.feed import Stamp
from tests.simulator.chance import Trace
from tests.simulator.held import Held, Key, Known, named, rows
from tests.simulator.office import Office
from tests.simulator.till import Till

ALL = 1_000_000
FORKED, OK = 409, 200


@dataclass
class Audit:
    """Every entry that was ever durable at a station is ``known``; what only a lost disk held is ``destroyed``.

    ``books`` says how often head office had been restored when a member book was fetched, by its stamp.
    """

    trace: Trace
    office: Office
    tills: list[Till]
    known: dict[Key, Known] = field(default_factory=dict)
    destroyed: set[Key] = field(default_factory=set)
    books: dict[Stamp | None, int] = field(default_factory=dict)

    def note(self, till: Till) -> None:
        """Learn what the station has committed since it was looked at last."""
        for each, place in _entries(till, till.noted):
            self.known.setdefault(each.key, each)
            till.noted = place
        self.books.setdefault(till.files.members.stamp(), self.office.restores)  # it is restored between rounds only

    def forget(self, till: Till) -> None:
        """Look at the whole file next time: it is another, or its program died."""
        till.noted = 0

    def heard(self, till: Till, path: str, status: int) -> None:
        """See an answer that reached a station: after HELLO and something else all marks were compared."""
        if path.endswith("hello"):
            till.greeted = self.office.restores if status in (OK, FORKED) else till.greeted
        elif status == OK and till.greeted is not None and not path.endswith("hash"):
            till.seen_restores = till.greeted

    def sales(self) -> int:
        return len({each.body["sale_id"] for each in self.known.values() if each.kind == "SALE"})

    def scattered(self) -> list[str]:
        """What was lost although no disk was."""
        return [f"lost: {self.known[key]}" for key in sorted(self._nowhere())]

    def mourn(self) -> None:
        """After a disk was put back: what was on it alone is gone for ever."""
        gone = self._nowhere()
        self.destroyed |= gone
        self.trace.count("entries gone with a disk", len(gone))

    def standing(self) -> list[str]:
        """What holds at any time."""
        held = Held()
        return [*self.scattered(), *self._marks(held), *held.faults(), *self._fresh(held)]

    def _nowhere(self) -> set[Key]:
        there = {each.key for each in Held().entries.values()}
        there.update(each.key for till in self.tills for each, _ in _entries(till))
        return self.known.keys() - there - self.destroyed

    def _marks(self, held: Held) -> Iterator[str]:
        """A station's mark: head office has what it acknowledged, unless it lost it and the station has not asked since."""
        for till in self.tills:
            if till.seen_restores != self.office.restores:
                continue
            for branch in till.files.journal.branches():
                mark = branch.mark()
                place = (till.who.station, branch.incarnation, mark)
                if mark > branch.part.base and (place not in held.entries or held.entries[place].hash != branch.hash_at(mark)):
                    yield f"lost: {named(place)} is acknowledged at {till.name}, and not at head office"

    def _fresh(self, held: Held) -> Iterator[str]:
        """A station whose member book is as new as head office's shows exactly what head office has and its own."""
        version = rows("SELECT coalesce(max(version), 0) FROM feeds_feedversion WHERE feed = 'members'")[0][0]
        for till in self.tills:
            stamp = till.files.members.stamp()
            if till.seen_restores != self.office.restores or not stamp or stamp.version != version or till.full:
                continue
            if self.books[stamp] != self.office.restores:
                continue  # its version is one of a future that head office lost, and was given out again since
            # What of an earlier incarnation is here and not projected yet is counted by neither side for a moment.
            last, counted = till.files.journal.head().incarnation, held.passed()
            if all(each.place[1] == last or each.key in counted or not held.has(each) for each, _ in _entries(till)):
                yield from self._balances(till, held)

    def _balances(self, till: Till, held: Held) -> Iterator[str]:
        """What the counter shows of each member: head office's balance and the station's own later entries."""
        counted = held.passed()
        own: Counter[str] = Counter()
        for each, _ in _entries(till):
            if each.key not in counted and each.kind in ("SALE", "RETURN"):
                for moved in each.body["points"]:
                    own[moved["member_id"]] += moved["points"]
        for (member,) in rows("SELECT id FROM register_member WHERE NOT gone"):
            shown, due = till.shown(member), held.balances.get(member, 0) + own[member]
            if shown != due:
                yield f"feed: {till.name} shows {shown} points of {member}, head office and own entries make {due}"

    def unfinished(self) -> list[str]:
        """What is still under way: nothing, in the end."""
        held = Held()
        found = []
        for till in self.tills:
            waiting = [each for each, _ in _entries(till) if not held.has(each)]
            error = till.state_of_sync.error
            if waiting:
                found.append(f"stalled: {len(waiting)} entries of {till.name} stay unsent, {waiting[0]} ({error.name if error else 'well'})")
            found += self._balances(till, held)
        found += [f"stalled: {named((*name, mark))} is the last that was projected" for name, mark in held.projected.items()
                  if mark < max((place[2] for place in held.entries if place[:2] == name), default=0)]
        return found

    def at_rest(self) -> list[str]:
        """What holds once everything has arrived."""
        held = Held()
        self.trace.count("entries in branches", sum(place[:2] in held.branches for place in held.entries))
        self.trace.count("branches", len(held.branches))
        self.trace.count("baskets that two copies sold", len(held.twins))
        arrived = Counter(
            each.body["sale_id"] for place, each in held.entries.items() if each.kind == "SALE" and place not in held.twins)
        wanted = [each for key, each in self.known.items() if key not in self.destroyed]
        found = [f"doubled: {each} is at head office {arrived[each.body['sale_id']]} times"
                 for each in wanted if each.kind == "SALE" and arrived[each.body["sale_id"]] > 1]
        found += [f"lost: {each} is not at head office" for each in wanted if not held.has(each)]
        return [*found, *self._alarms(held)]

    def _alarms(self, held: Held) -> Iterator[str]:
        """Every fork that head office could see has its alarm."""
        alarmed = {row[:2] for row in rows("SELECT station, incarnation FROM intake_alarm")}
        forked = {each.place[:2]: each for till in self.tills for each, _ in _entries(till) if held.contradicts(each)}
        for name, each in forked.items():
            self.trace.count("forks")
            if name not in alarmed:
                yield f"fork: no alarm for the fork at {each}"


def _entries(till: Till, after: int = 0) -> Iterator[tuple[Known, int]]:
    """Yield what the station's file holds after place ``after``, with each one's place."""
    for each in till.files.journal.entries(after, ALL):
        yield Known((till.who.station, each.incarnation, each.seq), bytes(each.raw), bytes(each.hash)), each.place
