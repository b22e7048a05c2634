"""A station in another's hand: its program knows docs/sync.md and docs/openapi.json, and none of our code."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ui.demo.office import Office, Seed

CLIENT = Path(__file__).with_name("client.py")
MEMBERS, GOODS = 20, 8
OURS = {"station", "sync", "data", "drivers", "ui", "headoffice", "tests"}


def run(*words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", str(CLIENT), *words], capture_output=True, text=True, check=False, timeout=90, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("foreign") / "office")
    made.make(Seed(MEMBERS, GOODS))
    made.ask("snapshot")
    return made


def test_it_imports_nothing_of_ours() -> None:
    tree = ast.parse(CLIENT.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.partition(".")[0] for name in names}
    assert not roots & OURS
    assert roots - sys.stdlib_module_names == {"cryptography"}


@pytest.mark.slow
def test_it_speaks_with_head_office(office: Office, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    office.start()
    try:
        said = run("first", str(state), office.url, office.ask("pair", "--shop", "12"))
        assert office.ask_json("stations")[0]["station"] == said["station"] == "12-1"
    finally:
        office.stop()
    office.ask("office-key")
    office.start()
    try:
        later = run("later", str(state))
    finally:
        office.stop()
    assert said["upload"] == {
        "begun": 0, "same_receipt": True, "gap": [409, "GAP", 3], "agreed": True, "accepted": [2, 1, 2], "quarantined": [4, 5]}
    assert said["spend"] == {
        "left": 10, "same": True, "short": [409, "NOT_ENOUGH", True], "voided": "VOIDED", "unknown": [404, "INVALID"],
        "lease": True, "closed": "CLOSED", "after": True}
    assert said["fork"] == {
        "shorter": [409, "FORK"], "differs": True, "shown": [409, "FORK"], "anew": 1, "common": 3, "branch": [3, []]}
    assert said["frozen"] is True
    fetched = said["fetch"]
    assert (fetched["members"], fetched["goods"], fetched["repeated"], fetched["fell"]) == (MEMBERS, GOODS, 0, "refused")
    assert (fetched["pack"], fetched["book"]["whole"], fetched["book"]["own"]) == (True, True, True)
    assert (fetched["book"]["members"], len(bytes.fromhex(fetched["book"]["key"]))) == (MEMBERS, 32)
    assert (later["followed"], later["staff"]) == (True, fetched["staff"])
    assert said["signed_answers"] > 25
    quarantined = office.ask("quarantine", "list", "--station", "12-1")
    assert "VERSION" in quarantined
    assert "UNREADABLE" in quarantined
