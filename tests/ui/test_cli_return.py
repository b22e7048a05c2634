"""``stationctl return``: a sale from files, brought back in parts; points and lots with a history."""

from pathlib import Path
from typing import Any

import pytest

from tests.ui.test_cli_price import BASKET, GIVEN, MEMBER, MILK, PACK, Files
from ui.cli import MISUSED, OK, REFUSED

Json = dict[str, Any]
ONE = {"key": "r1", "day": "2026-11-23", "lines": [{"line": 1, "quantity": 1000}]}
RETURNS: Json = {"version": 1, "returns": [ONE, ONE | {"key": "r2", "day": "2026-11-24"}]}
EARNED = {"type": "earn", "key": "a", "account": "m", "day": "2026-05-01", "amount": 80, "rule": "x"}


@pytest.fixture
def files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Files:
    made = Files(tmp_path, capsys)
    made.put("returns", RETURNS)
    return made


def test_each_return_is_reckoned_after_those_before_it(files: Files) -> None:
    answer = files.answer("return")
    assert (answer["pack"], answer["sale_id"], answer["priced"]["total"], answer["ledger"]) == (7, "basket", 108_000, None)
    # one piece misses the minimum and costs 60 000: 48 000 go back, then the 60 000
    told = [(each["key"], each["money"], each["tenders"], each["cost"]) for each in answer["returns"]]
    assert told == [("r1", 48_000, [48_000], 60_000), ("r2", 60_000, [60_000], 0)]
    assert [each["ledger"] for each in answer["returns"]] == [None, None]
    assert answer["returns"][1]["gone"]["tenders"] == [108_000]


def test_money_goes_back_to_the_tenders_that_paid(files: Files) -> None:
    tenders = [{"kind": "DEBIT", "amount": 72_000, "trace": "123456"}, {"kind": "CASH", "amount": 50_000}]
    files.put("returns", RETURNS | {"tenders": tenders})
    # 14 000 of change: 72 000 and 36 000 were paid, two to one
    assert [each["tenders"] for each in files.answer("return")["returns"]] == [[32_000, 16_000], [40_000, 20_000]]


def test_a_sale_that_cost_nothing_needs_no_tender(files: Files) -> None:
    files.put("pack", PACK | {"promotions": [PACK["promotions"][0] | {"reward": {"percent": {"rate": "100"}}}]})
    # the piece that stays misses the minimum, so nothing goes back
    assert [(each["money"], each["tenders"]) for each in files.answer("return")["returns"]] == [(0, []), (0, [])]


def test_points_go_back_to_their_lots(files: Files) -> None:
    files.put("pack", PACK | {"promotions": []})
    files.put("basket", BASKET | {"redeem": 60})
    files.put("member", MEMBER)
    files.put("history", {"version": 1, "events": [EARNED]})
    answer = files.answer("return")
    # 60 of 80 points pay 6 000 of 120 000; 114 000 earn 114
    assert answer["ledger"]["standing"]["points"]["balance"] == 134
    first, second = answer["returns"]
    assert [(each["key"], each["amount"]) for each in first["points"]] == [("basket/spent/points", 30), ("basket/base", 57)]
    assert [(each["rule"], each["amount"]) for each in first["ledger"]["postings"]] == [("points", 30), ("base", -57)]
    assert first["ledger"]["standing"]["points"]["balance"] == 134 + 30 - 57
    lots = second["ledger"]["standing"]["points"]["lots"]
    assert [(lot["lot_id"], lot["left"]) for lot in lots] == [("a", 80)]
    assert second["ledger"]["refused"] == []


def test_a_wallet_is_paid_back(files: Files) -> None:
    files.put("member", MEMBER)
    files.put("history", {
        "version": 1, "accounts": [{"account": "w", "purpose": "WALLET", "member_id": "m"}],
        "events": [EARNED | {"ledger": "value", "account": "w", "amount": 200_000}]})
    files.put("returns", RETURNS | {"tenders": [{"kind": "WALLET", "amount": 108_000, "account": "w"}]})
    answer = files.answer("return")
    assert [each["refused"] for each in (answer["ledger"], *(told["ledger"] for told in answer["returns"]))] == [[], [], []]
    assert [each["tenders"] for each in answer["returns"]] == [[48_000], [60_000]]


