"""The person who makes a list of stripe cards at a terminal: swipes when asked to, piles up what is done."""

import subprocess
import sys
import time
from pathlib import Path

from tests.rigs.serial_hand import SerialHand

ROOT = Path(__file__).parents[2]
END_LIMIT_S = 20.0


class BulkHand:
    """Runs ``stationctl cards bulk`` again and again with one pile of cards."""

    def __init__(self, home: Path, hand: SerialHand) -> None:
        """Begin with a blank card in hand; list and settings lie in ``home``."""
        self._home = home
        self._hand = hand
        self.pile: list[str] = []
        hand.take()

    def run(self, last: int = 0, after_s: float | None = None) -> tuple[int, list[str]]:
        """Run until the program ends, or kill it at its line number ``last``; return its status and its lines.

        With ``after_s`` what that line asks for is done first, and the program killed so many seconds later.
        """
        command = [
            sys.executable, "-m", "ui.cli", "cards", "bulk", "--home", str(self._home), "--form", "stripe",
            "--list", str(self._home / "list.csv")]
        lines: list[str] = []
        unsure = False
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            for line in program.stdout:
                lines.append(line.rstrip())
                is_last = len(lines) == last
                if is_last and after_s is None:
                    program.kill()
                    break
                unsure = unsure or "present that card first" in line
                if "(E208)" in line:
                    # The card before was done after all.
                    self.put_away()
                if line.startswith("line ") and line.endswith(" done\n"):
                    self._next_card(keeps=unsure)
                    unsure = False
                if "Swipe" in line:
                    self._hand.draw()
                if is_last and after_s is not None:
                    time.sleep(after_s)
                    program.kill()
                    break
            status = program.wait(END_LIMIT_S)
        return status, lines

    def put_away(self) -> None:
        """Lay the card in hand on the pile, if it was written."""
        held = self._hand.tracks()[1]
        if held:
            self.pile.append(held.strip(";?"))
            self._hand.take()

    def _next_card(self, *, keeps: bool) -> None:
        """Take a blank card, unless the one in hand is to be presented first."""
        if not keeps:
            self.put_away()
