"""The rules of the house that a machine can check: arrows, lengths, leftovers, names."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("station", "drivers", "data", "sync", "ui", "headoffice")
MOST_LINES = 400
MOST_FUNCTION_LINES = 70
LEFTOVERS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=folder,
        capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder), "PATH": ""})


def test_arrows_point_down() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("module", "line", "contract"), [
    ("data/journal.py", "import ui.views", "Arrows point down"),
    ("sync/push.py", "import data.journal", "Arrows point down"),
    ("station/money.py", "import time", "station imports the standard library only"),
    ("ui/views.py", "import PySide6.QtCore", "PySide6 only in ui.qt"),
])
def test_a_planted_import_is_found(tmp_path: Path, module: str, line: str, contract: str) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    target = tmp_path / module
    target.write_text(target.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout


@pytest.mark.parametrize("path", sources(*PACKAGES, "tests"), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < MOST_FUNCTION_LINES, node.name


def test_nothing_is_left_for_later() -> None:
    assert [str(path) for path in sources(*PACKAGES) if LEFTOVERS.search(path.read_text(encoding="utf-8"))] == []


def test_every_init_is_empty_and_tests_have_none() -> None:
    migrations = [path for path in sources(*PACKAGES) if path.name == "__init__.py"]
    assert migrations
    assert [str(path) for path in migrations if path.read_text(encoding="utf-8").strip()] == []
    assert sorted(ROOT.glob("tests/**/__init__.py")) == []


def test_the_top_level_is_the_agreed_one() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    folders = {name.split("/")[0] for name in listed if "/" in name}
    assert folders == {*PACKAGES, "tests", "docs", ".ci"}
