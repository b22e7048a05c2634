"""``stationctl price``: files in, JSON or sentences out; every mistake one line with file, path and value."""

import json
from pathlib import Path
from typing import Any

import pytest

from ui.cli import MISUSED, OK, REFUSED, main

Json = dict[str, Any]
NAME = {"fa": "ده درصد", "en": "Ten percent"}
PACK: Json = {
    "version": 1, "number": 7, "currency": "IRR", "tiers": [{"id": "gold", "rank": 1, "name": NAME}],
    "promotions": [{"id": "ten", "name": NAME, "reward": {"percent": {"rate": "10"}}, "when": {"minimum": {"amount": 100_000}}}],
    "earning": [{"id": "base", "name": NAME, "points": 1, "per": 1000}],
    "redemption": {"block": 10, "worth": 1000}, "by_hand": [{"role": "CASHIER", "percent": "5"}],
    "taxes": [{"id": "vat", "name": NAME, "percent": "10"}]}
MILK = {"product": {"product_id": "milk", "price": 60_000}, "quantity": 2000}
BASKET: Json = {"version": 1, "opened": "2026-11-22T14:05:00+03:30", "lines": [MILK]}
MEMBER: Json = {"member_id": "m", "tier": "gold", "points": 500}
GIVEN = {"actor": {"person": "sara", "role": "CASHIER"}, "reason": "old", "line": 1, "percent": "5"}


