"""``stationctl ledger``: the documented example, one clear line for each mistake, the same bytes everywhere."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ui.cli import MISUSED, OK, main

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "points.md"
EVENT = {"type": "earn", "key": "k", "account": "m", "day": "2026-06-01", "amount": 5, "rule": "base"}


def blocks() -> list[str]:
    """The JSON of docs/points.md: the example, and what it comes to."""
    return [part.split("```")[0] for part in DOCS.read_text(encoding="utf-8").split("```json\n")[1:]]


def said(document: object, tmp_path: Path, capsys: pytest.CaptureFixture[str], at: str = "2026-06-30") -> tuple[int, str, str]:
    """The status, and what stands on the two streams, the file's own name cut off."""
    file = tmp_path / "events.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    status = main(["ledger", str(file), "--at", at])
    out, err = capsys.readouterr()
    return status, out, err.removeprefix(f"{file}: ")


def test_the_documented_example_comes_to_the_documented_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    example, answer = blocks()
    status, out, err = said(example, tmp_path, capsys, "2026-06-20")
    report, shown = json.loads(out), json.loads(answer)
    assert (status, err) == (OK, "")
    assert {name: report[name] for name in shown} == shown


def one(**changes: Any) -> dict[str, Any]:
    return {"version": 1, "events": [EVENT | changes]}


def test_words_are_shown_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(one(account="عضو"), tmp_path, capsys)
    assert (status, '"account": "عضو"' in out) == (OK, True)


def test_events_after_the_day_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [json.loads(said(one(), tmp_path, capsys, at=day)[1]) for day in ("2026-05-31", "2026-06-01")]
    assert [len(report["postings"]) for report in reports] == [0, 1]


REQUESTS = "earn, redeem, return, adjust, transfer, merge"
FLOOR = {"type": "floor", "account": "m", "tier": "gold", "day": "2026-06-01", "until": "2026-06-02"}
STEPS = {"tiers": {"steps": [{"tier": "blue", "least": 0}]}}
BACK = {"type": "return", "key": "r", "account": "m", "day": "2026-06-01", "sale": "s"}


