"""docs/pricing.md says what the engine does: its examples are run, its tables are those of the code."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from station.pack import Pack
from station.priced import HintKind, RefusalCode
from station.product import Product
from station.promotion import EarningRule, Promotion, When
from station.rewards import FORMS
from tests.test_docs import rows
from ui.cli import main
from ui.cli_files import BasketFile

PRICING = Path(__file__).parents[1].joinpath("docs", "pricing.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    found = re.search(rf"```json {name}\n(.*?)```", PRICING, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(name="files")
def fixture_files(tmp_path: Path) -> list[str]:
    arguments = []
    for name in ("pack", "basket", "member"):
        tmp_path.joinpath(name).write_text(block(name), encoding="utf-8")
        arguments += [f"--{name}", str(tmp_path / name)]
    return arguments


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_the_example_comes_to_what_is_said(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    answer, said = asked(capsys, "price", *files), json.loads(block("answer"))
    assert answer["refusals"] == said.pop("refusals")
    assert {name: answer["priced"][name] for name in said} == said


def test_the_returns_come_to_what_is_said(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    tmp_path.joinpath("returns").write_text(block("returns"), encoding="utf-8")
    first, second = asked(capsys, "return", *files, "--returns", str(tmp_path / "returns"))["returns"]
    assert (first["money"], first["tenders"]) == (0, [0, 0])
    assert (second["money"], second["tenders"]) == (170_900, [100_000, 70_900])


def test_the_refusal_codes_stand_in_their_order() -> None:
    assert [row[0].rstrip(" |") for row in rows(PRICING, "Every promotion that touches the basket's goods, or whose "
            "coupon or reward was asked for, and every earning rule, is either given or refused with the **first** "
            "reason that fails:")] == [code.value for code in RefusalCode]
    assert all(kind.value in PRICING for kind in HintKind)


@pytest.mark.parametrize(("kind", "head"), [
    (Pack, "| field | what |"), (Promotion, "### A promotion"), (When, "| condition in `when` | holds when |"),
    (EarningRule, "### An earning rule"), (BasketFile, "| basket | what (default) |"),
    (Product, "| product | what (default) |")])
def test_every_field_is_told(kind: type[Any], head: str) -> None:
    part = PRICING.split(head, 1)[1].split("\n\n##", 1)[0]
    told = set(re.findall(r"`([a-z_]+)`", part))
    assert {field.name for field in fields(kind)} - told == set()


def test_every_form_of_reward_has_its_row() -> None:
    part = PRICING.split("| form of reward |", 1)[1].split("\n\n", 1)[0]
    assert re.findall(r"^\| `([a-z_]+)` \|", part, re.MULTILINE) == list(FORMS)
