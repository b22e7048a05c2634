"""Training beside a real head office: what is practised is in no report, in no batch and not at head office."""

import pytest

from station.people import Actor, Role
from station.report import day_report
from station.tender import Tender, TenderKind
from tests.line.conftest import Line
from ui.training import MARK, Training, TrainingOffice, begin_training
from ui.wiring import Memory, make_counter

SARA = Actor("sara", Role.CASHIER)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


def sell(line: Line, memory: Memory, training: Training | None, times: int) -> list[int]:
    """Sell a good to a member ``times`` times; return what was taken each time."""
    who = training.who if training else line.who
    counter = make_counter(who.enrolment, memory, TrainingOffice(memory.members.member) if training else None)
    if memory.journal.shift() is None:
        counter.open_shift(SARA, 0)
    code = next(memory.shelf.products(1)).barcode
    taken = []
    for _ in range(times):
        card = memory.members.card(line.card_of("gold").number)
        if card:
            counter.identify(card.member_id)
        counter.scan(code, 1000)
        quote = counter.quote()
        assert quote is not None
        counter.settle((Tender(TenderKind.CASH, quote.priced.total),), SARA)
        taken.append(quote.priced.total)
    return taken


def test_what_is_practised_reaches_no_report_no_batch_and_no_head_office(line: Line) -> None:
    (real,) = sell(line, line.memory, None, 1)
    training = begin_training(line.home, line.who, line.memory)
    memory = training.open()
    try:
        practised = sell(line, memory, training, 3)
        assert practised
        assert memory.journal.head().seq > 0
    finally:
        memory.close()
    shift = line.memory.journal.shift()
    assert shift is not None
    day = shift.business_date
    ours = day_report(day, line.memory.journal.facts(day, day))
    assert (ours.sales, ours.total) == (1, real)
    for branch in line.memory.branches():
        sent = b"".join(each.raw for each in branch.after(0, 10_000))
        assert f'"{MARK}'.encode() not in sent
        assert b"training-" not in sent
    line.exchange()
    theirs = line.posted_json("report", "--date", day)
    assert (theirs["sales"], theirs["total"]) == (1, real)
    assert [each["station"] for each in line.office.ask_json("stations")] == [line.who.enrolment.station]
