"""The derived tables in a form that can be compared: before and after a rebuild, on SQLite and on PostgreSQL."""

import hashlib
import json

from django.db.backends.utils import CursorWrapper

KEYS = {
    "ledger_sale": "station, sale_id",
    "ledger_salereturn": "station, return_id",
    "ledger_returntender": "station, return_id, number",
    "ledger_pointsentry": "member, key",
    "ledger_pointslot": "member, lot_id",
    "ledger_balance": "member",
    "ledger_valueentry": "account, key",
    "ledger_valuelot": "account, lot_id",
    "ledger_valueaccount": "account",
    "audit_difference": "station, incarnation, seq, breach",
    "cards_seen": "card, station, incarnation, seq",
    "cards_standing": "card, kind",
    "cards_clonealert": "card, station, incarnation, seq",
    "coupons_note": "code, station, incarnation, seq",
    "intake_quarantine": "station, incarnation, seq",
}
"""Every derived table with the columns that name a row of it."""

_AT_ONCE = 2_000


def digest(cursor: CursorWrapper, table: str) -> str:
    """Return the SHA-256 (hexadecimal) of all rows of ``table`` in the order of their names, one JSON list a line.

    Columns stand in the order of their own names. Both databases compare text by its UTF-8 bytes.
    """
    key = KEYS[table]
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 - our names
    columns = ", ".join(sorted(each[0] for each in cursor.description))
    cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {key}")  # noqa: S608 - our names
    made = hashlib.sha256()
    while rows := cursor.fetchmany(_AT_ONCE):
        for row in rows:
            made.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return made.hexdigest()


def digests(cursor: CursorWrapper) -> dict[str, str]:
    """Return the digest of every derived table by its name."""
    return {table: digest(cursor, table) for table in KEYS}
