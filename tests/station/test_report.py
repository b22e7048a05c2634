"""Day figures are exact sums."""

from station.report import SaleFact, day_report

DAY, OTHER = "2026-11-22", "2026-11-21"


def test_a_day_is_the_sum_of_its_sales_alone() -> None:
    facts = [
        SaleFact(DAY, 9, "m1", 100, 10, 9, 1), SaleFact(DAY, 9, "m1", 50, 0, 0, 0),
        SaleFact(DAY, 23, None, 151, 0, 13, 0), SaleFact(OTHER, 9, "m2", 999, 9, 9, 9)]
    report = day_report(DAY, facts)
    assert (report.sales, report.total, report.discount, report.tax, report.points) == (3, 301, 10, 22, 1)
    assert (report.member_sales, report.member_total, report.members) == (2, 150, 1)
    assert report.member_share == 49  # 150 / 301 = 49.8 %
    assert (report.hours[9], report.hours[23], sum(report.hours)) == (150, 151, 301)


def test_an_empty_day_has_no_share() -> None:
    report = day_report(DAY, [])
    assert (report.total, report.member_share) == (0, 0)