class Files:
    """The files of one calculation, in a folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.options: list[str] = []
        self.put("pack", PACK)
        self.put("basket", BASKET)

    def put(self, name: str, content: object) -> None:
        """Write a file and name it on the command line; text is written as it is."""
        file = self.folder / name
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        if f"--{name}" not in self.options:
            self.options += [f"--{name}", str(file)]

    def run(self, command: str = "price", *more: str) -> tuple[int, str, str]:
        """Return the status and both streams, the folder left out."""
        status = main([command, *self.options, *more])
        out, err = self._capsys.readouterr()
        return status, out, err.replace(f"{self.folder}/", "")

    def answer(self, command: str = "price") -> Any:
        """The JSON of a run in which all is well."""
        status, out, err = self.run(command)
        assert (status, err) == (OK, "")
        return json.loads(out)


@pytest.fixture
def files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Files:
    return Files(tmp_path, capsys)


def test_a_basket_is_priced(files: Files) -> None:
    answer = files.answer()
    # 2 × 60 000 less 10 %
    assert (answer["pack"], answer["basket_id"], answer["priced"]["total"]) == (7, "basket", 108_000)
    assert answer["priced"]["discounts"] == [
        {"line": 1, "rule": "ten", "stage": 1, "base": 120_000, "amount": 12_000, "free": 0}]
    assert answer["refusals"] == [{"rule": "base", "code": "MEMBER", "have": 0, "need": 0, "other": ""}]
    # as a member the customer would have earned a point for each 1 000
    assert (answer["joining"], answer["ledger"]) == ({"saved": 0, "points": 108}, None)


def test_a_line_may_leave_out_all_but_its_product(files: Files) -> None:
    files.put("basket", BASKET | {"lines": [{"product": {"product_id": "milk", "price": 60_000}}, MILK | {"line": 9}]})
    assert [(line["line"], line["listed"]) for line in files.answer()["priced"]["lines"]] == [(1, 60_000), (9, 120_000)]


def test_the_member_may_stand_in_the_basket_or_beside_it(files: Files) -> None:
    files.put("basket", BASKET | {"member": MEMBER, "redeem": 20})
    # 20 points pay 2 000; 106 000 earn 106
    priced = files.answer()["priced"]
    assert (priced["total"], priced["points"], priced["paid_points"]) == (
        106_000, 106, [{"rule": "points", "points": 20, "amount": 2_000}])
    files.put("member", MEMBER | {"points": 10})
    assert files.answer()["priced"]["total"] == 107_000


def test_the_history_tells_visits_and_uses(files: Files) -> None:
    ten = PACK["promotions"][0]
    files.put("pack", PACK | {"promotions": [
        ten | {"when": {"visits": [3]}}, ten | {"id": "once", "limits": {"in_all": 2}}]})
    files.put("member", MEMBER)
    files.put("history", {"version": 1, "purchases": 2, "usage": [{"promotion": "once", "in_all": 2}]})
    answer = files.answer()
    assert answer["priced"]["applied"] == ["ten"]
    assert answer["refusals"] == [{"rule": "once", "code": "LIMITS", "have": 2, "need": 2, "other": ""}]


def test_with_a_history_of_points_the_sale_is_posted(files: Files) -> None:
    files.put("basket", BASKET | {"redeem": 900})
    files.put("member", MEMBER)
    files.put("history", {"version": 1, "events": [
        {"type": "earn", "key": "a", "account": "m", "day": "2026-05-01", "amount": 85, "rule": "x"}]})
    answer = files.answer()
    # the ledger lets 85 go, of which 8 blocks of 10 are taken: 8 000 off 108 000
    assert (answer["priced"]["total"], answer["priced"]["points"]) == (100_000, 100)
    ledger = answer["ledger"]
    assert [(each["kind"], each["amount"]) for each in ledger["postings"]] == [("REDEEM", -80), ("EARN", 100)]
    assert (ledger["refused"], ledger["standing"]["points"]["balance"]) == ([], 105)
    assert [(lot["lot_id"], lot["left"]) for lot in ledger["standing"]["points"]["lots"]] == [
        ("a", 5), ("basket/base", 100)]


def test_a_history_of_points_is_nothing_to_a_stranger(files: Files) -> None:
    files.put("history", {"version": 1, "events": [{"type": "nightly", "day": "2026-05-01"}]})
    assert files.answer()["ledger"] is None


@pytest.mark.parametrize(("language", "words"), [("en", "Ten percent"), ("fa", "ده درصد")])
def test_it_can_be_told_in_sentences(files: Files, language: str, words: str) -> None:
    status, out, err = files.run("price", "--explain", "--language", language)
    assert (status, err, words in out) == (OK, "", True)
    with pytest.raises(json.JSONDecodeError):
        json.loads(out)


@pytest.mark.parametrize(("opened", "day", "minute"), [
    ("2026-11-22T00:30:00+03:30", "2026-11-22", 30), ("2026-11-21T23:30:00.5Z", "2026-11-21", 23 * 60 + 30),
    ("2026-11-22T05:00:00-05:00", "2026-11-22", 300)])
def test_time_is_local(files: Files, opened: str, day: str, minute: int) -> None:
    spans = {"dates": [{"first": day, "last": day}],
             "hours": [{"start": f"{minute // 60:02}:{minute % 60:02}", "end": f"{minute // 60:02}:{minute % 60 + 1:02}"}]}
    files.put("pack", PACK | {"promotions": [PACK["promotions"][0] | {"when": spans}]})
    files.put("basket", BASKET | {"opened": opened})
    assert files.answer()["priced"]["applied"] == ["ten"]


LINE = "basket: $.lines[0]"
OPENED = "expected a date-time such as 2026-11-22T14:05:00+03:30"


@pytest.mark.parametrize(("name", "content", "line"), [
    ("pack", PACK | {"number": 0}, "pack: $.number: 0, expected at least 1"),
    ("pack", PACK | {"taxes": [PACK["taxes"][0] | {"rate": 1}]},
     "pack: $.taxes[0].rate: 1: no such field, expected one of id, name, percent"),
    ("pack", "{", "pack: $: not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ("basket", BASKET | {"version": 2}, "basket: $.version: 2, expected 1"),
    ("basket", BASKET | {"opened": "2026-11-22"}, f"basket: $.opened: '2026-11-22', {OPENED}"),
    ("basket", BASKET | {"opened": "2026-11-22T14:05:00"}, f"basket: $.opened: '2026-11-22T14:05:00', {OPENED}"),
    ("basket", BASKET | {"opened": "2026-02-30T14:05:00Z"}, f"basket: $.opened: '2026-02-30T14:05:00Z', {OPENED}"),
    ("basket", BASKET | {"lines": [{}]}, LINE + ': {"line": 1, "quantity": 1000}: object missing required field `product`'),
    ("basket", BASKET | {"lines": [{"product": 5}]}, f"{LINE}.product: 5: expected `object`, got `int`"),
    ("basket", BASKET | {"lines": [MILK | {"price": 5}]},
     f"{LINE}.price: 5: no such field, expected one of line, product, quantity, account, labelled"),
    ("basket", BASKET | {"lines": [MILK | {"quantity": "2"}]}, f'{LINE}.quantity: "2": expected `int`, got `str`'),
    ("basket", BASKET | {"lines": ["milk"]}, f'{LINE}: "milk": expected `object`, got `str`'),
    ("basket", BASKET | {"lines": [{"product": {"product_id": 5, "price": 1}}]}, f"{LINE}.product.product_id: 5: expected `str`, got `int`"),
    ("basket", BASKET | {"lines": [MILK, MILK | {"line": 1}]}, "basket: $: line numbers [1, 1] stand twice or reach next_line 2"),
    ("basket", BASKET | {"redeem": -5}, "basket: $: points to pay with are not negative: -5"),
    ("basket", BASKET | {"chosen": [{"promotion": "a"}, {"promotion": "a"}]}, "basket: $: chosen: a promotion stands twice"),
    ("basket", BASKET | {"payments": ["CHEQUE"]}, 'basket: $.payments[0]: "CHEQUE": expected one of CASH, DEBIT, WALLET, GIFT_CARD'),
    ("basket", BASKET | {"by_hand": [GIVEN | {"line": 4}]}, "basket: $: given by hand on line 4, which is not there"),
    ("basket", BASKET | {"lines": [{"product": {"product_id": "milk", "price": 1, "taxes": ["toll"]}}]},
     "basket: $: line 1 names the tax 'toll', expected one of vat"),
    ("member", MEMBER | {"name": "x"},
     'member: $.name: "x": no such field, expected one of member_id, tier, points, segments, birth, purchases'),
    ("member", {}, "member: $: {}: object missing required field `member_id`"),
    ("history", {"version": 3}, "history: $.version: 3, expected 1"),
    ("history", {"version": 1, "usage": [{"promotion": "a", "today": -1}]},
     'history: $.usage[0]: {"promotion": "a", "today": -1}: a usage count of a is negative'),
    ("history", {"version": 1, "events": [{"type": "nightly", "ledger": 1}]}, "history: $.events[0].ledger: 1: expected points or value"),
    ("history", {"version": 1, "events": [
        {"type": "redeem", "key": "a", "account": "m", "day": "2026-05-01", "amount": 5, "rule": "x"}]},
     "history: $.events[0]: refused by the ledger: NOT_ENOUGH"),
    ("history", {"version": 1, "events": [{"type": "nightly", "day": "2026-13-01"}]}, "history: $.events[0]: no such day: '2026-13-01'"),
])
def test_a_mistake_is_one_line_and_status_2(files: Files, name: str, content: object, line: str) -> None:
    files.put(name, content)
    assert files.run() == (MISUSED, "", f"{line}\n")


@pytest.mark.parametrize("name", ["pack", "basket", "member", "history"])
def test_a_file_that_is_not_there_is_a_mistake(files: Files, name: str) -> None:
    files.put(name, "")
    (files.folder / name).unlink()
    assert files.run() == (MISUSED, "", f"{name}: No such file or directory\n")


def test_a_value_too_deep_to_be_shown_is_still_one_line(files: Files) -> None:
    for depth in range(850, 1000, 3):
        files.put("basket", json.dumps(BASKET)[:-1] + ', "shop": ' + "[" * depth + "]" * depth + "}")
        status, out, err = files.run()
        assert (status, out, err.count("\n"), err.startswith("basket: $")) == (MISUSED, "", 1, True)


def test_a_discount_by_hand_beyond_the_role_is_refused_with_a_sentence(files: Files) -> None:
    files.put("basket", BASKET | {"by_hand": [GIVEN]})
    # 5 % of 120 000, then 10 % of what is left
    assert files.answer()["priced"]["total"] == 102_600
    files.put("basket", BASKET | {"by_hand": [GIVEN | {"percent": "5.01"}]})
    status, out, err = files.run()
    assert (status, out, err.count("\n")) == (REFUSED, "", 1)
    assert err.endswith("(E308)\n")


def test_without_its_files_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["price", "--pack", "x"])
    assert ended.value.code == MISUSED
    assert "--basket" in capsys.readouterr().err
