"""What head office holds, read from its tables and reckoned anew from stored bytes, without the product's code."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection

Place = tuple[str, str, int]
"""Station, incarnation, seq."""

Key = tuple[Place, bytes]
"""An entry: its place, and the hash of its chain there."""

EMPTY = bytes(32)
OWN = "station = '' OR key LIKE 'write-off/%'"
"""The points entries that head office made by itself."""

MONEY = ("SALES", "TOTAL", "TAX", "DISCOUNT")


@dataclass(frozen=True)
class Known:
    """An entry as it was stored; ``place`` is the one it names itself."""

    place: Place
    raw: bytes
    hash: bytes

    @property
    def key(self) -> Key:
        return self.place, self.hash

    @cached_property
    def document(self) -> Any:
        return json.loads(self.raw)

    @property
    def kind(self) -> str:
        return str(self.document["kind"])

    @property
    def body(self) -> Any:
        return self.document["body"]

    def __str__(self) -> str:
        return f"{self.kind} {named(self.place)}"


def named(place: tuple[Any, ...]) -> str:
    """Return ``place`` for people."""
    return f"{place[0]}/{place[1][:4]}/{place[2]}"


def _amounts(sale: Known) -> tuple[int, int, int]:
    """Return total, tax and discount of a SALE entry."""
    priced = sale.body["priced"]
    return priced["total"], priced["tax"], priced["discount"]


def rows(query: str) -> list[tuple[Any, ...]]:
    """Return what head office's database holds."""
    found: list[tuple[Any, ...]] = connection.connection.execute(query).fetchall()
    return found


