"""What the suites of other loyalty systems pin about points, one test for each row of points.json.

The rows of ``stationctl ledger`` stand in the form of its file, less what their numbers do not turn
on; the others name the rule of the club they are about.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from station.bonus import Birth
from station.dates import Calendar
from station.lots import Validity
from station.redemption import Redemption, RedemptionRules, redeemable
from station.replay import replay
from station.tiers import Floor, TierPolicy, tier_on
from sync.documents import convert
from tests.conformance.rows import Row, points_rows
from ui.cli_files import event_of
from ui.cli_ledger import LedgerFile

WHO = {"account": "A", "day": "2026-06-01"}
DEFAULTS: dict[str, Row] = {
    "earn": WHO | {"rule": "rule"}, "redeem": WHO | {"rule": "rule"}, "return": WHO, "adjust": WHO, "merge": WHO,
    "born": WHO, "nightly": {}}


def at(path: str, value: Any) -> Any:
    """What lies at a dotted ``path``; ``#`` is the length of a list."""
    for step in path.split("."):
        value = len(value) if step == "#" else value[int(step) if isinstance(value, list) else step]
    return value


def ledger(row: Row) -> None:
    events = [DEFAULTS[each["type"]] | each for each in row["events"]]
    file = convert({
        "version": 1, "rules": row.get("rules", {}), "accounts": row.get("accounts", []), "events": events}, LedgerFile)
    happened = [event_of(each, f"$.events[{i}]") for i, each in enumerate(file.events)]
    report = msgspec.json.decode(msgspec.json.encode(replay(file.rules, file.accounts, happened, row["at"])))
    wanted = {"refused": []} | row["expect"]
    assert {path: at(path, report) for path in wanted} == wanted


def payment(row: Row) -> None:
    rules = convert(row["rules"], RedemptionRules)
    for case in row["cases"]:
        result = redeemable(rules, case["spendable"], case["total"], case["asked"])
        assert result == Redemption(case["points"], case["amount"])


def tier(row: Row) -> None:
    policy = convert(row["policy"], TierPolicy)
    for case in row["cases"]:
        facts = [(day, amount) for day, amount in case["facts"]]
        floors = convert(case["floors"], tuple[Floor, ...])
        assert tier_on(policy, facts, case["day"], floors).tier == case["tier"]


def last_day(row: Row) -> None:
    validity = convert(row["validity"], Validity)
    assert validity.last_day(row["day"], Calendar(row["calendar"])) == row["last_day"]


def birthday(row: Row) -> None:
    birth = convert(row["birth"], Birth)
    assert [birth.in_year(case["year"]) for case in row["cases"]] == [case["day"] for case in row["cases"]]


CHECKS: dict[str, Callable[[Row], None]] = {
    "ledger": ledger, "redeemable": payment, "tier": tier, "last_day": last_day, "birthday": birthday}


@pytest.mark.parametrize("row", [row for row in points_rows() if "check" in row], ids=lambda row: row["id"])
def test_a_row(row: Row) -> None:
    CHECKS[row["check"]](row)
