"""Members enrolled where there is no line: they buy at once, head office gets them whole, and they come back; also on a stick."""

from pathlib import Path

import pytest

from station.bonus import Birth
from station.card import Card, CardStatus, Medium, Tap
from station.counter import Counter, Settled
from station.dates import Calendar
from station.enrol_desk import Application, EnrolDesk
from station.enrolling import Person
from station.errors import ErrorCode, StationError
from station.member import Member
from station.tender import Tender, TenderKind
from station.told import Channel, Purpose
from tests.line.conftest import Line
from tests.line.test_spending_line import SARA
from tests.line.test_stick import folder, office, station
from ui.wiring import card_book, make_counter
from ui.wiring_members import enrol_desk

__all__ = ["folder"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
CARD = Tap("sim:1", Medium.NFC_UID, "9364990000000017")
NILA = Person("نیلا صدقی", "09357654321", "nila@shop.example", Birth(Calendar.JALALI, 7, 15))


def enrolled(line: Line) -> tuple[EnrolDesk, Member, Settled]:
    """Enrol somebody whom a member invited, and sell them something with the new card."""
    counter: Counter = make_counter(line.who.enrolment, line.memory)
    desk = enrol_desk(counter, line.memory, line.who)
    assert desk
    counter.open_shift(SARA, 0)
    inviter = line.memory.members.card(line.card_of("gold").uid)
    assert inviter
    member = desk.enrol(Application(
        desk.new_id(), NILA, CARD, ((Purpose.SERVICE, Channel.SMS),), inviter.member_id), SARA)
    counter.scan(next(line.memory.shelf.products(1)).barcode, 2000)
    assert counter.tap(CARD).member_id == member.member_id
    priced = counter.priced()
    assert priced
    return desk, member, counter.settle((Tender(TenderKind.CASH, priced.total),), SARA)


def come_back(line: Line, member: Member, sold: Settled) -> None:
    """See that the feed has brought the member, with the points of the sale and the card."""
    held = line.memory.members.member(member.member_id)
    assert held
    assert (held.name, held.phone, held.birth, held.purchases) == (NILA.name, NILA.phone, NILA.birth, 1)
    assert held.points == sold.points_after
    assert line.memory.members.card(CARD.number) == Card(member.member_id, CardStatus.ACTIVE)
    assert [each.member_id for each in card_book(line.memory).search("۰۹۳۵ ۷۶۵ ۴۳۲۱")] == [member.member_id]
    assert line.office.ask("enrolments", "flagged") == ""
    assert line.office.ask("cards", "conflicts") == ""


def test_a_member_enrolled_without_a_line_is_at_head_office_and_comes_back(line: Line) -> None:
    line.office.stop()
    desk, member, sold = enrolled(line)
    assert line.memory.members.member(member.member_id) is None
    assert [each.member_id for each in card_book(line.memory).search(NILA.phone)] == [member.member_id]
    with pytest.raises(StationError) as refused:
        desk.enrol(Application(desk.new_id(), NILA), SARA)
    assert refused.value.code is ErrorCode.PHONE_TAKEN
    line.office.start()
    line.exchange()
    line.office.ask("work", "--once")
    line.exchange()
    come_back(line, member, sold)


def test_on_a_stick_as_well(line: Line, folder: Path) -> None:
    _, member, sold = enrolled(line)
    assert station(line, "export", folder) == 0
    assert not any(each in path.read_bytes() for path in folder.iterdir() for each in (NILA.phone.encode(), NILA.name.encode()))
    assert office(line, folder)[0] == 0
    assert station(line, "import", folder) == 0
    line.office.ask("work", "--once")
    line.exchange()
    come_back(line, member, sold)


def test_nothing_of_the_person_is_in_any_plain_file_or_log(line: Line) -> None:
    """The station's files are encrypted; head office's database is its own affair, its logs are not."""
    enrolled(line)
    line.exchange()
    line.office.ask("work", "--once")
    said = (NILA.phone.encode(), NILA.name.encode(), NILA.email.encode(), CARD.number.encode())
    files = [path for path in line.home.folder.rglob("*") if path.is_file()]
    files += [path for path in line.office.home.rglob("*") if path.is_file() and ".sqlite" not in path.name and ".db" not in path.name]
    assert files
    assert [path.name for path in files if any(each in path.read_bytes() for each in said)] == []
