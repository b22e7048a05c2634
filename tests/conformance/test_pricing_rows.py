"""What other systems pin about prices, one test for each row, and the table of all rows, points among them."""

from pathlib import Path

import pytest

from tests.conformance.priced_row import differences
from tests.conformance.rows import (
    EQUAL,
    IDS,
    NOT_APPLICABLE,
    VERDICTS,
    Row,
    by_verdict,
    judged,
    points_rows,
    pricing_rows,
)
from tests.conformance.table import counts, document

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
ROWS_THERE_ARE = 165


def row_of(name: str) -> Row:
    return next(row for row in pricing_rows() if row["id"] == name)


@pytest.mark.parametrize("row", [row for row in pricing_rows() if "cases" in row], ids=lambda row: row["id"])
def test_a_row(row: Row) -> None:
    assert [differences(row, case) for case in row["cases"]] == [{} for _ in row["cases"]]


@pytest.mark.parametrize(("name", "case", "found"), [
    ("A06", {"buy": [["DB", 17]], "expect": {"total": 17601}}, {"total": (17600, 17601)}),
    ("A06", {"buy": [["DB", 17]], "misread": "$.promotions"}, {"misread": ("", "$.promotions")}),
    ("K08", {"buy": [["T", 2]], "expect": {}, "returns": [{"lines": [[1, 1]], "expect": {"money": 1999}}]},
     {"return 1: money": (2000, 1999)}),
])
def test_a_wrong_figure_is_noticed(name: str, case: Row, found: Row) -> None:
    assert differences(row_of(name), case) == found


def test_every_row_is_there_once_with_one_verdict() -> None:
    assert len(IDS) == len(set(IDS)) == ROWS_THERE_ARE
    assert [row["id"] for row in judged()] == sorted(IDS)
    for part in (points_rows(), pricing_rows()):
        ids = [row["id"] for row in part]
        assert len(ids) == len(set(ids))
        assert set(ids) <= set(IDS)


def test_every_row_is_checked_or_says_why_not() -> None:
    for row in (*points_rows(), *pricing_rows()):
        verdict = row.get("verdict", EQUAL)
        assert verdict in VERDICTS
        assert ("check" in row or "cases" in row) == (verdict != NOT_APPLICABLE), row["id"]
        assert verdict == EQUAL or row["reason"], row["id"]
        for case in row.get("cases", []) if "goods" in row else []:
            assert case.get("expect") or case.get("misread"), row["id"]


def test_the_page_says_what_the_rows_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert PAGE.read_text(encoding="utf-8") == document()
    assert sum(len(ids) for ids in by_verdict().values()) == ROWS_THERE_ARE
    with capsys.disabled():
        print("\n" + counts())  # noqa: T201 - the counts are what this test is asked for