@dataclass
class Held:
    """Head office's tables as they are now. ``entries`` are by the journal that has them: of a branch, by its name."""

    entries: dict[Place, Known] = field(init=False)
    keys: set[Key] = field(init=False)
    branches: dict[tuple[str, str], tuple[str, int]] = field(init=False)
    twins: set[Place] = field(init=False)
    projected: dict[tuple[str, str], int] = field(init=False)
    balances: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        found = rows("SELECT station, incarnation, seq, raw, hash FROM intake_entry ORDER BY 1, 2, 3")
        self.branches = {row[:2]: row[2:] for row in rows("SELECT station, incarnation, of, base FROM intake_incarnation WHERE of <> ''")}
        self.entries = {row[:3]: Known(self._own(row[:3]), bytes(row[3]), bytes(row[4])) for row in found}
        self.keys = {each.key for each in self.entries.values()}
        self.twins = set(self._twins())
        self.projected = {row[:2]: row[2] for row in rows("SELECT station, incarnation, projected FROM intake_incarnation")}
        self.balances = dict(rows("SELECT member, points FROM ledger_balance"))

    def _own(self, place: Place) -> Place:
        """The place that the entry of a journal names: that journal, or the one it is a branch of."""
        station, incarnation, seq = place
        while (station, incarnation) in self.branches:
            incarnation, _ = self.branches[station, incarnation]
        return station, incarnation, seq

    def has(self, each: Known) -> bool:
        """Whether exactly this entry is held."""
        return each.key in self.keys

    def contradicts(self, each: Known) -> bool:
        """Whether another entry is held at this place."""
        return each.place in self.entries and self.entries[each.place].hash != each.hash

    def booked(self) -> Iterator[tuple[Place, Known]]:
        """Yield what the ledger must count by now, with the journal that has it."""
        return ((place, each) for place, each in self.entries.items() if self._done(place) and place not in self.twins)

    def passed(self) -> set[Key]:
        """What the projector has gone over, twins as well."""
        return {each.key for place, each in self.entries.items() if self._done(place)}

    def _done(self, place: Place) -> bool:
        return place[2] <= self.projected.get(place[:2], 0)

    def _twins(self) -> Iterator[Place]:
        """Yield the second sales of a basket that was in hand when a disk was copied: both copies closed it, under one id.

        The second one on a branch, or in the journal that was begun when head office told of the other
        copy. Head office sets it aside, for people to judge.
        """
        aside = [row for row in rows("SELECT station, incarnation, seq FROM intake_quarantine") if row in self.entries]
        if not aside:
            return
        first = {each.body["sale_id"]: place for place, each in self.entries.items()
                 if each.kind == "SALE" and place not in aside}
        for place in aside:
            one = self.entries[place]
            other = first.get(one.body["sale_id"]) if one.kind == "SALE" else None
            if other and other[1] != place[1] and (
                    {other[:2], place[:2]} & self.branches.keys() or self._began_for_a_fork(place)):
                yield place

    def _began_for_a_fork(self, place: Place) -> bool:
        opened = self.entries.get((*place[:2], 1))
        return opened is not None and opened.body.get("cause") == "FORKED"

    def posted(self) -> Iterator[Known]:
        """Yield what the ledger must count by now."""
        return (each for _, each in self.booked())

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the tables in themselves."""
        yield from self._chains()
        yield from self._ledger()
        yield from self._points()
        yield from self._set_aside()
        yield from self._reports()
        for row in rows("SELECT station, incarnation, seq, reason FROM intake_quarantine"):
            if row[:3] not in self.twins:
                yield f"quarantine: {named(row)} {row[3]}"

    def _chains(self) -> Iterator[str]:
        """Each journal is gapless and chained, from 1 or from what it is a branch of, to where head office says it ends."""
        ends: dict[tuple[str, str], tuple[int, bytes]] = {}
        for place, each in self.entries.items():
            if place[:2] in self.branches and place[:2] not in ends:
                yield from self._misnamed(place, each)
            seq, before = ends.get(place[:2]) or self._start(place[:2])
            if place[2] != seq + 1 or hashlib.sha256(before + each.raw).digest() != each.hash:
                yield f"lost: the chain breaks at {each}"
            ends[place[:2]] = place[2], each.hash
        for station, incarnation, end, head in rows("SELECT station, incarnation, acknowledged, head FROM intake_incarnation"):
            if (ends.get((station, incarnation)) or self._start((station, incarnation))) != (end, bytes(head)):
                yield f"lost: {named((station, incarnation, end))} is said to be the end, and is not"

    def _start(self, name: tuple[str, str]) -> tuple[int, bytes]:
        """What the first entry of a journal comes after, and that one's hash."""
        if name not in self.branches:
            return 0, EMPTY
        of, base = self.branches[name]
        return base, self.entries[name[0], of, base].hash

    def _misnamed(self, place: Place, first: Known) -> Iterator[str]:
        of, _ = self.branches[place[:2]]
        if hashlib.sha256(b"card-station branch" + bytes.fromhex(of) + first.hash).hexdigest()[:32] != place[1]:
            yield f"lost: a branch does not begin with the entry it is named after, but with {first}"

    def _ledger(self) -> Iterator[str]:
        """Sales are those of the entries."""
        totals: dict[str, int] = {}
        for each in self.posted():
            if each.kind == "SALE":
                name = each.body["sale_id"]
                if name in totals:
                    yield f"doubled: the sale of {each} is here twice"
                totals[name] = each.body["priced"]["total"]
        sold = dict(rows("SELECT sale_id, total FROM ledger_sale"))
        if sold.keys() - totals.keys():
            yield "doubled: the ledger has sales that no journal has"
        elif sold != totals:
            yield "ledger: the sales of the ledger are not those of the journals"

    def _points(self) -> Iterator[str]:
        """Points, purchases and balances are the fold of the entries, and of what head office gave by itself."""
        points: dict[tuple[str, str], int] = {}
        bought: Counter[str] = Counter()
        for each in self.posted():
            if each.kind in ("SALE", "RETURN"):
                points.update({(moved["member_id"], moved["key"]): moved["points"] for moved in each.body["points"]})
            if each.kind == "SALE" and (member := each.body["basket"]["member"]):
                bought[member["member_id"]] += 1
        if {row[:2]: row[2] for row in rows(f"SELECT member, key, points FROM ledger_pointsentry WHERE NOT ({OWN})")} != points:  # noqa: S608
            yield "ledger: the points entries are not those of the journals"
        due: Counter[str] = Counter()
        for member, moved in [*rows(f"SELECT member, points FROM ledger_pointsentry WHERE {OWN}"),  # noqa: S608
                              *((member, moved) for (member, _), moved in points.items())]:
            due[member] += moved
        for member, balance, purchases in rows("SELECT member, points, purchases FROM ledger_balance"):
            if (balance, purchases) != (due.pop(member, 0), bought.pop(member, 0)):
                yield f"ledger: the balance of {member} is not the fold of the journals"
        yield from (f"ledger: {member} has no balance" for member, moved in due.items() if moved)

    def _reports(self) -> Iterator[str]:
        """The sales of each closed shift, as head office booked them, are those of its Z report.

        A twin is in the report of its shift and not in the ledger, where its id is the other copy's sale: it counts as it was made.
        """
        booked = {row[:3]: row[3:] for row in rows("SELECT station, incarnation, seq, total, tax, discount FROM ledger_sale")}
        booked |= {place: _amounts(self.entries[place]) for place in self.twins}
        for place, each in self.booked():
            shift = self._shift_of(place, each) if each.kind == "SHIFT_CLOSED" else None
            if shift is None:
                continue
            sales = [booked.get(where, (0, 0, 0)) for where, one in shift if one.kind == "SALE"]
            back = sum(tax["tax"] for _, one in shift if one.kind == "RETURN" for tax in one.body["taxes"])
            due = [len(sales), *map(sum, zip(*sales, strict=True))] if sales else [0, 0, 0, 0]
            due[2] -= back
            stated = {total["tally"]: total["amount"] for total in each.body["totals"] if not total["name"]}
            if [stated.get(tally, 0) for tally in MONEY] != due:
                yield f"report: {each} says {[stated.get(tally, 0) for tally in MONEY]}, the ledger {due}"

    def _set_aside(self) -> Iterator[str]:
        """Live leases, live reservations and what is available make the balance; nothing is spent that is not there.

        Only what came back (returns take points of a member back that may be set aside) may be owed.
        """
        taken = dict(rows("SELECT member, -sum(points) FROM ledger_pointsentry WHERE points < 0 AND kind <> 'REDEEM' GROUP BY member"))
        live = dict(rows("SELECT account, sum(amount - used) FROM spending_lease WHERE kind = 'POINTS' AND state = 'LIVE' GROUP BY account"))
        held = dict(rows("SELECT account, sum(amount) FROM spending_reservation"
                         " WHERE kind = 'POINTS' AND state IN ('HELD', 'COMMITTED') GROUP BY account"))
        for account, leased, reserved in rows("SELECT account, leased, reserved FROM spending_account WHERE kind = 'POINTS'"):
            if (leased, reserved) != (live.get(account, 0), held.get(account, 0)):
                yield f"overdraft: of {account} {leased} and {reserved} are set aside, live {live.get(account, 0)} and {held.get(account, 0)}"
        for account in {*self.balances, *live, *held}:
            available = self.balances.get(account, 0) - live.get(account, 0) - held.get(account, 0)
            if available < -taken.get(account, 0):
                yield f"overdraft: {-available} points of {account} are spent or set aside that are not there"
        yield from self._settled()

    def _settled(self) -> Iterator[str]:
        """What each sale spent is covered as a whole, once; what the club bears was given back to the member."""
        spent = {place: -sum(moved["points"] for moved in each.body["points"] if moved["kind"] == "REDEEM")
                 for place, each in self.booked() if each.kind == "SALE"}
        covers = {row[:3]: row[3:] for row in rows(
            "SELECT station, incarnation, seq, leased + reserved + charged, written_off FROM spending_settlement WHERE kind = 'POINTS'")}
        given = {row[:3]: row[3] for row in rows(
            "SELECT station, incarnation, seq, points FROM ledger_pointsentry WHERE key LIKE 'write-off/%'")}
        for place, amount in spent.items():
            if amount != sum(covers.get(place, (0, 0))) or given.get(place, 0) != covers.get(place, (0, 0))[1]:
                yield f"overdraft: {named(place)} spent {amount} points, covered {covers.get(place)}, given back {given.get(place, 0)}"

    def _shift_of(self, place: Place, closed: Known) -> list[tuple[Place, Known]] | None:
        """Return the entries of a shift, back to its opening, with the journals that have them; None when that is not here."""
        found: list[tuple[Place, Known]] = []
        station, incarnation, seq = place
        while True:
            of, base = self.branches.get((station, incarnation), ("", 0))
            incarnation = of if seq - 1 == base and of else incarnation
            each = self.entries.get((station, incarnation, seq - 1))
            if each is None:
                return None
            if each.kind == "SHIFT_OPENED":
                return found if each.body["number"] == closed.body["shift"] else None
            found.append(((station, incarnation, seq - 1), each))
            seq -= 1
            if each.kind == "OPENED" and (after := each.body.get("after")):
                seq = after["seq"] + 1
                meant = ((station, after["incarnation"], after["seq"]), bytes.fromhex(each.body["after_hash"]))
                here = [place[1] for place, one in self.entries.items() if one.key == meant]
                if not here:
                    return None  # another history is held there
                incarnation = here[0]