def test_what_the_ledger_refuses_is_told(files: Files) -> None:
    files.put("member", MEMBER)
    files.put("history", {"version": 1, "events": [EARNED]})
    # the history does not know this wallet
    files.put("returns", RETURNS | {"tenders": [{"kind": "WALLET", "amount": 108_000, "account": "w"}]})
    (refused,) = files.answer("return")["ledger"]["refused"]
    assert (refused["reason"], refused["request"]["request"]["account"]) == ("UNKNOWN_ACCOUNT", "w")


@pytest.mark.parametrize(("returns", "line"), [
    (RETURNS | {"version": 0}, "$.version: 0, expected 1"),
    ({"version": 1, "returns": [ONE | {"quantity": 1}]}, "$.returns[0].quantity: 1: no such field, expected one of key, day, lines"),
    ({"version": 1, "returns": [ONE | {"day": "2026-11-31"}]}, "no such day: '2026-11-31'"),
    ({"version": 1, "returns": [ONE | {"key": ""}]}, "a return has a key"),
    ({"version": 1, "returns": [ONE, ONE]}, "keys of returns stand twice: r1, r1"),
    ({"version": 1, "returns": [ONE | {"lines": [{"line": 1, "quantity": 0}]}]},
     '$.returns[0].lines[0]: {"line": 1, "quantity": 0}: what comes back of line 1: quantity 0, balance None'),
    ({"version": 1, "returns": [ONE | {"lines": [{"line": 2, "quantity": 1000}]}]},
     "$.returns[0]: 1000 thousandths of line 2 cannot come back"),
    ({"version": 1, "returns": [ONE, ONE | {"key": "r2", "lines": [{"line": 1, "quantity": 500}]}]},
     "$.returns[1]: 500 thousandths of line 1 cannot come back"),
    (RETURNS | {"tenders": [{"kind": "CHEQUE", "amount": 1}]},
     '$.tenders[0].kind: "CHEQUE": expected one of CASH, DEBIT, WALLET, GIFT_CARD'),
])
def test_a_mistake_is_one_line_and_status_2(files: Files, returns: Json, line: str) -> None:
    files.put("returns", returns)
    status, out, err = files.run("return")
    assert (status, out, err.count("\n")) == (MISUSED, "", 1)
    assert err.startswith("returns: $")
    assert err.endswith(f"{line}\n")


@pytest.mark.parametrize(("returns", "code"), [
    ({"version": 1, "returns": [ONE | {"lines": [{"line": 1, "quantity": 3000}]}]}, "E309"),
    ({"version": 1, "returns": [*RETURNS["returns"], ONE | {"key": "r3"}]}, "E309"),
    (RETURNS | {"tenders": [{"kind": "CASH", "amount": 107_999}]}, "E303"),
    (RETURNS | {"tenders": [{"kind": "DEBIT", "amount": 108_001}]}, "E304"),
    (RETURNS | {"tenders": [{"kind": "WALLET", "amount": 108_000}]}, "E304")])
def test_a_refusal_is_a_sentence_and_status_1(files: Files, returns: Json, code: str) -> None:
    files.put("returns", returns)
    status, out, err = files.run("return")
    assert (status, out, err.count("\n")) == (REFUSED, "", 1)
    assert err.endswith(f"({code})\n")


def test_what_was_given_by_hand_must_have_been_allowed(files: Files) -> None:
    files.put("basket", BASKET | {"by_hand": [GIVEN | {"percent": "50"}]})
    assert files.run("return")[0] == REFUSED


def test_a_gift_card_needs_its_balance(files: Files) -> None:
    card = {"product": {"product_id": "card", "price": 50_000, "kind": "GIFT_CARD"}, "account": "g"}
    files.put("basket", BASKET | {"lines": [MILK, card]})
    brought = {"line": 2, "quantity": 1000}
    files.put("returns", {"version": 1, "returns": [ONE | {"lines": [brought]}]})
    status, _, err = files.run("return")
    assert (status, err) == (MISUSED, "returns: $.returns[0]: line 2 is money on an account: its balance is needed\n")
    files.put("returns", {"version": 1, "returns": [ONE | {"lines": [brought | {"balance": 20_000}]}]})
    assert [each["money"] for each in files.answer("return")["returns"]] == [20_000]
    assert files.run("return")[0] == OK
