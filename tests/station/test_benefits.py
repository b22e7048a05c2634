"""The sums of a member's own report, worked by hand."""

from station.benefits import Benefits, Expiring, Given, PointsMove, Purchase, given_in
from station.points import PointsKind
from station.span import Span

SPAN = Span("2026-11-01", "2026-11-30")
REPORT = Benefits(
    "m1", SPAN,
    (Purchase("2026-11-22", 845, "12-1-000009-A3F9", "12", -100_000, 0, 40, is_back=True),
     Purchase("2026-11-20", 600, "12-1-000004-A3F9", "12", 900_000, 100_000, -10)),
    (Given("gold-10", 1, 100_000),),
    (PointsMove("2026-11-22", PointsKind.REVERSE, 50, ""), PointsMove("2026-11-22", PointsKind.REVERSE, -10, ""),
     PointsMove("2026-11-20", PointsKind.EARN, 90, "base"), PointsMove("2026-11-20", PointsKind.REDEEM, -100, "points"),
     PointsMove("2026-11-02", PointsKind.EXPIRE, -7, "")),
    (Expiring("2026-11-21", 3), Expiring("2026-12-01", 5)))


def test_sums_follow_from_the_rows() -> None:
    assert (REPORT.bought, REPORT.gained) == (800_000, 100_000)
    assert (REPORT.got, REPORT.spent, REPORT.given_back, REPORT.expired) == (80, 100, 50, 7)


def test_what_is_over_ends_no_more_and_what_is_not_known_is_nothing() -> None:
    assert REPORT.expiring_from("2026-11-22") == (Expiring("2026-12-01", 5),)
    assert Benefits("m1", SPAN, (), (), ()).expiring_from("2026-11-22") == ()


def test_a_rule_counts_once_a_sale_and_what_hands_gave_is_one() -> None:
    assert given_in([[("gold-10", 300), ("gold-10", 200), ("hand/1", 40)], [("hand/1", 1), ("hand/2", 1)], []]) == (
        Given("gold-10", 1, 500), Given("hand", 2, 42))