@pytest.mark.parametrize(("document", "line"), [
    ("", "$: not JSON: Expecting value: line 1 column 1 (char 0)"),
    ("[]", "$: []: expected `object`, got `array`"),
    ("[" * 9000, "$: nested too deep"),
    ('{"version": 1, "events": [{"type": ' + "[" * 9000, "$: nested too deep"),
    ({"version": 2, "events": []}, "$.version: 2, expected 1"),
    ({"version": "1", "events": []}, '$.version: "1": expected `int`, got `str`'),
    ({"version": 1}, '$: {"version": 1}: object missing required field `events`'),
    ({"version": 1, "events": {}}, "$.events: {}: expected `array`, got `object`"),
    ({"version": 1, "events": ["earn"]}, '$.events[0]: "earn": expected `object`, got `str`'),
    ({"version": 1, "events": [], "rule": {}}, "$.rule: {}: no such field, expected one of version, events, rules, accounts"),
    ({"version": 1, "events": [], "rules": {"tiers": {"steps": []}}},
     '$.rules.tiers: {"steps": []}: tier steps start at 0 and rise: []'),
    ({"version": 1, "events": [], "rules": {"ledger": {"grace": 3}}},
     "$.rules.ledger.grace: 3: no such field, expected one of calendar, terms, grace_days, shortfall"),
    ({"version": 1, "events": [], "rules": {"ledger": {"shortfall": "SHRUG"}}},
     '$.rules.ledger.shortfall: "SHRUG": expected one of DEBT, CLAMP'),
    ({"version": 1, "events": [], "rules": {"ledger": {"terms": {"validity": {"months": 10**12}}}}},
     '$.rules.ledger.terms.validity: {"months": 1000000000000}: a lot lives up to 36525 days or 1200 months, not both: 0, 1000000000000'),
    ({"version": 1, "events": [], "accounts": [{"account": "w", "purpose": "SAFE"}]},
     '$.accounts[0].purpose: "SAFE": expected one of WALLET, GIFT_CARD'),
    ({"version": 1, "events": [], "accounts": [{"account": "w", "purpose": "WALLET"}]},
     '$.accounts[0]: {"account": "w", "purpose": "WALLET"}: wallet w names no member'),
    (one(type="gift"), f'$.events[0].type: "gift": expected one of {REQUESTS}, visit, floor, invite, born, nightly'),
    (one(type=["earn"]), f'$.events[0].type: ["earn"]: expected one of {REQUESTS}, visit, floor, invite, born, nightly'),
    (one(ledger="gold"), '$.events[0].ledger: "gold": expected points or value'),
    (one(ledger=["value"]), '$.events[0].ledger: ["value"]: expected points or value'),
    (one(type="nightly", ledger="value"), f'$.events[0].type: "nightly": expected one of {REQUESTS}'),
    (one(amount=2.5), "$.events[0].amount: 2.5: expected `int`, got `float`"),
    (one(amount="5"), '$.events[0].amount: "5": expected `int`, got `str`'),
    (one(note="x"), '$.events[0].note: "x": no such field, expected one of key, account, day, amount, rule, sale, terms'),
    ({"version": 1, "events": [BACK | {"remains": [{"key": "a", "amount": 1, "x": 1}]}]},
     "$.events[0].remains[0].x: 1: no such field, expected one of key, amount"),
    ({"version": 1, "events": [EVENT, FLOOR]}, "$.events[1]: a tier is given by hand, and the rules have no tiers"),
    ({"version": 1, "events": [EVENT, FLOOR], "rules": STEPS}, "$.events[1]: not a tier of the policy: 'gold'"),
    ({"version": 1, "events": [FLOOR | {"until": "2026-06-31", "tier": "blue"}], "rules": STEPS},
     "$.events[0]: no such day: '2026-06-31'"),
])
def test_a_mistake_is_one_clear_line_and_status_2(
    document: object, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    assert said(document, tmp_path, capsys) == (MISUSED, "", f"{line}\n")


def test_a_day_before_the_shops_calendar_began_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = said(one(day="0300-01-01", terms={"validity": {"months": 1}}), tmp_path, capsys)
    assert (status, out, err.count("\n"), err[:3]) == (MISUSED, "", 1, "$: ")


@pytest.mark.parametrize(("change", "words"), [
    ({"amount": 0}, "an amount of 0 moves nothing"), ({"day": "2026-02-30"}, "no such day: '2026-02-30'"),
    ({"key": ""}, "a key is empty"), ({"day": "x"}, "not a day: 'x', expected YYYY-MM-DD")])
def test_a_request_that_asks_for_nothing_is_shown(
    change: dict[str, Any], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    status, _, err = said(one(**change), tmp_path, capsys)
    assert (status, err.count("\n"), err.startswith('$.events[0]: {"key": ')) == (MISUSED, 1, True)
    assert err.endswith(f"{words}\n")


def test_a_file_that_is_not_there_and_a_day_that_is_none_are_mistakes_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ledger", str(tmp_path / "none.json"), "--at", "2026-06-01"]) == MISUSED
    assert capsys.readouterr().err == f"{tmp_path / 'none.json'}: No such file or directory\n"
    assert main(["ledger", str(tmp_path), "--at", "2026-06-01"]) == MISUSED
    assert capsys.readouterr().err == f"{tmp_path}: Is a directory\n"
    assert said(one(), tmp_path, capsys, at="today") == (MISUSED, "", "not a day: 'today', expected YYYY-MM-DD\n")


def test_a_name_that_is_no_text_is_told_all_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # a file name of bytes that are not UTF-8, as Python takes it from the command line
    assert main(["ledger", str(tmp_path / "\udcff.json"), "--at", "2026-06-01"]) == MISUSED
    assert capsys.readouterr().err == f"{tmp_path}/\\udcff.json: No such file or directory\n"


def test_two_processes_with_different_hash_seeds_print_the_same_bytes(tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_text(blocks()[0], encoding="utf-8")
    outputs = {
        subprocess.run([sys.executable, "-m", "ui.cli", "ledger", file, "--at", "2026-06-20"], cwd=ROOT,
                       capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2", "3")}
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["members"]
