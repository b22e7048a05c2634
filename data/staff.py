"""The people who work here, as head office sent them, with what happened to their PINs here, in ``journal.db``."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from data.cursors import FeedCursor
from data.database import Database
from station.feed import StaffPage
from station.people import ChosenPin, StaffRecord
from station.sign_in import Tries


class StaffStore:
    """``station.ports.StaffReplica`` and ``ChosenPins``, and ``station.staff_desk.StaffBook``."""

    def __init__(self, database: Database) -> None:
        """Work on an open ``journal.db``."""
        self._database = database
        self._cursor = FeedCursor(database, "staff")

    def person(self, staff_id: str) -> StaffRecord | None:
        """Return the person with this id."""
        return self._read("staff_id", staff_id)

    def wearing(self, badge: int) -> StaffRecord | None:
        """Return the person whose badge has this look-up hash."""
        return self._read("badge", badge)

    def people(self) -> Sequence[StaffRecord]:
        """Return everybody, in order of id."""
        rows = self._database.rows("SELECT document FROM staff ORDER BY staff_id")
        return [self._with_chosen(_person(row[0])) for row in rows]

    def tries(self, staff_id: str) -> Tries:
        """Return the wrong tries of this person since the last right one."""
        row = self._database.row("SELECT wrong, at_us FROM staff_tries WHERE staff_id = ?", (staff_id,))
        return Tries(*row) if row else Tries()

    def keep_tries(self, staff_id: str, tries: Tries) -> None:
        """Keep them, durably."""
        with self._database.writing():
            self._database.execute(
                "INSERT OR REPLACE INTO staff_tries VALUES (?, ?, ?)", (staff_id, tries.wrong, tries.at_us))

    def choose(self, staff_id: str, verifier: str, replaces: str) -> None:
        """Keep the verifier of a PIN chosen here, durably."""
        with self._database.writing():
            self._database.execute(
                "INSERT OR REPLACE INTO staff_pin VALUES (?, ?, ?, FALSE)", (staff_id, verifier, replaces))

    def chosen(self) -> Sequence[ChosenPin]:
        """Return the PINs chosen here that head office was not told of."""
        return [ChosenPin(*row) for row in self._database.rows(
            "SELECT staff_id, verifier, replaces FROM staff_pin WHERE NOT sent ORDER BY staff_id")]

    def told(self, chosen: ChosenPin, *, kept: bool) -> None:
        """Head office was told of ``chosen``; where it did not keep it, another PIN is on its way down."""
        which = (chosen.staff_id, chosen.verifier)
        with self._database.writing():
            if kept:
                self._database.execute("UPDATE staff_pin SET sent = TRUE WHERE staff_id = ? AND verifier = ?", which)
            else:
                self._database.execute("DELETE FROM staff_pin WHERE staff_id = ? AND verifier = ?", which)

    def cursor(self) -> str:
        """Return where the feed stands."""
        return self._cursor.cursor()

    def apply(self, page: StaffPage) -> None:
        """Apply ``page`` and keep its cursor, in one transaction. Raises ``StationError`` FEED_OLDER.

        A PIN that head office set anew ends locks of that person here, and what was chosen here.
        """
        with self._database.writing():
            self._cursor.move(page.cursor, page.version)
            for each in page.changed:
                held = self._database.row("SELECT document FROM staff WHERE staff_id = ?", (each.staff_id,))
                if held is None or _person(held[0]).resets < each.resets:
                    self._forget(each.staff_id)
            for gone in page.gone:
                self._database.execute("DELETE FROM staff WHERE staff_id = ?", (gone,))
                self._forget(gone)
            self._database.execute_many("INSERT OR REPLACE INTO staff VALUES (?, ?, ?)", [
                (each.staff_id, each.badge, msgspec.json.encode(each)) for each in page.changed])

    def _forget(self, staff_id: str) -> None:
        for table in ("staff_tries", "staff_pin"):
            self._database.execute(f"DELETE FROM {table} WHERE staff_id = ?", (staff_id,))  # noqa: S608 - our names

    def _read(self, column: str, value: str | int) -> StaffRecord | None:
        row = self._database.row(f"SELECT document FROM staff WHERE {column} = ?", (value,))  # noqa: S608 - our names
        return self._with_chosen(_person(row[0])) if row else None

    def _with_chosen(self, person: StaffRecord) -> StaffRecord:
        """Return ``person`` with the PIN chosen here, while it stands in the place of the one that is known."""
        row = self._database.row("SELECT verifier, replaces FROM staff_pin WHERE staff_id = ?", (person.staff_id,))
        if row is None or row[1] != hashlib.sha256(person.pin.encode()).hexdigest():
            return person
        return replace(person, pin=row[0], must_change=False)


def _person(document: bytes) -> StaffRecord:
    return msgspec.json.decode(document, type=StaffRecord)
