"""Runs of ``shop_day.py`` in folders of their own: undisturbed, killed, failing, recorded."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.rigs.power import CHANGES, Call, Point, fail, kill_fork, points, record
from tests.rigs.shop import State, office_book
from tests.rigs.zygote import Zygote

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("shop_day.py")
DAY = "tests.rigs.shop_day"
FULL = bool(os.environ.get("CARD_STATION_FULL"))


def command(folder: Path, seed: int, *more: Path) -> list[str]:
    """Return the command that runs the days of ``seed`` in ``folder``; ``more`` are its other arguments."""
    return ["env", f"PYTHONPATH={ROOT}", "PYTHONDONTWRITEBYTECODE=1", sys.executable, str(PROGRAM),
            str(folder), str(seed), *map(str, more)]


class Run:
    """The day of one seed, to be run again and again under ``root``."""

    def __init__(self, root: Path, seed: int) -> None:
        """Run it once undisturbed: ``said`` is what it says, ``states`` what it leaves after each line."""
        self.root = root
        self.office = root / "office"
        self._seed = seed
        self._idle: list[Zygote] = []
        office_book(self.office)
        states = root / "states"
        with self.folder("undisturbed") as folder:
            self.said = subprocess.run(
                self.command(folder, states), stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8",
            ).stdout.splitlines()
        self.states: list[State] = [json.loads(line) for line in states.read_text(encoding="utf-8").splitlines()]
        assert len(self.said) == len(self.states), self.said  # nothing is refused on a good disk

    @contextmanager
    def folder(self, name: str) -> Iterator[Path]:
        """Lend the fresh folder ``name``."""
        made = self.root / name
        made.mkdir()
        try:
            yield made
        finally:
            shutil.rmtree(made)

    def command(self, folder: Path, *more: Path) -> list[str]:
        """Return the command that runs the day in ``folder``."""
        return command(folder, self._seed, self.office, *more)

    def points(self, *calls: str) -> list[Point]:
        """Return every moment at which the days make one of ``calls``, without any one that changes files."""
        with self.folder("points") as folder:
            return points(self.command(folder), self.root / "points.log", calls or CHANGES)

    def killed(self, folder: Path, at: Point) -> list[str]:
        """Run the day in ``folder`` until ``at``; return what it said. Any thread may call it."""
        try:
            zygote = self._idle.pop()
        except IndexError:
            zygote = Zygote(DAY)
        try:
            arguments = str(folder), str(self._seed), str(self.office)
            return kill_fork(zygote, arguments, at, folder.with_suffix(".log")).splitlines()
        finally:
            self._idle.append(zygote)

    def close(self) -> None:
        """End the programs that were kept for more runs."""
        while self._idle:
            self._idle.pop().close()

    def failing(self, folder: Path, call: str, error: str, when: str) -> list[str]:
        """Run the day in ``folder`` while ``call`` fails (``power.fail``); return what it said."""
        return fail(self.command(folder), call, error, when, folder.with_suffix(".log")).splitlines()

    def recorded(self, folder: Path) -> list[Call]:
        """Run the day in ``folder``, put that back as it was, and return what had changed it."""
        return recorded(self.command(folder), folder)


def recorded(command: Sequence[str], folder: Path) -> list[Call]:
    """Run ``command`` on ``folder``, put that back as it was, and return what had changed it."""
    before = folder.with_suffix(".before")
    shutil.copytree(folder, before)
    calls = record(command, folder.with_suffix(".log"))
    shutil.rmtree(folder)
    before.rename(folder)
    return calls
