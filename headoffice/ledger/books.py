"""The two ledgers as stored: accounts are opened with their open lots, entries are stated, and all is written at once.

The rules are ``station.ledger``'s. An account goes on from its balance, its debt and the lots that
hold something, so that a sale costs what is open, not what ever was. Rows of accounts are locked in
the order of their ids and stay locked until the transaction ends.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from headoffice.ledger.rows import Row, columns, found, insert
from headoffice.ledger.steps import OWN, Step, Stretch
from station.ledger import Ledger
from station.lots import Lot, Move, moved
from station.points import PointsKind
from station.posting import LedgerRules, Opening, Origin, Posting, Stated


@dataclass(frozen=True, slots=True)
class Book:
    """One ledger: its tables, the columns of an account's id and of an amount, and what else an account's row says.

    ``also`` are the names of those columns, ``blank`` what they hold in an account nobody described.
    """

    entries: str
    lots: str
    accounts: str
    account: str
    amount: str
    also: str
    blank: tuple[int | str, ...]


POINTS = Book("ledger_pointsentry", "ledger_pointslot", "ledger_balance", "member", "points", "purchases", (0,))
VALUE = Book("ledger_valueentry", "ledger_valuelot", "ledger_valueaccount", "account", "amount", "purpose, member", ("", ""))
BOOKS = (POINTS, VALUE)

Others = Mapping[str, Sequence[int | str]]
"""Accounts by id, each with the other columns of its row where it is new."""

_LOT = "opened, lot_id, source, sale, first_day, last_day, held"


@dataclass(slots=True)
class _Account:
    """``lots`` by their place in the order of posting, in which lots that end together are drawn on."""

    balance: int
    debt: int
    lots: dict[int, Lot] = field(default_factory=dict)
    origins: list[Origin] = field(default_factory=list)


@dataclass(slots=True)
class _Held:
    """A lot as it changes: ``row`` is None when it was there before, else all of it but what it holds."""

    account: str
    held: int
    expired: int
    row: tuple[str | int, ...] | None


class OpenBook:
    """One book in one transaction: ``open``, then ``state`` or ``expire``, then ``write`` once."""

    def __init__(self, cursor: CursorWrapper, book: Book, step: Step) -> None:
        """Work inside the transaction of ``cursor``, as ``step``."""
        self._cursor, self._book, self._step = cursor, book, step
        self._accounts: dict[str, _Account] = {}
        self._ledgers: dict[str, Ledger] = {}
        self._entries: list[Row] = []
        self._lots: dict[tuple[str, str], _Held] = {}
        self._moved: set[str] = set()

    def open(self, accounts: Others, origins: Collection[tuple[str, str]] = ()) -> None:
        """Lock ``accounts`` and read their open lots.

        ``origins`` are (account, key) of what is to go back; those not written yet are passed over.
        """
        lock(self._cursor, self._book, accounts)
        names = self._book
        for account, balance, debt in found(
                self._cursor, f"SELECT {names.account}, {names.amount}, debt FROM {names.accounts}"  # noqa: S608 - our names
                f" WHERE {names.account} IN ({{keys}})", [(each,) for each in accounts]):
            self._accounts[account] = _Account(balance, debt)
        for account, opened, *lot in found(
                self._cursor, f"SELECT {names.account}, {_LOT} FROM {names.lots}"  # noqa: S608 - our names
                f" WHERE held > 0 AND {names.account} IN ({{keys}})", [(each,) for each in accounts]):
            self._accounts[account].lots[opened] = _lot(account, lot)
        if origins:
            self._open_origins(origins)

    def _open_origins(self, keys: Collection[tuple[str, str]]) -> None:
        """Read what is to go back, the lots it moved (they may hold nothing), and what of it went back or lapsed before."""
        names, cursor = self._book, self._cursor
        gone = {(account, key): (back, lapsed) for account, key, back, lapsed in found(
            cursor, f"SELECT {names.account}, origin, SUM(ABS({names.amount}) + lapsed + clamped), SUM(lapsed)"  # noqa: S608 - our names
            f" FROM {names.entries} WHERE origin > '' AND ({names.account}, origin) IN (VALUES {{keys}})"
            f" GROUP BY {names.account}, origin", keys)}
        expired = {(account, key): units for account, key, units in found(
            cursor, f"SELECT {names.account}, source, SUM(expired) FROM {names.lots}"  # noqa: S608 - our names
            f" WHERE ({names.account}, source) IN (VALUES {{keys}}) GROUP BY {names.account}, source", keys)}
        empty: dict[tuple[str, str], None] = {}
        for account, key, kind, amount, rule, day, moves in found(
                cursor, f"SELECT {names.account}, key, kind, {names.amount}, rule, day, moves FROM {names.entries}"  # noqa: S608 - our names
                f" WHERE ({names.account}, key) IN (VALUES {{keys}})", keys):
            posting = Posting(key, account, PointsKind(kind), amount, rule, day, moves_of(moves, key, amount))
            back, lapsed = gone.get((account, key), (0, 0))
            state = self._accounts[account]
            state.origins.append(Origin(posting, int(back), int(expired.get((account, key), 0) - lapsed)))
            empty |= {(account, move.lot_id): None for move in posting.moves}
        for account, opened, *lot in found(
                cursor, f"SELECT {names.account}, {_LOT} FROM {names.lots}"  # noqa: S608 - our names
                f" WHERE ({names.account}, lot_id) IN (VALUES {{keys}})", empty.keys()):
            self._accounts[account].lots[opened] = _lot(account, lot)

    def state(self, said: Stated, rules: LedgerRules, place: Stretch = OWN) -> None:
        """Post ``said`` under ``rules``; ``place`` is the one entry it comes from, or none."""
        ledger = self._ledger(said.account)
        ledger.rules = rules
        self._take(ledger.state(said), place)

    def expire(self, account: str, day: str, kept: Mapping[str, int]) -> None:
        """Post the EXPIRE of every lot of ``account`` that ended before ``day``, but for what is ``kept`` of it."""
        for posting in self._ledger(account).expire(day, account, kept):
            self._take(posting, OWN)

    def write(self) -> dict[str, int]:
        """Write all that was stated; return by account that moved its new balance."""
        names, cursor = self._book, self._cursor
        insert(cursor, names.entries, columns(
            f"{names.account} key station incarnation kind rule day moves origin",
            f"seq {names.amount} posted lapsed clamped"), self._entries)
        insert(cursor, names.lots, columns(
            f"{names.account} lot_id source sale first_day last_day", "opened held expired"),
            [(each.account, *each.row, each.held, each.expired) for each in self._lots.values() if each.row])
        cursor.executemany(
            f"UPDATE {names.lots} SET held = %s, expired = expired + %s WHERE {names.account} = %s AND lot_id = %s",  # noqa: S608 - our names
            [(each.held, each.expired, account, lot) for (account, lot), each in sorted(self._lots.items()) if not each.row])
        moved_ = sorted(self._moved)
        cursor.executemany(
            f"UPDATE {names.accounts} SET {names.amount} = %s, debt = %s WHERE {names.account} = %s",  # noqa: S608 - our names
            [(self._accounts[each].balance, self._accounts[each].debt, each) for each in moved_])
        return {each: self._accounts[each].balance for each in moved_}

    def _ledger(self, account: str) -> Ledger:
        ledger = self._ledgers.get(account)
        if ledger is None:
            state = self._accounts[account]
            lots = tuple(lot for _, lot in sorted(state.lots.items()))
            opening = Opening(account, state.balance, state.debt, lots)
            ledger = self._ledgers[account] = Ledger(LedgerRules(), openings=[opening], origins=state.origins)
        return ledger

    def _take(self, posting: Posting, place: Stretch) -> None:
        order = self._step.order()
        self._entries.append((
            posting.account, posting.key, place.station, place.incarnation, posting.kind.value, posting.rule,
            posting.day, _stored(posting), posting.origin,
            place.first, posting.amount, order, posting.lapsed, posting.clamped))
        self._apply(posting)

    def _apply(self, posting: Posting) -> None:
        """Follow ``posting`` in what is to be written of lots and balances."""
        state, account = self._accounts[posting.account], posting.account
        for lot in posting.opened:
            row = (lot.lot_id, lot.source, lot.sale, lot.first_day, lot.last_day or "", self._step.order())
            self._lots[account, lot.lot_id] = _Held(account, 0, 0, row)
        for move in posting.moves:
            held = self._lots.get((account, move.lot_id))
            if held is None:
                before = next(lot.left for lot in state.lots.values() if lot.lot_id == move.lot_id)
                held = self._lots[account, move.lot_id] = _Held(account, before, 0, None)
            held.held += move.amount
            if posting.kind is PointsKind.EXPIRE:
                held.expired -= move.amount
        state.balance, state.debt = state.balance + posting.amount, state.debt + moved(posting.moves) - posting.amount
        self._moved.add(account)


def lock(cursor: CursorWrapper, book: Book, accounts: Others) -> None:
    """Lock the rows of ``accounts`` in the order of their ids, made where they are missing, until the transaction ends.

    SQLite's writers hold the whole file anyway.
    """
    ids = sorted(accounts)
    missing = set(ids) - {account for account, in found(
        cursor, f"SELECT {book.account} FROM {book.accounts} WHERE {book.account} IN ({{keys}})",  # noqa: S608 - our names
        [(each,) for each in ids])}
    places = ", ".join(["%s"] * (3 + len(book.blank)))
    cursor.executemany(
        f"INSERT INTO {book.accounts} ({book.account}, {book.amount}, debt, {book.also}) VALUES ({places})"  # noqa: S608 - our names
        " ON CONFLICT DO NOTHING", [(each, 0, 0, *accounts[each]) for each in ids if each in missing])
    if connection.vendor == "postgresql" and ids:
        cursor.execute(
            f"SELECT 1 FROM {book.accounts} WHERE {book.account} = ANY(%s) ORDER BY {book.account} FOR UPDATE", [ids])  # noqa: S608 - our names


def written(cursor: CursorWrapper, book: Book, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which (account, key) of ``keys`` are written already."""
    return {(account, key) for account, key in found(
        cursor, f"SELECT {book.account}, key FROM {book.entries}"  # noqa: S608 - our names
        f" WHERE ({book.account}, key) IN (VALUES {{keys}})", keys)}


def moves_of(stored: str, key: str, amount: int) -> tuple[Move, ...]:
    """Return the moves of the entry ``key`` of ``amount`` as they are ``stored``."""
    return tuple(Move(*each) for each in json.loads(stored)) if stored else (Move(key, amount),)


def _stored(posting: Posting) -> str:
    if posting.moves == (Move(posting.key, posting.amount),):
        return ""
    return json.dumps([(move.lot_id, move.amount) for move in posting.moves], separators=(",", ":"), ensure_ascii=False)


def _lot(account: str, row: Sequence[Any]) -> Lot:
    lot_id, source, sale, first_day, last_day, held = row
    return Lot(lot_id, account, source, sale, first_day, last_day or None, held)
