"""``make run``: a head office, a paired station and a demo shop on this one machine.

With a display the counter opens, with a simulated reader at its side. Without one, or with
``--headless``, a scripted shop day runs offscreen; the status is 0 only if station and head office
agree on every total and the journal verifies.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from ui.demo.shop import cards, first_load, hire, one_of_each_tier, prepare
from ui.demo.steps import Steps

DRAWN_CARDS = 400
WINDOW = 1366, 768


def main() -> int:
    """Run the demo; 0 when all agreed."""
    parser = argparse.ArgumentParser("demo")
    parser.add_argument("--headless", action="store_true", help="run the scripted day offscreen")
    parser.add_argument("--out", type=Path, default=Path("build/demo"))
    options = parser.parse_args()
    headless = options.headless or _no_display()
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True, exist_ok=True)
    return _run(options.out.resolve(), headless=headless)


def _no_display() -> bool:
    return sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"))


def _run(out: Path, *, headless: bool) -> int:
    steps = Steps()
    office, home, who = prepare(out, steps)
    try:
        pins = hire(office, steps)
        with steps.step("members, goods, people and rules taken from head office"):
            memory = first_load(home, who)
        steps.note(f"{memory.members.count()} members, {memory.shelf.count()} goods, pack {memory.packs.number()}")
        found = one_of_each_tier(cards(office, DRAWN_CARDS))
        if not headless:
            for staff_id, pin in pins.items():
                steps.note(f"sign in as {staff_id} with PIN {pin}, which you then replace")
            steps.note(f"head office console: {office.url}/  (make a user: headoffice createuser --home {office.home})")
            memory.close()
            from ui.qt.demo_counter import hands_on

            return hands_on(home, who, found, out / "receipts")
        from ui.qt.demo_counter import build
        from ui.qt.demo_day import Day, ScriptedDay
        from ui.qt.demo_hands import Hands

        with steps.step("counter ready"):
            app, counter, reader = build(home, who, memory, found, out / "receipts")
            counter.window.resize(*WINDOW)
            counter.window.show()
            counter.start()
            app.processEvents()
        try:
            day = Day(office, memory, found, list(memory.shelf.products(200)), out, pins)
            ScriptedDay(day, counter, Hands(app, counter, reader), steps).run()
        finally:
            counter.stop()
    finally:
        office.stop()
    steps.note(f"pictures and receipts: {out}")
    steps.check("the demo day", holds=not steps.failed)
    return 1 if steps.failed else 0


if __name__ == "__main__":
    sys.exit(main())
