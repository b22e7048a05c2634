"""docs/ui-checklist.md: 35 points, and every test, picture and figure that is named there exists."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "ui-checklist.md").read_text(encoding="utf-8")
BENCHMARKS = ROOT / "tests" / "benchmarks"
POINTS = 35
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([^`]+)`")
TESTED, MEASURED = "passes in `make test`", "printed by `make bench`"


def rows(page: str) -> list[tuple[int, list[str], str]]:
    """Return of each point its number, what it is checked by, and the result that is claimed."""
    return [(int(number), NAMED.findall(how), result) for number, _, how, result in ROW.findall(page)]


@cache
def figures() -> frozenset[str]:
    """Return the names of all figures that ``make bench`` prints and that are written out in the code."""
    run = (BENCHMARKS / "run.py").read_text(encoding="utf-8")
    parts = re.search(r"for part in \(([^)]+)\)", run)
    assert parts
    return frozenset(name for part in parts[1].split(", ") for name in _figures_of(BENCHMARKS / f"{part}.py"))


def _figures_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Figure":
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)


def is_test(name: str) -> bool:
    """Tell whether ``name`` is a function of a test's file, as in ``tests/a/test_b.py::test_c``."""
    path, _, function = name.partition("::")
    file = ROOT / path
    if not (path.startswith("tests/") and file.name.startswith("test_") and function.startswith("test_") and file.is_file()):
        return False
    return function in functions(file)


@cache
def functions(file: Path) -> frozenset[str]:
    """Return the names of the functions of ``file``."""
    code = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in code.body if isinstance(node, ast.FunctionDef))


def is_picture(name: str) -> bool:
    """Tell whether ``name`` is a picture in the repository."""
    return name.endswith(".png") and (ROOT / name).is_file()


def faults(page: str) -> list[str]:
    """Return everything that is wrong with the table."""
    found, known = [], figures()
    told = rows(page)
    if [number for number, _, _ in told] != list(range(1, POINTS + 1)):
        found.append("the points are not 1 to 35")
    for number, names, result in told:
        measured = [name for name in names if name in known]
        others = [name for name in names if name not in known]
        found += [f"{number}: {name}" for name in others if not is_test(name) and not is_picture(name)]
        claims = [claim for claim, has in ((TESTED, others), (MEASURED, measured)) if has]
        if not claims or result != "; ".join(claims):
            found.append(f"{number}: {result}")
    return found


def test_every_point_names_what_exists_and_claims_no_more() -> None:
    assert faults(PAGE) == []


@pytest.mark.parametrize(("right", "wrong"), [
    ("::test_every_way_of_asking_twice_is_one_sale", "::test_that_nobody_wrote"),
    ("tests/ui/test_pay_dialog.py", "tests/ui/test_no_dialog.py"), ("`start to first paint, p95`", "`start to last paint, p95`"),
    ("| 35 |", "| 36 |"), (f"| {MEASURED} |", f"| {TESTED} |"), (f"| {TESTED} |", "| passes |")])
def test_what_is_not_so_is_found(right: str, wrong: str) -> None:
    assert right in PAGE
    assert set(faults(PAGE.replace(right, wrong, 1))) - set(faults(PAGE))
