"""The rows: what the suites of other systems pin, one file for each part of them, and their verdicts.

A row states a peer's numbers in ``inputs`` and how ours compare in ``verdict``; ``reason`` says why
they differ, or what had to be settled. Amounts are hundredths of a peer's unit, one hundredth a
rial. A row whose points and prices are checked apart stands in two files, with one verdict.
"""

import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]
HERE = Path(__file__).parent
POINTS = "points.json"
PRICING = tuple(sorted(path.name for path in HERE.glob("pricing_*.json")))
EQUAL, DIFFERENT, NOT_APPLICABLE = "equal", "deliberate difference", "not applicable"
VERDICTS = (EQUAL, DIFFERENT, NOT_APPLICABLE)
DISAGREED = "M"  # the rows on which the peers themselves disagree
IDS = tuple(HERE.joinpath("ids.txt").read_text(encoding="utf-8").split())


def points_rows() -> list[Row]:
    """Return the rows of the ledger's side, and of paying with points."""
    found: list[Row] = json.loads(HERE.joinpath(POINTS).read_text(encoding="utf-8"))
    return found


def pricing_rows() -> list[Row]:
    """Return the rows of the engine's side, each with the goods of its file among its own."""
    found = []
    for name in PRICING:
        file = json.loads(HERE.joinpath(name).read_text(encoding="utf-8"))
        found += [row | {"goods": file["goods"] | row.get("goods", {})} for row in file["rows"]]
    return found


def sources() -> dict[str, list[str]]:
    """Return the ids of the rows by where their numbers come from: the path of a suite, or a complaint's number."""
    paths: dict[str, str] = json.loads(HERE.joinpath("sources.json").read_text(encoding="utf-8"))
    found = dict[str, list[str]]()
    for row in judged():
        if not row["id"].startswith(DISAGREED):
            origin = str(row["source"])
            found.setdefault(paths.get(origin, origin), []).append(row["id"])
    return found


def judged() -> list[Row]:
    """Return the rows that carry the verdicts, in order of id."""
    both = (row for row in (*points_rows(), *pricing_rows()) if "verdict" in row)
    return sorted(both, key=lambda row: str(row["id"]))


def by_verdict() -> dict[str, list[str]]:
    """Return the ids of each verdict."""
    return {verdict: [row["id"] for row in judged() if row["verdict"] == verdict] for verdict in VERDICTS}
