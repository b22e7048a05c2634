"""Bought at one till, brought back at another, over the whole line: told, taken back, printed, posted, and never twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from station.card import Medium, Tap
from station.counter import Settled
from station.errors import ErrorCode, StationError
from station.past_sale import ReceiptName, read_receipt
from station.returning import Preview, Returning
from station.sale import ReturnedLine
from station.tender import Tender, TenderKind
from station.text import Text
from tests.line.conftest import Line
from tests.line.test_spending_line import SARA
from ui.format import Format
from ui.late import LateReturns
from ui.qt.printing import Letterhead, ReceiptJobs
from ui.text import Words
from ui.wiring import Home, make_counter, make_world, open_memory
from ui.wiring_lines import pair

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@dataclass
class Till:
    """One till of the shop: its line to head office, and the desk where goods come back."""

    line: Line
    asked: LateReturns
    returning: Returning

    def sell(self, pieces: int) -> tuple[ReceiptName, Settled]:
        """Sell so many of the first good to a gold member, partly by the bank terminal."""
        counter = make_counter(self.line.who.enrolment, self.line.memory)
        counter.tap(Tap("sim:1", Medium.NFC_UID, self.line.card_of("gold").uid))
        counter.scan(next(self.line.memory.shelf.products(1)).barcode, pieces * 1000)
        counter.pay_by([TenderKind.DEBIT, TenderKind.CASH])
        priced = counter.priced()
        assert priced
        sold = counter.settle((Tender(TenderKind.DEBIT, 1_000, "4711"), Tender(TenderKind.CASH, priced.total - 1_000)), SARA)
        name = read_receipt(sold.receipt)
        assert name
        return name, sold

    def found(self, name: ReceiptName, pieces: int) -> Preview:
        found = self.returning.open_elsewhere(name)
        return self.returning.choose(found, (ReturnedLine(1, pieces * 1000),))

    def send(self) -> None:
        """Upload, and have it posted."""
        self.line.exchange()
        self.line.office.ask("work", "--once")


def till(line: Line) -> Till:
    asked = LateReturns(line.home, line.who)
    make_counter(line.who.enrolment, line.memory).open_shift(SARA, 0)
    return Till(line, asked, Returning(make_world(line.memory), asked))


@pytest.fixture
def tills(line: Line, tmp_path: Path) -> Iterator[tuple[Till, Till]]:
    """Two tills of one shop; the second was paired just now."""
    home = Home(tmp_path / "second")
    who = pair(home, line.office.url, line.office.ask("pair", "--shop", "12"))
    memory = open_memory(home, who.enrolment)
    second = Line(line.office, home, who, memory, line.cards)
    second.exchange()
    made = till(line), till(second)
    yield made
    for each in made:
        each.asked.close()
    memory.close()


def code(act: object) -> ErrorCode:
    assert callable(act)
    with pytest.raises(StationError) as caught:
        act()
    return caught.value.code


def test_bought_here_brought_back_there_and_never_twice(tills: tuple[Till, Till]) -> None:
    ours, theirs = tills
    name, sold = ours.sell(3)
    assert code(lambda: theirs.found(name, 1)) is ErrorCode.SALE_NOT_YET
    ours.send()
    found = theirs.found(name, 2)
    at_home = ours.returning.preview(sold.place, (ReturnedLine(1, 2000),))
    assert found.returned == at_home.returned
    assert code(lambda: ours.returning.open(sold.place)) is ErrorCode.RETURN_UNDER_WAY
    done = theirs.returning.book(found, SARA)
    assert code(lambda: ours.returning.open(sold.place)) is ErrorCode.RETURN_UNDER_WAY
    theirs.send()
    left = ours.returning.open(sold.place)
    assert [each.quantity for each in left.before.lines] == [2000]
    assert code(lambda: ours.returning.choose(left, (ReturnedLine(1, 2000),))) is ErrorCode.RETURN_TOO_MUCH
    last = ours.returning.book(ours.returning.choose(left, (ReturnedLine(1, 1000),)), SARA)
    ours.send()
    assert done.back.money + last.back.money == sold.sale.priced.total
    report = ours.line.posted_json("report", "--date", sold.sale.business_date)
    assert (report["returns"], report["returned"]) == (2, sold.sale.priced.total)
    assert ours.line.office.ask("verify") == "the books agree with the journals"

    # and it is printed from this station's own files, also when the program was started anew
    theirs.line.memory.close()
    memory = open_memory(theirs.line.home, theirs.line.who.enrolment)
    jobs = ReceiptJobs(memory, Letterhead(Text("ونک", "Vanak"), Text("سارا", "Sara"), lambda: (Words("en"), Format("en"))))
    head = {row.label: row.value.strip("\u200e") for row in jobs.describe(done.stored.place, copy=False).head}
    assert head["Of receipt"] == sold.receipt
    jobs.close()


def test_without_head_office_another_tills_goods_do_not_come_back_by_their_sale(tills: tuple[Till, Till]) -> None:
    ours, theirs = tills
    name, sold = ours.sell(2)
    ours.send()
    found = theirs.found(name, 1)
    ours.line.office.stop()
    assert code(lambda: theirs.returning.book(found, SARA)) is ErrorCode.SALE_OUT_OF_REACH
    assert code(lambda: theirs.found(name, 1)) is ErrorCode.SALE_OUT_OF_REACH
    # the own ones do, as ever
    at_home = ours.returning.choose(ours.returning.open(sold.place), (ReturnedLine(1, 1000),))
    assert ours.returning.book(at_home, SARA).back.money > 0
    ours.line.office.start()


def test_rules_that_were_never_here_come_over_the_line(tills: tuple[Till, Till]) -> None:
    ours, theirs = tills
    name, _ = ours.sell(1)
    ours.send()
    found = theirs.found(name, 1)
    theirs.line.memory.journal.database.execute("DELETE FROM pack")
    told = theirs.returning.open_elsewhere(name)
    assert told.pack == found.pack
    assert told.told
    assert told.told.pack == found.pack
    theirs.returning.drop(told)
    assert ours.returning.open(3).told is not None
