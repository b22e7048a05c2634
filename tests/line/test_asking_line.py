"""What a member says and had, over the whole line: taken down, answered at head office, told at the counter; and what is put aside."""

from contextlib import closing

import pytest

from data.aside import AsideStore
from station.asking import AskDesk, Said
from station.card import Medium, Tap
from station.counter import Settled
from station.errors import ErrorCode, StationError
from station.journal import Draft, EntryKind
from station.matter import AnswerBy, AskKind, MatterState, Subject
from station.put_aside import AsideCode
from station.span import Span
from station.tender import Tender, TenderKind
from sync.aside import Retrying
from sync.benefits import OnlineBenefits
from tests.line.conftest import Line
from tests.line.test_spending_line import SARA
from ui.clock import SystemClock
from ui.wiring import card_book, make_counter
from ui.wiring_lines import brief_office

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
SAID = "چرا امتیاز خرید هفتهٔ پیش هنوز نیامده است؟"
ANSWER = "فردا می‌آید."


def bought(line: Line) -> tuple[str, Settled]:
    """Sell one good to a gold member; return who that is and the sale."""
    counter = make_counter(line.who.enrolment, line.memory)
    counter.open_shift(SARA, 0)
    member = counter.tap(Tap("sim:1", Medium.NFC_UID, line.card_of("gold").uid))
    counter.scan(next(line.memory.shelf.products(1)).barcode, 2000)
    priced = counter.priced()
    assert priced
    return member.member_id, counter.settle((Tender(TenderKind.CASH, priced.total),), SARA)


def test_what_is_asked_without_a_line_is_answered_and_told_with_what_was_bought(line: Line) -> None:
    line.office.stop()
    member, sold = bought(line)
    AskDesk(SystemClock(), bytes, line.memory.journal).take_down(
        Said(AskKind.QUESTION, Subject.POINTS, SAID, member, AnswerBy.COUNTER), SARA)
    line.office.start()
    line.exchange()
    asked = line.posted_json("questions", "list")
    assert (asked["member"], asked["words"], asked["state"]) == (member, SAID, "OPEN")
    line.office.ask("questions", "answer", "--id", asked["id"], "--by", "reza", typed=ANSWER)
    today = sold.sale.business_date
    with closing(OnlineBenefits(brief_office(line.home, line.who))) as office:
        told = office.of(member, Span(today, today))
        with pytest.raises(StationError) as nobody:
            office.of("nobody", Span(today, today))
    assert nobody.value.code is ErrorCode.MEMBER_UNKNOWN
    (purchase,) = told.purchases
    assert (purchase.receipt, purchase.total, purchase.discount, purchase.points) == (
        sold.receipt, sold.sale.priced.total, sold.sale.priced.discount, sold.sale.priced.points)
    assert (told.bought, told.got) == (sold.sale.priced.total, sold.sale.priced.points)
    (matter,) = told.matters or ()
    assert (matter.words, matter.answer, matter.state) == (SAID, ANSWER, MatterState.ANSWERED)


def test_an_answer_waits_at_the_counter_and_no_more_once_it_was_shown_also_offline(line: Line) -> None:
    held = line.memory.members.card(line.card_of("gold").uid)
    assert held
    desk, book = AskDesk(SystemClock(), bytes, line.memory.journal), card_book(line.memory)
    asked = desk.take_down(Said(AskKind.QUESTION, Subject.POINTS, SAID, held.member_id, AnswerBy.COUNTER), SARA)
    line.exchange()
    row = line.posted_json("questions", "list")
    line.office.ask("questions", "answer", "--id", row["id"], "--by", "reza", typed=ANSWER)
    line.exchange()
    waits = book.member(held.member_id)
    assert waits
    assert waits.answers == (asked.ask_id,)
    with closing(OnlineBenefits(brief_office(line.home, line.who))) as office:
        matters = office.of(held.member_id, Span("2026-11-01", "2026-11-01")).matters
    line.office.stop()
    assert desk.answers_shown(held.member_id, matters or (), SARA)
    shown = book.member(held.member_id)
    assert shown
    assert shown.answers == ()
    line.office.start()
    line.exchange()
    assert line.posted_json("questions", "list")["told_by"] == SARA.person
    line.exchange()
    fed = line.memory.members.member(held.member_id)
    assert fed
    assert fed.answers == ()
    assert line.office.ask("verify") == "the books agree with the journals"


def test_what_head_office_puts_aside_is_told_with_its_reason_and_tried_again(line: Line) -> None:
    _, sold = bought(line)
    stored = line.memory.journal.append(Draft(EntryKind.SALE, SystemClock().now(), SARA, sold.sale))
    line.exchange()
    line.office.ask("work", "--once")
    line.exchange()
    store = AsideStore(line.memory.journal.database)
    (aside,) = store.listed()
    assert (aside.incarnation, aside.seq, aside.code) == (stored.incarnation, stored.seq, AsideCode.NOT_POSTED)
    assert (store.count().standing, store.count().unseen) == (1, 1)
    with closing(brief_office(line.home, line.who)) as office, pytest.raises(StationError) as stays:
        Retrying(store, office).again(aside.incarnation, aside.seq)
    assert (stays.value.code, stays.value.detail["reason"]) == (ErrorCode.STILL_ASIDE, aside.reason)
