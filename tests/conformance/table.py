"""``python -m tests.conformance.table``: docs/conformance.md, written from the rows."""

import sys
from collections.abc import Iterable

from tests.conformance.rows import (
    DIFFERENT,
    DISAGREED,
    EQUAL,
    IDS,
    NOT_APPLICABLE,
    Row,
    by_verdict,
    judged,
    sources,
)

HEAD = """# Numbers of other systems

The test suites of other loyalty and point-of-sale systems pin numbers: so much off, so many points, so much back. Where they could be had they are checked against this engine and ledger, one test for each row, in `tests/conformance/`. No code of theirs is used. The rows that are about prices hold a rule pack and a basket in the form of the files of `stationctl price` ([pricing.md](pricing.md)), those about points the events of `stationctl ledger` ([points.md](points.md)), both less what the numbers do not turn on. Amounts in the files are hundredths of the other system's unit, one hundredth a rial.

What is expected is the other system's figure, or was worked by hand from our rules where they differ. This page is written by `python -m tests.conformance.table` from the rows, and a test compares it with them.
"""


def document() -> str:
    """Return the page: how many rows of each verdict, then every one that is not simply equal."""
    rows = judged()
    chosen = [row for row in rows if row["id"].startswith(DISAGREED)]
    remarks = [row for row in rows if row["verdict"] == EQUAL and row.get("reason") and row not in chosen]
    return "\n".join((
        HEAD, counts(),
        _table("Deliberate differences", "there", "here, and why", _of(rows, DIFFERENT)),
        _table("Not applicable", "what it is", "why", _of(rows, NOT_APPLICABLE)),
        _table("Where the others disagree among themselves", "question", "here", chosen),
        _table("Equal, with a remark", "there", "remark", remarks),
        _origins()))


def counts() -> str:
    """Return the table of how many rows there are of each verdict, and which."""
    lines = [f"| {verdict} | {len(ids)} | {' '.join(ids)} |" for verdict, ids in by_verdict().items()]
    return "\n".join(("| verdict | rows | which |", "| --- | ---: | --- |", *lines, f"| all | {len(IDS)} | |", ""))


def _of(rows: Iterable[Row], verdict: str) -> list[Row]:
    return [row for row in rows if row["verdict"] == verdict]


def _table(title: str, first: str, second: str, rows: Iterable[Row]) -> str:
    lines = [f"| {row['id']} | {row['inputs']} | {row['reason']} |" for row in rows]
    return "\n".join((f"## {title}\n", f"| row | {first} | {second} |", "| --- | --- | --- |", *lines, ""))


def _origins() -> str:
    lines = [f"| {source} | {' '.join(ids)} |" for source, ids in sorted(sources().items())]
    return "\n".join((
        "## Where the numbers come from\n",
        f"The rows {DISAGREED} set the numbers of other rows against each other.\n",
        "| source | rows |", "| --- | --- |", *lines, ""))


if __name__ == "__main__":
    sys.stdout.write(document())
