"""One entry among 5 001 that nobody can post: the others are posted at once, and it is named."""

import json
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from headoffice.intake.entries import MOST_FIGURE
from station.journal import EntryKind
from tests.faults.conftest import SERVERS, STOCK, Row, Stage
from tests.rigs.reckoned import entries_of
from tests.rigs.stocked import draft, stock
from ui.wiring import open_memory

GOOD = 5_000
LIMIT_S = 120.0
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def repeated(stage: Stage) -> tuple[int, str]:
    """A sale by the id of one before: the projector alone can tell."""
    return _amid(stage, repeats=True), "NOT_POSTED"


def out_of_bounds(stage: Stage) -> tuple[int, str]:
    """A sale with change that no shop has."""
    return _amid(stage, repeats=False), "UNREADABLE"


def _amid(stage: Stage, *, repeats: bool) -> int:
    """Write the poison amid 5 000 good sales, all unsent; return its seq."""
    who = stage.who()
    memory = open_memory(stage.home, who.enrolment)
    with closing(memory):
        stock(memory, who, stage.members, GOOD // 2 - STOCK)
        place = memory.journal.last_sale()
        assert place is not None
        body = memory.journal.sale(place).body
        facts = {"sale_id": body.sale_id} if repeats else {"change": 10 * MOST_FIGURE}
        poison = memory.journal.append(draft(body, **facts))
        stock(memory, who, stage.members, GOOD // 2)
    return poison.seq


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("poison", [out_of_bounds, repeated])
def test_one_poison_among_5001(
    set_up: Callable[[str], Stage], kind: str, poison: Callable[[Stage], tuple[int, str]],
) -> None:
    stage = set_up(kind)
    seq, code = poison(stage)
    sales = [each for each in entries_of(stage.home) if each.kind is EntryKind.SALE]
    assert len(sales) == GOOD + 1
    stage.head.start()
    since = time.monotonic()
    stage.station.start()
    assert stage.station.await_state(lambda state: state.current and not state.unsent, since, LIMIT_S)
    stage.station.quit()
    found = stage.reckoned(aside=1)
    [named] = json.loads(stage.head.ask("quarantine", "list"))
    row = Row(f"1 poison in {len(sales)} ({code}), {stage.head.name}", 1, 1, [time.monotonic() - since])
    row.told(found)
    assert (named["station"], named["seq"], named["code"]) == ("12-1", seq, code)
    assert stage.head.rows("SELECT count(*) FROM ledger_sale") == [(GOOD,)]
    assert found.sound, found
