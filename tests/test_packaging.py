"""The distribution: its import names are its own, its entry points exist, versions are pinned."""

import configparser
import importlib
import re
from importlib.metadata import distributions, entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("station", "drivers", "data", "sync", "ui", "headoffice")


@pytest.mark.parametrize("name", PACKAGES)
def test_each_import_name_is_ours_alone(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__file__ is not None
    assert Path(module.__file__).is_relative_to(ROOT)
    others = [
        each.metadata["Name"] for each in distributions() if each.metadata["Name"] != "card-station"
        and any(file.parts[0] == name for file in each.files or ())]
    assert others == []


@pytest.mark.parametrize(("group", "name"), [
    ("gui_scripts", "card-station"), ("console_scripts", "stationctl"), ("console_scripts", "headoffice")])
def test_entry_points_load(group: str, name: str) -> None:
    (point,) = entry_points(group=group, name=name)
    assert callable(point.load())


def test_every_requirement_is_pinned() -> None:
    pinned = {
        re.split(r"[=<>]", line)[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")}
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    wanted = setup["options"]["install_requires"] + "".join(setup["options.extras_require"].values())
    names = {re.split(r"[\[=<>]", line)[0].lower().replace("_", "-") for line in wanted.split("\n") if line}
    assert names - pinned == set()
