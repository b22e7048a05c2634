"""``python -m tests.load.books HOME``: what the books of the head office in HOME amount to, as JSON.

What depends on the order in which stations were heard is left out, so the same sales give the same
figures, whichever database, however many stations spoke at once.
"""

import hashlib
import json
import sys
from pathlib import Path

TABLES = {
    "intake_entry": "station, incarnation, seq, kind, raw, hash",
    "ledger_sale": "station, sale_id, incarnation, seq, shop, business_date, hour, at_us, shift, cashier, member, pack,"
                   " listed, discount, tax, total, points",
    "ledger_pointsentry": "member, key, station, incarnation, seq, kind, rule, day, points",
    "ledger_balance": "member, points, purchases, debt",
    "audit_difference": "station, incarnation, seq, breach",
    "intake_quarantine": "station, incarnation, seq, code",
}


def main() -> None:
    """Do it."""
    from headoffice import main as program

    program.bootstrap(Path(sys.argv[1]))
    from django.db import connection

    found: dict[str, tuple[int, str]] = {}
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            key = ", ".join(columns.split(", ")[:3])
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {key}")  # noqa: S608 - our names
            made, count = hashlib.sha256(), 0
            for row in cursor.fetchall():
                count += 1
                made.update(repr([bytes(each) if isinstance(each, memoryview) else each for each in row]).encode())
            found[table] = count, made.hexdigest()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
