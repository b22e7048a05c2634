"""The lines of the manager's lists: what a report says of the cash, and which one closed the shift."""

import pytest

from station.shift_rows import ReportRow, ShiftRow


@pytest.mark.parametrize(("expected", "counted", "difference"), [
    (100, 90, -10), (100, 130, 30), (100, 100, 0), (100, None, None), (None, None, None)])
def test_the_difference_is_what_was_counted_less_what_was_expected(
    expected: int | None, counted: int | None, difference: int | None,
) -> None:
    assert ReportRow("Z", 1, 9, expected=expected, counted=counted).difference == difference


def test_a_shift_is_closed_by_its_z_report() -> None:
    reading, closing = ReportRow("X", 4, 8), ReportRow("Z", 2, 9)
    assert ShiftRow(2, "2026-11-22", "sara", 0, (reading,)).closing is None
    assert ShiftRow(2, "2026-11-22", "sara", 0, (reading, closing)).closing == closing
